"""A stage without Qt that takes keys as the real one does: the same layers, the same buffer for what is typed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from kiosk.preferences import Preferences
from kiosk.screens import (
    Beside,
    Confirm,
    Menu,
    NothingBeside,
    NoWatcher,
    PhoneMark,
    PinEntry,
    Screen,
    Sight,
    Watcher,
)
from kiosk.stage_layer import Layer
from kiosk.words import Words, languages
from stb_profile.keymap import Action

FRAME_S = 1 / 60


class Television:
    """`pressed` has every key that came, `typed()` what stands in the PIN buffer."""

    def __init__(self) -> None:
        self.on_action: Callable[[Action], None] = lambda action: None
        self.card_inside = False
        self.languages = languages()
        self.watcher: Watcher = NoWatcher()
        self.speaks: Callable[[str], bool] = lambda language: False
        self.beside: Beside = NothingBeside()
        self._phone = PhoneMark.NONE
        self.pressed: list[Action] = []
        self.filled = ""
        """What a phone typed in the open."""
        self._base: Layer | None = None
        self._covers: list[Layer] = []
        self._moved = asyncio.Event()
        self._frame: asyncio.TimerHandle | None = None

    # --- for the test -------------------------------------------------------------------------------------------------

    @property
    def screen(self) -> Screen[Any] | None:
        """As it is, not as it is shown."""
        return None if self._top is None else self._top.screen

    @property
    def shown(self) -> Any:
        """As the television shows it."""
        return None if self._top is None else self.beside.veiled(self._top.screen)

    def typed(self) -> bytes:
        assert self._top is not None
        copy = bytearray(len(self._top.typed))
        self._top.typed.copy_into(copy, 0)
        return bytes(copy)

    def answer(self, value: object) -> None:
        """By the television's own keys."""
        assert self._top is not None
        self._top.give(value)

    async def until(self, screen: Screen[Any] | str) -> Screen[Any]:
        """Wait for a screen, this one or one of that name, that takes an answer."""

        def there() -> bool:
            top = self._top
            seen = self._frame is None
            return seen and top is not None and screen in (top.screen, top.screen.name) and top.waiting

        await self.when(there)
        assert self.screen is not None
        return self.screen

    async def when(self, condition: Callable[[], bool]) -> None:
        """Wait for what a key, a screen or the phone mark brings about."""
        async with asyncio.timeout(10):
            while not condition():
                self._moved.clear()
                await self._moved.wait()

    @property
    def phone(self) -> PhoneMark:
        return self._phone

    @phone.setter
    def phone(self, mark: PhoneMark) -> None:
        self._phone = mark
        self._moved.set()

    # --- the stage ----------------------------------------------------------------------------------------------------

    def sight(self) -> Sight | None:
        return None

    async def show(self, screen: Screen[Any]) -> Any:
        self._base = Layer.of(screen)
        return await self._answered(self._base)

    def put(self, screen: Screen[Any]) -> None:
        self._base = Layer.of(screen)
        self._changed()

    async def cover(self, screen: Screen[Any]) -> Any:
        layer = Layer.of(screen)
        self._covers.append(layer)
        try:
            return await self._answered(layer)
        finally:
            if layer in self._covers:
                self._covers.remove(layer)
                self._changed()

    def wipe(self) -> None:
        self._base = None
        self._covers.clear()
        self._changed()

    def apply(self, preferences: Preferences, words: Words) -> None:
        raise NotImplementedError

    def reshow(self, change: Callable[[Screen[Any]], Screen[Any]] | None = None) -> None:
        for layer in (*self._covers, self._base):
            if layer is not None and change is not None:
                layer.screen = change(layer.screen)
        self._changed()

    def act(self, action: Action) -> None:
        top = self._top
        self.pressed.append(action)
        self.on_action(action)
        self._moved.set()
        if top is None or top is not self._top:
            return
        if isinstance(top.screen, PinEntry):
            top.press(action)
        elif action is Action.BACK:
            top.back()
        elif isinstance(top.screen, Confirm) and action in (Action.DIGIT_1, Action.DIGIT_2):
            top.give(action is Action.DIGIT_1)
        elif isinstance(top.screen, Menu) and action.digit:
            top.give(top.screen.choices[action.digit - 1].key)

    def fill(self, typed: memoryview) -> None:
        top = self._top
        if top is not None and isinstance(top.screen, PinEntry):
            top.fill(typed)
        elif top is not None:
            self.filled = typed.tobytes().decode()
        self._moved.set()

    async def _answered(self, layer: Layer) -> Any:
        waiting = asyncio.ensure_future(layer.answered())
        asyncio.get_running_loop().call_soon(self._changed)
        try:
            return await waiting
        finally:
            waiting.cancel()

    @property
    def _top(self) -> Layer | None:
        return self._covers[-1] if self._covers else self._base

    def _changed(self) -> None:
        self.beside.changed(self.screen)
        if self._frame is not None:
            self._frame.cancel()
        self._frame = asyncio.get_running_loop().call_later(FRAME_S, self._painted)
        self._moved.set()

    def _painted(self) -> None:
        self._frame = None
        if self._top is not None:
            self.beside.seen()
        self._moved.set()
