"""The gateway's log: the six items of each exchange, whom it was about as a pseudonym, and what went wrong.

No symbol, no name and no content is in it. An exchange is written, and synced, before its answer leaves.
"""

from __future__ import annotations

import hmac
from datetime import datetime
from enum import Enum

from sqlalchemy import (
    Column,
    Engine,
    ForeignKey,
    LargeBinary,
    MetaData,
    String,
    Table,
    func,
    insert,
    select,
)

from backend_client.wire import Record
from backend_stub.body import Call
from backend_stub.database import Moment
from backend_stub.gateway.law import Law, LawTable
from backend_stub.gateway.master import Master
from backend_stub.gateway.transaction import NUMBER_BYTES, TransactionNumbers, shown

TABLES = MetaData()

WORDS = Table(
    "law_words",
    TABLES,
    Column("edition", String(16), primary_key=True),
    Column("law", String(40), nullable=False),
    Column("basis", String(200), nullable=False),
    Column("requester", String(100), nullable=False),
    Column("provider", String(100), nullable=False),
    Column("kind", String(100), nullable=False),
    Column("purpose", String(200), nullable=False),
)
EXCHANGES = Table(
    "exchanges",
    TABLES,
    Column("number", LargeBinary(NUMBER_BYTES), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("edition", String(16), ForeignKey(WORDS.c.edition), nullable=False),
)
SUBJECTS = Table(
    "subjects",
    TABLES,
    Column("subject", LargeBinary(16), primary_key=True),
    Column("number", LargeBinary(NUMBER_BYTES), ForeignKey(EXCHANGES.c.number), primary_key=True),
)
AUDIT = Table(
    "audit",
    TABLES,
    Column("number", LargeBinary(NUMBER_BYTES), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("event", String(40), nullable=False),
    Column("machine", String(40), nullable=False),
    Column("law", String(40), nullable=False),
    Column("detail", String(100), nullable=False),
    Column("trace_id", String(64), nullable=False),
)


class Event(Enum):
    """What the commission reads beside the exchanges."""

    WRONG_SYMBOL = "wrong_symbol"
    """Alarm: a symbol was presented by somebody it was not issued to."""
    FOREIGN_ACQUISITION = "foreign_acquisition"
    """Alarm: an acquisition number was presented by somebody it was not given to."""
    LAW_FORBADE = "law_forbade"
    NOT_PROVIDED = "not_provided"
    """The provider refused or did not answer: nothing was exchanged."""
    NOTICE_CARRIED = "notice_carried"
    NOTICE_REFUSED = "notice_refused"


class GatewayLog:
    """Items ①–⑥ by transaction number, found again by person."""

    def __init__(self, engine: Engine, master: Master, laws: LawTable) -> None:
        self._engine = engine
        self._subject_key = master.derive(b"subject", 32)
        self._keep_words(laws)
        self._numbers = TransactionNumbers(self._last_number())

    def number(self, now: datetime) -> bytes:
        """Give the next transaction number."""
        return self._numbers.next(now)

    def exchange(self, number: bytes, at: datetime, law: Law, person: bytes) -> None:
        """Write one exchange; it is durable when this returns. Raises sqlalchemy.exc.DBAPIError."""
        with self._engine.begin() as connection:
            connection.execute(insert(EXCHANGES).values(number=number, at=at, edition=law.edition))
            connection.execute(insert(SUBJECTS).values(subject=self._subject(person), number=number))

    def audit(self, call: Call, event: Event, *, number: bytes = b"", law: str = "", detail: str = "") -> None:
        """Write what is no exchange. `law` and `detail` are ids and codes of this house, never what a caller wrote."""
        row = {
            "number": number or self.number(call.now),
            "at": call.now,
            "event": event.value,
            "machine": call.machine.id,
            "law": law,
            "detail": detail,
            "trace_id": call.trace_id,
        }
        with self._engine.begin() as connection:
            connection.execute(insert(AUDIT).values(row))

    def of(self, person: bytes) -> tuple[Record, ...]:
        """Collect the exchanges about one person, newest first, in the words of their time."""
        found = (
            select(EXCHANGES.c.number, EXCHANGES.c.at, WORDS)
            .join_from(SUBJECTS, EXCHANGES)
            .join(WORDS)
            .where(SUBJECTS.c.subject == self._subject(person))
            .order_by(SUBJECTS.c.number.desc())
        )
        with self._engine.connect() as connection:
            return tuple(
                Record(
                    transaction_number=shown(row.number),
                    at=row.at,
                    basis=row.basis,
                    requester=row.requester,
                    provider=row.provider,
                    kind=row.kind,
                    purpose=row.purpose,
                )
                for row in connection.execute(found)
            )

    def _subject(self, person: bytes) -> bytes:
        return hmac.digest(self._subject_key, person, "sha256")[:16]

    def _last_number(self) -> bytes:
        with self._engine.connect() as connection:
            numbers = [connection.execute(select(func.max(t.c.number))).scalar() for t in (EXCHANGES, AUDIT)]
        return max(number or bytes(NUMBER_BYTES) for number in numbers)

    def _keep_words(self, laws: LawTable) -> None:
        with self._engine.begin() as connection:
            known = set(connection.execute(select(WORDS.c.edition)).scalars())
            new = [_words(law) for law in laws if law.edition not in known]
            if new:
                connection.execute(insert(WORDS), new)


def _words(law: Law) -> dict[str, str]:
    return {
        "edition": law.edition,
        "law": law.id,
        "basis": law.basis,
        "requester": law.requester_words,
        "provider": law.provider_words,
        "kind": law.kind_words,
        "purpose": law.purpose,
    }
