"""The secrets of a card by the names they have on the command line: tried, and changed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from drivers.card.application import CardApplication
from drivers.card.common import Common
from drivers.card.jpki import Jpki
from drivers.card.juki import Juki
from drivers.card.pin_pad import TypedOnReader
from drivers.card.text import TextSupport
from drivers.card.visual import Visual
from drivers.errors import CardError, CardGone, CardMute, Pin, ReaderFault
from drivers.secret import Secret
from kiosk.card_deeds import ENTRY_S, AskPin, OurCard, Verified, application, reader_keys, tries_or_blocked, verify


class Which(Enum):
    """One key reference on the card."""

    AUTH = "auth"
    SIGN = "sign"
    TEXT = "text"
    COMMON = "common"
    RESIDENT = "resident"
    TEXT_A = "text-a"
    TEXT_B = "text-b"
    FACE_A = "face-a"
    FACE_B = "face-b"
    BIRTH_DATE = "birth-date"


PLACES: dict[Which, tuple[type[CardApplication], Pin]] = {
    Which.AUTH: (Jpki, Pin.USER_AUTHENTICATION),
    Which.SIGN: (Jpki, Pin.DIGITAL_SIGNATURE),
    Which.TEXT: (TextSupport, Pin.TEXT_SUPPORT),
    Which.COMMON: (Common, Pin.REGISTER),
    Which.RESIDENT: (Juki, Pin.REGISTER),
    Which.TEXT_A: (TextSupport, Pin.MATCH_A),
    Which.TEXT_B: (TextSupport, Pin.MATCH_B),
    Which.FACE_A: (Visual, Pin.MATCH_A),
    Which.FACE_B: (Visual, Pin.MATCH_B),
    Which.BIRTH_DATE: (Visual, Pin.BIRTH_DATE),
}

REGISTER = "register"
"""What its holder knows as one PIN is two key references. Source: card reference, section 3.5."""
CHANGEABLE: dict[str, tuple[Which, ...]] = {
    "auth": (Which.AUTH,),
    "sign": (Which.SIGN,),
    "text": (Which.TEXT,),
    REGISTER: (Which.COMMON, Which.RESIDENT),
    "common": (Which.COMMON,),
    "resident": (Which.RESIDENT,),
}


@dataclass(frozen=True, slots=True)
class Changed:
    reader: str
    changed: tuple[str, ...]


class ChangeFailed(Exception):
    """`done` have the new secret, `failed` is where it ended. `unknown`: whether that one changed cannot be told."""

    def __init__(self, done: tuple[Which, ...], failed: Which, cause: CardError, unknown: bool) -> None:
        super().__init__(f"{failed.value}: {cause}")
        self.done = done
        self.failed = failed
        self.cause = cause
        self.unknown = unknown


async def verify_pin(card: OurCard, which: Which, ask: AskPin) -> Verified:
    """At most one try. Raises PinBlocked before anything is asked, PinWrong, NotOnCard."""
    kind, pin = PLACES[which]
    await verify(await application(card, kind), pin, ask)
    return Verified(card.reader, which.value)


async def change_pin(card: OurCard, name: str, ask: AskPin) -> Changed:
    """Ask for the old one, then twice for the new one, then change every key reference that `name` stands for.

    One VERIFY for each, never repeated. Raises PinBlocked and NotOnCard before anything is asked, ChangeFailed after.
    """
    parts = CHANGEABLE[name]
    pin = PLACES[parts[0]][1]
    left = min([await _tries(card, which) for which in parts])
    if (keys := reader_keys(card.jpki, pin)) and parts == (Which.AUTH,) and ask.on_reader(pin, left):
        await _change_on_reader(keys)
        return Changed(card.reader, (Which.AUTH.value,))
    with ask(pin, left) as old, ask.new(pin) as new:
        done: tuple[Which, ...] = ()
        for which in parts:
            await _change(card, which, old, new, done)
            done += (which,)
    return Changed(card.reader, tuple(which.value for which in done))


async def _tries(card: OurCard, which: Which) -> int:
    kind, pin = PLACES[which]
    return await tries_or_blocked(await application(card, kind), pin)


async def _change_on_reader(keys: TypedOnReader) -> None:
    try:
        await keys.change_on_reader(Pin.USER_AUTHENTICATION, ENTRY_S)
    except (CardGone, CardMute, ReaderFault) as exc:
        raise ChangeFailed((), Which.AUTH, exc, unknown=True) from exc
    except CardError as exc:
        raise ChangeFailed((), Which.AUTH, exc, unknown=False) from exc


async def _change(card: OurCard, which: Which, old: Secret, new: Secret, done: tuple[Which, ...]) -> None:
    kind, pin = PLACES[which]
    try:
        selected = await application(card, kind)
    except CardError as exc:
        raise ChangeFailed(done, which, exc, unknown=False) from exc
    try:
        await selected.change(pin, old, new)
    except (CardGone, CardMute, ReaderFault) as exc:
        raise ChangeFailed(done, which, exc, unknown=True) from exc
    except CardError as exc:
        raise ChangeFailed(done, which, exc, unknown=False) from exc
