"""The cashier: has each charge that was decided on made, however often it has to ask, and made once.

The decision is written down before the payment body hears of it, with the key that the charge goes by. What is found
undecided, after a lost answer or a power cut, is sent again under the same key.
"""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from backend_client.wire import Bill, Payment
from backend_stub.bills.ledger import Begun, Ledger
from backend_stub.body import Clock, Refusal
from backend_stub.errand import Errand
from backend_stub.peers import Peers

NEVER = "not_found"
"""The payment body does not know the account (any more): nothing was taken, and nothing will be."""


class Cashier:
    """One ledger's."""

    def __init__(self, ledger: Ledger, peers: Peers, clock: Clock) -> None:
        self._ledger = ledger
        self._peers = peers
        self._clock = clock
        self.errand = Errand("a charge", self.settle_all)

    async def pay(self, handle: str, bill_id: str, now: datetime, trace_id: str) -> Bill:
        """Pay a bill. Raises Refusal; after peer_unavailable it goes on of itself."""
        begun = self._ledger.begin(handle, bill_id, now)
        if begun is not None:
            try:
                await self._settle(begun, trace_id)
            except Refusal:
                self.errand.kick()
                raise
        return self._ledger.bill(handle, bill_id)

    async def settle_all(self) -> bool:
        """Learn what became of every charge under way. Raises Refusal."""
        for begun in self._ledger.begun():
            await self._settle(begun, uuid4().hex)
        return True

    async def _settle(self, begun: Begun, trace_id: str) -> None:
        payment: Payment | None = None
        try:
            payment = await self._peers.ask("payments", "/charges", begun.charge, Payment, trace_id)
        except Refusal as refusal:
            if refusal.code != NEVER:
                raise
        self._ledger.settle(begun, payment, self._clock())
