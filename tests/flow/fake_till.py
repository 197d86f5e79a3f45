"""A till and its cashier in memory: what was charged by which key, and what the patient was given."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field, replace
from typing import Never

from backend_client import wire
from kiosk.desk import Due
from tests.flow.fakes import ANSWER_S, NOON, FakeCard

ABOVE = 10_000
LABEL = "****0001"


@dataclass
class FakeTill:
    """The bill of one card. `faults` are raised, once each, instead of charging."""

    card_of: FakeCard
    bill: Due | None = None
    registered: bool = True
    declines: int = 0
    faults: deque[Exception] = field(default_factory=deque)
    charged: list[tuple[int, bool]] = field(default_factory=list)
    """Amounts, and whether four digits came with them."""
    remembered: list[tuple[bytes, str]] = field(default_factory=list)
    nonces: int = 0
    has_box: bool = True
    """The card opens a folder with a post box."""
    posted: list[str] = field(default_factory=list)
    """Whose receipts were put into it."""

    async def care(self) -> Never:
        await asyncio.get_running_loop().create_future()
        raise AssertionError

    async def remember(self, certificate: bytes, number: str) -> None:
        self.remembered.append((certificate, number))

    async def waiting(self) -> bool:
        return self.bill is not None

    async def due(self, certificate: bytes) -> Due | None:
        return self.bill if certificate == self.card_of.certificate else None

    async def card(self, certificate: bytes) -> wire.RegisteredCard | None:
        await asyncio.sleep(ANSWER_S)
        return wire.RegisteredCard(label=LABEL, digits_above=ABOVE) if self.registered else None

    async def challenge(self) -> wire.Challenge:
        self.nonces += 1
        return wire.Challenge(nonce=f"till {self.nonces}", lifetime_s=300)

    async def pay(self, due: Due, certificate: bytes, proof: wire.CashierProof | None) -> Due | None:
        await asyncio.sleep(ANSWER_S)
        assert certificate == self.card_of.certificate
        assert self.bill is not None
        if self.bill.receipt:
            return self.bill
        if self.faults:
            raise self.faults.popleft()
        if self.declines:
            self.declines -= 1
            return None
        assert due == self.bill
        assert due.amount <= ABOVE or proof is not None
        self.charged.append((due.amount, proof is not None))
        self.bill = replace(due, key="k", receipt="0123456789ABCDEF", at=NOON)
        return self.bill

    async def post_receipt(self, paid: Due, certificate: bytes, place: str) -> bool:
        await asyncio.sleep(ANSWER_S)
        assert certificate == self.card_of.certificate
        assert paid == self.bill
        self.posted.append(place)
        return self.has_box

    async def given(self, paid: Due) -> None:
        assert self.bill == paid
        self.bill = None

    async def settle(self) -> None:
        await asyncio.sleep(ANSWER_S)
