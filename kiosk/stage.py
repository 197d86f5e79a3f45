"""The Qt bridge: shows screens, takes keys and touches, returns answers.

Imported before the first frame, so nothing heavy comes with it; asyncio is imported when the first screen is awaited.
QML is handed plain maps and one number, how many digits of a PIN were typed. The digits go from the key map straight
into the wiping buffer of the layer that asked for them.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QTimer, QUrl
from PySide6.QtQuick import QQuickWindow

from kiosk.preferences import Company, Preferences, Theme
from kiosk.screens import (
    Alarm,
    Attract,
    Beside,
    Confirm,
    Consent,
    Digits,
    ItemList,
    Menu,
    NothingBeside,
    NoWatcher,
    PasswordEntry,
    PhoneMark,
    PinEntry,
    Screen,
    Sight,
    StillThere,
    Watcher,
)
from kiosk.stage_data import (
    COLOURS,
    SCREENS,
    UI,
    Readings,
    as_data,
    footer_data,
    footer_words,
    language_of,
    means_back,
    qml_words,
    screen_data,
)
from kiosk.stage_keys import Keys
from kiosk.stage_layer import Layer
from kiosk.stage_private import SHOW, hidden
from kiosk.stage_rows import near, with_portion
from kiosk.stage_window import BrokenUi, StageWindow, face, offered
from kiosk.words import Language, Text, Words, plain, retold
from stb_profile.keymap import Action, KeyMap
from stb_profile.profile import Profile

A = TypeVar("A")

KEYS_AFTER_MS = 10
"""Keys are taken so long after the first frame, so that whoever waits for the frame does not wait for Qt's enums."""


