"""What a paired phone may do on which screen, and what of it the phone is told."""

from __future__ import annotations

from typing import Any

from drivers.errors import Pin
from kiosk.screens import Confirm, Detail, PasswordEntry, PinEntry, Screen
from kiosk.words import plain
from stb_profile.keymap import Action
from stb_profile.phone.messages import Ask, Page, Role, Why


def refusal(screen: Screen[Any] | None, action: Action, roles: frozenset[Role]) -> Why | None:
    """Why a key of the phone does nothing here; None when it does what it means."""
    if Role.REMOTE not in roles:
        return Why.ROLE
    if isinstance(screen, PinEntry | PasswordEntry) and action.digit is not None:
        return Why.ROLE  # typed in the open, like a remote's; the phone has its own way for what is secret
    if answered_here_only(screen) and (action is Action.OK or action.digit is not None):
        return Why.HERE_ONLY
    return None


def answered_here_only(screen: Screen[Any] | None) -> bool:
    """Whether only the television's own keys say yes: to what is signed, and to what a phone may do."""
    if isinstance(screen, PinEntry):
        return screen.pin is Pin.DIGITAL_SIGNATURE
    return isinstance(screen, PasswordEntry) or (isinstance(screen, Confirm) and screen.here_only)


def asked(screen: Screen[Any] | None, roles: frozenset[Role]) -> Ask | None:
    """What the phone may type for the person."""
    if not isinstance(screen, PinEntry) or Role.PRIVATE not in roles:
        return None
    tries = f"{plain(screen.tries_label)} {plain(screen.tries_text)}"
    return Ask(plain(screen.title), plain(screen.note), tries, screen.length)


def page(screen: Screen[Any] | None) -> Page | None:
    """A text that can be read on the phone."""
    if not isinstance(screen, Detail):
        return None
    facts = [(plain(fact.label), plain(fact.value)) for fact in screen.facts]
    return Page(plain(screen.title), facts, [plain(line) for line in screen.summary], plain(screen.body))
