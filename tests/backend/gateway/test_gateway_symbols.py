"""What a symbol must be, whatever scheme makes it: these hold for every SymbolScheme."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from postgres import Cluster
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from backend_stub.database import open_database
from backend_stub.gateway.master import Master
from backend_stub.gateway.symbols import (
    SYMBOL_BYTES,
    TABLES,
    SchemeRefused,
    SymbolScheme,
    WrongSymbol,
    from_hex,
    open_symbols,
    table,
)
from backend_stub.gateway.symbols.number import REASON
from backend_stub.gateway.symbols.plan import Method, Plan, State, Version
from backend_stub.gateway.symbols.scheme import NO_SYMBOL
from backend_stub.gateway.symbols.siv import SivScheme
from backend_stub.gateway.symbols.versions import Versions, make_scheme

MASTER = Master(b"\x07" * 32)
PERSONS = st.binary(min_size=12, max_size=12)
BODIES = ("midori-city", "midori-tax", "mihon-pension", "midori-care", "portal")
KEEP_NUMBERS = ("midori-city", "midori-tax", "mihon-pension")
NUMBER = 7
HANAKO = b"\x01" * 12
quick = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

Make = Callable[[Engine], SymbolScheme]


def single(method: Method) -> Make:
    return lambda engine: make_scheme(Version(NUMBER, method, State.PRESENT), KEEP_NUMBERS, MASTER, engine)


def both(engine: Engine) -> SymbolScheme:
    """In the middle of a migration from 案2 to 案3."""
    versions = (Version(1, Method.SIV, State.TAKEN), Version(NUMBER, Method.TABLE, State.PRESENT))
    return Versions(Plan(versions), MASTER, engine)


SCHEMES = {
    "case 2": single(Method.SIV),
    "case 3": single(Method.TABLE),
    "case 4": single(Method.TWO_KINDS),
    "case 5": single(Method.ONE_KIND),
    "migrating": both,
}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("symbols")
    if request.param == "sqlite":
        return f"sqlite:///{folder / 'symbols.db'}"
    cluster: Cluster = request.getfixturevalue("cluster")
    cluster.create(folder.name)
    return cluster.url(folder.name)


@pytest.fixture(scope="module")
def engine(url: str) -> Iterator[Engine]:
    engine = open_database(url, TABLES)
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA synchronous = OFF")
    yield engine
    engine.dispose()


@pytest.fixture(scope="module", params=SCHEMES)
def scheme(request: pytest.FixtureRequest, engine: Engine) -> Iterator[SymbolScheme]:
    scheme = SCHEMES[request.param](engine)
    yield scheme
    scheme.close()


def pairs(scheme: SymbolScheme) -> list[tuple[str, str]]:
    return [(one, other) for one in BODIES for other in BODIES if scheme.apart(one, other)]


@quick
@given(person=PERSONS, body=st.sampled_from(BODIES))
def test_round_trip(scheme: SymbolScheme, person: bytes, body: str) -> None:
    symbol = scheme.issue(person, body)
    assert len(symbol) == SYMBOL_BYTES
    assert symbol[0] == NUMBER
    assert scheme.verify(symbol, body) == person
    assert scheme.issue(person, body) == symbol
    assert scheme.migrate(symbol, body) == symbol


@quick
@given(person=PERSONS, one=st.sampled_from(BODIES), other=st.sampled_from(BODIES))
def test_conversion_reaches_the_same_person_and_comes_back(
    scheme: SymbolScheme, person: bytes, one: str, other: str
) -> None:
    symbol, theirs = scheme.issue(person, one), scheme.issue(person, other)
    assert scheme.convert(symbol, one, other) == (person, theirs)
    assert scheme.convert(theirs, other, one) == (person, symbol)


def test_conversion_makes_what_the_other_body_has_not_yet(scheme: SymbolScheme) -> None:
    symbol = scheme.issue(b"\x0b" * 12, "midori-city")
    person, theirs = scheme.convert(symbol, "midori-city", "midori-care")
    assert scheme.verify(theirs, "midori-care") == person == b"\x0b" * 12


def test_another_body_cannot_use_it_where_bodies_are_kept_apart(scheme: SymbolScheme) -> None:
    for one, other in pairs(scheme):
        symbol = scheme.issue(HANAKO, one)
        for use in (scheme.verify, scheme.migrate):
            with pytest.raises(WrongSymbol):
                use(symbol, other)
        with pytest.raises(WrongSymbol):
            scheme.convert(symbol, other, one)


def test_two_bodies_symbols_have_nothing_in_common_where_they_are_kept_apart(scheme: SymbolScheme) -> None:
    for one, other in pairs(scheme):
        first, second = scheme.issue(HANAKO, one)[1:], scheme.issue(HANAKO, other)[1:]
        assert first[:16] != second[:16]
        assert first[16:] != second[16:]
        assert HANAKO not in first


@quick
@given(person=PERSONS, body=st.sampled_from(BODIES), bit=st.integers(0, SYMBOL_BYTES * 8 - 1))
def test_one_changed_bit_is_noticed(scheme: SymbolScheme, person: bytes, body: str, bit: int) -> None:
    symbol = int.from_bytes(scheme.issue(person, body)) ^ 1 << bit
    with pytest.raises(WrongSymbol):
        scheme.verify(symbol.to_bytes(SYMBOL_BYTES), body)


@quick
@given(forged=st.binary(min_size=1, max_size=80), body=st.sampled_from(BODIES))
def test_a_forged_one_is_noticed(scheme: SymbolScheme, forged: bytes, body: str) -> None:
    for text in (forged, bytes([NUMBER]) + forged, NO_SYMBOL):
        with pytest.raises(WrongSymbol):
            scheme.verify(text, body)


@pytest.mark.parametrize("version", [0, 2, 255])
def test_another_version_is_noticed(scheme: SymbolScheme, version: int) -> None:
    symbol = scheme.issue(HANAKO, "midori-city")
    with pytest.raises(WrongSymbol):
        scheme.verify(bytes([version]) + symbol[1:], "midori-city")


def test_no_two_persons_share_a_symbol(scheme: SymbolScheme) -> None:
    persons = [number.to_bytes(12) for number in range(60)]
    assert len({scheme.issue(person, "midori-city") for person in persons}) == len(persons)


@pytest.mark.parametrize("length", [0, 11, 13])
def test_a_person_is_twelve_bytes(scheme: SymbolScheme, length: int) -> None:
    with pytest.raises(ValueError, match="12 bytes"):
        scheme.issue(bytes(length), "midori-city")


def test_which_bodies_are_kept_apart_is_what_the_cases_differ_in(engine: Engine) -> None:
    apart = {name: len(pairs(make(engine))) for name, make in SCHEMES.items() if name != "migrating"}
    assert apart == {"case 2": 20, "case 3": 20, "case 4": 12, "case 5": 0}
    case_4 = SCHEMES["case 4"](engine)
    assert case_4.issue(HANAKO, "midori-city") == case_4.issue(HANAKO, "midori-tax")
    assert case_4.issue(HANAKO, "midori-city") != case_4.issue(HANAKO, "portal")


def test_case_1_is_refused_with_its_reason(engine: Engine) -> None:
    with pytest.raises(SchemeRefused, match="大綱") as refused:
        single(Method.NUMBER)(engine)
    assert str(refused.value) == REASON


def test_the_conversion_table_gives_a_code_of_chance(engine: Engine) -> None:
    """Two tables for the same persons have nothing in common: there is no key to find."""
    one = make_scheme(Version(11, Method.TABLE, State.PRESENT), (), MASTER, engine)
    other = make_scheme(Version(12, Method.TABLE, State.PRESENT), (), MASTER, engine)
    assert one.issue(HANAKO, "midori-city")[1:] != other.issue(HANAKO, "midori-city")[1:]
    with pytest.raises(WrongSymbol):
        other.verify(b"\x0c" + one.issue(HANAKO, "midori-city")[1:], "midori-city")
    other.close()


def test_another_master_key_makes_other_symbols() -> None:
    symbol = SivScheme(MASTER).issue(HANAKO, "midori-city")
    other = SivScheme(Master(b"\x08" * 32))
    assert other.issue(HANAKO, "midori-city") != symbol
    with pytest.raises(WrongSymbol):
        other.verify(symbol, "midori-city")


def test_hex_on_the_wire_has_one_form() -> None:
    symbol = SivScheme(MASTER).issue(HANAKO, "midori-city")
    assert from_hex(symbol.hex()) == symbol
    for text in (symbol.hex().upper(), symbol.hex(" "), symbol.hex() + "g0", "０１", symbol.hex()[:-2], ""):
        assert from_hex(text) == NO_SYMBOL


@pytest.mark.parametrize(
    "versions",
    [
        (),
        (Version(1, Method.SIV, State.OLD),),
        (Version(1, Method.SIV, State.PRESENT), Version(2, Method.SIV, State.PRESENT)),
        (Version(1, Method.SIV, State.PRESENT), Version(1, Method.TABLE, State.TAKEN)),
        (Version(0, Method.SIV, State.PRESENT),),
        (Version(256, Method.SIV, State.PRESENT),),
    ],
)
def test_a_plan_that_is_not_in_order_is_refused(versions: tuple[Version, ...]) -> None:
    with pytest.raises(ValueError, match="version"):
        Plan(versions)


def test_a_conversion_table_outlives_a_restart(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'symbols.db'}"
    symbol = single(Method.TABLE)(open_database(url, TABLES)).issue(HANAKO, "midori-city")
    assert single(Method.TABLE)(open_database(url, TABLES)).verify(symbol, "midori-city") == HANAKO


def test_a_key_that_is_taken_leaves_nothing_and_the_next_code_is_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheme = single(Method.TABLE)(open_symbols(f"sqlite:///{tmp_path / 'gateway.db'}"))
    with monkeypatch.context() as patch:
        patch.setattr(table, "key_of", lambda _code, _kind: 1)
        first = scheme.issue(HANAKO, "midori-city")
        with pytest.raises(IntegrityError):
            scheme.issue(b"\x02" * 12, "midori-city")
        assert scheme.verify(first, "midori-city") == HANAKO
    assert scheme.verify(scheme.issue(b"\x02" * 12, "midori-city"), "midori-city") == b"\x02" * 12


def test_of_two_gateways_that_make_the_same_codes_at_once_one_wins(url: str) -> None:
    persons = [number.to_bytes(12) for number in range(100, 120)]
    both = [open_database(url, TABLES) for _ in range(2)]
    schemes = [make_scheme(Version(21, Method.TABLE, State.PRESENT), (), MASTER, engine) for engine in both]
    with ThreadPoolExecutor(4) as threads:
        made = list(
            threads.map(lambda scheme: [scheme.issue(person, "midori-city") for person in persons], schemes * 2)
        )
    assert all(symbols == made[0] for symbols in made)
    assert [schemes[0].verify(symbol, "midori-city") for symbol in made[0]] == persons
    schemes[0].close()
    for engine in both:
        engine.dispose()


def test_symbols_are_in_a_file_of_their_own(tmp_path: Path) -> None:
    engine = open_symbols(f"sqlite:///{tmp_path / 'gateway.db'}")
    single(Method.TABLE)(engine).issue(HANAKO, "midori-city")
    engine.dispose()
    assert [path.name for path in tmp_path.iterdir()] == ["gateway-symbols.db"]
