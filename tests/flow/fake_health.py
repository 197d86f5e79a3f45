"""The health body in plain Python: two weeks of steps, some readings, two check-ups."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Any

from backend_client import wire

NOW = datetime.fromisoformat("2026-11-21T10:30:00+09:00")
TODAY = NOW.date()


def walked(*steps: int) -> wire.Steps:
    """So many steps on the days before today, oldest first."""
    days = (TODAY - timedelta(days=ago) for ago in range(len(steps), 0, -1))
    return wire.Steps(
        today=TODAY, days=tuple(wire.DaySteps(day=day, steps=n) for day, n in zip(days, steps, strict=True))
    )


def readings(*figures: tuple[int, int]) -> tuple[wire.BloodPressure, ...]:
    """Every twelve hours, the last one yesterday at 20:30."""
    last = NOW - timedelta(hours=14)
    ats = (last - timedelta(hours=12 * ago) for ago in range(len(figures) - 1, -1, -1))
    return tuple(wire.BloodPressure(at=at, upper=u, lower=lo) for at, (u, lo) in zip(ats, figures, strict=True))


def check_up(day: date, hba1c: float) -> wire.CheckUp:
    items = (
        wire.CheckUpItem(name="体重", value=51.8, unit="kg"),
        wire.CheckUpItem(name="BMI", value=22.1, unit="", least=18.5, most=24.9),
        wire.CheckUpItem(name="血糖", value=hba1c, unit="%", most=5.5),
        wire.CheckUpItem(name="善玉コレステロール", value=62, unit="mg/dL", least=40),
    )
    return wire.CheckUp(day=day, place="みどり市 保健センター", items=items)


class FakeHealth:
    """`asked` takes its time, and fails when told to."""

    def __init__(self, asked: Callable[[str, object], Awaitable[None]]) -> None:
        self._asked = asked
        self.steps = walked(*[4000] * 7, *[4400] * 7)
        self.readings = readings((128, 74), (131, 77), (126, 76))
        self.check_ups: tuple[wire.CheckUp, ...] = (
            check_up(date(2026, 5, 21), 5.7), check_up(date(2025, 5, 23), 5.4)
        )  # fmt: skip

    async def get(self, path: str, _kind: object) -> Any:
        await self._asked(f"health {path[1:]}", path)
        match path:
            case "/steps":
                return self.steps
            case "/blood-pressure":
                return wire.BloodPressures(readings=self.readings)
        return wire.CheckUps(check_ups=self.check_ups)

    async def tell(self, path: str, message: wire.NewBloodPressure) -> None:
        await self._asked("health add", message)
        assert (path, wire.possible(message.upper, message.lower)) == ("/blood-pressure", True)
        self.readings += (wire.BloodPressure(at=NOW, upper=message.upper, lower=message.lower),)
