"""What makes a company: one data file each, the code is the same."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

import msgspec

from backend_client.wire import NoticeDraft

FILES = Path(__file__).parent


class Mailing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    draft: NoticeDraft


class Billing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One bill to everybody. `amount` is in yen."""

    id: str
    title: str
    amount: int
    due: date


class Membership(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One card for everybody who lets the company in."""

    id: str
    title: str
    holder: str
    valid_until: date


class Premiums(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One certificate of premiums paid (控除証明書) for everybody who lets the company in."""

    id: str
    title: str
    holder: str
    facts: dict[str, str]
    valid_until: date


class CompanyFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    title: str
    mailings: tuple[Mailing, ...] = ()
    page: Literal["my-page", "account"] = "my-page"
    """What its own web page is about: public notices, or opening an account."""
    billings: tuple[Billing, ...] = ()
    memberships: tuple[Membership, ...] = ()
    premiums: tuple[Premiums, ...] = ()


def read_file(company: str, folder: Path = FILES) -> CompanyFile:
    """Read the file of one company. Raises msgspec.ValidationError when it is not in order."""
    return msgspec.toml.decode((folder / f"{company}.toml").read_bytes(), type=CompanyFile)
