"""The only Qt bridge: shows screens, takes keys and touches, returns answers.

Imported before the first frame, so nothing heavy comes with it; asyncio is imported when the first screen is awaited.
QML is handed plain maps and one number, how many digits of a PIN were typed. The digits go from the key map straight
into the wiping buffer of the layer that asked for them.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, QTimer, QUrl
from PySide6.QtGui import QFontDatabase
from PySide6.QtQml import QQmlApplicationEngine
from PySide6.QtQuick import QQuickWindow

from drivers.secret import Secret
from kiosk.desk import Back
from kiosk.screens import (
    Attract,
    CardAway,
    Confirm,
    Consent,
    Detail,
    ItemList,
    Menu,
    PinEntry,
    PlaceCard,
    Problem,
    Result,
    Screen,
    StillThere,
    TakeCard,
    Working,
)
from kiosk.words import Words
from stb_profile.keymap import Action, KeyMap
from stb_profile.profile import Profile

if TYPE_CHECKING:
    from asyncio import Future

    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent

A = TypeVar("A")

UI = Path(__file__).parent / "ui"
FONT = "BIZ UDPGothic"

SCREENS: dict[type[Screen[Any]], str] = {
    Attract: "Attract.qml",
    PlaceCard: "PlaceCard.qml",
    Working: "Working.qml",
    PinEntry: "PinEntry.qml",
    Menu: "Menu.qml",
    ItemList: "ItemList.qml",
    Detail: "Detail.qml",
    Consent: "Consent.qml",
    Confirm: "Confirm.qml",
    Result: "Result.qml",
    Problem: "Problem.qml",
    TakeCard: "TakeCard.qml",
    CardAway: "CardAway.qml",
    StillThere: "StillThere.qml",
}
"""Each kind's file in `ui/screens`."""

TEXT_SCALES = (1.0, 1.4, 2.0)
"""標準, 大, 特大: the green key goes round."""

COLOURS = (Action.RED, Action.GREEN, Action.YELLOW, Action.BLUE)

FOOTER_KEYS = {
    # action: its word, and what stands on its key
    Action.BACK: ("chrome.back", None),
    Action.RED: ("chrome.end", "chrome.red"),
    Action.GREEN: ("chrome.bigger", "chrome.green"),
    Action.YELLOW: ("chrome.help", "chrome.yellow"),
}
BACK_DIGIT = Action.DIGIT_0
"""Stands for もどる wherever the footer offers it: some televisions keep the 戻る key to themselves."""

KEYS_AFTER_MS = 10
"""Keys are taken so long after the first frame, so that whoever waits for the frame does not wait for Qt's enums."""

QML_WORDS = ("card_in", "previous_page", "next_page", "more", "press_ok", "ok", "erase")
"""What QML says by itself, from the section `chrome`."""


class BrokenUi(Exception):
    """A QML file could not be loaded; the Qt log says why."""


def japanese_font() -> bool:
    """Whether the font of all texts is installed. Ask after the application exists, before `open`."""
    return QFontDatabase.hasFamily(FONT)


