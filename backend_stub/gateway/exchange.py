"""One exchange by relay (ゲートウェイ方式): law, symbol, consent, provider, log, answer; in this order."""

from __future__ import annotations

import asyncio
from binascii import a2b_base64

from backend_client.wire import ExchangeAnswer, ExchangeRequest, Outcome, Provided, ProvideRequest, Reader, Transport
from backend_client.wire.gateway import shown
from backend_stub.body import Call, Refusal
from backend_stub.gateway.checkpoint import Checkpoint
from backend_stub.gateway.clearance import Clearance
from backend_stub.gateway.law import Law
from backend_stub.gateway.log import Entry, Event, GatewayLog
from backend_stub.machines import Role
from backend_stub.peers import Peers

COMMITMENT_BYTES = 32
DEADLINE_S = 10.0
"""How long a provider may take."""


class Exchanges:
    """Carries information from holder to requester, sealed: it is not read, stored or logged here."""

    def __init__(self, clearance: Clearance, checkpoint: Checkpoint, log: GatewayLog, peers: Peers) -> None:
        self._clearance = clearance
        self._checkpoint = checkpoint
        self._log = log
        self._peers = peers

    async def exchange(self, call: Call, request: ExchangeRequest) -> ExchangeAnswer:
        """Fetch one kind of information about one person from its holder, where the law table allows it."""
        requester = read_commitment(request.commitment)
        _check_reader(call, request)
        law, order = await self._clearance.law(call, request.law, Transport.RELAY)
        person, theirs = await self._checkpoint.convert(call, request.symbol, law.provider)
        await self._clearance.consent(call, law, person)
        number = self._log.number(call.now)
        provided, provider, content = await self._provide(call, law, number, theirs, request.reader)
        entry = Entry(
            what="exchange",
            number=number,
            at=call.now,
            edition=law.edition,
            transport=Transport.RELAY.value,
            outcome=provided.outcome.value,
            mark=disaster_mark(order),
            requester=requester,
            provider=provider,
            content=content,
            person=person,
            hidden_until=law.hidden_until(call.now),
        )
        await self._log.append((entry,))
        return ExchangeAnswer(
            transaction_number=shown(number),
            outcome=provided.outcome,
            data_as_of=provided.data_as_of,
            sealed=provided.sealed,
        )

    async def _provide(
        self, call: Call, law: Law, number: bytes, symbol: bytes, reader: Reader | None
    ) -> tuple[Provided, bytes, bytes]:
        """Ask the provider; gives its answer and the two commitments in it."""
        request = ProvideRequest(
            transaction_number=shown(number),
            symbol=symbol.hex(),
            kind=law.kind,
            fields=law.fields,
            requester=law.requester,
            reader=reader,
        )
        try:
            provided = await self._ask(call, law.provider, request)
            return provided, *_checked(provided, law.provider)
        except Refusal as refusal:
            await self._log.audit(call, Event.NOT_PROVIDED, number=number, law=law.id, detail=refusal.code)
            raise

    async def _ask(self, call: Call, provider: str, request: ProvideRequest) -> Provided:
        try:
            async with asyncio.timeout(DEADLINE_S):
                provided: Provided = await self._peers.ask(provider, "/provide", request, Provided, call.trace_id)
        except TimeoutError as exc:
            raise Refusal("peer_unavailable", provider) from exc
        return provided


def read_commitment(text: str) -> bytes:
    """Read a commitment off the wire. Raises Refusal: content_wrong, unless it is Base64 of 32 bytes."""
    try:
        commitment = a2b_base64(text, strict_mode=True)
    except ValueError as exc:
        raise Refusal("content_wrong") from exc
    if len(commitment) != COMMITMENT_BYTES:
        raise Refusal("content_wrong")
    return commitment


def _check_reader(call: Call, request: ExchangeRequest) -> None:
    """The portal reads nothing itself, and an agency nothing but itself. Raises Refusal: content_wrong."""
    if (request.reader is None) is (Role.PORTAL in call.machine.roles):
        raise Refusal("content_wrong")


def disaster_mark(order: str) -> str:
    return f"disaster: {order}" if order else ""


def _checked(provided: Provided, provider: str) -> tuple[bytes, bytes]:
    """The two commitments of an answer that is whole. Raises Refusal `layout_wrong`, from the provider."""
    answered = provided.outcome is Outcome.PROVIDED
    if bool(provided.sealed) is not answered or (provided.data_as_of is not None) is not answered:
        raise Refusal("layout_wrong", provider)
    try:
        a2b_base64(provided.sealed, strict_mode=True)
        return read_commitment(provided.provider), read_commitment(provided.content)
    except (Refusal, ValueError) as exc:
        raise Refusal("layout_wrong", provider) from exc
