"""Which versions of symbols there are, how each is made, and which are taken: a data file, read again when it changes.

To replace a key or a scheme: add a version as `present` and make the former one `taken`; when all holders have
migrated, make that one `old` (it can still be migrated, nothing else), and one day take it out.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path

import msgspec

log = logging.getLogger(__name__)

NAME = "symbols.toml"
LOOK_EVERY = timedelta(seconds=1)


class Method(Enum):
    """The five cases of the 2011 report."""

    NUMBER = "number"
    """案1, refused."""
    SIV = "siv"
    """案2."""
    TABLE = "table"
    """案3."""
    TWO_KINDS = "two-kinds"
    """案4."""
    ONE_KIND = "one-kind"
    """案5."""


class State(Enum):
    PRESENT = "present"
    """All new symbols are of this version."""
    TAKEN = "taken"
    """Its symbols can be used until their holders have migrated."""
    OLD = "old"
    """Its symbols can be migrated, and not used."""


class Version(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One key of one scheme. `number` is the symbols' first byte, 1 to 255, and never given again."""

    number: int
    method: Method
    state: State


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The versions in force. `keep_numbers` are the bodies that keep Individual Numbers with their data (案4)."""

    version: tuple[Version, ...]
    keep_numbers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        numbers = [version.number for version in self.version]
        states = [version.state for version in self.version]
        if len(set(numbers)) != len(numbers) or not all(0 < number < 256 for number in numbers):
            raise ValueError("versions are numbers from 1 to 255, each once")
        if states.count(State.PRESENT) != 1 or states.count(State.TAKEN) > 1:
            raise ValueError("one version is present, and one other may be taken")


DEFAULT = Plan((Version(1, Method.SIV, State.PRESENT),))


class PlanFile:
    """`symbols.toml` in the gateway's folder; without it the plan is DEFAULT."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._stamp = -1
        self._look_at: datetime | None = None

    def read(self) -> Plan:
        """Read the plan. Raises msgspec.ValidationError when the file is not in order."""
        self._stamp = self._changed()
        return DEFAULT if self._stamp < 0 else msgspec.toml.decode(self._path.read_bytes(), type=Plan)

    def news(self, now: datetime) -> Plan | None:
        """Read the plan again when the file has changed, at most once a second. A broken one is left out."""
        if self._look_at is not None and now < self._look_at:
            return None
        self._look_at = now + LOOK_EVERY
        if self._changed() == self._stamp:
            return None
        try:
            return self.read()
        except msgspec.DecodeError:
            log.error("%s is not in order: the versions of symbols stay as they were", NAME)
            return None

    def _changed(self) -> int:
        try:
            return self._path.stat().st_mtime_ns
        except FileNotFoundError:
            return -1
