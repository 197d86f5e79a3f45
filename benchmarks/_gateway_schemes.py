"""The five cases of the 2011 report side by side, on the axes its working group compared them on; all measured."""

from __future__ import annotations

import shutil
import sqlite3
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from backend_stub.gateway import symbols as rooms
from backend_stub.gateway.master import Master
from backend_stub.gateway.symbols import (
    OldSymbol,
    Plan,
    SchemeRefused,
    State,
    Version,
    Versions,
    WrongSymbol,
    open_symbols,
    symbols_file,
)
from backend_stub.gateway.symbols.plan import Method
from backend_stub.gateway.symbols.versions import make_scheme
from benchmarks import _gateway_house as house

A, B, C = "midori-child", "midori-city-tax", "midori-care"
"""A and B keep Individual Numbers with their data, C does not."""
KEEP_NUMBERS = (A, B)
KINDS = {
    Method.SIV: (),
    Method.TABLE: (A, B, C),
    Method.TWO_KINDS: ("with-number", "without-number"),
    Method.ONE_KIND: ("all",),
}
SOURCES = {Method.SIV: "siv.py"}
FEW = 500
"""For what writes, and waits for the disk."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """One case."""

    method: Method
    convert_us: float
    """One exchange's symbols: from A's to C's."""
    refuse_us: float
    new_body_us: float
    """CPU and disk, for each resident whom a body that is new gets a symbol of."""
    migrate_us: float
    """For each symbol that goes over to a new version."""
    bytes_a_resident: float
    """Kept by the gateway for three bodies."""
    left_without_table: float
    """Share of symbols that are still understood when the database is lost and the key is not."""
    links_in_database: int
    """Codes tied to a person that a thief of the database finds, for each resident."""
    alike: tuple[float, float]
    """Share of residents whom A and B, and A and C, call by the same symbol: so many they link without asking."""
    noticed: tuple[float, float]
    """Share of A's symbols that are refused when B, and when C, presents them."""
    lines: int
    """Of code, comments and all."""


@dataclass(frozen=True, slots=True)
class Schemes:
    built: tuple[Scheme, ...]
    refusal: str
    """Why 案1 is not."""
    residents: int


def measure_schemes(folder: Path, residents: int) -> Schemes:
    """Measure all that can be built, and take down why the first cannot."""
    built = tuple(_measure(folder / f"scheme-{method.value}", method, residents) for method in KINDS)
    return Schemes(built, _refusal(folder / f"scheme-{Method.SIV.value}"), residents)


def _measure(data: Path, method: Method, residents: int) -> Scheme:
    data.mkdir(parents=True)
    engine = _open(data)
    empty = _size(data)
    if KINDS[method]:
        house.fill_rows(symbols_file(data / "gateway.db"), residents, KINDS[method])
    filled = _size(data)
    versions = _versions(data, engine, Plan((Version(1, method, State.PRESENT),), KEEP_NUMBERS))
    persons = [house.person(number) for number in range(residents)]
    held = {body: [versions.issue(person, body) for person in persons] for body in (A, B, C)}
    scheme = Scheme(
        method=method,
        convert_us=_each(lambda symbol: versions.convert(symbol, A, C), held[A]),
        refuse_us=_each(lambda symbol: _refused(versions, symbol, A), [b"\1" + bytes(32)] * residents),
        new_body_us=_each(lambda person: versions.issue(person, "midori-work"), persons[:FEW], rounds=1),
        migrate_us=_migrate_us(data, engine, method, held[A][:FEW]),
        bytes_a_resident=(filled - empty) / residents,
        left_without_table=_left(data, method, held[A]),
        links_in_database=_codes(data) // residents,
        alike=(_alike(held[A], held[B]), _alike(held[A], held[C])),
        noticed=(_noticed(versions, held[A], B), _noticed(versions, held[A], C)),
        lines=_lines(SOURCES.get(method, "table.py")),
    )
    versions.close()
    engine.dispose()
    return scheme


def _open(data: Path) -> Engine:
    return open_symbols(f"sqlite:///{data / 'gateway.db'}")


def _versions(data: Path, engine: Engine, plan: Plan) -> Versions:
    return Versions(plan, Master.kept_in(data), engine)


def _each(deed: Callable[[bytes], object], on: Sequence[bytes], rounds: int = 3) -> float:
    """Microseconds for one; the median of some rounds."""
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        for one in on:
            deed(one)
        took.append(time.perf_counter() - began)
    return 1e6 * statistics.median(took) / len(on)


def _refused(versions: Versions, symbol: bytes, body: str) -> bool:
    try:
        versions.verify(symbol, body)
    except (WrongSymbol, OldSymbol):
        return True
    return False


def _migrate_us(data: Path, engine: Engine, method: Method, symbols: Sequence[bytes]) -> float:
    plan = Plan((Version(1, method, State.TAKEN), Version(2, method, State.PRESENT)), KEEP_NUMBERS)
    versions = _versions(data, engine, plan)
    took = _each(lambda symbol: versions.migrate(symbol, A), symbols, rounds=1)
    versions.close()
    return took


def _left(data: Path, method: Method, symbols: Sequence[bytes]) -> float:
    lost = data / "lost"
    lost.mkdir()
    shutil.copy(data / "master.key", lost)
    engine = _open(lost)
    versions = _versions(lost, engine, Plan((Version(1, method, State.PRESENT),), KEEP_NUMBERS))
    left = sum(not _refused(versions, symbol, A) for symbol in symbols) / len(symbols)
    versions.close()
    engine.dispose()
    return left


def _codes(data: Path) -> int:
    query = (
        "SELECT count(*) FROM symbols s JOIN symbol_kinds k ON k.id = s.kind"
        " WHERE k.version = 1 AND k.kind <> 'midori-work'"
    )
    with sqlite3.connect(symbols_file(data / "gateway.db")) as connection:
        count: int = connection.execute(query).fetchone()[0]
    connection.close()
    return count


def _size(data: Path) -> int:
    return house.bytes_of(symbols_file(data / "gateway.db"))


def _alike(ones: Sequence[bytes], others: Sequence[bytes]) -> float:
    return sum(one == other for one, other in zip(ones, others, strict=True)) / len(ones)


def _noticed(versions: Versions, symbols: Sequence[bytes], body: str) -> float:
    return sum(_refused(versions, symbol, body) for symbol in symbols) / len(symbols)


def _lines(name: str) -> int:
    return len(Path(rooms.__file__).with_name(name).read_text("utf-8").splitlines())


def _refusal(data: Path) -> str:
    engine = _open(data)
    try:
        make_scheme(Version(1, Method.NUMBER, State.PRESENT), (), Master.kept_in(data), engine)
    except SchemeRefused as exc:
        return str(exc)
    finally:
        engine.dispose()
    raise AssertionError("案1 was built")
