"""What makes an agency: one data file each, the code is the same."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec

from backend_client.wire import NoticeDraft

FILES = Path(__file__).parent


class _Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Root of the parts of the file."""


class Desk(_Entry, frozen=True):
    """Who acts for the agency: ⑦ ⑧ department and ⑨ ⑩ terminal of the log."""

    department: str
    terminal: str


class Holding(_Entry, frozen=True):
    """One kind of information, as of one day, by resident id."""

    kind: str
    data_as_of: date
    of: dict[str, dict[str, str]]


class Register(_Entry, frozen=True):
    """The agency keeps the resident register and so holds everybody's address."""

    kind: str
    data_as_of: date


class Ask(_Entry, frozen=True):
    """An exchange the agency needs for its work: one law entry for some of its residents."""

    law: str
    desk: Desk
    purpose: str
    """⑫."""
    residents: tuple[str, ...]


class Mailing(_Entry, frozen=True):
    """A notice to some of its residents, sent once to each."""

    id: str
    residents: tuple[str, ...]
    draft: NoticeDraft


class AgencyFile(_Entry, frozen=True):
    id: str
    title: str
    answers: Desk
    """Who answers requests of the gateway."""
    register: Register | None = None
    holdings: tuple[Holding, ...] = ()
    asks: tuple[Ask, ...] = ()
    mailings: tuple[Mailing, ...] = ()


def read_file(agency: str, folder: Path = FILES) -> AgencyFile:
    """Read the file of one agency. Raises msgspec.ValidationError when it is not in order."""
    return msgspec.toml.decode((folder / f"{agency}.toml").read_bytes(), type=AgencyFile)
