"""案3 to 案5: symbols from a conversion table (コード変換テーブル): random codes, one for each person and kind.

The three differ in which bodies share a kind: none (案3), those that keep Individual Numbers with their data and those
that do not (案4), all (案5). Bodies of one kind call a person alike: they can link, and a symbol of one that another
presents is not noticed. Source: gateway reference, sections 1 and 3.2.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from secrets import token_bytes
from typing import Any

from sqlalchemy import Connection, Engine

from backend_stub.database import retried
from backend_stub.gateway.symbols.scheme import NO_SYMBOL, SYMBOL_BYTES, WrongSymbol, checked_person
from backend_stub.hot import HotLookUp, for_driver

CODE_BYTES = SYMBOL_BYTES - 1
Kinds = Callable[[str], str]
"""The kind of symbol that a body holds."""

MOST_KINDS = 1 << 20
"""Of all versions together."""
KIND_BYTES = 4
KEY_BYTES = 8

PERSON = "SELECT person FROM symbols WHERE key = ? AND code = ? AND kind = ?"
BOTH = (
    f"SELECT a.person, b.code FROM symbols a LEFT JOIN symbol_codes b ON b.place = a.number * {MOST_KINDS} + ?"  # noqa: S608
    " WHERE a.key = ? AND a.code = ? AND a.kind = ?"
)
FIND_KIND = "SELECT id FROM symbol_kinds WHERE version = ? AND kind = ?"
ADD_KIND = "INSERT INTO symbol_kinds (version, kind) VALUES (?, ?) ON CONFLICT DO NOTHING"
FIND_PERSON = "SELECT number FROM symbol_persons WHERE person = ?"
ADD_PERSON = "INSERT INTO symbol_persons (person) VALUES (?) ON CONFLICT DO NOTHING"
FIND_CODE = "SELECT code FROM symbol_codes WHERE place = ?"
ADD_CODE = "INSERT INTO symbol_codes (place, code) VALUES (?, ?) ON CONFLICT DO NOTHING"
ADD_SYMBOL = "INSERT INTO symbols (key, code, kind, number, person) VALUES (?, ?, ?, ?, ?)"


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
        self._kinds: dict[str, int] = {}
        """Ids by name."""
        self._person = HotLookUp(engine, PERSON)
        self._both = HotLookUp(engine, BOTH)

    def issue(self, person: bytes, body: str) -> bytes:
        return self._version + self._code(checked_person(person), self._kind(body))

    def convert(self, symbol: bytes, presented_by: str, to: str) -> tuple[bytes, bytes]:
        code = self._code_of(symbol)
        kind = self._kind(presented_by)
        row = self._both.row(self._kind(to), key_of(code, kind), code, kind)
        if row is None:
            raise WrongSymbol
        person, theirs = row
        return person, self.issue(person, to) if theirs is None else self._version + theirs

    def verify(self, symbol: bytes, presented_by: str) -> bytes:
        code = self._code_of(symbol)
        kind = self._kind(presented_by)
        row = self._person.row(key_of(code, kind), code, kind)
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

    def _kind(self, body: str) -> int:
        name = self._kind_of(body)
        return self._kinds.get(name) or self._kind_named(name)

    @retried
    def _kind_named(self, name: str) -> int:
        with self._engine.begin() as connection:
            kind: int = self._found(connection, FIND_KIND, ADD_KIND, (self._number, name))
        self._kinds[name] = kind
        return kind

    @retried
    def _code(self, person: bytes, kind: int) -> bytes:
        """Find the code, or make it; of two gateways that make it, one wins.

        Of a million persons' codes of a thousand kinds one in 10¹⁰ finds its key taken: that is a fault, nothing of it
        is kept, and the next one is another.
        """
        mine = token_bytes(CODE_BYTES)
        with self._engine.begin() as connection:
            number = self._found(connection, FIND_PERSON, ADD_PERSON, (person,))
            place = number * MOST_KINDS + kind
            code: bytes = self._found(connection, FIND_CODE, ADD_CODE, (place,), (mine,))
            if code == mine:
                row = (key_of(mine, kind), mine, kind, number, person)
                connection.exec_driver_sql(for_driver(self._engine, ADD_SYMBOL), row)
        return code

    def _found(
        self, connection: Connection, find: str, add: str, what: tuple[Any, ...], new: tuple[Any, ...] = ()
    ) -> Any:
        """What `find` finds, and if there is none, what there is when `add` is done."""
        query = for_driver(self._engine, find)
        found = connection.exec_driver_sql(query, what).scalar()
        if found is None:
            connection.exec_driver_sql(for_driver(self._engine, add), what + new)
            found = connection.exec_driver_sql(query, what).scalar_one()
        return found


def key_of(code: bytes, kind: int) -> int:
    """Where a code of a kind stands in `symbols`.

    A hash of all of both, so that whatever is wrong with a code it is not there, and refusing it takes the same time.
    """
    return int.from_bytes(blake2b(code + kind.to_bytes(KIND_BYTES), digest_size=KEY_BYTES).digest(), signed=True)
