"""The health body (みどり健康手帳): steps, blood pressure and check-ups of a person it knows by a handle alone.

What it keeps are figures with the range that counts as usual; it judges nothing and advises nothing.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec

from backend_client.wire.basic import Count, Line, MaybeText, Message, Moment

UPPER, LOWER = (60, 280), (30, 180)
"""Least and most mmHg that a cuff on a living arm shows: upper (systolic), lower (diastolic)."""
Measured = Annotated[float, msgspec.Meta(ge=0, le=100_000)]


class DaySteps(Message, frozen=True):
    day: date
    steps: Count


class Steps(Message, frozen=True):
    """GET /health-book/steps (session): of the last four weeks, oldest first; without the days that nobody counted."""

    today: date
    days: tuple[DaySteps, ...]


class BloodPressure(Message, frozen=True):
    """One reading, in mmHg."""

    at: Moment
    upper: int
    lower: int


class BloodPressures(Message, frozen=True):
    """GET /health-book/blood-pressure (session): the newest 28, oldest first."""

    readings: tuple[BloodPressure, ...]


class NewBloodPressure(Message, frozen=True):
    """POST /health-book/blood-pressure (session) -> 204. The same figures within a minute are one reading."""

    upper: int
    lower: int


class CheckUpItem(Message, frozen=True):
    """One figure of a check-up, and the range that counts as usual; None where it is open on that side."""

    name: Line
    value: Measured
    unit: MaybeText
    least: Measured | None = None
    most: Measured | None = None

    @property
    def within(self) -> bool:
        return (self.least is None or self.least <= self.value) and (self.most is None or self.value <= self.most)


class CheckUp(Message, frozen=True):
    day: date
    place: Line
    items: tuple[CheckUpItem, ...]


class CheckUps(Message, frozen=True):
    """GET /health-book/check-ups (session): newest first."""

    check_ups: tuple[CheckUp, ...]


def possible(upper: int, lower: int) -> bool:
    """Whether both can be the blood pressure of somebody alive."""
    return UPPER[0] <= upper <= UPPER[1] and LOWER[0] <= lower <= LOWER[1] and lower < upper
