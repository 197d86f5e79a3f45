"""Receipts: what providers say of the answers they gave for access tokens."""

from __future__ import annotations

from backend_client.wire import Receipt, Receipts, Transport
from backend_client.wire.gateway import number_of
from backend_stub.body import Call
from backend_stub.gateway.checkpoint import Checkpoint
from backend_stub.gateway.exchange import read_commitment
from backend_stub.gateway.log import Entry, Event, GatewayLog


class ReceiptDesk:
    """Takes receipts of exchanges that were the sender's to answer."""

    def __init__(self, log: GatewayLog, checkpoint: Checkpoint) -> None:
        self._log = log
        self._checkpoint = checkpoint

    async def take_receipts(self, call: Call, message: Receipts) -> None:
        """Log receipts, all or none; one that is there already counts once."""
        entries = [self._entry(call, receipt) for receipt in message.receipts]
        if None in entries:
            raise await self._checkpoint.alarm(call, Event.FOREIGN_RECEIPT, "not_allowed")
        await self._log.append([entry for entry in entries if entry is not None])

    def _entry(self, call: Call, receipt: Receipt) -> Entry | None:
        """The receipt as an entry; None when there is no such exchange of the sender's."""
        number = number_of(receipt.transaction_number)
        commitments = read_commitment(receipt.provider), read_commitment(receipt.content)
        exchange = next(iter(self._log.by_number(number)), None)
        if exchange is None or exchange.transport != Transport.TOKEN.value:
            return None
        if self._log.words(exchange.edition).provider != call.machine.id:
            return None
        return Entry(
            what="receipt",
            number=number,
            at=call.now,
            edition=exchange.edition,
            transport=exchange.transport,
            outcome=receipt.outcome.value,
            mark=exchange.mark,
            provider=commitments[0],
            content=commitments[1],
        )
