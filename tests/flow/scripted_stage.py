"""A stage without Qt, and people who sit before it. For tests of flows and of whole visits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Never, Protocol

from drivers.secret import Secret
from kiosk.desk import Back
from kiosk.preferences import Preferences
from kiosk.screens import (
    Alarm,
    Attract,
    Beside,
    CardAway,
    Chart,
    Confirm,
    Consent,
    Detail,
    Digits,
    ItemList,
    Margins,
    Menu,
    NothingBeside,
    NoWatcher,
    PasswordEntry,
    PhoneCode,
    PhoneMark,
    PinEntry,
    PinOnReader,
    PlaceCard,
    Problem,
    Result,
    Screen,
    Sight,
    StillThere,
    TakeCard,
    Watcher,
    Working,
)
from kiosk.words import Words, languages, retold
from stb_profile.keymap import Action

NOTHING = object()
"""An answer that never comes."""
OFFERED = tuple(language for language in languages() if not language.font.startswith("Noto"))
"""On a box without the fonts of Chinese and Korean."""
BACK = object()
"""The 戻る key."""
KEY = object()
"""Any key, on a screen that any key answers."""


class Person(Protocol):
    async def meet(self, screen: Screen[Any]) -> object:
        """What the person does about the screen on top: an answer, BACK, KEY or NOTHING.

        Asked each time a screen comes on top, and cancelled when it no longer is. A PIN is answered as text.
        """
        ...


@dataclass(eq=False)
class _Layer:
    screen: Screen[Any]
    answer: asyncio.Future[Any] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class ScriptedStage:
    """`seen` has every screen that was on top, in order; `secrets` every PIN that was typed."""

    def __init__(self, person: Person) -> None:
        self.on_action: Callable[[Action], None] = lambda action: None
        self.card_inside = False
        self.phone = PhoneMark.NONE
        self.acting = ""
        self.lines: list[tuple[str, str]] = []
        """Name of each screen seen, and for whom the person acted on it."""
        self.beside: Beside = NothingBeside()
        self.languages = OFFERED
        self.watcher: Watcher = NoWatcher()
        self.speaks: Callable[[str], bool] = lambda language: True
        self.seen: list[Screen[Any]] = []
        self.secrets: list[Secret] = []
        self.applied: list[Preferences] = []
        self._words: Words | None = None
        self._failed = asyncio.Event()
        self._failure: BaseException | None = None
        self._person = person
        self._base: _Layer | None = None
        self._covers: list[_Layer] = []
        self._alarm: _Layer | None = None
        self.reminder = ""
        self._top: _Layer | None = None
        self._looked_at: _Layer | None = None
        self._playing: asyncio.Task[None] | None = None

    @property
    def names(self) -> list[str]:
        """The names of the screens seen, Working left out: whether it is caught depends on who is faster."""
        return [screen.name for screen in self.seen if not isinstance(screen, Working)]

    @property
    def empty(self) -> bool:
        return self._top is None

    def sight(self) -> Sight | None:
        """Everything is in sight, the first thing has focus."""
        if self._top is None or self._looked_at is not self._top:
            return None
        keys = [str(answer) for answer in possible_answers(self._top.screen)]
        return Sight(self._top.screen, keys[0] if keys else "", {key: n for n, key in enumerate(keys[:9], 1)}, {})

    def _paint(self) -> None:
        """As in a window: soon, and not what is gone by then."""
        self.watcher.gone()
        self._looked_at = None
        asyncio.get_running_loop().call_soon(self._painted, self._top)

    def _painted(self, layer: _Layer | None) -> None:
        if layer is not None and layer is self._top:
            self._looked_at = layer
            self.watcher.seen()

    def press(self, action: Action) -> None:
        """A key that belongs to the visit, not to a screen."""
        self.on_action(action)

    async def show(self, screen: Screen[Any]) -> Any:
        layer = self._set_base(screen)
        return await self._answer_of(layer)

    def put(self, screen: Screen[Any]) -> None:
        self._set_base(screen)

    async def cover(self, screen: Screen[Any]) -> Any:
        layer = _Layer(self._told(screen))
        self._covers.append(layer)
        self._turn()
        try:
            return await self._answer_of(layer)
        finally:
            if layer in self._covers:
                self._covers.remove(layer)
                self._turn()

    async def alarm(self, screen: Alarm) -> str:
        layer = self._alarm = _Layer(self._told(screen))
        self._turn()
        try:
            answer: str = await self._answer_of(layer)
            return answer
        finally:
            self._alarm = None
            self._turn()

    def wipe(self) -> None:
        self.acting = ""
        self._base = None
        self._covers.clear()
        self._turn()

    def apply(self, preferences: Preferences, words: Words) -> None:
        """As the real stage: what stands says the same in another language, and whoever looks at it goes on."""
        self.applied.append(preferences)
        self._words = words
        for layer in (self._alarm, *self._covers, self._base):
            if layer is not None:
                layer.screen = self._told(layer.screen)
        if self._top is not None:
            self.seen.append(self._top.screen)
        self._paint()

    def act(self, action: Action) -> None:
        """A key of a phone: it is told, and the person goes on answering."""
        self.on_action(action)

    def reshow(self, change: Callable[[Screen[Any]], Screen[Any]] | None = None) -> None:
        for layer in (self._alarm, *self._covers, self._base):
            if layer is not None and change is not None:
                layer.screen = change(layer.screen)
        if self._alarm is not None and change is not None:
            self._look_anew(self._alarm)
        self.beside.changed(None if self._top is None else self._top.screen)
        self.beside.seen()
        self._paint()

    def _look_anew(self, layer: _Layer) -> None:
        if self._playing is not None:
            self._playing.cancel()
        self.seen.append(layer.screen)
        self._playing = asyncio.ensure_future(self._play(layer))

    def close(self) -> None:
        """Nobody sits before it any more. Raises what the person (the test) failed by."""
        if self._playing is not None:
            self._playing.cancel()
        if self._failure is not None:
            raise self._failure

    async def person_failed(self) -> Never:
        """Raises it as soon as it happens."""
        await self._failed.wait()
        self.close()
        raise AssertionError("closed without a failure")

    def _set_base(self, screen: Screen[Any]) -> _Layer:
        self._base = _Layer(self._told(screen))
        self._turn()
        return self._base

    def _told(self, screen: Screen[Any]) -> Screen[Any]:
        return screen if self._words is None else retold(screen, self._words)

    async def _answer_of(self, layer: _Layer) -> Any:
        try:
            return await layer.answer
        except asyncio.CancelledError:
            # As the real stage does: answered and cancelled in the same turn of the loop.
            if layer.answer.done() and not layer.answer.cancelled() and isinstance(layer.answer.result(), Secret):
                layer.answer.result().wipe()
            raise

    def _turn(self) -> None:
        top = self._alarm or (self._covers[-1] if self._covers else self._base)
        if top is self._top:
            return
        if self._playing is not None:
            self._playing.cancel()
        self._top = top
        self._playing = None
        self.beside.changed(None if top is None else top.screen)
        self.beside.seen()
        self._paint()
        if top is not None:
            self.seen.append(top.screen)
            self.lines.append((top.screen.name, self.acting))
            self._playing = asyncio.ensure_future(self._play(top))

    async def _play(self, layer: _Layer) -> None:
        try:
            does = await self._person.meet(layer.screen)
            if does is NOTHING or layer.answer.done():
                return
            self.on_action(Action.BACK if does is BACK else Action.OK)
            if layer.answer.done():
                return
            if does is BACK:
                layer.answer.set_exception(Back())
                layer.answer.exception()  # a `put` screen has nobody who would look
            else:
                layer.answer.set_result(self._checked(layer.screen, does))
        except asyncio.CancelledError:
            raise
        except BaseException as exc:  # noqa: BLE001 - a task would keep it to itself; the test must have it
            self._failure = self._failure or exc
            self._failed.set()

    def _checked(self, screen: Screen[Any], answer: object) -> object:
        """`answer` as the real stage would give it. Fails on one that no person could give."""
        if isinstance(screen, PinEntry):
            assert isinstance(answer, str)
            assert len(answer) == screen.length
            return self._typed(answer)
        if isinstance(screen, PasswordEntry):
            assert isinstance(answer, str)
            assert screen.shortest <= len(answer) <= screen.longest
            return self._typed(answer)
        if isinstance(screen, Digits):
            assert isinstance(answer, str)
            assert answer.isdecimal()
            assert screen.length_min <= len(answer) <= screen.length_max
            return answer
        if answer is KEY:
            assert isinstance(screen, (Attract, StillThere)), screen.name
            return None
        if isinstance(screen, Digits):
            assert isinstance(answer, str)
            assert answer.isdecimal()
            assert screen.length_min <= len(answer) <= screen.length_max
            return answer
        assert answer in possible_answers(screen), (screen.name, answer)
        return answer

    def _typed(self, digits: str) -> Secret:
        secret = Secret(len(digits))
        for digit in digits:
            secret.add(ord(digit))
        self.secrets.append(secret)
        return secret


def possible_answers(screen: Screen[Any]) -> list[object]:
    """Every answer the screen can give, without 戻る and without typing."""
    match screen:
        case Menu():
            return [choice.key for choice in screen.choices]
        case ItemList():
            return [row.key for row in screen.rows]
        case Alarm() | Detail() | Result() | Problem() | Chart():
            return [choice.key for choice in screen.actions]
        case Confirm():
            return [False, True]
        case Consent():
            keys = [item.key for item in screen.items]
            return [frozenset(), frozenset(keys[:1]), frozenset(keys)]
        case Attract():
            return [KEY, *(choice.key for choice in screen.languages)]
        case StillThere():
            return [KEY]
        case Digits():
            return ["0" * screen.length_min, "12345678"[: screen.length_max], "9" * screen.length_max]
        case Margins():
            return ["ok", "left", "right", "up", "down"]
        case Digits():
            return ["0" * screen.length_min, "12345678"[: screen.length_max], "9" * screen.length_max]
    return []


Doing = Callable[[], object]


class ScriptedPerson:
    """Follows a script of (screen name, what is done there). A doing is called; anything else is an answer.

    Screens that need no answer may come up in between; any other unexpected screen fails the test.
    """

    def __init__(self, *script: tuple[Any, ...]) -> None:
        self._script = list(script)

    @property
    def left(self) -> list[str]:
        """What the script still expects."""
        return [name for name, *_ in self._script]

    async def meet(self, screen: Screen[Any]) -> object:
        if not self._script or self._script[0][0] != screen.name:
            assert _passive(screen), f"{screen.name} came up, the script goes on with {self.left[:1]}"
            return NOTHING
        _, *deeds = self._script.pop(0)
        return await _do(deeds)


async def _do(deeds: Iterable[object]) -> object:
    await asyncio.sleep(0.5)  # nobody is faster
    for deed in deeds:
        if not callable(deed):
            return deed
        deed()
        await asyncio.sleep(0)
    return NOTHING


def _passive(screen: Screen[Any]) -> bool:
    if isinstance(screen, Problem):
        return not screen.actions
    return isinstance(screen, (Attract, PlaceCard, PhoneCode, PinOnReader, Working, TakeCard, CardAway, StillThere))
