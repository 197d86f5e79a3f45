"""The day in Japan: receptions and prescriptions count in it."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

JST = timezone(timedelta(hours=9))


def day_of(moment: datetime) -> date:
    return moment.astimezone(JST).date()
