"""お支払い without its bodies: a small bill, a large one, one that is being paid and two that are paid."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Any

import msgspec

from backend_client import wire
from backend_client.errors import BackendError, Refused

ACCOUNT, LABEL = "9000000", "****0000"
AT = datetime.fromisoformat("2026-11-02T10:12:00+09:00")
STATE = wire.BillState


def bill(name: str, amount: int, state: wire.BillState = STATE.OPEN, due: date = date(2026, 12, 28)) -> wire.Bill:
    return wire.Bill(
        id=name,
        biller="みほん生命",
        title="医療保険の ほけん料（12月分）",
        amount=amount,
        due=due,
        store_number="9012345678905",
        state=state,
        at=AT,
        receipt="26B18C4277D0A19E" if state is STATE.PAID else "",
    )


BILLS = (
    bill("small", 4200),
    bill("large", 48_000, due=date(2026, 11, 1)),
    bill("way", 900, STATE.PAYING),
    bill("paid", 1200, STATE.PAID),
    bill("shop", 1300, STATE.PAID_AT_STORE),
)


class FakeBills:
    """`asked` takes its time, and fails when told to. `charges` has one entry for each time money was taken."""

    def __init__(self, asked: Callable[[str, object], Awaitable[None]]) -> None:
        self._asked = asked
        self.bills = BILLS
        self.account = ""
        self.becomes = STATE.PAID
        """What becomes of a bill that is paid."""
        self.lost: list[BackendError] = []
        """Raised, once each, after a payment was made."""
        self.charges: list[wire.BillPayment] = []
        self.registered: list[str] = []

    async def token(self, path: str, message: Any) -> wire.AccountToken:
        await self._asked(path, message)
        self.registered.append(message.account)
        return wire.AccountToken(token="account-token")

    async def get(self, path: str, _kind: object) -> Any:
        await self._asked(f"bills {path[1:]}", path)
        return self._list()

    async def post(self, path: str, message: Any, _kind: object) -> Any:
        await self._asked(f"bills {path[1:]}", message)
        match message:
            case wire.AccountRegistration():
                self.account = f"****{self.registered[-1][-4:]}"
                return self._list()
            case wire.BillPayment():
                return self._paid(message)
        return wire.Challenge(nonce="nonce of bills", lifetime_s=300)

    def _paid(self, payment: wire.BillPayment) -> wire.Bill:
        before = next(one for one in self.bills if one.id == payment.id)
        assert (payment.token is not None) == (before.amount > 30_000)
        if before.state is STATE.PAID_AT_STORE or not self.account:
            raise Refused("not_possible", "bills", "trace")
        receipt = "26B1" if self.becomes is STATE.PAID else ""
        after = msgspec.structs.replace(before, state=self.becomes, receipt=receipt)
        if before.state is STATE.OPEN and self.becomes is not STATE.OPEN:
            self.charges.append(payment)
        self.bills = tuple(after if one.id == payment.id else one for one in self.bills)
        if self.lost:
            raise self.lost.pop()
        return after

    def _list(self) -> wire.BillList:
        return wire.BillList(bills=self.bills, account=self.account, card_above=30_000)
