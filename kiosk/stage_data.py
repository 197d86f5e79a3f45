"""What QML is handed of a screen: plain maps, its file, and what its footer offers. No Qt here."""

from __future__ import annotations

import dataclasses
from enum import Enum
from pathlib import Path
from typing import Any

from kiosk.screens import (
    Attract,
    CardAway,
    Confirm,
    Consent,
    Detail,
    ItemList,
    Menu,
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
from kiosk.words import Words
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
}
"""Each kind's file in `ui/screens`."""

TYPED = (PinEntry, PinOnReader)
"""Where digits are typed, here or on the reader: none of them leads back."""

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

QML_WORDS = ("card_in", "previous_page", "next_page", "more", "press_ok", "ok", "erase")
"""What QML says by itself, from the section `chrome`."""


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
    if needs_back or (pointer and isinstance(screen, TYPED)):
        return (Action.BACK, Action.RED, Action.GREEN, Action.YELLOW)
    return (Action.RED, Action.GREEN, Action.YELLOW)


def footer_data(screen: Screen[Any], pointer: bool, words: Words) -> list[dict[str, str]]:
    """The same for QML, with the words."""
    return [_footer_key(action, words) for action in footer_actions(screen, pointer)]


def _footer_key(action: Action, words: Words) -> dict[str, str]:
    word, cap = FOOTER_KEYS[action]
    return {"action": action.value, "word": words(word), "cap": BACK_DIGIT.value if cap is None else words(cap)}


def leads_back(screen: Screen[Any]) -> bool:
    """Whether 戻る raises Back. Not where there is no step before, and not out of work that must not be stopped."""
    return not isinstance(screen, TakeCard | CardAway) and not (isinstance(screen, Working) and not screen.stop)


def means_back(screen: Screen[Any], action: Action, pointer: bool) -> bool:
    """Whether a digit stands for 戻る on this screen."""
    return action is BACK_DIGIT and not isinstance(screen, TYPED) and Action.BACK in footer_actions(screen, pointer)


def qml_words(words: Words) -> dict[str, str]:
    return {
        **{name: words(f"chrome.{name}") for name in QML_WORDS},
        "page": words("chrome.page", page="%1", pages="%2"),
    }
