"""The care mark (見守り): the family may see on which days the television was used, and nothing else."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec

from backend_client.wire.basic import Base64, Message, whole

FamilyCode = Annotated[str, whole("[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}", 19)]
"""Sixteen letters of Crockford's Base32: 80 random bits. Whoever has it reads the days."""
BoxToken = Annotated[str, whole("[0-9A-Za-z_-]{43}", 43)]


class CareGiven(Message, frozen=True):
    """POST /care/consents (session of a pass, no message). Takes the place of a former consent, whose code ends."""

    code: str
    """For the family; said once, kept only as a hash."""
    box: str
    """A BoxToken, for the box alone: it marks days and reads nothing."""


class CareState(Message, frozen=True):
    """GET /care/consents (session of a pass). POST /care/withdrawals ends it and forgets the days (204)."""

    since: date | None
    """None where there is no consent."""


class CareMark(Message, frozen=True):
    """POST /care/marks -> 204. The box was used today; which day that is, the body says."""

    box: BoxToken


class CareReading(Message, frozen=True):
    """POST /care/readings -> CareDays. By whoever has the code; it is never in an address."""

    code: FamilyCode


class CareDays(Message, frozen=True):
    """Days with a mark, newest first. A day without one means nothing by itself, and starts nothing."""

    since: date
    days: tuple[date, ...]
    signature: Base64
    """Ed25519 of the body's machine key over `care_text`."""


def care_text(code: str, since: date, days: tuple[date, ...]) -> bytes:
    """What the body signs of an answer."""
    return b"madoguchi care 1\0" + msgspec.json.encode((code, since, days))
