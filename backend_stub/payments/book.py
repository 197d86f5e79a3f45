"""The book of payments. Each charge is one row by its collector's key, so that none is made twice."""

from __future__ import annotations

from datetime import datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, Engine, Row
from sqlalchemy.exc import IntegrityError

from backend_client.wire import Charge, Means, Payment, PaymentState
from backend_stub.body import Refusal
from backend_stub.database import retried
from backend_stub.payments.tables import means, payments

NO_COVER = "1"
"""Test accounts that end so have no money in them."""
NOTHING_TAKEN = (PaymentState.DECLINED, PaymentState.WITHDRAWN)


class Book:
    """Collectors see what is their own, and are told of everything else that it is not there."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @retried
    def register(self, collector: str, account: str) -> Means:
        """Keep an account for a collector."""
        one = token_hex(16)
        with self._engine.begin() as connection:
            connection.execute(means.insert().values(id=one, collector=collector, account=account))
        return Means(id=one, label=f"****{account[-4:]}")

    def charge(self, collector: str, charge: Charge, now: datetime) -> Payment:
        """Charge once for a key. Raises Refusal: not_found for another's means, content_wrong for another charge."""
        return self._settle(collector, charge, now, wanted=True)

    def withdraw(self, collector: str, charge: Charge, now: datetime) -> Payment:
        """Let a charge that has not come yet never come. Raises Refusal as `charge`."""
        return self._settle(collector, charge, now, wanted=False)

    def _settle(self, collector: str, charge: Charge, now: datetime, *, wanted: bool) -> Payment:
        try:
            row = self._charge(collector, charge, now, wanted=wanted)
        except IntegrityError:  # the same charge came twice at one moment, and the other was first
            row = self._charge(collector, charge, now, wanted=wanted)
        if (row.means, row.amount, row.words) != (charge.means, charge.amount, charge.words):
            raise Refusal("content_wrong")
        return _told(row)

    @retried
    def refund(self, collector: str, key: str, now: datetime) -> Payment:
        """Give back what was taken, once. Raises Refusal: not_found, not_possible."""
        paid = (payments.c.collector == collector) & (payments.c.key == key)
        paid &= payments.c.state == PaymentState.PAID.value
        with self._engine.begin() as connection:
            connection.execute(payments.update().where(paid).values(state=PaymentState.REFUNDED.value, at=now))
            row = _found(connection, collector, key)
        if row is None:
            raise Refusal("not_found")
        if PaymentState(row.state) in NOTHING_TAKEN:
            raise Refusal("not_possible")
        return _told(row)

    def look_up(self, collector: str, key: str) -> Payment:
        """What became of a charge. Raises Refusal: not_found."""
        with self._engine.connect() as connection:
            row = _found(connection, collector, key)
        if row is None:
            raise Refusal("not_found")
        return _told(row)

    @retried
    def _charge(self, collector: str, charge: Charge, now: datetime, *, wanted: bool) -> Row[Any]:
        with self._engine.begin() as connection:
            before = _found(connection, collector, charge.key)
            if before is not None:
                return before
            mine = means.select().where(means.c.id == charge.means, means.c.collector == collector)
            account = connection.execute(mine).first()
            if account is None:
                raise Refusal("not_found")
            became = PaymentState.DECLINED if account.account.endswith(NO_COVER) else PaymentState.PAID
            values = {
                "receipt": token_hex(8).upper(),
                "collector": collector,
                "key": charge.key,
                "means": charge.means,
                "amount": charge.amount,
                "words": charge.words,
                "state": (became if wanted else PaymentState.WITHDRAWN).value,
                "at": now,
            }
            return connection.execute(payments.insert().values(values).returning(payments)).one()


def _found(connection: Connection, collector: str, key: str) -> Row[Any] | None:
    one = payments.select().where(payments.c.collector == collector, payments.c.key == key)
    return connection.execute(one).first()


def _told(row: Row[Any]) -> Payment:
    state = PaymentState(row.state)
    receipt = "" if state in NOTHING_TAKEN else row.receipt
    return Payment(key=row.key, state=state, amount=row.amount, at=row.at, receipt=receipt)
