"""案3 to 案5: symbols from a conversion table (コード変換テーブル): random codes, one for each person and kind.

The three differ in which bodies share a kind: none (案3), those that keep Individual Numbers with their data and those
that do not (案4), all (案5). Bodies of one kind call a person alike: they can link, and a symbol of one that another
presents is not noticed. Source: gateway reference, sections 1 and 3.2.
"""

from __future__ import annotations

from collections.abc import Callable
from secrets import token_bytes

from sqlalchemy import Engine, select

from backend_stub.database import retried
from backend_stub.gateway.symbols.scheme import NO_SYMBOL, SYMBOL_BYTES, WrongSymbol, checked_person
from backend_stub.gateway.tables import SYMBOLS
from backend_stub.hot import HotLookUp, for_driver

CODE_BYTES = SYMBOL_BYTES - 1
Kinds = Callable[[str], str]
"""The kind of symbol that a body holds."""

PERSON = "SELECT person FROM symbols WHERE code = ? AND version = ? AND kind = ?"
INSERT = "INSERT INTO symbols (code, version, kind, person) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
BOTH = (
    "SELECT a.person, b.code FROM symbols a LEFT JOIN symbols b ON b.person = a.person AND b.version = a.version"
    " AND b.kind = ? WHERE a.code = ? AND a.version = ? AND a.kind = ?"
)


def kind_for_each(body: str) -> str:
    """案3: every body its own."""
    return body


def two_kinds(keep_numbers: frozenset[str]) -> Kinds:
    """案4: one for the bodies that keep numbers, another for the others."""
    return lambda body: "with-number" if body in keep_numbers else "without-number"


def one_kind(_body: str) -> str:
    """案5: the same for all."""
    return "all"


class TableScheme:
    """A code is made when it is first needed, and kept for good. All methods may raise sqlalchemy.exc.DBAPIError."""

    def __init__(self, engine: Engine, kind_of: Kinds, version: int) -> None:
        self._engine = engine
        self._kind_of = kind_of
        self._version = bytes([version])
        self._number = version
        self._person = HotLookUp(engine, PERSON)
        self._both = HotLookUp(engine, BOTH)

    def issue(self, person: bytes, body: str) -> bytes:
        return self._version + self._code(checked_person(person), self._kind_of(body))

    def convert(self, symbol: bytes, presented_by: str, to: str) -> tuple[bytes, bytes]:
        row = self._both.row(self._kind_of(to), self._code_of(symbol), self._number, self._kind_of(presented_by))
        if row is None:
            raise WrongSymbol
        person, code = row
        return person, self.issue(person, to) if code is None else self._version + code

    def verify(self, symbol: bytes, presented_by: str) -> bytes:
        row = self._person.row(self._code_of(symbol), self._number, self._kind_of(presented_by))
        if row is None:
            raise WrongSymbol
        person: bytes = row[0]
        return person

    def migrate(self, symbol: bytes, presented_by: str) -> bytes:
        return self.issue(self.verify(symbol, presented_by), presented_by)

    def apart(self, one: str, other: str) -> bool:
        return self._kind_of(one) != self._kind_of(other)

    def close(self) -> None:
        self._person.close()
        self._both.close()

    def _code_of(self, symbol: bytes) -> bytes:
        ours = len(symbol) == SYMBOL_BYTES and symbol[:1] == self._version
        return symbol[1:] if ours else NO_SYMBOL[1:]

    @retried
    def _code(self, person: bytes, kind: str) -> bytes:
        """Find the code, or make it; of two gateways that make it, one wins."""
        mine = (SYMBOLS.c.person == person, SYMBOLS.c.version == self._number, SYMBOLS.c.kind == kind)
        find = select(SYMBOLS.c.code).where(*mine)
        with self._engine.begin() as connection:
            code: bytes | None = connection.scalar(find)
            if code is None:
                row = (token_bytes(CODE_BYTES), self._number, kind, person)
                connection.exec_driver_sql(for_driver(self._engine, INSERT), row)
                code = connection.execute(find).scalar_one()
        return code
