"""A reader that hangs holds up nobody: keys are taken, and every way out works at once, in the real window."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from drivers.errors import Pin
from drivers.readers import CardHere, ReaderEvent, ReaderHere
from drivers.readers.worker import Worker
from kiosk.visit import Visit
from kiosk.words import load as load_words
from stb_profile.keymap import Action
from stb_profile.profile import load as load_profile
from tests.flow.fakes import NOON, FakeBackend
from tests.ui.conftest import Person, Seat

BLOCKED_S = 60.0
AT_ONCE_S = 1.0
"""Generous for a busy machine; a call that is waited for takes sixty times as long."""


class HangingReader:
    """A reader with a card in it, as readers, connection and card in one; `hangs_at` is the call that never ends."""

    reader = "Hanging"
    pin_pad = None

    def __init__(self, hangs_at: str) -> None:
        self.hanging, self.go_on = threading.Event(), threading.Event()
        self.reader_has_keys = hangs_at == "keys"
        self._hangs_at = hangs_at
        self._worker = Worker("hanging reader")

    async def events(self) -> AsyncIterator[ReaderEvent]:
        yield ReaderHere(self.reader)
        yield CardHere(self.reader)
        await asyncio.Event().wait()

    async def connect(self, reader: str) -> HangingReader:
        await self._call("connect")
        return self

    async def select(self, connection: Any) -> HangingReader:
        await self._call("select")
        return self

    async def tries_left(self, pin: Pin) -> int:
        await self._call("tries")
        return 3

    async def auth_certificate(self) -> bytes:
        return b"certificate"

    async def verify_on_reader(self, pin: Pin, deadline_s: float) -> None:
        await self._call("keys")

    async def close(self) -> None:
        self._worker.end(lambda: None)
        await self._worker.ended(BLOCKED_S)

    async def _call(self, what: str) -> None:
        if what == self._hangs_at:
            await self._worker.call(self._hang, BLOCKED_S)

    def _hang(self) -> None:
        self.hanging.set()
        self.go_on.wait(BLOCKED_S)


Visiting = Callable[[Person, str], HangingReader]


@pytest.fixture
def visiting() -> Iterator[Visiting]:
    """`visiting(person, hangs_at)`: a visit that has come to the call that hangs."""
    begun: list[tuple[Person, HangingReader, asyncio.Task[Any]]] = []

    def begin(person: Person, hangs_at: str) -> HangingReader:
        reader = HangingReader(hangs_at)
        begun.append((person, reader, person.loop.create_task(_visit(person, reader))))
        until(person, reader.hanging.is_set)
        return reader

    yield begin
    for person, reader, task in begun:
        reader.go_on.set()
        task.cancel()
        until(person, task.done)


async def _visit(person: Person, reader: HangingReader) -> None:
    now: Callable[[], datetime] = lambda: NOON  # noqa: E731
    visit = Visit(person.stage, reader, FakeBackend(), load_words(), load_profile("stb"), now, reader.select)  # type: ignore[arg-type]
    await visit.run()


def press(person: Person, *keys: Action | str) -> None:
    """As the window does it: inside the running loop."""
    for key in keys:
        person.loop.call_soon(person.stage.press, key)
    person.turn()


def until(person: Person, condition: Callable[[], bool]) -> None:
    def turned() -> bool:
        person.turn()
        return condition()

    person._qtbot.waitUntil(turned)


def at_once(person: Person, reader: HangingReader, action: Action, screen: str) -> None:
    """The key leads to the screen while the reader still hangs."""
    person.wait_painted()
    began = time.monotonic()
    press(person, action)
    until(person, lambda: person.stage.seen and person.stage.describe()["name"] == screen)
    assert time.monotonic() - began < AT_ONCE_S
    assert reader.hanging.is_set()
    assert not reader.go_on.is_set()


@pytest.mark.parametrize(
    ("hangs_at", "screen"), [("connect", "attract"), ("select", "attract"), ("tries", "take_card")]
)
def test_red_leaves_a_reader_that_hangs(person: Person, visiting: Visiting, hangs_at: str, screen: str) -> None:
    reader = visiting(person, hangs_at)
    assert person.stage.describe()["name"] == "reading"
    at_once(person, reader, Action.RED, screen)


@pytest.mark.parametrize("profile", ["stb", "counter"])
def test_back_leaves_a_reader_that_asks_for_the_pin(seat: Seat, visiting: Visiting, profile: str) -> None:
    person = seat(profile)
    reader = visiting(person, "keys")
    assert person.stage.describe()["kind"] == "PinOnReader"
    at_once(person, reader, Action.BACK, "take_card")


def test_digits_on_the_remote_control_do_nothing_while_the_reader_asks(seat: Seat, visiting: Visiting) -> None:
    """Not even 0, which leads back elsewhere: it may be a digit of the PIN."""
    person = seat("counter")
    visiting(person, "keys")
    person.wait_painted()
    press(person, "4", "0", "9", "3", Action.OK)
    top = person.stage._top
    assert top is not None
    assert top.waiting, "still asking"
    assert person.stage._kiosk.property("pinCount") == 0


def test_help_and_larger_letters_work_meanwhile(person: Person, visiting: Visiting) -> None:
    visiting(person, "tries")
    person.wait_painted()
    press(person, Action.GREEN)
    until(person, lambda: person.stage.seen and person.stage.describe()["name"] == "preferences")
    press(person, "1")
    until(person, lambda: person.stage._kiosk.property("textScale") > 1)
    press(person, Action.YELLOW)
    until(person, lambda: person.stage.describe()["name"] == "help")
