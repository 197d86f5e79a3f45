"""Numbers, dates and the secrets printed on the card. Source: card reference, sections 3.2, 5 and 7."""

from __future__ import annotations

from datetime import date

import pytest
from stdnum.jp import in_ as individual_number

from drivers.card.holder import (
    Sex,
    birth_date_key,
    check_digit,
    match_number_a,
    match_number_b,
    parse_day,
    parse_number,
    parse_sex,
)
from drivers.errors import BadAnswer
from drivers.secret import Secret
from drivers.software_card.profile import load_profile, profile_names

HOLDERS = [holder for name in profile_names() if (holder := load_profile(name).holder)]


def shown(secret: Secret) -> str:
    copy = bytearray(len(secret))
    secret.copy_into(copy, 0)
    return copy.decode()


@pytest.mark.parametrize(
    "number", ["621498320257", "123456789018", "537686677188", "983205673214", "379474484458", "454972364860"]
)
def test_check_digits(number: str) -> None:
    assert check_digit(number[:11]) == number[11]
    assert parse_number(number.encode()) == number
    for other in "0123456789".replace(number[11], ""):
        with pytest.raises(BadAnswer):
            parse_number((number[:11] + other).encode())


@pytest.mark.parametrize("eleven", [f"{n * 7919:011}" for n in range(50)])
def test_check_digits_agree_with_another_program(eleven: str) -> None:
    assert individual_number.calc_check_digit(eleven) == check_digit(eleven)


@pytest.mark.parametrize("holder", HOLDERS, ids=lambda holder: holder.name)
def test_profiles_hold_valid_and_plainly_synthetic_numbers(holder) -> None:  # type: ignore[no-untyped-def]
    assert parse_number(holder.number.encode()).startswith("99999999")
    assert holder.card_number.startswith("9000000")
    assert holder.municipality == "99001"


@pytest.mark.parametrize("holder", HOLDERS, ids=lambda holder: holder.name)
def test_the_printed_secrets_of_every_profile(holder) -> None:  # type: ignore[no-untyped-def]
    """Worked out on both sides apart: the profile states the year that is printed, the host knows the eras."""
    assert shown(birth_date_key(holder.birth_date)) == holder.birth_date_key
    assert shown(match_number_b(holder.birth_date, holder.valid_until.year, holder.security_code)) == holder.match_b
    assert shown(match_number_a(holder.number)) == holder.number


@pytest.mark.parametrize(
    ("day", "key"),
    [
        (date(1980, 2, 17), "550217"),
        (date(2019, 4, 30), "310430"),
        (date(2019, 5, 1), "010501"),
        (date(1989, 1, 7), "640107"),
        (date(1989, 1, 8), "010108"),
        (date(1926, 12, 24), "151224"),
        (date(1926, 12, 25), "011225"),
        (date(1912, 7, 29), "450729"),
        (date(1912, 7, 30), "010730"),
    ],
)
def test_years_within_eras(day: date, key: str) -> None:
    assert shown(birth_date_key(day)) == key


def test_match_number_b_as_confirmed_on_a_card() -> None:
    assert shown(match_number_b(date(1980, 2, 17), 2035, "2285")) == "55021720352285"


def test_a_birth_before_the_eras() -> None:
    with pytest.raises(ValueError, match="eras"):
        birth_date_key(date(1868, 1, 24))


@pytest.mark.parametrize(
    ("code", "sex"),
    [("1", Sex.MALE), ("2", Sex.FEMALE), ("9", Sex.NOT_APPLICABLE), ("0", Sex.UNKNOWN), ("3", Sex.UNKNOWN)],
)
def test_sex(code: str, sex: Sex) -> None:
    assert parse_sex(code.encode()) is sex


@pytest.mark.parametrize(
    "wrong", [b"", b"2026010", b"20260230", b"20261301", b"2026 101", "２０２６０１０１".encode(), b"00000000"]
)
def test_no_day(wrong: bytes) -> None:
    with pytest.raises(BadAnswer):
        parse_day(wrong)