class QtStage(QObject):
    """The stage of `kiosk.screens.Stage`, in one window of one profile."""

    window: QQuickWindow

    def __init__(self, profile: Profile, keymap: KeyMap, words: Words, preferences: Preferences | None = None) -> None:
        """`words` are in the language of the preferences; without any, all is as the profile alone would have it."""
        super().__init__()
        self.on_action: Callable[[Action], None] = _nothing
        self.on_painted: Callable[[str], None] = _nothing
        """Told a screen's name once it has been painted and takes keys."""
        self.on_dead_end: Callable[[], None] = _nothing
        """Focus could not move: the place for a sound."""
        self.watcher: Watcher = NoWatcher()
        self.speaks: Callable[[str], bool] = _silent
        self.beside: Beside = NothingBeside()
        self.painted = False
        """Whether any frame has been shown."""
        self.takes_keys = False
        self.seen = False
        """Whether the screen on top has been painted and takes keys; until then nothing answers it."""
        self._profile = profile
        self._words = words
        self.preferences = preferences or Preferences(theme=Theme(profile.theme))
        """How everything is shown now."""
        self._keys = Keys(keymap, self._act, lambda: self.on_action(Action.OK))
        self._base: Layer | None = None
        self._covers: list[Layer] = []
        self._alarm: Layer | None = None
        self._reminder = ""
        self._memory: dict[str, str] = {}
        self._numbers = itertools.count()
        self._card_inside = False
        self._phone = PhoneMark.NONE
        self._acting = ""
        self._framed_since_asked = True

    # --- the window ---------------------------------------------------------------------------------------------------

    def open(self, size: tuple[int, int] | None = None) -> QQuickWindow:
        """Make the window, unseen until `reveal`; full screen without `size` (pixels). Raises BrokenUi."""
        window = self._load("Main.qml", size, {"title": self._words("chrome.window")})
        self._kiosk = window.property("kiosk")
        self._kiosk.setProperty("pointer", self._profile.pointer)
        self._kiosk.setProperty("bodyPx", self._profile.body_px)
        self._set_manner()
        self._kiosk.answered.connect(self._answered)
        self._kiosk.wanted.connect(self._hand_rows)
        self._kiosk.tapped.connect(self._tapped)
        self._kiosk.deadEnd.connect(self._dead_end)
        self._kiosk.focusKeyChanged.connect(self._focus_moved)
        return window

    def apply(self, preferences: Preferences, words: Words) -> None:
        """Show everything so from now on, what stands included; place, focus and ticks stay, typed digits do not."""
        self._leave_top()
        alike = preferences.company is self.preferences.company
        self.preferences, self._words = preferences, words
        for layer in self._layers:
            layer.screen = retold(layer.screen, words)
            layer.open = layer.open and alike
        self._set_manner()
        self.acting = retold(self._acting, words)
        self._render()

    def reshow(self, change: Callable[[Screen[Any]], Screen[Any]] | None = None) -> None:
        """Show what stands anew, after `change` has taken the place of each screen for good."""
        self._leave_top()
        for layer in self._layers:
            if change is not None:
                layer.screen = change(layer.screen)
        self._render()

    def _set_manner(self) -> None:
        self._word_readings: Readings = {}
        self._above: Readings = {}
        self._kiosk.setProperty("theme", self.preferences.theme.value)
        self._kiosk.setProperty("margin", list(self.preferences.margin))
        self._kiosk.setProperty("textScale", self.preferences.size.scale)
        self._kiosk.setProperty("face", face(self._words.language))
        self._kiosk.setProperty("words", qml_words(self._words, self._word_readings))
        self.reminder = self._reminder

    def open_without_font(self, size: tuple[int, int] | None = None) -> QQuickWindow:
        """Open and show a window that says, in Latin letters, what is missing. Nothing else works with it."""
        lines = [self._words(f"E-24.{part}") for part in ("lines", "next")]
        window = self._load("NoFont.qml", size, {"heading": self._words("E-24.title"), "lines": lines, "code": "E-24"})
        self.reveal()
        return window

    def _load(self, file: str, size: tuple[int, int] | None, properties: dict[str, Any]) -> QQuickWindow:
        self._frame = StageWindow(file, size, properties, self._framed)
        self.window = self._frame.window
        return self.window

    def reveal(self) -> None:
        """Show the window and take the keys."""
        self._frame.reveal()

    def close(self) -> None:
        """Take the window down with all its QML."""
        self._frame.close()

    def paints(self) -> bool:
        """Whether a frame came since this was last asked, and ask for one; True while nobody can see the window."""
        paints = self._framed_since_asked or not self.window.isExposed()
        self._framed_since_asked = False
        self.window.update()
        return paints

    # --- screens ------------------------------------------------------------------------------------------------------

    @property
    def card_inside(self) -> bool:
        """The card mark in the footer."""
        return self._card_inside

    @card_inside.setter
    def card_inside(self, inside: bool) -> None:
        self._card_inside = inside
        self._kiosk.setProperty("cardInside", inside)

    @property
    def phone(self) -> PhoneMark:
        """The phone mark in the footer."""
        return self._phone

    @phone.setter
    def phone(self, mark: PhoneMark) -> None:
        self._phone = mark
        self._kiosk.setProperty("phone", mark.value)

    @property
    def acting(self) -> str:
        """A line on every screen: for whom the person acts."""
        return self._acting

    @acting.setter
    def acting(self, line: str) -> None:
        self._acting = line
        self._kiosk.setProperty("acting", as_data(line, self._word_readings))

    @property
    def reminder(self) -> str:
        """What must not be forgotten, in the footer."""
        return self._reminder

    @reminder.setter
    def reminder(self, reminder: str) -> None:
        self._reminder = reminder.retold(self._words) if isinstance(reminder, Text) else reminder
        self._kiosk.setProperty("reminder", plain(self._reminder))

    @cached_property
    def languages(self) -> tuple[Language, ...]:
        """On offer: those whose font is installed."""
        return offered()

    async def show(self, screen: Screen[A]) -> A:
        """Make it the base layer and wait for its answer. Raises Back on 戻る. Cancelling leaves it standing.

        A screen that is replaced while somebody waits for it can no longer be answered: cancel that wait.
        """
        answer: A = await self._set_base(screen).answered()
        return answer

    def put(self, screen: Screen[A]) -> None:
        """Make it the base layer without waiting."""
        self._set_base(screen)

    async def cover(self, screen: Screen[A]) -> A:
        """Lay it over everything until answered or cancelled; what is below shows again afterwards. Raises Back.

        Covering a PinEntry wipes what was typed.
        """
        if self._alarm is None:
            self._leave_top()
        layer = Layer.of(retold(screen, self._words), self._memory.get(screen.name, ""))
        self._covers.append(layer)
        if self._alarm is None:
            self._render()
        try:
            answer: A = await layer.answered()
            return answer
        finally:
            self._uncover(layer)

    async def alarm(self, screen: Alarm) -> str:
        """Lay it over all covers there are and will be, until answered or cancelled. One at a time."""
        self._leave_top()
        layer = self._alarm = Layer.of(retold(screen, self._words))
        self._render()
        try:
            answer: str = await layer.answered()
            return answer
        finally:
            self._alarm = None
            self._render()

    def wipe(self) -> None:
        """Forget every screen, what was typed and all focus memory; show nothing but the alarm, if there is one."""
        for layer in self._layers:
            layer.typed.wipe()
        self._base = None
        self._covers.clear()
        self._memory.clear()
        self.acting = ""
        if self._alarm is None:
            self._render()
        self._frame.collect_garbage()

    @property
    def _top(self) -> Layer | None:
        if self._alarm is not None:
            return self._alarm
        return self._covers[-1] if self._covers else self._base

    @property
    def _layers(self) -> tuple[Layer, ...]:
        """From the top."""
        return tuple(layer for layer in (self._alarm, *self._covers, self._base) if layer is not None)

    def _set_base(self, screen: Screen[Any]) -> Layer:
        seen = not self._covers and self._alarm is None
        if seen:
            self._leave_top()
        if self._base is not None:
            self._base.typed.wipe()
        self._base = Layer.of(retold(screen, self._words), self._memory.get(screen.name, ""))
        if seen:
            self._render()
        return self._base

    def _uncover(self, layer: Layer) -> None:
        if layer not in self._covers:  # wiped meanwhile
            return
        was_top = layer is self._top
        if was_top:
            self._leave_top()
        self._covers.remove(layer)
        if was_top:
            self._render()

    def _leave_top(self) -> None:
        """Before another screen is seen: wipe what was typed, remember where focus was."""
        if self._top is None:
            return
        self._top.typed.wipe()
        self._top.focus, self._top.kept = self._kiosk.property("focusKey"), self._kiosk.property("kept")
        if isinstance(self._top.screen, Menu | ItemList):
            self._memory[self._top.screen.name] = self._top.focus

    def _render(self) -> None:
        top = self._top
        self.seen = False
        self.watcher.gone()
        self._kiosk.setProperty("pinCount", 0)
        shown = None if top is None else self._shown(top)
        self._kiosk.setProperty("kept", "" if top is None else top.kept)
        self._kiosk.setProperty("shown", shown)
        if top is not None and self.window.property("broken"):
            raise BrokenUi(type(top.screen).__name__)
        self.beside.changed(None if top is None else top.screen)
        self.window.update()

    def _veiled(self, layer: Layer, key: str) -> Screen[Any]:
        """As it may be seen and heard now; of a long list what is near `key`."""
        screen = retold(self.beside.veiled(near(layer.screen, key)), self._words)
        together = self.preferences.company is Company.TOGETHER
        return hidden(screen, self._words) if together and not layer.open else screen

    def _unveil(self, layer: Layer) -> None:
        """表示する: this screen only, and not when it comes again."""
        self._leave_top()
        layer.open = True
        self._render()

    def _shown(self, layer: Layer) -> dict[str, Any]:
        above = self._above = dict(self._word_readings)
        shown = {
            "number": next(self._numbers),  # equal data shown again is built anew
            "file": QUrl.fromLocalFile(str(UI / "screens" / SCREENS[type(layer.screen)])),
            "screen": self._text(layer, layer.focus),
            "memory": layer.focus,
            "footer": footer_data(layer.screen, self._profile.pointer, self._speaks_now(), self._words, above),
        }
        self._kiosk.setProperty("readings", above)
        return shown

    def _text(self, layer: Layer, key: str) -> str:
        # As text: QML looks through its own maps many times as fast as through QVariants.
        data = screen_data(self._veiled(layer, key), self._above)
        return json.dumps(with_portion(data, layer.screen, key))

    def _hand_rows(self, index: int) -> None:
        """The person leaves the rows at hand for row `index`."""
        if self._top is not None and isinstance(self._top.screen, ItemList):
            self._kiosk.setProperty("rows", self._text(self._top, self._top.screen.rows[index].key))
            self._kiosk.setProperty("readings", self._above)

    def _framed(self) -> None:
        self._framed_since_asked = True
        if not self.painted:
            self.painted = True
            QTimer.singleShot(KEYS_AFTER_MS, self._take_keys)
        elif self.takes_keys and not self.seen and self._top is not None:
            self.seen = True
            self.window.setTitle(f"madoguchi: {self._top.screen.name}")  # for whoever watches the box, never personal
            self.on_painted(self._top.screen.name)
            self.beside.seen()
            self.watcher.seen()

    # --- whoever looks on ---------------------------------------------------------------------------------------------

    def sight(self) -> Sight | None:
        """What is seen now; None before it is painted, and where nothing stands."""
        if self._top is None or not self.seen:
            return None
        key = self._kiosk.property("focusKey")
        footer = footer_words(self._top.screen, self._profile.pointer, self._speaks_now(), self._words)
        return Sight(self._veiled(self._top, key), key, self._frame.digits(), footer)

    def _speaks_now(self) -> bool:
        return self.speaks(self._words.language)

    def _focus_moved(self) -> None:
        if self.seen:
            QTimer.singleShot(0, self._tell_focus)  # when a page that is being turned lies open

    def _tell_focus(self) -> None:
        if self.seen:
            self.watcher.focused()

    # --- keys and touches ---------------------------------------------------------------------------------------------

    def _take_keys(self) -> None:
        """Not before the first frame: nobody answers what cannot be seen."""
        if not self._profile.pointer:
            self._frame.hide_pointer()
        self._keys.take(self.window)
        self.takes_keys = True
        self.window.update()  # so that what stands there now is seen in the next frame

    def act(self, action: Action) -> None:
        """A key that came by another way than the window: from a remote that is read directly."""
        if self.takes_keys:
            self._act(action)

    def fill(self, typed: memoryview) -> None:
        """Put what was typed elsewhere (ASCII) in the place of what stands there; OK is still to come."""
        top = self._top
        self.on_action(Action.OK)  # a sign of life, as a touch is
        if top is None or top is not self._top or not self.seen:
            return
        if isinstance(top.screen, Digits):
            self._kiosk.filled.emit(typed.tobytes().decode())
        else:
            top.fill(typed)
            self._count(top)
            if isinstance(top.screen, PasswordEntry):
                self._kiosk.filled.emit("")  # 決定 is next, not one letter more

    def _tapped(self, action: str) -> None:
        self._act(Action(action))

    def _act(self, action: Action) -> None:
        top = self._top
        if top is not None and isinstance(top.screen, Alarm) and action in COLOURS and action is not Action.BLUE:
            return  # what they are for lies below
        self.on_action(action)
        if top is None or top is not self._top:
            return  # the visit took the screen away: this press was not meant for the next one
        if not self.seen and not action.repeats:
            return  # pressed before the screen could be seen
        if action in COLOURS and not isinstance(top.screen, StillThere):
            return
        if isinstance(top.screen, StillThere):
            top.give(None)
        elif isinstance(top.screen, Attract):
            top.give(language_of(top.screen, action))
        elif self._is_typed(top.screen, action):
            self._type(top, action)
        elif action is Action.BACK or means_back(top.screen, action, self._profile.pointer):
            top.back()
        else:
            self._kiosk.act.emit(action.value)

    def _is_typed(self, screen: Screen[Any], action: Action) -> bool:
        """Whether a key is about what is typed; letters are chosen by the arrows."""
        if isinstance(screen, PasswordEntry):
            return action.digit is not None or action is Action.BACK
        return isinstance(screen, PinEntry) and not self._moves(action)

    def _moves(self, action: Action) -> bool:
        """Whether a key is for the footer of a PinEntry: ↑↓ always, the others while the ring is there."""
        on_footer = self._kiosk.property("focusKey") != ""
        return action in (Action.UP, Action.DOWN) or (on_footer and action in (Action.LEFT, Action.RIGHT, Action.OK))

    def _type(self, layer: Layer, action: Action) -> None:
        before = len(layer.typed)
        layer.press(action)
        if action.repeats and len(layer.typed) == before:
            self._dead_end()
        self._count(layer)

    def _count(self, layer: Layer) -> None:
        if layer.waiting:  # the dots stay full while what was typed is checked
            self._kiosk.setProperty("pinCount", len(layer.typed))

    def _answered(self, keys: list[str]) -> None:
        if self._top is None:
            return
        if keys == [SHOW]:
            self._unveil(self._top)
        elif isinstance(self._top.screen, PasswordEntry):
            self._top.press_letter(keys[0])
            self._count(self._top)
        elif isinstance(self._top.screen, Consent):
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

    def title(self) -> str:
        """The heading of what is on top; empty where there is nothing."""
        return "" if self._top is None else plain(self._top.screen.title)

    def press(self, key: Action | str) -> None:
        """Press and release a key, by its Qt name or by what it means, as the keyboard would."""
        self._keys.press(self.window, key)

    def grab(self, path: str) -> None:
        """Save what the window shows. Raises OSError when the file cannot be written."""
        self._frame.grab(path)


def _nothing(*_: object) -> None:
    """Until somebody listens."""


def _silent(language: str) -> bool:
    """Until there is a voice."""
    return False
