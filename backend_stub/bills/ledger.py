"""The ledger: each bill is in one state, and every change of state says which one it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from secrets import randbelow, token_hex
from typing import Any

from sqlalchemy import Connection, Engine, Row

from backend_client.wire import Bill, BillDraft, BillState, Charge, Means, Payment, PaymentState, SentBill
from backend_stub.bills.tables import accounts, bills
from backend_stub.body import Refusal
from backend_stub.database import retried
from backend_stub.machines import Machine

OPEN, PAYING = BillState.OPEN.value, BillState.PAYING.value
PAID, STORE = BillState.PAID.value, BillState.PAID_AT_STORE.value


@dataclass(frozen=True, slots=True)
class Begun:
    """A charge that was decided on; `attempt` tells it from those that were declined before."""

    bill: str
    attempt: int
    charge: Charge


class Ledger:
    """All bills. `members` are all bodies by id, for their names."""

    def __init__(self, engine: Engine, members: Mapping[str, Machine]) -> None:
        self._engine = engine
        self._members = members

    # --- billers

    @retried
    def put(self, biller: str, handle: str, draft: BillDraft, now: datetime) -> None:
        """Keep a bill, once. Raises Refusal: content_wrong for another one under its number."""
        said = {"handle": handle, "title": draft.title, "amount": draft.amount, "due": draft.due}
        new = {"id": token_hex(16), "biller": biller, "number": draft.number, "store_number": store_number()}
        state = {"state": OPEN, "at": now, "attempt": 0, "receipt": ""}
        with self._engine.begin() as connection:
            one = (bills.c.biller == biller) & (bills.c.number == draft.number)
            before = connection.execute(bills.select().where(one)).first()
            if before is None:
                connection.execute(bills.insert().values(said | new | state))
            elif {name: before._mapping[name] for name in said} != said:
                raise Refusal("content_wrong")

    def sent(self, biller: str) -> tuple[SentBill, ...]:
        with self._engine.connect() as connection:
            rows = connection.execute(bills.select().where(bills.c.biller == biller).order_by(bills.c.number)).all()
        return tuple(SentBill(number=row.number, state=BillState(row.state)) for row in rows)

    @retried
    def pay_at_store(self, biller: str, number: str, now: datetime) -> None:
        """Raises Refusal: not_found; not_possible unless it is open, or was paid so before."""
        one = (bills.c.biller == biller) & (bills.c.store_number == number)
        with self._engine.begin() as connection:
            connection.execute(bills.update().where(one, bills.c.state == OPEN).values(state=STORE, at=now))
            row = connection.execute(bills.select().where(one)).first()
        if row is None:
            raise Refusal("not_found")
        if row.state != STORE:
            raise Refusal("not_possible")

    # --- people

    def of(self, handle: str) -> tuple[Bill, ...]:
        """Open ones first, the most urgent on top; then those that are paid, newest first."""
        mine = bills.select().where(bills.c.handle == handle).order_by(bills.c.at.desc(), bills.c.id)
        with self._engine.connect() as connection:
            told = [self._told(row) for row in connection.execute(mine)]
        left = [bill for bill in told if bill.state in (BillState.OPEN, BillState.PAYING)]
        return (*sorted(left, key=lambda bill: bill.due), *(bill for bill in told if bill not in left))

    def bill(self, handle: str, bill_id: str) -> Bill:
        """Raises Refusal: not_found, also for another's."""
        with self._engine.connect() as connection:
            return self._told(_mine(connection, handle, bill_id))

    def account(self, handle: str) -> str:
        """What the registered account is called; empty when there is none."""
        with self._engine.connect() as connection:
            row = connection.execute(accounts.select().where(accounts.c.handle == handle)).first()
        return "" if row is None else str(row.label)

    @retried
    def register(self, handle: str, means: Means) -> None:
        """From now on pay from this account."""
        with self._engine.begin() as connection:
            connection.execute(accounts.delete().where(accounts.c.handle == handle))
            connection.execute(accounts.insert().values(handle=handle, means=means.id, label=means.label))

    # --- charges

    @retried
    def begin(self, handle: str, bill_id: str, now: datetime) -> Begun | None:
        """Decide on a charge; the same one while it is under way. None when it is paid from an account already.

        Raises Refusal: not_found; not_possible without an account, or when it was paid in a store.
        """
        with self._engine.begin() as connection:
            row = _mine(connection, handle, bill_id)
            account = connection.execute(accounts.select().where(accounts.c.handle == handle)).first()
            if row.state == OPEN and account is not None:
                one = (bills.c.id == bill_id) & (bills.c.state == OPEN)
                values = {"state": PAYING, "means": account.means, "at": now}
                connection.execute(bills.update().where(one).values(values))
                row = _mine(connection, handle, bill_id)
        if row.state == PAID:
            return None
        if row.state != PAYING:
            raise Refusal("not_possible")
        return self._begun(row)

    def begun(self) -> list[Begun]:
        """All charges of which nobody knows what became."""
        under_way = bills.select().where(bills.c.state == PAYING).order_by(bills.c.at)
        with self._engine.connect() as connection:
            return [self._begun(row) for row in connection.execute(under_way)]

    @retried
    def settle(self, begun: Begun, payment: Payment | None, now: datetime) -> None:
        """Write down what became of a charge, once. None: it cannot be made, and nothing was taken."""
        one = (bills.c.id == begun.bill) & (bills.c.state == PAYING) & (bills.c.attempt == begun.attempt)
        if payment is not None and payment.state is PaymentState.PAID:
            values: dict[str, Any] = {"state": PAID, "at": payment.at, "receipt": payment.receipt}
        else:
            values = {"state": OPEN, "at": now, "attempt": begun.attempt + 1}
        with self._engine.begin() as connection:
            connection.execute(bills.update().where(one).values(values))

    def _begun(self, row: Row[Any]) -> Begun:
        words = f"{self._members[row.biller].name} {row.title}"[:100]
        charge = Charge(key=f"{row.id}-{row.attempt}", means=row.means, amount=row.amount, words=words)
        return Begun(row.id, row.attempt, charge)

    def _told(self, row: Row[Any]) -> Bill:
        return Bill(
            id=row.id,
            biller=self._members[row.biller].name,
            title=row.title,
            amount=row.amount,
            due=row.due,
            store_number=row.store_number,
            state=BillState(row.state),
            at=row.at,
            receipt=row.receipt,
        )


def store_number() -> str:
    """A new number for a till: 9, eleven random digits, and a check digit (weights 3 and 1, modulo 10)."""
    digits = f"9{randbelow(10**11):011d}"
    return digits + check_digit(digits)


def check_digit(digits: str) -> str:
    """Of a number without it. Source: the modulus 10 of GS1 General Specifications, section 7.9."""
    weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return str(-weighted % 10)


def _mine(connection: Connection, handle: str, bill_id: str) -> Row[Any]:
    row = connection.execute(bills.select().where(bills.c.id == bill_id, bills.c.handle == handle)).first()
    if row is None:
        raise Refusal("not_found")
    return row
