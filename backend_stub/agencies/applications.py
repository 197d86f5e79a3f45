"""An agency's desk for applications: papers received, decided on by what its file says, and the portal told."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import JSON, Boolean, Column, Connection, Engine, Row, String, Table

from backend_client.wire import (
    ApplicationResult,
    Delivery,
    ParcelState,
    SignedStatement,
    Statement,
    StatementDelivery,
    StatementFact,
    Withdrawal,
)
from backend_stub.agencies.book import TABLES
from backend_stub.agencies.file import AgencyFile, Decision
from backend_stub.body import Call, Refusal
from backend_stub.database import Moment, retried
from backend_stub.errand import Errand
from backend_stub.peers import Setup
from backend_stub.statements import read_statement, write_statement
from backend_stub.verification import PaperVerifier
from backend_stub.verification.papers import Checked

PAPERS = Table(
    "papers",
    TABLES,
    Column("parcel", String(64), primary_key=True),  # the portal's name for it
    Column("event", String(64), nullable=False),
    Column("name", String(200), nullable=False),
    Column("serial", String(50), nullable=False),
    Column("answers", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("told", Boolean, nullable=False),  # whether the portal knows what became of it
)
SHOWN = Table(
    "shown",
    TABLES,
    Column("id", String(64), primary_key=True),
    Column("issuer", String(64), primary_key=True),
    Column("title", String(100), nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("parcel", String(64), nullable=False, index=True),  # that it came along with; empty for none
    Column("facts", JSON, nullable=False),  # what it says, if it came along
)
"""Certificates of other bodies that their holders had sent here."""


class ApplicationOffice:
    """One agency's. Every paper is checked here, whoever brought it."""

    def __init__(self, setup: Setup, engine: Engine, file: AgencyFile, sign_ca: bytes) -> None:
        self._engine = engine
        self._file = file
        self._peers = setup.peers
        self._clock = setup.clock
        self._directory = setup.directory
        self._verifier = PaperVerifier(sign_ca, setup.peers)
        self._decisions = {one.event: one for one in file.applications}
        self._one_at_a_time = asyncio.Lock()
        self.errand = Errand(f"{file.id}: a result", self.work)

    # --- endpoints ----------------------------------------------------------------------------------------------------

    async def receive(self, call: Call, message: Delivery) -> None:
        """Take a signed paper, once. Raises Refusal: not_possible for one that was withdrawn before it came."""
        if (there := self._paper(message.parcel)) is not None:
            if there.state == ParcelState.WITHDRAWN.value:
                raise Refusal("not_possible")
            return
        checked = await self._verifier.paper(message.paper, call.now, call.trace_id)
        if checked.content.receiver != self._file.id or checked.content.event not in self._decisions:
            raise Refusal("paper_foreign")
        along = [self._good(one, call.now) for one in message.certificates]
        named = {word for text in checked.content.answers.values() for word in text.split()}
        if not {one.id for one in along} <= named:
            raise Refusal("paper_foreign")
        self._keep(message.parcel, checked, along, call.now)
        self.errand.kick()

    async def withdraw(self, call: Call, message: Withdrawal) -> None:
        """Give a paper back, also one that has not come yet. Raises Refusal: not_possible when it is decided."""
        if not self._withdraw(message.parcel, call.now):
            raise Refusal("not_possible")

    async def take_certificate(self, call: Call, message: StatementDelivery) -> None:
        """Take another body's certificate that its holder sends. Raises Refusal: content_wrong, also when too old."""
        statement = self._good(message.certificate, call.now)
        with self._engine.begin() as connection:
            _note_certificate(connection, statement, "", call.now)

    # --- the desk's own work ------------------------------------------------------------------------------------------

    async def work(self) -> bool:
        """Decide on every paper and tell the portal. Raises Refusal; what could not be told stays to be told."""
        async with self._one_at_a_time:
            for row in self._untold():
                result = self._result(row, self._decisions[row.event])
                if self._decided(row.parcel, result.state):
                    await self._peers.ask("portal", "/application-results", result, None, uuid4().hex)
                    self._told(row.parcel)
        return True

    def _result(self, row: Row[Any], decision: Decision) -> ApplicationResult:
        if decision.sends_back(row.answers):
            back = ParcelState.SENT_BACK
            return ApplicationResult(parcel=row.parcel, state=back, reason=decision.back_reason)
        certificate = self._certificate(row, decision)
        return ApplicationResult(parcel=row.parcel, state=ParcelState.DONE, certificate=certificate)

    def _certificate(self, row: Row[Any], decision: Decision) -> SignedStatement | None:
        if not decision.certificate:
            return None
        said = ((label, row.answers.get(question)) for label, question in decision.facts.items())
        stated = tuple(StatementFact(label=label, value=_in_words(value)) for label, value in said if value)
        issued_at = row.received_at  # told again it says the same
        statement = Statement(
            id=row.parcel,
            title=decision.certificate,
            issuer=self._file.id,
            issuer_name=self._directory[self._file.id].name,
            holder=row.name,
            facts=(*stated, *self._came_along(row.parcel)),
            issued_at=issued_at,
            valid_until=issued_at + timedelta(days=decision.valid_days),
        )
        return write_statement(statement, self._peers.sign)

    def _good(self, signed: SignedStatement, now: datetime) -> Statement:
        """What a certificate says. Raises Refusal: content_wrong, also when it is too old."""
        statement = self._read(signed)
        if now > statement.valid_until:
            raise Refusal("content_wrong")
        return statement

    def _read(self, signed: SignedStatement) -> Statement:
        """Check a certificate with the key of the member that it names. Raises Refusal: content_wrong."""
        for machine in self._directory.values():
            try:
                statement = read_statement(signed, machine.key)
            except ValueError:
                continue
            if statement.issuer == machine.id:
                return statement
        raise Refusal("content_wrong")

    # --- what is kept -------------------------------------------------------------------------------------------------

    def _paper(self, parcel: str) -> Row[Any] | None:
        with self._engine.connect() as connection:
            return connection.execute(PAPERS.select().where(PAPERS.c.parcel == parcel)).first()

    def _came_along(self, parcel: str) -> tuple[StatementFact, ...]:
        """The certificates that were taken with a paper, one line each."""
        mine = SHOWN.select().where(SHOWN.c.parcel == parcel).order_by(SHOWN.c.title)
        with self._engine.connect() as connection:
            rows = connection.execute(mine).all()
        return tuple(StatementFact(label=row.title, value="・".join(row.facts.values())[:100] or "－") for row in rows)

    @retried
    def _keep(self, parcel: str, checked: Checked, along: Sequence[Statement], now: datetime) -> None:
        said = checked.content
        values: dict[str, object] = {"parcel": parcel, "event": said.event, "answers": said.answers}
        values |= {"name": checked.name, "serial": checked.serial}
        values |= {"received_at": now, "told": False, "state": ParcelState.RECEIVED.value}
        with self._engine.begin() as connection:
            if connection.execute(PAPERS.select().where(PAPERS.c.parcel == parcel)).first() is None:
                connection.execute(PAPERS.insert().values(values))
                for statement in along:
                    _note_certificate(connection, statement, parcel, now)

    @retried
    def _withdraw(self, parcel: str, now: datetime) -> bool:
        mine = PAPERS.c.parcel == parcel
        withdrawn = ParcelState.WITHDRAWN.value
        empty = {"event": "", "name": "", "serial": "", "answers": {}, "state": withdrawn, "told": True}
        with self._engine.begin() as connection:
            row = connection.execute(PAPERS.select().where(mine)).first()
            if row is None:
                connection.execute(PAPERS.insert().values({"parcel": parcel, "received_at": now} | empty))
            elif row.state == ParcelState.RECEIVED.value:
                connection.execute(SHOWN.delete().where(SHOWN.c.parcel == parcel))
                connection.execute(PAPERS.update().where(mine).values(empty))
            return row is None or row.state in (ParcelState.RECEIVED.value, withdrawn)

    def _untold(self) -> list[Row[Any]]:
        with self._engine.connect() as connection:
            waiting = PAPERS.select().where(PAPERS.c.told.is_(False))
            return list(connection.execute(waiting.order_by(PAPERS.c.received_at, PAPERS.c.parcel)))

    @retried
    def _decided(self, parcel: str, state: ParcelState) -> bool:
        """False for a paper that was withdrawn meanwhile."""
        still = (PAPERS.c.parcel == parcel) & (PAPERS.c.state != ParcelState.WITHDRAWN.value)
        with self._engine.begin() as connection:
            return bool(connection.execute(PAPERS.update().where(still).values(state=state.value)).rowcount)

    @retried
    def _told(self, parcel: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(PAPERS.update().where(PAPERS.c.parcel == parcel).values(told=True))


def _note_certificate(connection: Connection, statement: Statement, parcel: str, now: datetime) -> None:
    """Keep that a certificate came; what it says only if it belongs to a paper."""
    one = (SHOWN.c.id == statement.id) & (SHOWN.c.issuer == statement.issuer)
    said = {fact.label: fact.value for fact in statement.facts} if parcel else {}
    values = {"id": statement.id, "issuer": statement.issuer, "title": statement.title, "received_at": now}
    there = connection.execute(SHOWN.select().where(one)).first()
    if there is None:
        connection.execute(SHOWN.insert().values(values | {"parcel": parcel, "facts": said}))
    elif parcel:
        connection.execute(SHOWN.update().where(one).values(parcel=parcel, facts=said))


def _in_words(value: str) -> str:
    """A day as people write it; anything else as it is."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value
    return f"{day.year}年{day.month}月{day.day}日"
