"""The phone's flow with a phone that does as the test says; the real one is in tests/phone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Never

import pytest

from kiosk.desk import PhoneGone
from kiosk.screens import Confirm, Menu, PhoneCode
from stb_profile.phone.address import NoHomeNetwork
from stb_profile.phone.messages import Role
from tests.flow.scene import Scene
from tests.flow.scripted_stage import BACK


class FakePhone:
    """`faults` are raised, one each time, by what waits for a phone."""

    faults: list[Exception]
    left_before_admitted: bool
    last: FakePhone

    def __init__(self, *_: object) -> None:
        self.roles: frozenset[Role] = frozenset()
        self.handed: list[str] = []
        type(self).last = self

    async def care(self) -> Never:
        await asyncio.get_running_loop().create_future()
        raise AssertionError

    @property
    def linked(self) -> bool:
        return bool(self.roles)

    async def open(self) -> None:
        if self.faults and isinstance(self.faults[0], NoHomeNetwork):
            raise self.faults.pop(0)

    @asynccontextmanager
    async def invited(self) -> AsyncIterator[str]:
        yield "https://192.168.1.5:4433/p#k=x"

    async def arrival(self) -> str:
        await asyncio.sleep(3)
        if self.faults:
            raise self.faults.pop(0)
        return "012345"

    def admit(self, roles: frozenset[Role]) -> None:
        self.roles = frozenset() if self.left_before_admitted else roles

    def forget(self) -> None:
        self.roles = frozenset()

    @asynccontextmanager
    async def handed_over(self, text: str) -> AsyncIterator[tuple[str, asyncio.Event]]:
        fetched = asyncio.Event()
        asyncio.get_running_loop().call_later(3, fetched.set)
        self.handed.append(text)
        yield "https://192.168.1.5:4433/r/x#k=x", fetched


@pytest.fixture
def phone(monkeypatch: pytest.MonkeyPatch) -> type[FakePhone]:
    FakePhone.faults, FakePhone.left_before_admitted = [], False
    monkeypatch.setattr("kiosk.visit.Companion", FakePhone)
    return FakePhone


def through(*script: tuple[Any, ...]) -> Scene:
    scene = Scene()
    scene.play(*scene.begin(), ("home", "phone"), *script, *scene.end())
    return scene


LET_IN = (("phone.code",), ("phone.same", True), ("phone.may_remote", True), ("phone.may_private", False))


def test_each_role_is_asked_for_apart_and_no_is_the_safe_answer(phone: type[FakePhone]) -> None:
    scene = through(*LET_IN, ("phone", BACK))
    assert phone.last.roles == {Role.REMOTE}
    for name in ("phone.same", "phone.may_remote", "phone.may_private"):
        question = scene.screen(name)
        assert isinstance(question, Confirm)
        assert question.here_only
    assert "012 345" in scene.screen("phone.same").title


def test_the_code_is_a_picture(phone: type[FakePhone]) -> None:
    code = through(*LET_IN, ("phone", BACK)).screen("phone.code")
    assert isinstance(code, PhoneCode)
    assert code.code_picture.startswith("data:image/png")


def test_roles_are_given_and_taken(phone: type[FakePhone]) -> None:
    scene = through(*LET_IN, ("phone", "private"), ("phone.may_private", True), ("phone", "remote"), ("phone", BACK))
    assert phone.last.roles == {Role.PRIVATE}
    menu = scene.screen("phone")
    assert isinstance(menu, Menu)
    assert [choice.detail for choice in menu.choices[1:]] == ["いま：いいえ", "いま：はい"]


def test_sent_away(phone: type[FakePhone]) -> None:
    through(*LET_IN, ("phone", "forget"))
    assert not phone.last.linked


def test_the_numbers_differ(phone: type[FakePhone]) -> None:
    through(("phone.code",), ("phone.same", False), ("E-17", "back"))
    assert not phone.last.linked


def test_none_came_and_once_more(phone: type[FakePhone]) -> None:
    phone.faults = [PhoneGone()]
    through(("phone.code",), ("E-17-gone", "again"), *LET_IN, ("phone", BACK))
    assert phone.last.linked


def test_it_left_while_the_person_answered(phone: type[FakePhone]) -> None:
    phone.left_before_admitted = True
    through(*LET_IN, ("E-17-gone", "back"))


def test_no_network(phone: type[FakePhone]) -> None:
    phone.faults = [NoHomeNetwork()]
    through(("E-17-network", "back"))


def test_back_from_the_code(phone: type[FakePhone]) -> None:
    through(("phone.code", BACK))


def test_a_copy_to_take_home(phone: type[FakePhone]) -> None:
    scene = Scene()
    reading = (("notices", "n2"), ("notices.notice", "hand"), ("phone.alone", True), ("phone.take",))
    scene.play(*scene.begin(), ("home", "notices"), *reading, ("notices.notice", BACK), ("notices", BACK), *scene.end())
    (text,) = phone.last.handed
    notice = scene.screen("notices.notice")
    assert notice.title in text


def test_not_while_others_look_on(phone: type[FakePhone]) -> None:
    scene = Scene()
    reading = (("notices", "n2"), ("notices.notice", "hand"), ("phone.alone", False))
    scene.play(*scene.begin(), ("home", "notices"), *reading, ("notices.notice", BACK), ("notices", BACK), *scene.end())
    assert phone.last.handed == []
