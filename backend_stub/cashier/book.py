"""The cashier's book. A charge is written down before it is sent, so that its end can be found out after a fall."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import Connection, Engine, Row
from sqlalchemy.exc import IntegrityError

from backend_client.wire import Payment, PaymentState
from backend_stub.body import Refusal
from backend_stub.cashier.tables import cards, charges
from backend_stub.database import retried


class State(Enum):
    CHARGING = "charging"
    """Sent, or about to be; the payment body knows."""
    PAID = "paid"
    DECLINED = "declined"
    NOTHING = "nothing"
    REFUNDED = "refunded"


_BECAME = {
    PaymentState.PAID: State.PAID,
    PaymentState.DECLINED: State.DECLINED,
    PaymentState.WITHDRAWN: State.NOTHING,
    PaymentState.REFUNDED: State.REFUNDED,
}


class Book:
    """Cards by tag, charges by key."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @retried
    def keep_card(self, tag: str, means: str, label: str) -> None:
        """From now on this is what the card pays with."""
        with self._engine.begin() as connection:
            connection.execute(cards.delete().where(cards.c.tag == tag))
            connection.execute(cards.insert().values(tag=tag, means=means, label=label))

    def has_card(self, tag: str) -> bool:
        """Whether anything is kept for a card."""
        with self._engine.connect() as connection:
            return connection.execute(cards.select().where(cards.c.tag == tag)).first() is not None

    def card(self, tag: str) -> Row[Any]:
        """What a card pays with. Raises Refusal: not_found."""
        with self._engine.connect() as connection:
            row = connection.execute(cards.select().where(cards.c.tag == tag)).first()
        if row is None:
            raise Refusal("not_found")
        return row

    def begin(self, key: str, means: str, amount: int, now: datetime) -> Row[Any]:
        """Write a charge down; gives the one that is there when there is one. Raises Refusal: content_wrong."""
        row = self._put(key, means, amount, State.CHARGING, now)
        if row.state != State.NOTHING.value and (row.means, row.amount) != (means, amount):
            raise Refusal("content_wrong")
        return row

    def close(self, key: str, now: datetime) -> Row[Any]:
        """What is written of a charge; one that is not there can no longer come."""
        return self._put(key, "", 0, State.NOTHING, now)

    @retried
    def became(self, payment: Payment) -> Row[Any]:
        """Write down what the payment body said."""
        values = {"state": _BECAME[payment.state].value, "receipt": payment.receipt, "at": payment.at}
        with self._engine.begin() as connection:
            connection.execute(charges.update().where(charges.c.key == payment.key).values(values))
            return _found(connection, payment.key)

    def look_up(self, key: str, receipt: str) -> Row[Any]:
        """What was paid under this receipt. Raises Refusal: not_found."""
        with self._engine.connect() as connection:
            one = charges.select().where(charges.c.key == key, charges.c.receipt == receipt)
            row = connection.execute(one).first()
        if row is None:
            raise Refusal("not_found")
        return row

    def _put(self, key: str, means: str, amount: int, state: State, now: datetime) -> Row[Any]:
        try:
            return self._insert(key, means, amount, state, now)
        except IntegrityError:  # it was there, or came at the same moment
            with self._engine.connect() as connection:
                return _found(connection, key)

    @retried
    def _insert(self, key: str, means: str, amount: int, state: State, now: datetime) -> Row[Any]:
        values = {"key": key, "means": means, "amount": amount, "state": state.value, "receipt": "", "at": now}
        with self._engine.begin() as connection:
            return connection.execute(charges.insert().values(values).returning(charges)).one()


def _found(connection: Connection, key: str) -> Row[Any]:
    return connection.execute(charges.select().where(charges.c.key == key)).one()
