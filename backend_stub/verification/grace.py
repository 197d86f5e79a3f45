"""The grace period (猶予期間) of a certificate for user authentication: expired, and still good for 資格確認 alone.

It ends with the third month after the one in which the certificate expired, in Japan.
Source: ux reference, section 4.1.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Final

MONTHS: Final = 3
_JST: Final = timezone(timedelta(hours=9))


def last_day(not_after: datetime) -> date:
    """The last day, in Japan, on which a certificate that expired at `not_after` still counts."""
    expired = not_after.astimezone(_JST)
    months = expired.year * 12 + expired.month + MONTHS  # of the month after that, counted from January as 0
    return date(months // 12, months % 12 + 1, 1) - timedelta(days=1)


def in_grace(not_after: datetime, now: datetime) -> bool:
    """Whether the certificate has expired, and not so long ago that it counts for nothing."""
    return not_after < now and now.astimezone(_JST).date() <= last_day(not_after)
