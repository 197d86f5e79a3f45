"""What a paired phone may do on which screen, and what of it the phone is told."""

from __future__ import annotations

from typing import Any

from drivers.errors import Pin
from kiosk.screens import Confirm, Detail, Digits, PasswordEntry, PinEntry, Screen
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
    if Role.PRIVATE not in roles:
        return None
    if isinstance(screen, PinEntry):
        tries = f"{plain(screen.tries_label)} {plain(screen.tries_text)}"
        shortest = screen.shortest or screen.length
        return Ask(plain(screen.title), plain(screen.note), tries, shortest, screen.length, letters=screen.letters)
    if isinstance(screen, PasswordEntry):
        tries = f"{plain(screen.tries_label)} {plain(screen.tries_text)}"
        return Ask(plain(screen.title), plain(screen.note), tries, screen.shortest, screen.longest, letters=True)
    if isinstance(screen, Digits):
        title, hint = plain(screen.title), plain(screen.hint)
        return Ask(title, hint, plain(screen.unit), screen.length_min, screen.length_max, seen=True)
    return None


def fits(ask: Ask, typed: memoryview) -> bool:
    """Whether what came is what was asked for."""
    return ask.shortest <= len(typed) <= ask.longest and (ask.letters or all(sign in b"0123456789" for sign in typed))


def page(screen: Screen[Any] | None) -> Page | None:
    """A text that can be read on the phone."""
    if not isinstance(screen, Detail):
        return None
    facts = [(plain(fact.label), plain(fact.value)) for fact in screen.facts]
    return Page(plain(screen.title), facts, [plain(line) for line in screen.summary], plain(screen.body))
