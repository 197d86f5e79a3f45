"""The register of companies: who may ask, for which purposes, for which fields, and where the browser goes back to.

Companies are in it because somebody has looked at them; nothing here can be changed through the wire.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import msgspec

from backend_client.wire import PartnerField
from backend_stub.oauth.faults import Fault

FILE = Path(__file__).with_name("partners.toml")


class Purpose(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a company may want, and what it needs for that."""

    id: str
    words: str
    """For the person."""
    fields: tuple[PartnerField, ...]
    """All that can be asked for it."""
    days: int
    """How long a consent lasts."""

    @property
    def term(self) -> timedelta:
        return timedelta(days=self.days)


class Partner(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One company. `id` is its machine's, whose key signs for it here too."""

    id: str
    name: str
    redirects: tuple[str, ...]
    """Where the browser goes back to, exactly; `{origin}` stands for each address of the backend."""
    purposes: tuple[Purpose, ...]

    def purpose(self, wanted: object) -> Purpose:
        """Raises Fault: invalid_authorization_details."""
        for one in self.purposes:
            if one.id == wanted:
                return one
        raise Fault("invalid_authorization_details", "this purpose is not registered for this client")


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    partners: tuple[Partner, ...]


class Register:
    """The companies of one authorization server."""

    def __init__(self, partners: tuple[Partner, ...], origins: tuple[str, ...]) -> None:
        self._partners = {partner.id: partner for partner in partners}
        self._origins = origins

    @classmethod
    def read(cls, origins: tuple[str, ...], path: Path = FILE) -> Register:
        """Raises msgspec.ValidationError when the file is not in order."""
        return cls(msgspec.toml.decode(path.read_bytes(), type=_File).partners, origins)

    def partner(self, client_id: str) -> Partner:
        """Raises Fault: invalid_client."""
        if client_id not in self._partners:
            raise Fault("invalid_client", "not registered", 401)
        return self._partners[client_id]

    def is_redirect(self, partner: Partner, uri: str) -> bool:
        """Whether it is one of the company's own, letter by letter. Source: RFC 9700, section 2.1."""
        return any(uri == one.replace("{origin}", origin) for one in partner.redirects for origin in self._origins)
