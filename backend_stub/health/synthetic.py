"""What people bring along, and what their pedometers count: figures of a data file, varied by handle and day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from hashlib import sha256
from pathlib import Path

import msgspec

from backend_client.wire import BloodPressure, CheckUp, CheckUpItem, DaySteps

FILE = Path(__file__).with_name("synthetic.toml")
MORNING, EVENING = time(7, 10), time(20, 40)


class _Walk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    week: tuple[int, int, int, int, int, int, int]
    spread: int
    better: int


class _Pressure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    morning: tuple[tuple[int, int], ...]
    evening: tuple[tuple[int, int], ...]


class _CheckUp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    years_ago: int
    day: str
    place: str
    values: dict[str, float]


class _Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    name: str
    unit: str
    least: float | None = None
    most: float | None = None


class Synthetic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The data file."""

    walk: _Walk
    pressure: _Pressure
    check_up: tuple[_CheckUp, ...]
    item: tuple[_Item, ...]

    def steps(self, handle: str, opened: date, first: date, last: date) -> tuple[DaySteps, ...]:
        """What the pedometer of a handle has counted from `first` to `last`; `opened` is the day of its book."""
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return tuple(DaySteps(day=day, steps=self._steps(handle, opened, day)) for day in days)

    def _steps(self, handle: str, opened: date, day: date) -> int:
        chance = (
            sha256(f"{handle} {day}".encode()).digest()[0] / 255
        )  # not the same each week, but each time it is asked
        percent = 100 + self.walk.spread * (2 * chance - 1)
        if day > opened - timedelta(days=7):
            percent += self.walk.better
        return round(self.walk.week[day.weekday()] * percent / 100)

    def readings(self, today: date, zone: tzinfo) -> tuple[BloodPressure, ...]:
        """Morning and evening of the days before `today`, oldest first."""
        pairs = list(zip(self.pressure.morning, self.pressure.evening, strict=True))
        found = []
        for ago, (morning, evening) in zip(range(len(pairs), 0, -1), pairs, strict=True):
            day = today - timedelta(days=ago)
            for at, (upper, lower) in ((MORNING, morning), (EVENING, evening)):
                found.append(BloodPressure(at=datetime.combine(day, at, zone), upper=upper, lower=lower))
        return tuple(found)

    def check_ups(self, today: date) -> tuple[CheckUp, ...]:
        """Those of the data file, the newest in the last twelve months."""
        newest = max(date.fromisoformat(f"{today.year}-{one.day}") for one in self.check_up if one.years_ago == 0)
        year = today.year if newest < today else today.year - 1
        return tuple(
            CheckUp(
                day=date.fromisoformat(f"{year - one.years_ago}-{one.day}"),
                place=one.place,
                items=tuple(_measured(item, one.values[item.id]) for item in self.item),
            )
            for one in self.check_up
        )


def _measured(item: _Item, value: float) -> CheckUpItem:
    return CheckUpItem(name=item.name, value=value, unit=item.unit, least=item.least, most=item.most)


def read_synthetic(path: Path = FILE) -> Synthetic:
    """Read the data file. Raises msgspec.ValidationError when it is not in order."""
    return msgspec.toml.decode(path.read_bytes(), type=Synthetic)
