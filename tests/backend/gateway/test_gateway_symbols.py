"""What a symbol must be, whatever scheme makes it: these hold for every SymbolScheme."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from backend_stub.gateway.master import Master
from backend_stub.gateway.symbols import SYMBOL_BYTES, SivScheme, WrongSymbol, from_hex

SCHEME = SivScheme(Master(b"\x07" * 32))
PERSONS = st.binary(min_size=12, max_size=12)
BODIES = st.text(alphabet="abcdefghijklmnopqrstuvwxyz-", min_size=1, max_size=20)


@given(PERSONS, BODIES)
def test_round_trip(person: bytes, body: str) -> None:
    symbol = SCHEME.issue(person, body)
    assert len(symbol) == SYMBOL_BYTES
    assert symbol[0] == 1
    assert SCHEME.verify(symbol, body) == person
    assert SCHEME.issue(person, body) == symbol


@given(PERSONS, BODIES, BODIES)
def test_conversion_reaches_the_same_person_and_comes_back(person: bytes, one: str, other: str) -> None:
    symbol = SCHEME.issue(person, one)
    converted = SCHEME.convert(symbol, one, other)
    assert converted == SCHEME.issue(person, other)
    assert SCHEME.convert(converted, other, one) == symbol


@given(PERSONS, BODIES, BODIES)
def test_another_body_cannot_use_it(person: bytes, one: str, other: str) -> None:
    assume(one != other)
    symbol = SCHEME.issue(person, one)
    with pytest.raises(WrongSymbol):
        SCHEME.verify(symbol, other)
    with pytest.raises(WrongSymbol):
        SCHEME.convert(symbol, other, one)


@given(PERSONS, BODIES, BODIES)
def test_two_bodies_symbols_have_nothing_in_common(person: bytes, one: str, other: str) -> None:
    assume(one != other)
    first, second = SCHEME.issue(person, one)[1:], SCHEME.issue(person, other)[1:]
    assert first != second
    assert first[:16] != second[:16]
    assert first[16:] != second[16:]
    assert person not in first
    assert person not in second


@given(PERSONS, BODIES, st.integers(0, SYMBOL_BYTES * 8 - 1))
def test_one_changed_bit_is_noticed(person: bytes, body: str, bit: int) -> None:
    symbol = int.from_bytes(SCHEME.issue(person, body)) ^ 1 << bit
    with pytest.raises(WrongSymbol):
        SCHEME.verify(symbol.to_bytes(SYMBOL_BYTES), body)


@given(st.binary(max_size=80), BODIES)
def test_a_forged_one_is_noticed(forged: bytes, body: str) -> None:
    with pytest.raises(WrongSymbol):
        SCHEME.verify(forged, body)


@pytest.mark.parametrize("version", [0, 2, 255])
def test_another_version_is_noticed(version: int) -> None:
    symbol = SCHEME.issue(bytes(12), "midori-city")
    with pytest.raises(WrongSymbol):
        SCHEME.verify(bytes([version]) + symbol[1:], "midori-city")


def test_another_master_key_makes_other_symbols() -> None:
    symbol = SCHEME.issue(bytes(12), "midori-city")
    other = SivScheme(Master(b"\x08" * 32))
    assert other.issue(bytes(12), "midori-city") != symbol
    with pytest.raises(WrongSymbol):
        other.verify(symbol, "midori-city")


def test_no_two_persons_share_a_symbol() -> None:
    persons = [number.to_bytes(12) for number in range(20_000)]
    assert len({SCHEME.issue(person, "midori-city") for person in persons}) == len(persons)


@pytest.mark.parametrize("length", [0, 11, 13])
def test_a_person_is_twelve_bytes(length: int) -> None:
    with pytest.raises(ValueError, match="12 bytes"):
        SCHEME.issue(bytes(length), "midori-city")


def test_hex_on_the_wire_has_one_form() -> None:
    symbol = SCHEME.issue(bytes(12), "midori-city")
    assert from_hex(symbol.hex()) == symbol
    for text in (symbol.hex().upper(), symbol.hex(" "), symbol.hex() + "g0", "０１", symbol.hex()[:-1]):
        with pytest.raises(WrongSymbol):
            from_hex(text)
