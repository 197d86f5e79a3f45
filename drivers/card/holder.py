"""What a card says of its holder, parsed where it enters: dates, sex, number; and the secrets printed on the card."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Final

from drivers.errors import BadAnswer
from drivers.secret import Secret

_ERAS: Final = (date(2019, 5, 1), date(1989, 1, 8), date(1926, 12, 25), date(1912, 7, 30), date(1868, 1, 25))
"""First days of 令和, 平成, 昭和, 大正 and 明治."""
_WEIGHTS: Final = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


class Sex(Enum):
    """JIS X 0303. Codes other than these are read as unknown."""

    MALE = "1"
    FEMALE = "2"
    NOT_APPLICABLE = "9"
    UNKNOWN = "0"


def parse_sex(value: bytes) -> Sex:
    """Raises BadAnswer for anything but one digit."""
    code = digits(value, 1)
    return next((sex for sex in Sex if sex.value == code), Sex.UNKNOWN)


def parse_day(value: bytes) -> date:
    """Read YYYYMMDD. Raises BadAnswer, for a day that is not known as well: how a card writes it is not published."""
    text = digits(value, 8)
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError as exc:
        raise BadAnswer("no such day") from exc


def parse_number(value: bytes) -> str:
    """Read 個人番号, 12 digits with the right check digit. Raises BadAnswer."""
    number = digits(value, 12)
    if number[-1] != check_digit(number[:-1]):
        raise BadAnswer("an individual number with a wrong check digit")
    return number


def check_digit(eleven: str) -> str:
    """The twelfth digit of a 個人番号. Source: card reference, section 7."""
    rest = sum(int(digit) * weight for digit, weight in zip(eleven, _WEIGHTS, strict=True)) % 11
    return str(11 - rest) if rest > 1 else "0"


def digits(value: bytes, length: int) -> str:
    """Read exactly `length` ASCII digits. Raises BadAnswer, which never repeats what was read."""
    if len(value) != length or not value.isdigit():
        raise BadAnswer(f"{length} digits were due")
    return value.decode("ascii")


def birth_date_key(birth_date: date) -> Secret:
    """生年月日読出用, 6 digits: the year within its era, month and day. Source: card reference, section 5."""
    return _secret(_printed_birth_date(birth_date))


def match_number_a(number: str) -> Secret:
    """照合番号A, 12 digits: the individual number itself."""
    return _secret(number)


def match_number_b(birth_date: date, valid_until_year: int, security_code: str) -> Secret:
    """照合番号B, 14 digits: birth date as above, 4 of the year of expiry, 4 of the security code."""
    return _secret(f"{_printed_birth_date(birth_date)}{valid_until_year:04}{security_code}")


def _printed_birth_date(birth_date: date) -> str:
    era = next((first for first in _ERAS if first <= birth_date), None)
    if era is None:
        raise ValueError("born before the eras that cards know")
    return f"{birth_date.year - era.year + 1:02}{birth_date:%m%d}"


def _secret(text: str) -> Secret:
    secret = Secret()
    for byte in text.encode("ascii"):
        secret.add(byte)
    return secret
