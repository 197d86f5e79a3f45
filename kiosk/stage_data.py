"""What QML is handed of a screen: plain maps, its file, and what its footer offers. No Qt here."""

from __future__ import annotations

import dataclasses
from enum import Enum
from pathlib import Path
from typing import Any

from kiosk.screens import (
    Alarm,
    Attract,
    CardAway,
    Chart,
    Confirm,
    Consent,
    Detail,
    Digits,
    ItemList,
    Margins,
    Menu,
    PasswordEntry,
    PhoneCode,
    PinEntry,
    PinOnReader,
    PlaceCard,
    Problem,
    Result,
    Screen,
    StillThere,
    TakeCard,
    Working,
)
from kiosk.words import BASE, Text, Words, plain, readings
from stb_profile.keymap import Action

UI = Path(__file__).parent / "ui"

SCREENS: dict[type[Screen[Any]], str] = {
    Attract: "Attract.qml",
    PlaceCard: "PlaceCard.qml",
    Working: "Working.qml",
    PinEntry: "PinEntry.qml",
    PinOnReader: "PinOnReader.qml",
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
    PhoneCode: "PhoneCode.qml",
    Margins: "Margins.qml",
    Alarm: "Alarm.qml",
    Digits: "Digits.qml",
    Chart: "Chart.qml",
    PasswordEntry: "PasswordEntry.qml",
}
"""Each kind's file in `ui/screens`."""

TYPED = (PinEntry, PinOnReader, Digits, PasswordEntry)
"""Where digits are typed, here or on the reader: none of them leads back."""

COLOURS = (Action.RED, Action.GREEN, Action.YELLOW, Action.BLUE)

FOOTER_KEYS = {
    # action: its word, and what stands on its key
    Action.BACK: ("chrome.back", "chrome.back_key"),
    Action.BLUE: ("chrome.voice", "chrome.blue"),
    Action.RED: ("chrome.end", "chrome.red"),
    Action.GREEN: ("chrome.preferences", "chrome.green"),
    Action.YELLOW: ("chrome.help", "chrome.yellow"),
}
BACK_DIGIT = Action.DIGIT_0
"""Stands for もどる wherever the footer offers it: some televisions keep the 戻る key to themselves.

Not where digits are typed: there the footer's もどる is pressed by arrows and OK, and shows the key it stands for.
"""

QML_WORDS = ("card_in", "phone", "previous_page", "next_page", "more", "press_ok", "ok", "erase", "back")
"""What QML says by itself, from the section `chrome`."""


Readings = dict[str, list[dict[str, Any]]]
"""Text as shown -> the readings above it: where (`at`, `length`) and what (`reading`)."""


def as_data(value: object, above: Readings) -> Any:
    """A screen, or a part of one, as plain maps, lists and strings; readings go to `above`."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return _plain(value, above)
    if isinstance(value, tuple):
        return [as_data(part, above) for part in value]
    if dataclasses.is_dataclass(value):
        return {field.name: as_data(getattr(value, field.name), above) for field in dataclasses.fields(value)}
    return value


def _plain(text: str, above: Readings) -> str:
    if BASE not in text:
        return str(text)
    shown = plain(text)
    if isinstance(text, Text):  # a sender's own marks are dropped
        above[shown] = readings(text)
    return shown


def screen_data(screen: Screen[Any], above: Readings) -> dict[str, Any]:
    """A screen for QML, each of its choices with the digit it answers to."""
    data: dict[str, Any] = as_data(screen, above)
    for choices in (data.get("choices", ()), data.get("actions", ()), data.get("languages", ())):
        for number, choice in enumerate(choices, 1):
            if choice["digit"] is None:
                choice["digit"] = number
    return data


def footer_actions(screen: Screen[Any], pointer: bool, voice: bool = False) -> tuple[Action, ...]:
    """What the footer offers on a screen: only keys that do something there, 青 where there is a voice.

    もどる stands where no choice of the flow leads out; with touch also where there are no keys to go back with.
    """
    if isinstance(screen, TakeCard | CardAway | StillThere | Margins):
        return ()
    blue = (Action.BLUE,) if voice else ()
    if isinstance(screen, Alarm):
        return blue
    if isinstance(screen, Attract):
        return (*blue, Action.GREEN, Action.YELLOW)
    leads_nowhere = isinstance(screen, Detail) and not screen.actions
    leads_nowhere = leads_nowhere or (isinstance(screen, Menu) and screen.back)
    needs_back = isinstance(screen, PlaceCard | PhoneCode | ItemList | Consent | PinEntry | PinOnReader)
    if leads_nowhere or needs_back or (pointer and isinstance(screen, Digits)):
        return (Action.BACK, *blue, Action.RED, Action.GREEN, Action.YELLOW)
    return (*blue, Action.RED, Action.GREEN, Action.YELLOW)


def footer_words(screen: Screen[Any], pointer: bool, voice: bool, words: Words) -> dict[str, str]:
    """The same with their words, by `Action.value`."""
    return {action.value: words(FOOTER_KEYS[action][0]) for action in footer_actions(screen, pointer, voice)}


def footer_data(screen: Screen[Any], pointer: bool, voice: bool, words: Words, above: Readings) -> list[dict[str, str]]:
    """The same for QML."""
    typed = isinstance(screen, TYPED)
    return [_footer_key(action, typed, words, above) for action in footer_actions(screen, pointer, voice)]


def _footer_key(action: Action, typed: bool, words: Words, above: Readings) -> dict[str, str]:
    word, cap = FOOTER_KEYS[action]
    # A key's name is one letter on a small key: no room for its reading.
    by_digit = action is Action.BACK and not typed
    cap_text = BACK_DIGIT.value if by_digit else plain(words(cap))
    return {"action": action.value, "word": _plain(words(word), above), "cap": cap_text}


def language_of(screen: Attract, action: Action) -> str | None:
    """The key of the language that stands at this digit, if any."""
    by_digit = {choice.digit or number: choice.key for number, choice in enumerate(screen.languages, 1)}
    return None if action.digit is None else by_digit.get(action.digit)


def leads_back(screen: Screen[Any]) -> bool:
    """Whether 戻る raises Back. Not where there is no step before, and not out of work that must not be stopped."""
    return not isinstance(screen, TakeCard | CardAway | Alarm) and not (isinstance(screen, Working) and not screen.stop)


def means_back(screen: Screen[Any], action: Action, pointer: bool) -> bool:
    """Whether a digit stands for 戻る on this screen."""
    return action is BACK_DIGIT and not isinstance(screen, TYPED) and Action.BACK in footer_actions(screen, pointer)


def qml_words(words: Words, above: Readings) -> dict[str, str]:
    """What QML says by itself; `%1` and `%2` are for QML to fill in."""
    texts = {name: words(f"chrome.{name}") for name in QML_WORDS}
    texts["page"] = words("chrome.page", page="%1", pages="%2")
    return {name: _plain(text, above) for name, text in texts.items()}
