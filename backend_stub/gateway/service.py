"""The symbol gateway (符号ゲートウェイ) as a body: its endpoints and what is put together behind them."""

from __future__ import annotations

from uuid import uuid4

from backend_client.wire import (
    AcquisitionBatch,
    AcquisitionNumber,
    Audit,
    AuditRequest,
    ConsentGiven,
    ConsentWithdrawn,
    Consistency,
    DisasterEnd,
    DisasterOrder,
    ExchangeAnswer,
    ExchangeRequest,
    GatewayRecords,
    LawList,
    Leaves,
    LeavesRequest,
    NoticeRequest,
    ProofRequest,
    ProvenRecord,
    Receipts,
    RecordCounts,
    RecordsRequest,
    SignedHead,
    SymbolBatch,
    SymbolGrant,
    SymbolMigration,
    TokenBatchGrant,
    TokenBatchRequest,
    TokenGrant,
    TokenRequest,
)
from backend_stub.body import Body, Endpoint
from backend_stub.database import answers, open_database
from backend_stub.gateway.checkpoint import Checkpoint
from backend_stub.gateway.clearance import Clearance
from backend_stub.gateway.consent import Consents
from backend_stub.gateway.desk import LogDesk
from backend_stub.gateway.disaster import Disasters
from backend_stub.gateway.epochs import Epochs
from backend_stub.gateway.exchange import Exchanges
from backend_stub.gateway.law import LawTable
from backend_stub.gateway.log import GatewayLog
from backend_stub.gateway.master import Master
from backend_stub.gateway.notices import NoticeRelay
from backend_stub.gateway.receipts import ReceiptDesk
from backend_stub.gateway.register import SymbolRegister
from backend_stub.gateway.signing import SharedSignature
from backend_stub.gateway.symbols import PlanFile, Versions, open_symbols
from backend_stub.gateway.tables import TABLES
from backend_stub.gateway.tokens import Tokens
from backend_stub.machines import Role
from backend_stub.peers import Setup

COMMISSION = "commission"
AGENCIES = frozenset({Role.AGENCY})
PORTAL = frozenset({Role.PORTAL})
OVERSEER = frozenset({Role.COMMISSION})
HOLDERS_OF_SYMBOLS = AGENCIES | PORTAL


def build(setup: Setup, laws: LawTable | None = None) -> Body:
    """Put the gateway together; keys and database are made at first start.

    Which schemes of symbols are in force stands in `symbols.toml` in the gateway's folder (gateway/symbols/plan.py);
    without it AES-SIV alone is. Raises SchemeRefused for 案1, LogAltered.
    """
    laws = laws or LawTable.read()
    master = Master.kept_in(setup.data)
    engine = open_database(setup.database_url, TABLES)
    symbols_engine = open_symbols(setup.database_url)
    log = GatewayLog(engine, setup.data, master, setup.clock, [law.words for law in laws])
    if COMMISSION in setup.directory:
        log.watched_by(lambda head: setup.peers.ask(COMMISSION, "/heads", head, None, uuid4().hex))
    plan = PlanFile(setup.data)
    symbols = Versions(plan.read(), master, symbols_engine)
    checkpoint = Checkpoint(symbols, plan, log)
    consents = Consents(engine, master, laws, checkpoint)
    disasters = Disasters(engine, log)
    clearance = Clearance(laws, consents, disasters, log)
    tokens = Tokens(clearance, checkpoint, log, Epochs(setup.directory), SharedSignature(setup.peers.sign))
    exchanges = Exchanges(clearance, checkpoint, log, setup.peers)

    async def close() -> None:
        await log.close()
        symbols.close()
        consents.close()
        symbols_engine.dispose()
        engine.dispose()

    return Body(
        name="gateway",
        title="符号ゲートウェイ — symbol gateway",
        endpoints=(
            *_symbols_and_records(SymbolRegister(checkpoint, log, setup.peers)),
            Endpoint("GET", "/laws", clearance.list_laws, None, LawList, HOLDERS_OF_SYMBOLS),
            Endpoint("POST", "/exchanges", exchanges.exchange, ExchangeRequest, ExchangeAnswer, HOLDERS_OF_SYMBOLS),
            *_tokens(tokens, ReceiptDesk(log, checkpoint)),
            *_exceptions(consents, disasters),
            Endpoint(
                "POST", "/notices", NoticeRelay(checkpoint, log, setup.peers).notice, NoticeRequest, None, AGENCIES
            ),
            *_log(LogDesk(log)),
        ),
        registry=setup.registry,
        clock=setup.clock,
        healthy=lambda: answers(engine) and answers(symbols_engine),
        close=close,
        figures=log.figures,
    )


def _symbols_and_records(register: SymbolRegister) -> tuple[Endpoint, ...]:
    return (
        Endpoint("POST", "/symbols", register.grant_symbol, AcquisitionNumber, SymbolGrant, HOLDERS_OF_SYMBOLS),
        Endpoint("POST", "/symbol-batches", register.grant_symbol_batch, AcquisitionBatch, SymbolBatch, AGENCIES),
        Endpoint(
            "POST",
            "/symbol-migrations",
            register.migrate_symbol,
            SymbolMigration,
            SymbolGrant,
            HOLDERS_OF_SYMBOLS,
        ),
        Endpoint("POST", "/records", register.records, RecordsRequest, GatewayRecords, PORTAL),
        Endpoint("POST", "/record-counts", register.record_counts, RecordsRequest, RecordCounts, PORTAL),
        Endpoint("POST", "/proofs", register.prove_record, ProofRequest, ProvenRecord, PORTAL),
    )


def _tokens(tokens: Tokens, receipts: ReceiptDesk) -> tuple[Endpoint, ...]:
    return (
        Endpoint("POST", "/tokens", tokens.grant_token, TokenRequest, TokenGrant, AGENCIES),
        Endpoint("POST", "/token-batches", tokens.grant_token_batch, TokenBatchRequest, TokenBatchGrant, AGENCIES),
        Endpoint("POST", "/receipts", receipts.take_receipts, Receipts, None, AGENCIES),
    )


def _exceptions(consents: Consents, disasters: Disasters) -> tuple[Endpoint, ...]:
    return (
        Endpoint("POST", "/consents", consents.give_consent, ConsentGiven, None, PORTAL),
        Endpoint("POST", "/consent-withdrawals", consents.withdraw_consent, ConsentWithdrawn, None, PORTAL),
        Endpoint("POST", "/disasters", disasters.open_disaster, DisasterOrder, None, OVERSEER),
        Endpoint("POST", "/disaster-ends", disasters.end_disaster, DisasterEnd, None, OVERSEER),
    )


def _log(desk: LogDesk) -> tuple[Endpoint, ...]:
    return (
        Endpoint("GET", "/head", desk.head, None, SignedHead),
        Endpoint("GET", "/consistency/{old}/{new}", desk.consistency, None, Consistency),
        Endpoint("POST", "/leaves", desk.leaves, LeavesRequest, Leaves, OVERSEER),
        Endpoint("POST", "/audits", desk.audits, AuditRequest, Audit, OVERSEER),
        Endpoint("GET", "/events", desk.stream_events, None, None, OVERSEER, "text/event-stream"),
    )
