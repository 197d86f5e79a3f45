"""The cards of everybody. An issuer reaches its own, a person those held."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import Engine, Row

from backend_client.wire import CardDraft, HeldCard
from backend_stub.body import Refusal
from backend_stub.cards.tables import cards
from backend_stub.database import retried
from backend_stub.machines import Machine


class CardFolder:
    """`members` are all bodies by id, for their names."""

    def __init__(self, engine: Engine, members: Mapping[str, Machine]) -> None:
        self._engine = engine
        self._members = members

    @retried
    def put(self, issuer: str, handle: str, draft: CardDraft, now: datetime) -> None:
        """Keep a card; the newest word about it counts. Raises Refusal: content_wrong for somebody else's number."""
        said = {"title": draft.title, "holder": draft.holder, "valid_until": draft.valid_until, "issued_at": now}
        one = (cards.c.issuer == issuer) & (cards.c.number == draft.number)
        with self._engine.begin() as connection:
            before = connection.execute(cards.select().where(one)).first()
            if before is None:
                new = {"id": token_hex(16), "issuer": issuer, "number": draft.number, "handle": handle}
                connection.execute(cards.insert().values(new | said))
            elif before.handle != handle:
                raise Refusal("content_wrong")
            else:
                connection.execute(cards.update().where(one).values(said))

    @retried
    def end(self, issuer: str, number: str) -> None:
        """Take a card away; quiet when there is none."""
        with self._engine.begin() as connection:
            connection.execute(cards.delete().where(cards.c.issuer == issuer, cards.c.number == number))

    def of(self, handle: str) -> tuple[HeldCard, ...]:
        """A person's cards, oldest first, so that they keep their places."""
        mine = cards.select().where(cards.c.handle == handle).order_by(cards.c.issued_at, cards.c.id)
        with self._engine.connect() as connection:
            return tuple(self._told(row) for row in connection.execute(mine))

    def card(self, handle: str, card_id: str) -> HeldCard:
        """Raises Refusal: not_found, also for another's."""
        with self._engine.connect() as connection:
            row = connection.execute(cards.select().where(cards.c.id == card_id, cards.c.handle == handle)).first()
        if row is None:
            raise Refusal("not_found")
        return self._told(row)

    def _told(self, row: Row[Any]) -> HeldCard:
        return HeldCard(
            id=row.id,
            issuer=self._members[row.issuer].name,
            number=row.number,
            title=row.title,
            holder=row.holder,
            valid_until=row.valid_until,
        )
