"""Residents and municipalities, read from `residents.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path

import msgspec

from backend_client.wire import FourItems
from backend_stub.people.codes import municipality_check_digit

RESIDENTS = Path(__file__).with_name("residents.toml")


class Flaw(Enum):
    """What is wrong, on purpose, with a resident's user authentication certificate."""

    EXPIRED = "expired"
    NOT_YET = "not-yet"
    REVOKED = "revoked"
    WRONG_POLICY = "wrong-policy"


@dataclass(frozen=True, slots=True)
class Municipality:
    """A city, town or village."""

    code: str
    """Six digits, the last a check digit."""
    prefecture: str
    name: str
    prefecture_romaji: str
    romaji: str
    counter: str
    """The machine that speaks for it, by member id."""


@dataclass(frozen=True, slots=True)
class Resident:
    """One person of the register."""

    id: str
    """Also the subject of the certificate requests of the person's cards."""
    name: str
    kana: str
    birth_date: date
    sex: str
    """JIS X 0303."""
    address: str
    municipality: Municipality
    flaw: Flaw | None
    at_counter: bool
    """The folder is opened by the municipality, as on the paper form."""
    partners: tuple[str, ...]
    """Companies let in on that form, by partner id."""
    alias: str
    """通称 of a foreign resident; empty for nearly everybody."""
    old_ca: bool
    """Whose certificates were issued before the CAs in use were there."""

    @property
    def full_name(self) -> str:
        """As certificates have it. That an alias follows the name in brackets is inferred."""
        return f"{self.name}（{self.alias}）" if self.alias else self.name

    @property
    def municipality_code(self) -> str:
        return self.municipality.code

    @property
    def items(self) -> FourItems:
        """基本4情報."""
        return FourItems(name=self.name, address=self.address, birth_date=self.birth_date, sex=self.sex)


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    name: str
    kana: str
    birth_date: date
    sex: str
    address: str
    municipality_code: str
    flaw: Flaw | None = None
    at_counter: bool = False
    partners: tuple[str, ...] = ()
    alias: str = ""
    old_ca: bool = False


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    municipality: tuple[Municipality, ...]
    resident: tuple[_Entry, ...]


def load_residents(path: Path = RESIDENTS) -> tuple[Resident, ...]:
    """Read the residents. Raises ValueError when the file contradicts itself."""
    file = msgspec.toml.decode(path.read_bytes(), type=_File)
    municipalities = _municipalities(file)
    if len({entry.id for entry in file.resident}) != len(file.resident):
        raise ValueError("a resident id is given twice")
    return tuple(_resident(entry, municipalities) for entry in file.resident)


def load_municipalities(path: Path = RESIDENTS) -> tuple[Municipality, ...]:
    """Read the municipalities. Raises ValueError when a code is wrong."""
    return tuple(_municipalities(msgspec.toml.decode(path.read_bytes(), type=_File)).values())


def _municipalities(file: _File) -> dict[str, Municipality]:
    for municipality in file.municipality:
        if municipality.code[5:] != str(municipality_check_digit(municipality.code[:5])):
            raise ValueError(f"municipality code {municipality.code}: wrong check digit")
    return {municipality.code: municipality for municipality in file.municipality}


def _resident(entry: _Entry, municipalities: dict[str, Municipality]) -> Resident:
    if entry.municipality_code not in municipalities:
        raise ValueError(f"resident {entry.id}: unknown municipality {entry.municipality_code}")
    return Resident(
        id=entry.id,
        name=entry.name,
        kana=entry.kana,
        birth_date=entry.birth_date,
        sex=entry.sex,
        address=entry.address,
        municipality=municipalities[entry.municipality_code],
        flaw=entry.flaw,
        at_counter=entry.at_counter,
        partners=entry.partners,
        alias=entry.alias,
        old_ca=entry.old_ca,
    )
