"""What the portal asks of the other bodies."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from backend_client.wire import (
    Case,
    CaseList,
    CaseRequest,
    CaseStates,
    CertificateKind,
    CertificateLinks,
    Changed,
    ChangeRequest,
    ConsentGiven,
    ConsentWithdrawn,
    GatewayRecords,
    Identity,
    IdentityRequest,
    LinkRequest,
    PersonChanges,
    ProofRequest,
    ProvenRecord,
    RecordCounts,
    RecordPageRequest,
    RecordsRequest,
    SymbolGrant,
    Synchronisation,
)
from backend_client.wire.records import PAGE
from backend_stub.peers import Peers

JST = timezone(timedelta(hours=9))


class Neighbours:
    """The authority and the gateway as the portal sees them."""

    def __init__(self, peers: Peers) -> None:
        self._peers = peers

    async def identity(self, serial: str, trace_id: str) -> Identity:
        """Who holds a certificate. Raises Refusal."""
        request = IdentityRequest(certificate_serial=serial)
        identity: Identity = await self._peers.ask("authority", "/confirmations", request, Identity, trace_id)
        return identity

    async def signature_serial(self, serial: str, trace_id: str) -> str:
        """The signature certificate that belongs to an authentication certificate; empty if none stands."""
        return (await self._links(serial, trace_id)).signature

    async def earlier_serials(self, serial: str, trace_id: str) -> tuple[str, ...]:
        """The authentication certificates that this one renewed, the nearest first. Raises Refusal."""
        return (await self._links(serial, trace_id)).earlier

    async def changes(self, after: int, trace_id: str) -> PersonChanges:
        """What became of the holders of folders since the authority was last asked. Raises Refusal."""
        request = Synchronisation(after=after)
        changes: PersonChanges = await self._peers.ask(
            "authority", "/synchronisations", request, PersonChanges, trace_id
        )
        return changes

    async def changed_items(self, serial: str, since: datetime, trace_id: str) -> Changed:
        """Which of the four items of a certificate's holder changed since then. Raises Refusal."""
        request = ChangeRequest(kind=CertificateKind.AUTHENTICATION, certificate_serial=serial, since=since)
        changed: Changed = await self._peers.ask("authority", "/change-confirmations", request, Changed, trace_id)
        return changed

    async def _links(self, serial: str, trace_id: str) -> CertificateLinks:
        request = LinkRequest(kind=CertificateKind.AUTHENTICATION, certificate_serial=serial)
        links: CertificateLinks = await self._peers.ask(
            "authority", "/certificate-links", request, CertificateLinks, trace_id
        )
        return links

    async def symbol(self, identity: Identity, trace_id: str) -> str:
        """The portal's own symbol for somebody just confirmed. Raises Refusal."""
        grant: SymbolGrant = await self._peers.ask("gateway", "/symbols", identity.acquisition, SymbolGrant, trace_id)
        return grant.symbol

    async def records(self, symbol: str, trace_id: str) -> GatewayRecords:
        """The exchanges about somebody. Raises Refusal."""
        request = RecordsRequest(symbol=symbol)
        records: GatewayRecords = await self._peers.ask("gateway", "/records", request, GatewayRecords, trace_id)
        return records

    async def record_page(self, symbol: str, asked: RecordPageRequest, trace_id: str) -> GatewayRecords:
        """Some of the exchanges about somebody. Raises Refusal."""
        since, until = (None, None) if asked.month is None else _month(asked.month)
        request = RecordsRequest(
            symbol=symbol, before=asked.before, most=PAGE, since=since, until=until, requester=asked.agency
        )
        found: GatewayRecords = await self._peers.ask("gateway", "/records", request, GatewayRecords, trace_id)
        return found

    async def record_counts(self, symbol: str, trace_id: str) -> RecordCounts:
        """How many there are, by month and by agency. Raises Refusal."""
        request = RecordsRequest(symbol=symbol)
        counts: RecordCounts = await self._peers.ask("gateway", "/record-counts", request, RecordCounts, trace_id)
        return counts

    async def proof(self, symbol: str, number: str, trace_id: str) -> ProvenRecord:
        """One of the exchanges about somebody, proven. Raises Refusal: not_found."""
        request = ProofRequest(symbol=symbol, transaction_number=number)
        proven: ProvenRecord = await self._peers.ask("gateway", "/proofs", request, ProvenRecord, trace_id)
        return proven

    async def open_case(self, request: CaseRequest, trace_id: str) -> Case:
        """Have the commission look into a record. Raises Refusal."""
        case: Case = await self._peers.ask("commission", "/cases", request, Case, trace_id)
        return case

    async def case_states(self, request: CaseStates, trace_id: str) -> CaseList:
        """How some cases stand. Raises Refusal."""
        found: CaseList = await self._peers.ask("commission", "/case-states", request, CaseList, trace_id)
        return found

    async def give_consent(self, symbol: str, law: str, until: datetime, trace_id: str) -> None:
        """Tell the gateway that a law tuple may be used for somebody. Raises Refusal."""
        await self._peers.ask("gateway", "/consents", ConsentGiven(symbol=symbol, law=law, until=until), None, trace_id)

    async def withdraw_consent(self, symbol: str, law: str, trace_id: str) -> None:
        """Tell the gateway that it may not. Raises Refusal."""
        message = ConsentWithdrawn(symbol=symbol, law=law)
        await self._peers.ask("gateway", "/consent-withdrawals", message, None, trace_id)


def _month(month: str) -> tuple[datetime, datetime]:
    """Its beginning and its end, in Japan."""
    since = datetime.strptime(month, "%Y-%m").replace(tzinfo=JST)
    return since, (since + timedelta(days=31)).replace(day=1)
