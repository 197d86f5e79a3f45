"""The emergency and the care body in plain Python."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Any

from backend_client import wire

NOON = datetime.fromisoformat("2026-11-21T10:30:00+09:00")
SHELTERS = (
    wire.Shelter(id="school", name="みどり小学校", place="みどり町1-1"),
    wire.Shelter(id="hall", name="みどり公民館", place="みどり町2-3"),
)
LINES = ("みどり川の水が、あふれるおそれがあります。", "川の近くの人は、いますぐ避難してください。")
CODE, BOX = "7QK4-0M2X-9TZB-H3WD", "b" * 43


def notice(level: wire.Level = wire.Level.EVERYBODY, name: str = "", **changes: Any) -> wire.EvacuationNotice:
    values: dict[str, Any] = {
        "id": name or f"n{level.value}",
        "sender": "みどり市 防災",
        "level": level,
        "area": "みどり市 川ぞい地区",
        "lines": LINES,
        "shelters": SHELTERS,
        "issued_at": NOON,
        "valid_until": NOON + timedelta(hours=6),
    }
    return wire.EvacuationNotice(**{**values, **changes})


class FakeEmergency:
    """Reports of one person."""

    def __init__(self, asked: Callable[[str, object], Awaitable[None]]) -> None:
        self._asked = asked
        self.kept: wire.Evacuation | None = None

    async def get(self, path: str, _kind: object) -> wire.MyEvacuation:
        await self._asked("evacuation", path)
        return wire.MyEvacuation(evacuation=self.kept)

    async def post(self, path: str, message: Any, _kind: object) -> wire.Evacuation | None:
        await self._asked("evacuations", message)
        if path.endswith("/undo"):
            self.kept = None
        else:
            names = {shelter.id: shelter.name for shelter in SHELTERS}
            self.kept = wire.Evacuation(shelter=names.get(message.shelter, ""), people=message.people, at=NOON)
        return self.kept


class FakeCare:
    """The consent of one person."""

    def __init__(self, asked: Callable[[str, object], Awaitable[None]]) -> None:
        self._asked = asked
        self.since: date | None = None

    async def get(self, path: str, _kind: object) -> wire.CareState:
        await self._asked("care", path)
        return wire.CareState(since=self.since)

    async def post(self, path: str, _message: object, _kind: object) -> wire.CareGiven | None:
        await self._asked(f"care{path}", None)
        if path == "/withdrawals":
            self.since = None
            return None
        self.since = NOON.date()
        return wire.CareGiven(code=CODE, box=BOX)
