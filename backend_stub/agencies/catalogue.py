"""The catalogue of kinds of information and their standard layout: what has another form does not leave an agency.

An answer carries only the fields that the law tuple names, so nothing that identifies somebody rides along.
Source: gateway reference, sections 2.2 and 2.8.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from enum import Enum
from functools import cache
from pathlib import Path

import msgspec

CATALOGUE = Path(__file__).with_name("catalogue.toml")
TEXT_CHARACTERS = 200


class LayoutWrong(Exception):
    """Data does not have the form the catalogue lays down. Names kind and field, never what was held."""

    def __init__(self, kind: str, field: str = "") -> None:
        super().__init__(f"{kind} {field}".strip())
        self.kind = kind
        self.field = field


class FieldType(Enum):
    """How a value is written; all values travel as text."""

    TEXT = "text"
    YEN = "yen"
    """e.g. 1,640,000円."""
    YEAR = "year"
    """A fiscal or tax year, e.g. 令和7年度, 令和7年分."""
    DATE = "date"
    """e.g. 2026-11-01."""
    COUNT = "count"
    CHOICE = "choice"
    """One of the field's `choices`."""


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    type: FieldType
    identifies: bool = False
    """Whether it tells by itself who somebody is: travels only where a law tuple names it."""
    required: bool = True
    choices: tuple[str, ...] = ()

    def fits(self, value: str) -> bool:
        return value in self.choices if self.type is FieldType.CHOICE else _FORMS[self.type](value)


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of information (情報の種類)."""

    id: str
    words: str
    field: tuple[Field, ...]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kind: tuple[Kind, ...]


class Catalogue:
    """All kinds by id."""

    def __init__(self, kinds: Iterable[Kind]) -> None:
        self._fields = {kind.id: {field.name: field for field in kind.field} for kind in kinds}

    @classmethod
    def read(cls, path: Path = CATALOGUE) -> Catalogue:
        """Read the data file. Raises msgspec.ValidationError when it is not in order."""
        return cls(msgspec.toml.decode(path.read_bytes(), type=_File).kind)

    def fields(self, kind: str) -> Mapping[str, Field]:
        """The fields of a kind, by name. Raises LayoutWrong for a kind nobody has laid down."""
        try:
            return self._fields[kind]
        except KeyError as exc:
            raise LayoutWrong(kind) from exc

    def check(self, kind: str, payload: Mapping[str, str]) -> None:
        """Check the whole of what is held of one kind about one person. Raises LayoutWrong."""
        self._check_values(kind, payload)
        for field in self.fields(kind).values():
            if field.required and field.name not in payload:
                raise LayoutWrong(kind, field.name)

    def excerpt(self, kind: str, payload: Mapping[str, str], named: Collection[str]) -> dict[str, str]:
        """Take from what is held only what the law tuple names. Raises LayoutWrong, also for names of no such field."""
        self.check(kind, payload)
        if not self.fields(kind).keys() >= set(named):
            raise LayoutWrong(kind)
        return {name: payload[name] for name in named if name in payload}

    def check_excerpt(self, kind: str, payload: Mapping[str, str], named: Collection[str]) -> None:
        """Check what has come: nothing but what the law tuple names, in its form. Raises LayoutWrong."""
        if not set(named) >= payload.keys():
            raise LayoutWrong(kind)
        self._check_values(kind, payload)

    def _check_values(self, kind: str, payload: Mapping[str, str]) -> None:
        fields = self.fields(kind)
        for name, value in payload.items():
            if name not in fields or not fields[name].fits(value):
                raise LayoutWrong(kind, name if name in fields else "")


@cache
def standard() -> Catalogue:
    """The catalogue that all agencies share."""
    return Catalogue.read()


def _is_date(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _form(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern, re.ASCII)
    return lambda value: compiled.fullmatch(value) is not None


_FORMS: Mapping[FieldType, Callable[[str], bool]] = {
    FieldType.TEXT: lambda value: 0 < len(value) <= TEXT_CHARACTERS and value.isprintable(),
    FieldType.YEN: _form(r"[1-9]\d{0,2}(,\d{3})*円|0円"),
    FieldType.YEAR: _form(r"(昭和|平成|令和)[1-9]\d?年(度|分)"),
    FieldType.DATE: _is_date,
    FieldType.COUNT: _form(r"0|[1-9]\d{0,4}"),
}
