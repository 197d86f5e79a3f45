"""From where on use looks like misuse: data (rules.toml), so that the commission changes it without a programmer."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from backend_stub.commission.facts import JST

FILE = Path(__file__).with_name("rules.toml")


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Root of the tables of the file."""

    def __post_init__(self) -> None:
        if any(isinstance(value, int) and value < 0 for value in msgspec.structs.astuple(self)):
            raise ValueError("a threshold is no less than nothing")


class Night(_Table, frozen=True):
    from_: int = msgspec.field(name="from")
    to: int

    def covers(self, at: datetime) -> bool:
        """Whether that is at night in Japan. A night that ends where it begins is none."""
        hour = at.astimezone(JST).hour
        return self.from_ <= hour < self.to if self.from_ <= self.to else hour >= self.from_ or hour < self.to


class PerHour(_Table, frozen=True):
    per_hour: int


class PerDay(_Table, frozen=True):
    per_day: int


class Days(_Table, frozen=True):
    days: int


class PartsTerm(_Table, frozen=True):
    grace_minutes: int
    order_minutes: int

    @property
    def grace(self) -> timedelta:
        return timedelta(minutes=self.grace_minutes)

    @property
    def order(self) -> timedelta:
        return timedelta(minutes=self.order_minutes)


class UsageTerms(_Table, frozen=True):
    least: int
    days: int


class Thresholds(_Table, frozen=True):
    """The whole file."""

    machines: tuple[str, ...]
    """Terminals where nobody sits."""
    night: Night
    volume: PerHour
    one_person: PerDay
    never_used: Days
    law_forbidden: PerDay
    parts: PartsTerm
    usage: UsageTerms


def read_thresholds(path: Path = FILE) -> Thresholds:
    """Read the file. Raises msgspec.ValidationError when it is not in order."""
    return msgspec.toml.decode(path.read_bytes(), type=Thresholds)
