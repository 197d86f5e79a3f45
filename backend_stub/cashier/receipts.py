"""領収書 for the post box: signed by the cashier, of what it took."""

from __future__ import annotations

from datetime import timedelta, timezone
from typing import Any

from sqlalchemy import Row

from backend_client.wire import Statement, StatementFact

JST = timezone(timedelta(hours=9))
KEPT = timedelta(days=5 * 365)
"""So long a tax office may ask for it."""


def receipt_of(paid: Row[Any], place: str) -> Statement:
    """Write the receipt of a charge. `place` is who was paid; the cashier knows no name of who paid."""
    day = paid.at.astimezone(JST)
    facts = (
        StatementFact(label="お支払い先", value=place),
        StatementFact(label="金額", value=f"{paid.amount:,}円"),
        StatementFact(label="お支払いの日", value=f"{day.year}年{day.month}月{day.day}日"),
        StatementFact(label="受け取りの番号", value=paid.receipt),
    )
    return Statement(
        id=paid.key,
        title="領収書",
        issuer="cashier",
        issuer_name="病院の会計",
        holder="お支払いをした カードの方",
        facts=facts,
        issued_at=paid.at,
        valid_until=paid.at + KEPT,
    )
