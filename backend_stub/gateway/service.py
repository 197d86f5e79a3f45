"""The symbol gateway (符号ゲートウェイ) as a body: its endpoints and what is put together behind them."""

from __future__ import annotations

from base64 import b64decode

from backend_client.wire import (
    AcquisitionNumber,
    ExchangeAnswer,
    ExchangeRequest,
    GatewayRecords,
    Link,
    NoticeRequest,
    RecordsRequest,
    SymbolGrant,
)
from backend_stub.body import Body, Call, Endpoint, Refusal
from backend_stub.database import answers, open_database
from backend_stub.gateway.checkpoint import Checkpoint
from backend_stub.gateway.exchange import Exchanges
from backend_stub.gateway.law import LawTable
from backend_stub.gateway.log import TABLES, Event, GatewayLog
from backend_stub.gateway.master import Master
from backend_stub.gateway.notices import NoticeRelay
from backend_stub.gateway.symbols import PERSON_BYTES, SivScheme
from backend_stub.machines import Role
from backend_stub.peers import Peers, Setup

AUTHORITY = "authority"
AGENCIES = frozenset({Role.AGENCY})
HOLDERS_OF_SYMBOLS = frozenset({Role.AGENCY, Role.PORTAL})


def build(setup: Setup, laws: LawTable | None = None) -> Body:
    """Put the gateway together; keys and database are made at first start."""
    laws = laws or LawTable.read()
    master = Master.kept_in(setup.data)
    engine = open_database(setup.database_url, TABLES)
    log = GatewayLog(engine, master, laws)
    checkpoint = Checkpoint(SivScheme(master), log)
    exchanges = Exchanges(laws, checkpoint, log, setup.peers)
    relay = NoticeRelay(checkpoint, log, setup.peers)
    register = SymbolRegister(checkpoint, log, setup.peers)
    return Body(
        name="gateway",
        title="符号ゲートウェイ — symbol gateway",
        endpoints=(
            Endpoint("POST", "/symbols", register.grant_symbol, AcquisitionNumber, SymbolGrant, HOLDERS_OF_SYMBOLS),
            Endpoint("POST", "/exchanges", exchanges.exchange, ExchangeRequest, ExchangeAnswer, AGENCIES),
            Endpoint("POST", "/notices", relay.notice, NoticeRequest, None, AGENCIES),
            Endpoint("POST", "/records", register.records, RecordsRequest, GatewayRecords, frozenset({Role.PORTAL})),
        ),
        registry=setup.registry,
        clock=setup.clock,
        healthy=lambda: answers(engine),
    )


class SymbolRegister:
    """Gives symbols out, and tells the portal what was exchanged about the holder of one."""

    def __init__(self, checkpoint: Checkpoint, log: GatewayLog, peers: Peers) -> None:
        self._checkpoint = checkpoint
        self._log = log
        self._peers = peers

    async def grant_symbol(self, call: Call, acquisition: AcquisitionNumber) -> SymbolGrant:
        """Give the asking body its own symbol for the person behind an acquisition number."""
        link: Link = await self._peers.ask(AUTHORITY, "/links", acquisition, Link, call.trace_id)
        if link.for_body != call.machine.id:
            raise self._checkpoint.alarm(call, Event.FOREIGN_ACQUISITION, "not_allowed")
        return SymbolGrant(symbol=self._checkpoint.issue(_person(link), call.machine.id))

    async def records(self, call: Call, request: RecordsRequest) -> GatewayRecords:
        """List the exchanges about the holder of the portal's symbol, newest first."""
        return GatewayRecords(records=self._log.of(self._checkpoint.person(call, request.symbol)))


def _person(link: Link) -> bytes:
    try:
        person = b64decode(link.person, validate=True)
    except ValueError as exc:
        raise Refusal("peer_unavailable", AUTHORITY) from exc
    if len(person) != PERSON_BYTES:
        raise Refusal("peer_unavailable", AUTHORITY)
    return person
