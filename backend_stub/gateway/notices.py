"""Notices on their way: from an agency's symbol to the portal's, unread and unkept."""

from __future__ import annotations

from backend_client.wire import NoticeRequest, PortalDelivery, SenderKind
from backend_client.wire.gateway import shown
from backend_stub.body import Call, Refusal
from backend_stub.gateway.checkpoint import Checkpoint
from backend_stub.gateway.log import Event, GatewayLog
from backend_stub.machines import Role
from backend_stub.peers import Peers

PORTAL = "portal"


class NoticeRelay:
    """Lets agencies write to the person behind a symbol without learning what the portal calls that person."""

    def __init__(self, checkpoint: Checkpoint, log: GatewayLog, peers: Peers) -> None:
        self._checkpoint = checkpoint
        self._log = log
        self._peers = peers

    async def notice(self, call: Call, request: NoticeRequest) -> None:
        """Carry a notice to the folder of the person the sender means."""
        _, portals = await self._checkpoint.convert(call, request.symbol, PORTAL)
        number = self._log.number(call.now)
        delivery = PortalDelivery(
            symbol=portals.hex(),
            transaction_number=shown(number),
            sender=call.machine.name,
            sender_kind=SenderKind.MUNICIPALITY if Role.MUNICIPALITY in call.machine.roles else SenderKind.AGENCY,
            draft=request.draft,
        )
        try:
            await self._peers.ask(PORTAL, "/deliveries", delivery, None, call.trace_id)
        except Refusal as refusal:
            await self._log.audit(call, Event.NOTICE_REFUSED, number=number, detail=refusal.code)
            raise
        await self._log.audit(call, Event.NOTICE_CARRIED, number=number)
