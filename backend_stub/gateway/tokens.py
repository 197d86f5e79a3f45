"""Access tokens (アクセストークン方式): the gateway allows and logs, the requester fetches from the provider itself.

What is promised is logged before the token leaves. The format: backend_client/wire/token.py.
"""

from __future__ import annotations

import msgspec

from backend_client.wire import TokenBatchGrant, TokenBatchRequest, TokenGrant, TokenRequest, Transport
from backend_client.wire.gateway import shown
from backend_client.wire.token import LIFETIME, VERSION, Statement
from backend_stub.body import Call
from backend_stub.gateway.checkpoint import Checkpoint
from backend_stub.gateway.clearance import Clearance
from backend_stub.gateway.epochs import Epochs
from backend_stub.gateway.exchange import disaster_mark, read_commitment
from backend_stub.gateway.law import Law
from backend_stub.gateway.log import Entry, GatewayLog
from backend_stub.gateway.signing import SharedSignature

LIFETIME_MS = LIFETIME.total_seconds() * 1000


class Tokens:
    """Gives tokens for one person or many."""

    def __init__(
        self, clearance: Clearance, checkpoint: Checkpoint, log: GatewayLog, epochs: Epochs, signature: SharedSignature
    ) -> None:
        self._clearance = clearance
        self._checkpoint = checkpoint
        self._log = log
        self._epochs = epochs
        self._signature = signature

    async def grant_token(self, call: Call, request: TokenRequest) -> TokenGrant:
        """Give a token for one kind of information about one person, where the law table allows it."""
        law, order = await self._clearance.law(call, request.law, Transport.TOKEN)
        commitment = read_commitment(request.commitment)
        person, theirs = await self._checkpoint.convert(call, request.symbol, law.provider)
        await self._clearance.consent(call, law, person)
        number = self._log.number(call.now)
        prepared = self._signature.prepare(self._statement(call, law, number, theirs))
        await self._log.append((_entry(call, law, order, number, commitment, person),))
        token = self._signature.token(prepared)
        return TokenGrant(transaction_number=shown(number), token=token, provider=law.provider)

    async def grant_token_batch(self, call: Call, request: TokenBatchRequest) -> TokenBatchGrant:
        """Give one token for one kind of information about up to 1,000 persons; for all of them or none."""
        law, order = await self._clearance.law(call, request.law, Transport.TOKEN)
        commitments = [read_commitment(entry.commitment) for entry in request.entries]
        symbols = [entry.symbol for entry in request.entries]
        found = await self._checkpoint.convert_all(call, symbols, law.provider)
        if law.consent:
            for person, _ in found:
                await self._clearance.consent(call, law, person)
        numbers = [self._log.number(call.now) for _ in found]
        statement = self._statement(call, law, b"".join(numbers), b"".join([theirs for _, theirs in found]))
        prepared = self._signature.prepare(statement)
        await self._log.append(
            [
                _entry(call, law, order, number, commitment, person)
                for number, commitment, (person, _) in zip(numbers, commitments, found, strict=True)
            ]
        )
        token = self._signature.token(prepared)
        shown_numbers = tuple([shown(number) for number in numbers])
        return TokenBatchGrant(transaction_numbers=shown_numbers, token=token, provider=law.provider)

    def _statement(self, call: Call, law: Law, numbers: bytes, symbols: bytes) -> bytes:
        epoch = self._epochs.of(law.provider, call.now)
        nonce, sealed = epoch.seal(symbols, numbers)
        statement = Statement(
            version=VERSION,
            law=law.id,
            kind=law.kind,
            fields=law.fields,
            requester=law.requester,
            provider=law.provider,
            expires_ms=int(call.now.timestamp() * 1000 + LIFETIME_MS),
            numbers=numbers,
            epoch=epoch.sealed_key,
            nonce=nonce,
            symbols=sealed,
        )
        return msgspec.msgpack.encode(statement)


def _entry(call: Call, law: Law, order: str, number: bytes, commitment: bytes, person: bytes) -> Entry:
    return Entry(
        what="exchange",
        number=number,
        at=call.now,
        edition=law.edition,
        transport="token",
        mark=disaster_mark(order),
        requester=commitment,
        person=person,
        hidden_until=law.hidden_until(call.now),
    )
