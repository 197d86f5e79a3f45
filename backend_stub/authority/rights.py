"""Registered verifiers: who may ask the authority what, on which legal basis and until when, as data."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from pathlib import Path

import msgspec

from backend_stub.body import Call, Refusal

RIGHTS = Path(__file__).with_name("rights.toml")


class Right(Enum):
    STATUS = "status"
    """Whether a certificate stands: OCSP and status confirmation (資格確認)."""
    CRL = "crl"
    IDENTITY = "identity"
    """本人確認."""
    GRACE = "grace"
    """本人確認 also by a certificate that has expired and is within its grace period (資格確認)."""
    CHANGES = "changes"
    """変更確認."""
    LATEST = "latest"
    """The latest four items, with consent."""
    LINKS = "links"
    """Which certificates are one person's."""
    COMPANIES = "companies"
    """Keeping the register of companies."""


class _Registered(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    machine: str
    basis: str
    rights: frozenset[Right]
    until: datetime | None = None


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    registered: tuple[_Registered, ...]


class Rights:
    """Who is registered for what. A role alone opens nothing here."""

    def __init__(self, path: Path = RIGHTS) -> None:
        file = msgspec.toml.decode(path.read_bytes(), type=_File)
        self._by_machine = {one.machine: one for one in file.registered}

    def require(self, call: Call, right: Right) -> None:
        """Raises Refusal: not_allowed."""
        if not self.has(call, right):
            raise Refusal("not_allowed")

    def has(self, call: Call, right: Right) -> bool:
        one = self._by_machine.get(call.machine.id)
        return one is not None and right in one.rights and (one.until is None or call.now < one.until)
