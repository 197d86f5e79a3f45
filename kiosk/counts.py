"""How many visits and crashes a kiosk has had, by day. No personal data, nothing about any one visit."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlite_utils import Database


class Counts:
    """The supervisor's own little book."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = Database(path)
        self._db["days"].create(  # type: ignore[union-attr]
            {"day": str, "visits": int, "crashes": int}, pk="day", if_not_exists=True
        )

    def visit(self, day: date) -> None:
        self._add(day, visits=1, crashes=0)

    def crash(self, day: date) -> None:
        self._add(day, visits=0, crashes=1)

    def on(self, day: date) -> tuple[int, int]:
        """Visits and crashes of that day."""
        rows = list(self._db.query("SELECT visits, crashes FROM days WHERE day = ?", [day.isoformat()]))
        return (rows[0]["visits"], rows[0]["crashes"]) if rows else (0, 0)

    def _add(self, day: date, visits: int, crashes: int) -> None:
        with self._db.conn:
            self._db.execute(
                "INSERT INTO days VALUES (?, ?, ?) ON CONFLICT (day) DO UPDATE"
                " SET visits = visits + excluded.visits, crashes = crashes + excluded.crashes",
                [day.isoformat(), visits, crashes],
            )

    def close(self) -> None:
        self._db.close()