def as_data(value: object) -> Any:
    """A screen, or a part of one, as plain maps, lists and strings."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [as_data(part) for part in value]
    if dataclasses.is_dataclass(value):
        return {field.name: as_data(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return value


def screen_data(screen: Screen[Any]) -> dict[str, Any]:
    """A screen for QML, each of its choices with the digit it answers to."""
    data: dict[str, Any] = as_data(screen)
    for choices in (data.get("choices", ()), data.get("actions", ())):
        for number, choice in enumerate(choices, 1):
            if choice["digit"] is None:
                choice["digit"] = number
    return data


def footer_actions(screen: Screen[Any], pointer: bool) -> tuple[Action, ...]:
    """What the footer offers on a screen: only keys that do something there.

    もどる stands where no choice of the flow leads out; with touch also where there are no keys to go back with.
    """
    if isinstance(screen, TakeCard | CardAway | StillThere):
        return ()
    if isinstance(screen, Attract):
        return (Action.GREEN, Action.YELLOW)
    leads_nowhere = isinstance(screen, Detail) and not screen.actions
    needs_back = isinstance(screen, PlaceCard | ItemList | Consent) or leads_nowhere
    if needs_back or (pointer and isinstance(screen, PinEntry)):
        return (Action.BACK, Action.RED, Action.GREEN, Action.YELLOW)
    return (Action.RED, Action.GREEN, Action.YELLOW)


def leads_back(screen: Screen[Any]) -> bool:
    """Whether 戻る raises Back. Not where there is no step before, and not out of work that must not be stopped."""
    return not isinstance(screen, TakeCard | CardAway) and not (isinstance(screen, Working) and not screen.stop)


@dataclasses.dataclass(slots=True, eq=False)
class Layer:
    """A screen on the stage: who waits for it, what was typed into it, where its focus was."""

    screen: Screen[Any]
    typed: Secret
    answer: Future[Any] | None = None
    focus: str = ""

    @classmethod
    def of(cls, screen: Screen[Any], focus: str = "") -> Layer:
        return cls(screen, Secret(screen.length if isinstance(screen, PinEntry) else 0), focus=focus)

    @property
    def waiting(self) -> bool:
        return self.answer is not None and not self.answer.done()

    def give(self, value: object) -> None:
        if self.waiting:
            self.answer.set_result(value)

    def back(self) -> None:
        if self.waiting and leads_back(self.screen):
            self.answer.set_exception(Back())

    def hand_over(self) -> None:
        """Answer with what was typed. From here on whoever waits wipes it."""
        typed, self.typed = self.typed, Secret(0)
        self.give(typed)


class QtStage(QObject):
    """The stage of `kiosk.screens.Stage`, in one window of one profile."""

    def __init__(self, profile: Profile, keymap: KeyMap, words: Words) -> None:
        super().__init__()
        self.on_action: Callable[[Action], None] = _nothing
        self.on_painted: Callable[[str], None] = _nothing
        """Told a screen's name once it has been painted and takes keys."""
        self.on_dead_end: Callable[[], None] = _nothing
        """Focus could not move: the place for a sound."""
        self.painted = False
        """Whether any frame has been shown."""
        self.takes_keys = False
        self.seen = False
        """Whether the screen on top has been painted and takes keys; until then nothing answers it."""
        self.window: QQuickWindow | None = None
        self._profile = profile
        self._words = words
        self._keymap = keymap
        self._held: set[Action] = set()
        self._base: Layer | None = None
        self._covers: list[Layer] = []
        self._memory: dict[str, str] = {}
        self._numbers = itertools.count()
        self._card_inside = False
        self._full_screen = False

    # --- the window ---------------------------------------------------------------------------------------------------

    def open(self, size: tuple[int, int] | None = None) -> QQuickWindow:
        """Make the window, unseen until `reveal`; full screen without `size` (pixels). Raises BrokenUi."""
        window = self._load("Main.qml", size, {"title": self._words("chrome.window")})
        self._kiosk = window.property("kiosk")
        self._kiosk.setProperty("dark", self._profile.theme == "dark")
        self._kiosk.setProperty("pointer", self._profile.pointer)
        self._kiosk.setProperty("bodyPx", self._profile.body_px)
        self._kiosk.setProperty("words", self._qml_words())
        self._kiosk.answered.connect(self._answered)
        self._kiosk.tapped.connect(self._tapped)
        self._kiosk.deadEnd.connect(self._dead_end)
        return window

    def open_without_font(self, size: tuple[int, int] | None = None) -> QQuickWindow:
        """Open and show a window that says, in Latin letters, what is missing. Nothing else works with it."""
        lines = [self._words(f"E-24.{part}") for part in ("lines", "next")]
        window = self._load("NoFont.qml", size, {"heading": self._words("E-24.title"), "lines": lines, "code": "E-24"})
        self.reveal()
        return window

    def _load(self, file: str, size: tuple[int, int] | None, properties: dict[str, Any]) -> QQuickWindow:
        self._engine = QQmlApplicationEngine(self)
        self._engine.addImportPath(str(UI))
        self._engine.setInitialProperties(properties)
        self._engine.load(QUrl.fromLocalFile(str(UI / file)))
        if not self._engine.rootObjects():
            raise BrokenUi(file)
        window = self._engine.rootObjects()[0]
        assert isinstance(window, QQuickWindow)  # noqa: S101 - so that grabWindow and frameSwapped are there
        self.window = window
        self._full_screen = size is None
        window.resize(*(size or window.screen().size().toTuple()))
        window.frameSwapped.connect(self._frame)
        return window

    def reveal(self) -> None:
        """Show the window and take the keys."""
        if self._full_screen:
            self.window.showFullScreen()
        else:
            self.window.show()
        self.window.requestActivate()

    def close(self) -> None:
        """Take the window down with all its QML."""
        self.window.close()
        self._engine.deleteLater()

    def _qml_words(self) -> dict[str, str]:
        words = {name: self._words(f"chrome.{name}") for name in QML_WORDS}
        return {**words, "page": self._words("chrome.page", page="%1", pages="%2")}

    # --- screens ------------------------------------------------------------------------------------------------------

    @property
    def card_inside(self) -> bool:
        """The card mark in the footer."""
        return self._card_inside

    @card_inside.setter
    def card_inside(self, inside: bool) -> None:
        self._card_inside = inside
        self._kiosk.setProperty("cardInside", inside)

    async def show(self, screen: Screen[A]) -> A:
        """Make it the base layer and wait for its answer. Raises Back on 戻る. Cancelling leaves it standing.

        A screen that is replaced while somebody waits for it can no longer be answered: cancel that wait.
        """
        return await self._answer_of(self._set_base(screen))

    def put(self, screen: Screen[A]) -> None:
        """Make it the base layer without waiting."""
        self._set_base(screen)

    async def cover(self, screen: Screen[A]) -> A:
        """Lay it over everything until answered or cancelled; what is below shows again afterwards. Raises Back.

        Covering a PinEntry wipes what was typed.
        """
        self._leave_top()
        layer = Layer.of(screen)
        self._covers.append(layer)
        self._render()
        try:
            return await self._answer_of(layer)
        finally:
            self._uncover(layer)

    def wipe(self) -> None:
        """Forget every screen, what was typed and all focus memory; show nothing."""
        for layer in (*self._covers, self._base):
            if layer is not None:
                layer.typed.wipe()
        self._base = None
        self._covers.clear()
        self._memory.clear()
        self._render()
        # After the items below are really deleted, which Qt does when it is back in its event loop.
        QTimer.singleShot(0, self._engine.collectGarbage)

    @property
    def _top(self) -> Layer | None:
        return self._covers[-1] if self._covers else self._base

    def _set_base(self, screen: Screen[Any]) -> Layer:
        if not self._covers:
            self._leave_top()
        if self._base is not None:
            self._base.typed.wipe()
        self._base = Layer.of(screen, self._memory.get(screen.name, ""))
        if not self._covers:
            self._render()
        return self._base

    def _uncover(self, layer: Layer) -> None:
        if layer not in self._covers:  # wiped meanwhile
            return
        was_top = layer is self._top
        self._covers.remove(layer)
        if was_top:
            self._render()

    def _leave_top(self) -> None:
        """Before another screen is seen: wipe what was typed, remember where focus was."""
        if self._top is None:
            return
        self._top.typed.wipe()
        self._top.focus = self._kiosk.property("focusKey")
        if isinstance(self._top.screen, Menu | ItemList):
            self._memory[self._top.screen.name] = self._top.focus

    def _render(self) -> None:
        top = self._top
        self.seen = False
        self._kiosk.setProperty("pinCount", 0)
        self._kiosk.setProperty("shown", None if top is None else self._shown(top))
        if self.window.property("broken"):
            raise BrokenUi(type(top.screen).__name__)
        self.window.update()

    def _shown(self, layer: Layer) -> dict[str, Any]:
        return {
            "number": next(self._numbers),  # equal data shown again is built anew
            "file": QUrl.fromLocalFile(str(UI / "screens" / SCREENS[type(layer.screen)])),
            "screen": screen_data(layer.screen),
            "memory": layer.focus,
            "footer": [self._footer_key(action) for action in footer_actions(layer.screen, self._profile.pointer)],
        }

    def _footer_key(self, action: Action) -> dict[str, str]:
        word, cap = FOOTER_KEYS[action]
        return {
            "action": action.value,
            "word": self._words(word),
            "cap": BACK_DIGIT.value if cap is None else self._words(cap),
        }

    async def _answer_of(self, layer: Layer) -> Any:
        import asyncio

        answer = layer.answer = asyncio.get_running_loop().create_future()
        try:
            return await answer
        except asyncio.CancelledError:
            # Answered and cancelled in the same turn of the loop: nobody receives what was typed.
            if answer.done() and not answer.cancelled() and isinstance(answer.result(), Secret):
                answer.result().wipe()
            raise
        finally:
            layer.answer = None
            layer.typed.wipe()

    def _frame(self) -> None:
        if not self.painted:
            self.painted = True
            QTimer.singleShot(KEYS_AFTER_MS, self._take_keys)
        elif self.takes_keys and not self.seen and self._top is not None:
            self.seen = True
            self.window.setTitle(f"madoguchi: {self._top.screen.name}")  # for whoever watches the box, never personal
            self.on_painted(self._top.screen.name)

    # --- keys and touches ---------------------------------------------------------------------------------------------

    def _take_keys(self) -> None:
        """Not before the first frame: nobody answers what cannot be seen, and Qt's many enums take 10 ms to make."""
        from PySide6.QtCore import QEvent, Qt

        self._keys = {_qt_key(name): action for name, action in self._keymap.by_qt_name.items()}
        self._handlers = {
            QEvent.Type.KeyPress: self._key_pressed,
            QEvent.Type.KeyRelease: self._key_released,
            QEvent.Type.MouseButtonPress: self._touched,
            QEvent.Type.TouchBegin: self._touched,
            QEvent.Type.FocusOut: self._keys_lost,
        }
        if not self._profile.pointer:
            self.window.setCursor(Qt.CursorShape.BlankCursor)
        self.window.installEventFilter(self)
        self.takes_keys = True
        self.window.update()  # so that what stands there now is seen in the next frame

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Every key of the window ends here; QML sees none."""
        handle = self._handlers.get(event.type())
        return handle is not None and handle(event)

    def _action_of(self, event: QKeyEvent) -> Action | None:
        # Keys that Qt has no name for come with a native code only: the evdev code + 8, under X11 and Wayland.
        return self._keys.get(event.key()) or self._keymap.by_evdev.get(event.nativeScanCode() - 8)

    def _key_pressed(self, event: QKeyEvent) -> bool:
        action = self._action_of(event)
        if action is not None and (action.repeats or not (event.isAutoRepeat() or action in self._held)):
            self._held.add(action)
            self._act(action)
        return True

    def _key_released(self, event: QKeyEvent) -> bool:
        action = self._action_of(event)
        if action is not None and not event.isAutoRepeat():
            self._held.discard(action)
        return True

    def _keys_lost(self, event: QEvent) -> bool:
        self._held.clear()  # their releases go to another window
        return False

    def _touched(self, event: QEvent) -> bool:
        self.on_action(Action.OK)
        return False

    def _tapped(self, action: str) -> None:
        self._act(Action(action))

    def _act(self, action: Action) -> None:
        top = self._top
        self.on_action(action)
        if top is None or top is not self._top:
            return  # the visit took the screen away: this press was not meant for the next one
        if not self.seen and not action.repeats:
            return  # pressed before the screen could be seen
        if isinstance(top.screen, StillThere) or (isinstance(top.screen, Attract) and action not in COLOURS):
            top.give(None)
        elif action is Action.GREEN:
            self._next_text_scale()
        elif action in COLOURS:
            return
        elif isinstance(top.screen, PinEntry):
            self._type(top, action)
        elif action is Action.BACK or self._means_back(top.screen, action):
            top.back()
        else:
            self._kiosk.act.emit(action.value)

    def _means_back(self, screen: Screen[Any], action: Action) -> bool:
        return action is BACK_DIGIT and Action.BACK in footer_actions(screen, self._profile.pointer)

    def _next_text_scale(self) -> None:
        now = TEXT_SCALES.index(self._kiosk.property("textScale"))
        self._kiosk.setProperty("textScale", TEXT_SCALES[(now + 1) % len(TEXT_SCALES)])

    def _type(self, layer: Layer, action: Action) -> None:
        if not layer.waiting:
            return
        if action.digit is not None:
            layer.typed.add(ord(action.value))
        elif action in (Action.LEFT, Action.BACK):
            if not layer.typed.drop_last() and action is Action.BACK:
                layer.back()
        elif action is Action.OK and len(layer.typed) == layer.screen.length:
            layer.hand_over()
            return
        self._kiosk.setProperty("pinCount", len(layer.typed))

    def _answered(self, keys: list[str]) -> None:
        if self._top is None:
            return
        if isinstance(self._top.screen, Consent):
            self._top.give(frozenset(keys))
        elif isinstance(self._top.screen, Confirm):
            self._top.give(keys == ["yes"])
        else:
            self._top.give(keys[0])

    def _dead_end(self) -> None:
        self.on_dead_end()

    # --- for the tour and tests ---------------------------------------------------------------------------------------

    def describe(self) -> dict[str, Any]:
        """What is on top: `name`, `kind` and the key of the focused item, None where there is nothing to press."""
        if self._top is None:
            return {"name": "", "kind": "", "focus": None}
        screen = self._top.screen
        return {"name": screen.name, "kind": type(screen).__name__, "focus": self._kiosk.property("focusKey") or None}

    def press(self, key: Action | str) -> None:
        """Press and release a key, by its Qt name or by what it means, as the keyboard would."""
        from PySide6.QtCore import QCoreApplication, QEvent, Qt
        from PySide6.QtGui import QKeyEvent

        if isinstance(key, Action):
            key = next(name for name, action in self._keymap.by_qt_name.items() if action is key)
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QCoreApplication.sendEvent(self.window, QKeyEvent(kind, _qt_key(key), Qt.KeyboardModifier.NoModifier))

    def grab(self, path: str) -> None:
        """Save what the window shows. Raises OSError when the file cannot be written."""
        if not self.window.grabWindow().save(path):
            raise OSError(f"cannot write {path}")


def _qt_key(name: str) -> int:
    """`Return` -> Qt.Key.Key_Return. Raises KeyError for a name Qt does not know."""
    from PySide6.QtCore import Qt

    return Qt.Key[f"Key_{name}"].value


def _nothing(*_: object) -> None:
    """Until somebody listens."""
