"""Companies and public bodies, read from `companies.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec

COMPANIES = Path(__file__).with_name("companies.toml")


@dataclass(frozen=True, slots=True)
class RegisteredCompany:
    """One legal person with a corporate number."""

    base: str
    """The twelve digits after the check digit: 会社法人等番号, or one that begins with 7000 for who has none."""
    name: str
    address: str
    registered_on: date
    closed_on: date | None = None
    closed_because: str = ""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    company: tuple[RegisteredCompany, ...]


def load_companies(path: Path = COMPANIES) -> tuple[RegisteredCompany, ...]:
    """Read the companies. Raises ValueError when the file contradicts itself."""
    companies = msgspec.toml.decode(path.read_bytes(), type=_File).company
    bases = {company.base for company in companies}
    if len(bases) != len(companies) or not all(len(base) == 12 and base.isdecimal() for base in bases):
        raise ValueError("twelve digits each, and each once")
    return companies
