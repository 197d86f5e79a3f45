"""May this be asked? Law, transport, disaster and consent, before anything is asked of anybody."""

from __future__ import annotations

from backend_client.wire import LawList, Transport
from backend_stub.body import Call, Refusal
from backend_stub.gateway.consent import Consents
from backend_stub.gateway.disaster import Disasters
from backend_stub.gateway.law import Law, LawForbids, LawTable
from backend_stub.gateway.log import Event, GatewayLog


class Clearance:
    """Everything that is not allowed is refused with its reason, and noted for the commission."""

    def __init__(self, laws: LawTable, consents: Consents, disasters: Disasters, log: GatewayLog) -> None:
        self._laws = laws
        self._consents = consents
        self._disasters = disasters
        self._log = log

    async def list_laws(self, call: Call, _message: None) -> LawList:
        """Tell the caller what it may ask."""
        disaster = bool(self._disasters.in_force(call.now))
        laws = self._laws.of(call.machine.id)
        return LawList(laws=tuple(law.entry(disaster or not law.disaster) for law in laws))

    async def law(self, call: Call, law_id: str, transport: Transport) -> tuple[Law, str]:
        """Find the law tuple, and the disaster order it is open under (empty: needs none).

        Raises Refusal: law_forbids, wrong_transport, disaster_closed.
        """
        try:
            law = self._laws.entry(law_id, call.machine.id)
        except LawForbids as exc:
            raise await self._forbidden(call, exc.law, "law_forbids") from exc
        if law.transport is not transport:
            raise await self._forbidden(call, law.id, "wrong_transport")
        order = self._disasters.in_force(call.now) if law.disaster else ""
        if law.disaster and not order:
            raise await self._forbidden(call, law.id, "disaster_closed")
        return law, order

    async def consent(self, call: Call, law: Law, person: bytes) -> None:
        """Check that the person has agreed, if the law tuple needs it. Raises Refusal: consent_missing."""
        if law.consent and not self._consents.in_force(person, law, call.now):
            raise await self._forbidden(call, law.id, "consent_missing")

    async def _forbidden(self, call: Call, law_id: str, code: str) -> Refusal:
        await self._log.audit(call, Event.LAW_FORBADE, law=law_id, detail=code)
        return Refusal(code)
