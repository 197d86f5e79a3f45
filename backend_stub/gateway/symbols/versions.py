"""All versions of symbols behind one scheme; the first byte says which. Schemes and keys change while work goes on.

While an older version is taken, each body goes on hearing the symbols it holds: a body is told the present symbol of a
person only once it has shown that it holds it (or was given it new). That is kept for each holder as a pseudonym.
"""

from __future__ import annotations

from hashlib import blake2b

from sqlalchemy import Engine

from backend_stub.database import retried
from backend_stub.gateway.master import Master
from backend_stub.gateway.symbols.number import number_scheme
from backend_stub.gateway.symbols.plan import Method, Plan, State, Version
from backend_stub.gateway.symbols.scheme import OldSymbol, SymbolScheme
from backend_stub.gateway.symbols.siv import SivScheme
from backend_stub.gateway.symbols.table import TableScheme, kind_for_each, one_kind, two_kinds
from backend_stub.hot import HotLookUp, for_driver

MOVE = (
    "INSERT INTO symbols_moved (holder, version) VALUES (?, ?)"
    " ON CONFLICT (holder) DO UPDATE SET version = excluded.version"
)
MOVED = "SELECT version FROM symbols_moved WHERE holder = ? AND version = ?"


def make_scheme(version: Version, keep_numbers: tuple[str, ...], master: Master, engine: Engine) -> SymbolScheme:
    """Make the scheme of one version. Raises SchemeRefused for 案1."""
    number = version.number
    match version.method:
        case Method.NUMBER:
            number_scheme()
        case Method.SIV:
            return SivScheme(master, number)
        case Method.TABLE:
            return TableScheme(engine, kind_for_each, number)
        case Method.TWO_KINDS:
            return TableScheme(engine, two_kinds(frozenset(keep_numbers)), number)
        case Method.ONE_KIND:
            return TableScheme(engine, one_kind, number)


class Versions:
    """A SymbolScheme made of the plan's versions. Methods may raise sqlalchemy.exc.DBAPIError."""

    def __init__(self, plan: Plan, master: Master, engine: Engine) -> None:
        self._master = master
        self._engine = engine
        self._holder_key = master.derive(b"holder of symbol", 32)
        self._moved = HotLookUp(engine, MOVED)
        self._schemes: dict[int, SymbolScheme] = {}
        self.adopt(plan)

    def adopt(self, plan: Plan) -> None:
        """Let this plan be in force from now on. Raises SchemeRefused, and the one before stays."""
        schemes = {v.number: make_scheme(v, plan.keep_numbers, self._master, self._engine) for v in plan.version}
        by_state = {state: {v.number for v in plan.version if v.state is state} for state in State}
        self.close()
        self._schemes, self._old = schemes, by_state[State.OLD]
        (self._number,) = by_state[State.PRESENT]
        self._present = schemes[self._number]
        self._taken = next((schemes[number] for number in by_state[State.TAKEN]), None)

    def issue(self, person: bytes, body: str) -> bytes:
        symbol = self._present.issue(person, body)
        if self._taken is not None:
            self._move(person, body)
        return symbol

    def convert(self, symbol: bytes, presented_by: str, to: str) -> tuple[bytes, bytes]:
        scheme = self._scheme(symbol)
        if self._taken is None and scheme is self._present:
            return scheme.convert(symbol, presented_by, to)
        person = self.verify(symbol, presented_by)
        return person, self._held(person, to)

    def verify(self, symbol: bytes, presented_by: str) -> bytes:
        person = self._scheme(symbol).verify(symbol, presented_by)
        if symbol[0] in self._old:
            raise OldSymbol
        return person

    def migrate(self, symbol: bytes, presented_by: str) -> bytes:
        """As the protocol says. A body that shows the present symbol holds it, and is told it from then on."""
        scheme = self._scheme(symbol)
        person = scheme.verify(symbol, presented_by)
        if scheme is self._present and self._taken is not None:
            self._move(person, presented_by)
        return self._present.issue(person, presented_by)

    def apart(self, one: str, other: str) -> bool:
        return self._present.apart(one, other)

    def close(self) -> None:
        self._moved.close()
        for scheme in self._schemes.values():
            scheme.close()

    def _scheme(self, symbol: bytes) -> SymbolScheme:
        """Of an unknown version: the present one, which refuses it at the price of any other."""
        return self._schemes.get(symbol[0], self._present)

    def _held(self, person: bytes, body: str) -> bytes:
        if self._taken is None or self._moved.row(self._holder(person, body), self._number) is not None:
            return self._present.issue(person, body)
        return self._taken.issue(person, body)

    @retried
    def _move(self, person: bytes, body: str) -> None:
        with self._engine.begin() as connection:
            row = (self._holder(person, body), self._number)
            connection.exec_driver_sql(for_driver(self._engine, MOVE), row)

    def _holder(self, person: bytes, body: str) -> bytes:
        return blake2b(person + body.encode(), key=self._holder_key, digest_size=16).digest()
