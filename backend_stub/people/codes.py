"""Codes of the resident register and their check digits. Source: card reference, section 7."""

from __future__ import annotations

from collections.abc import Callable


def municipality_check_digit(digits: str) -> int:
    """The sixth digit of a 市区町村コード, from its first five."""
    weighted = sum(int(digit) * weight for digit, weight in zip(digits, (6, 5, 4, 3, 2), strict=True))
    return (11 - weighted % 11) % 10


def resident_check_digit(digits: str) -> int:
    """The eleventh digit of a 住民票コード, from its first ten.

    The rule is inferred from samples (it is the one of the Individual Number), not read in a public text.
    """
    return individual_check_digit("0" + digits)


def individual_check_digit(digits: str) -> int:
    """The twelfth digit of a 個人番号, from its first eleven."""
    weights = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    rest = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11
    return 0 if rest <= 1 else 11 - rest


def corporate_check_digit(digits: str) -> int:
    """The first digit of a 法人番号, from the twelve that follow it."""
    odd, even = (sum(int(digit) for digit in digits[start::-2]) for start in (11, 10))
    return 9 - (odd + 2 * even) % 9


def new_resident_code(below: Callable[[int], int]) -> str:
    """Draw a 住民票コード of 11 digits. `below(n)` gives a random number from 0 to n - 1."""
    digits = f"{below(10**10):010d}"
    return f"{digits}{resident_check_digit(digits)}"
