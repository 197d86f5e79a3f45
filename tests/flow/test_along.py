"""Certificates that go along with an application: checked first, one by one, and none is a full answer."""

from __future__ import annotations

from typing import Any

from backend_client import wire
from kiosk.screens import Consent, Detail, Menu, Result
from tests.flow.fakes import a_certificate, asking_for
from tests.flow.scene import Scene
from tests.flow.scripted_stage import BACK

HOME = [("procedures", BACK)]
DONE = [("move.done", "next"), ("move.tasks", "back")]
PREMIUM, ACCOUNT = wire.StatementKind.PREMIUM, wire.StatementKind.ACCOUNT


def asking(kind: wire.StatementKind, *box: wire.PostItem) -> Scene:
    scene = Scene.of("stb", menu=("procedures",))
    scene.backend.event = asking_for(kind)
    scene.backend.post = box
    return scene


def play(scene: Scene, *answers: tuple[Any, ...]) -> str:
    """To the number of the application; gives what was answered."""
    scene.play(
        *scene.begin(), ("home", "procedures"), ("procedures", "move"), *answers, ("move.whom", "advised"),
        ("move.check", "sign"), ("signing.password", "ABC123"), *DONE, *HOME, *scene.end(),
    )  # fmt: skip
    (submitted,) = scene.backend.applied
    return submitted.answers[scene.backend.event.questions[0].id]


def test_some_of_them_one_by_one() -> None:
    box = (a_certificate("p1", PREMIUM), a_certificate("a1", ACCOUNT), a_certificate("p2", PREMIUM, days=-1))
    scene = asking(PREMIUM, a_certificate("p0", PREMIUM), *box)
    assert play(scene, ("move.premium", frozenset({"p0"}))) == "p0"
    screen = scene.screen("move.premium")
    assert isinstance(screen, Consent)
    assert [item.key for item in screen.items] == ["p0", "p1"], "of the kind, and in force"
    check = scene.screen("move.check")
    assert isinstance(check, Detail)
    assert check.facts[0].value == "私書箱の証明書 1つ"


def test_none_of_them_is_an_answer() -> None:
    scene = asking(PREMIUM, a_certificate("p1", PREMIUM))
    assert play(scene, ("move.premium", frozenset())) == wire.NO_CERTIFICATES


def test_one_account_or_later() -> None:
    for chosen in ("a1", wire.NO_CERTIFICATES):
        scene = asking(ACCOUNT, a_certificate("a1", ACCOUNT))
        assert play(scene, ("move.account", chosen)) == chosen
        screen = scene.screen("move.account")
        assert isinstance(screen, Menu)
        assert [choice.key for choice in screen.choices] == ["a1", wire.NO_CERTIFICATES]


def test_what_is_not_genuine_or_of_another_kind_is_not_offered() -> None:
    scene = asking(PREMIUM, a_certificate(forged=True), a_certificate(), a_certificate("a1", ACCOUNT))
    assert play(scene, ("move.nothing_along", "next")) == wire.NO_CERTIFICATES
    assert isinstance(scene.screen("move.nothing_along"), Result)


def test_back_from_the_question_leads_out() -> None:
    scene = asking(PREMIUM, a_certificate("p1", PREMIUM))
    scene.play(
        *scene.begin(), ("home", "procedures"), ("procedures", "move"), ("move.premium", BACK), *HOME, *scene.end()
    )
    assert scene.backend.applied == ()
