"""What the portal asks of the other bodies."""

from __future__ import annotations

from datetime import datetime

from backend_client.wire import (
    ConsentGiven,
    ConsentWithdrawn,
    GatewayRecords,
    Identity,
    IdentityRequest,
    RecordsRequest,
    SymbolGrant,
)
from backend_stub.peers import Peers


class Neighbours:
    """The authority and the gateway as the portal sees them."""

    def __init__(self, peers: Peers) -> None:
        self._peers = peers

    async def identity(self, serial: str, trace_id: str) -> Identity:
        """Who holds a certificate. Raises Refusal."""
        request = IdentityRequest(certificate_serial=serial)
        identity: Identity = await self._peers.ask("authority", "/confirmations", request, Identity, trace_id)
        return identity

    async def symbol(self, identity: Identity, trace_id: str) -> str:
        """The portal's own symbol for somebody just confirmed. Raises Refusal."""
        grant: SymbolGrant = await self._peers.ask("gateway", "/symbols", identity.acquisition, SymbolGrant, trace_id)
        return grant.symbol

    async def records(self, symbol: str, trace_id: str) -> GatewayRecords:
        """The exchanges about somebody. Raises Refusal."""
        request = RecordsRequest(symbol=symbol)
        records: GatewayRecords = await self._peers.ask("gateway", "/records", request, GatewayRecords, trace_id)
        return records

    async def give_consent(self, symbol: str, law: str, until: datetime, trace_id: str) -> None:
        """Tell the gateway that a law tuple may be used for somebody. Raises Refusal."""
        await self._peers.ask("gateway", "/consents", ConsentGiven(symbol=symbol, law=law, until=until), None, trace_id)

    async def withdraw_consent(self, symbol: str, law: str, trace_id: str) -> None:
        """Tell the gateway that it may not. Raises Refusal."""
        message = ConsentWithdrawn(symbol=symbol, law=law)
        await self._peers.ask("gateway", "/consent-withdrawals", message, None, trace_id)
