"""One exchange: law, symbol, conversion, provider, log, answer; in this order."""

from __future__ import annotations

from backend_client.wire import ExchangeAnswer, ExchangeRequest, Provided, ProvideRequest
from backend_stub.body import Call, Refusal
from backend_stub.gateway.checkpoint import Checkpoint
from backend_stub.gateway.law import Law, LawForbids, LawTable
from backend_stub.gateway.log import Event, GatewayLog
from backend_stub.gateway.transaction import shown
from backend_stub.peers import Peers


class Exchanges:
    """Carries information from holder to requester. What is carried is neither stored nor logged here."""

    def __init__(self, laws: LawTable, checkpoint: Checkpoint, log: GatewayLog, peers: Peers) -> None:
        self._laws = laws
        self._checkpoint = checkpoint
        self._log = log
        self._peers = peers

    async def exchange(self, call: Call, request: ExchangeRequest) -> ExchangeAnswer:
        """Fetch one kind of information about one person from its holder, where the law table allows it."""
        law = self._allowed(call, request.law)
        person = self._checkpoint.person(call, request.symbol)
        theirs = self._checkpoint.convert(call, request.symbol, law.provider)
        number = self._log.number(call.now)
        provided = await self._provide(call, law, number, theirs)
        self._log.exchange(number, call.now, law, person)
        return ExchangeAnswer(
            transaction_number=shown(number), data_as_of=provided.data_as_of, payload=provided.payload
        )

    def _allowed(self, call: Call, law_id: str) -> Law:
        try:
            return self._laws.entry(law_id, call.machine.id)
        except LawForbids as exc:
            self._log.audit(call, Event.LAW_FORBADE, law=exc.law)
            raise Refusal("law_forbids") from exc

    async def _provide(self, call: Call, law: Law, number: bytes, symbol: str) -> Provided:
        request = ProvideRequest(transaction_number=shown(number), symbol=symbol, kind=law.kind)
        try:
            provided: Provided = await self._peers.ask(law.provider, "/provide", request, Provided, call.trace_id)
        except Refusal as refusal:
            self._log.audit(call, Event.NOT_PROVIDED, number=number, law=law.id, detail=refusal.code)
            raise
        return provided
