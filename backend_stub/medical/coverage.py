"""Coverages and what they mean on a day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec

from backend_client.wire import CostLimit, HealthEntry, SpecialDisease, Validity

FILE = Path(__file__).with_name("insurance.toml")


class Coverage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One membership with one insurer. Field names follow the published answer (card reference, section 8.2)."""

    insurer_number: str
    insurer_name: str
    insured_card_symbol: str = ""
    insured_identification_number: str
    insured_branch_number: str = ""
    personal_family: str = "1"
    partial_contribution_percent: int
    valid_from: date
    valid_to: date | None = None
    medical_aid: bool = False
    """医療扶助: public assistance pays."""
    pending: bool = False
    """The insurer has announced the membership and not registered it yet; nothing can be said of it but that."""
    limit: CostLimit | None = None
    diseases: tuple[SpecialDisease, ...] = ()

    def covers(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Insured(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One person of the data file."""

    resident: str
    coverages: tuple[Coverage, ...]
    entries: tuple[HealthEntry, ...] = ()
    """What is known of their health."""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    insured: tuple[Insured, ...]


def read_insured(path: Path = FILE) -> tuple[Insured, ...]:
    """Read the data file. Raises msgspec.ValidationError when it is not in order."""
    return msgspec.toml.decode(path.read_bytes(), type=_File).insured


def judge(coverages: tuple[Coverage, ...], day: date) -> tuple[Validity, Coverage | None]:
    """Say what a person's coverages mean on `day`; the one that counts is given when it can be used.

    REPLACED is for who has left one insurer and is registered with the next from a later day.
    Source: ux reference, section 4.1.
    """
    if not coverages:
        return Validity.NONE, None
    now = [coverage for coverage in coverages if coverage.covers(day)]
    if any(coverage.pending for coverage in now):
        return Validity.PROCESSING, None
    if len(now) > 1:
        return Validity.SEVERAL, None
    if now:
        return (Validity.VALID_MEDICAL_AID if now[0].medical_aid else Validity.VALID), now[0]
    if any(coverage.valid_from > day for coverage in coverages):
        return Validity.REPLACED, None
    return Validity.INVALID, None
