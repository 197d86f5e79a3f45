"""Random keys and cards before a real stage, and what must hold after each of them."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any, Protocol

from PySide6.QtQuick import QQuickItem

from kiosk.screens import CardAway, PinEntry, PlaceCard, Problem, Screen, TakeCard, Working
from kiosk.stage import QtStage
from stb_profile.keymap import Action
from tests.ui.scene import is_pressable

PIN = tuple(map(Action, "1234"))
EVERY = tuple(Action)
USUAL = (Action.OK, Action.OK, Action.BACK, Action.DOWN, Action.RIGHT, Action.UP, Action.LEFT)
"""Pressed more often, so that more than the first screens is reached."""
CARDS = ("adult",) * 6 + ("first", "expired", "other-card", None)
SEEN_LOOKS = 150
"""A screen that has not been painted by then never will be."""
WORK_LOOKS = 15
"""So many looks a Working screen is usually waited for; work that takes longer gets its keys too."""
LOOK_S = 0.2
"""How often it is looked, while a picture is waited for, whether the kiosk has ended."""
STUCK, STUCK_S = 150, 30.0
"""Nothing has changed after so many random keys and cards, and so many seconds: there is no way out."""
TURNS = 3
"""Of the loop, until a flow has heard an answer and shown what comes next."""


class Found(Exception):
    """Something that must not be, with the keys that led there."""


class Cards(Protocol):
    """What a hand does with the card."""

    def insert(self, name: str) -> None: ...

    def remove(self) -> None: ...


@dataclass
class Fingers:
    """Presses on `stage` and moves cards in `box`, and looks after each key. Raises Found."""

    stage: QtStage
    box: Cards
    random: Random
    messages: list[str]
    """What QML or Qt has said since the start; must stay empty."""
    failed: Callable[[], BaseException | None]
    """Why the kiosk has ended, if it has."""
    pressed: int = 0
    card_moves: int = 0
    screens: Counter[str] = field(default_factory=Counter)
    _last: deque[str] = field(default_factory=lambda: deque(maxlen=30))
    _unchanged: int = 0
    _changed_at: float = 0.0
    _state: object = None
    _card: str | None = None
    _screen_before: object = None

    async def press(self) -> None:
        """One key (or a whole PIN, or a move of the card), then look until what stands there is settled."""
        screen = self._screen()
        if self.random.random() < self._card_chance(screen):
            await self._move_card()
        elif isinstance(screen, PinEntry) and (screen.tries_left < screen.tries_max or self.random.random() < 0.3):
            await self._press(*(Action.LEFT,) * len(PIN), *PIN, Action.OK)
        else:
            await self._press(self.random.choice(EVERY + USUAL))

    async def _press(self, *keys: Action) -> None:
        for key in keys:
            self._last.append(key.value)
            self.stage.press(key)
            self.pressed += 1
            await self._settle()
            self._look()

    async def _move_card(self) -> None:
        card = self.random.choice(CARDS) if self._card is None else None
        self._last.append(f"card {card}")
        await asyncio.to_thread(self.box.insert, card) if card else await asyncio.to_thread(self.box.remove)
        self._card = card
        self.card_moves += 1
        if isinstance(self._screen(), TakeCard | CardAway | PlaceCard):
            await self._painting()  # it takes the kiosk a moment to notice: before, no key is of any use
        await self._settle()
        self._look()

    def _card_chance(self, screen: Screen[Any] | None) -> float:
        if isinstance(screen, TakeCard | CardAway | PlaceCard):
            return 0.5
        if self._card is None or (isinstance(screen, Problem) and not screen.actions):
            return 0.2
        return 0.005

    # --- looking ------------------------------------------------------------------------------------------------------

    async def _settle(self) -> None:
        for _ in range(TURNS):
            await asyncio.sleep(0)
        await self._painted()
        if isinstance(self._screen(), Working) and self.random.random() < 0.9:
            for _ in range(WORK_LOOKS):
                if isinstance(self._screen(), Working):
                    await self._painting()
            await self._painted()

    async def _painted(self) -> None:
        for _ in range(SEEN_LOOKS):
            self._raise_if_ended()
            if self.stage.seen:
                return
            await self._painting()
        raise self._found("nothing is painted any more")

    async def _painting(self) -> None:
        """Return when the next screen is seen, and now and then in between."""
        seen = asyncio.Event()
        self.stage.on_painted = lambda name: seen.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_S):
                await seen.wait()

    def _look(self) -> None:
        self._raise_if_ended()
        if self.messages:
            raise self._found(f"a message: {self.messages}")
        screen = self._screen()
        if screen is None or not self.stage.seen:
            return
        self._look_at_focus(screen)
        state = (id(screen), self.stage.describe()["focus"], self.stage.preferences, self._scrolled())
        if state != self._state and not isinstance(screen, Working):
            self.screens[screen.name] += screen is not self._screen_before
            self._state, self._unchanged, self._screen_before = state, 0, screen
            self._changed_at = time.monotonic()
        self._unchanged += 1
        if self._unchanged > STUCK and time.monotonic() - self._changed_at > STUCK_S:
            raise self._found(f"no key and no card leads out of {screen.name}")

    def _look_at_focus(self, screen: Screen[Any]) -> None:
        pressables = list(self._pressables(self.stage.window.contentItem()))
        ringed = [str(item.property("key")) for item in pressables if item.property("focus")]
        own = [item for item in pressables if not str(item.property("key")).startswith("footer.")]
        if len(ringed) > 1 or (own and not ringed):
            raise self._found(f"{len(ringed)} focused items on {screen.name}: {ringed}")
        if ringed and not any(item.hasActiveFocus() for item in pressables):
            raise self._found(f"{ringed[0]} on {screen.name} does not get the keys")

    def _pressables(self, root: QQuickItem) -> Iterator[QQuickItem]:
        for child in root.childItems():
            if child.isVisible() and child.opacity() > 0:
                if is_pressable(child):
                    yield child
                else:
                    yield from self._pressables(child)

    def _scrolled(self) -> object:
        return self.stage._kiosk.property("pinCount"), self.stage._kiosk.property("kept")

    def _screen(self) -> Screen[Any] | None:
        top = self.stage._top
        return None if top is None else top.screen

    def _raise_if_ended(self) -> None:
        if (why := self.failed()) is not None:
            raise self._found(f"the kiosk ended: {why!r}") from why

    def _found(self, what: str) -> Found:
        return Found(f"after {self.pressed} keys: {what}; last: {' '.join(self._last)}; {self.stage.describe()}")
