"""Emergencies: evacuation notices of the municipality, and who says to have left home (避難しました)."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated

import msgspec

from backend_client.wire.basic import Line, Message, Moment, Name, Text

Heads = Annotated[int, msgspec.Meta(ge=1, le=50)]
"""How many people, who says it included."""


class Level(Enum):
    """警戒レベル. Source: 内閣府「避難情報に関するガイドライン」 (2021)."""

    ELDERLY = 3
    """高齢者等避難: who needs time leaves now."""
    EVERYBODY = 4
    """避難指示: everybody leaves dangerous places."""
    SAVE_LIFE = 5
    """緊急安全確保: to leave may be too late; the safest place at once."""


class Shelter(Message, frozen=True):
    """避難所."""

    id: Name
    name: Line
    place: Line
    """Address, or how to find it."""


class EvacuationOrder(Message, frozen=True):
    """POST /emergency/notices (signed by a municipality) -> EvacuationNotice. Replaces the one for the same area."""

    level: Level
    area: Line
    lines: Annotated[tuple[Text, ...], msgspec.Meta(min_length=1, max_length=20)]
    shelters: Annotated[tuple[Shelter, ...], msgspec.Meta(max_length=30)]
    valid_until: Moment


class EvacuationNotice(Message, frozen=True):
    """One notice, as every box shows it."""

    id: str
    sender: str
    level: Level
    area: str
    lines: tuple[str, ...]
    shelters: tuple[Shelter, ...]
    issued_at: datetime
    valid_until: datetime


class EvacuationEnd(Message, frozen=True):
    """POST /emergency/ends (signed by a municipality) -> 204. 解除: the notice is over."""

    notice: Name


class EmergencyState(Message, frozen=True):
    """GET /emergency/state, and each event of GET /emergency/stream: all that is in force, the gravest first.

    A box that missed events misses nothing by it. Public: no session, no signature.
    """

    now: datetime
    """The body's clock. Boxes count from it, not from their own."""
    notices: tuple[EvacuationNotice, ...]


class EvacuationReport(Message, frozen=True):
    """POST /emergency/evacuations (session of a pass) -> Evacuation. A later one takes the place of the first."""

    notice: Name
    shelter: Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Za-z_-]{0,64}$(?!\n)", max_length=64)]
    """One of the notice's; empty for anywhere else."""
    people: Heads


class Evacuation(Message, frozen=True):
    """What somebody has reported."""

    shelter: str
    """Its name; empty for anywhere else."""
    people: int
    at: datetime


class MyEvacuation(Message, frozen=True):
    """GET /emergency/evacuations (session of a pass). POST /emergency/evacuations/undo takes it back (204)."""

    evacuation: Evacuation | None


class ShelterCount(Message, frozen=True):
    shelter: str
    people: int
    reports: int


class ShelterCounts(Message, frozen=True):
    """GET /emergency/counts (signed by a municipality)."""

    shelters: tuple[ShelterCount, ...]


class Evacuee(Message, frozen=True):
    name: str
    """Empty where the authority does not tell (the certificate has been revoked since)."""
    address: str
    evacuation: Evacuation


class Evacuees(Message, frozen=True):
    """GET /emergency/evacuees (signed by a municipality). Names are asked of the authority, and not kept."""

    people: tuple[Evacuee, ...]
