"""Whether a linked certificate still stands: by the authority's revocation lists, kept in memory while they hold.

Source: RFC 5280, sections 5 and 6.3, for whole lists of the CA itself.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509

from backend_stub.endpoint import Refusal
from backend_stub.peers import Peers
from backend_stub.verification.certificate import Checked
from backend_stub.verification.schemes import PublicKey

log = logging.getLogger(__name__)

GENERATIONS: Final = (3, 2, 4)
"""Of the authority's CAs for user authentication; each has a list. Source: card reference, section 6.1."""
AGAIN: Final = timedelta(minutes=1)
"""How long the authority is left in peace after it gave no list."""
SKEW: Final = timedelta(seconds=60)


class NotAList(Exception):
    """What came says nothing about the certificates of a CA."""


@dataclass(frozen=True, slots=True)
class RevocationList:
    """One CA's list, whole."""

    content: x509.CertificateRevocationList
    begins: datetime
    ends: datetime

    def holds(self, now: datetime) -> bool:
        return self.begins - SKEW <= now < self.ends

    def has(self, serial: int) -> bool:
        return self.content.get_revoked_certificate_by_serial_number(serial) is not None


class Revocations:
    """The lists of all CAs that have been needed."""

    def __init__(self, peers: Peers) -> None:
        self._peers = peers
        self._lists: dict[int, RevocationList] = {}
        """By the CA's serial number."""
        self._next: dict[int, datetime] = {}
        """When to ask for a newer one."""
        self._asking = asyncio.Lock()

    async def known(self, holder: Checked, now: datetime, trace_id: str) -> bool | None:
        """Whether the certificate was revoked; None when no list that holds now says so: then OCSP has to.

        One that is past its term leaves the lists, so nothing is said about it here.
        """
        if holder.certificate.not_valid_after_utc < now:
            return None
        ca = holder.ca.serial_number
        if now >= self._next.get(ca, now) and not self._asking.locked():
            await self._renew(holder.ca, now, trace_id)
        one = self._lists.get(ca)
        return one.has(holder.certificate.serial_number) if one is not None and one.holds(now) else None

    async def _renew(self, ca: x509.Certificate, now: datetime, trace_id: str) -> None:
        """Fetch the CA's list; what cannot be had or believed leaves the one there is."""
        async with self._asking:
            self._next[ca.serial_number] = now + AGAIN
            for generation in GENERATIONS:
                try:
                    raw = await self._peers.read_raw("authority", f"/crl/auth/{generation}", trace_id)
                    one = read_list(raw, ca, now)
                except (Refusal, NotAList) as exc:
                    log.info("no list of CA %d: %s", generation, exc)
                    continue
                self._lists[ca.serial_number] = one
                half = one.begins + (one.ends - one.begins) / 2  # by then there is a newer one
                self._next[ca.serial_number] = max(now + AGAIN, half)
                return


def read_list(raw: bytes, ca: x509.Certificate, now: datetime) -> RevocationList:
    """Read a list (DER) of `ca` that holds now. Raises NotAList."""
    try:
        content = x509.load_der_x509_crl(raw)
        key = ca.public_key()
        assert isinstance(key, PublicKey), "our own authority's key"  # noqa: S101
        if content.issuer != ca.subject or not content.is_signature_valid(key):
            raise NotAList("of another CA")
        part = any(extension.critical for extension in content.extensions)
    except (ValueError, TypeError) as exc:
        raise NotAList(type(exc).__name__) from exc
    ends = content.next_update_utc
    if part or ends is None:  # a critical extension makes it a part of a list
        raise NotAList("not whole")
    one = RevocationList(content, content.last_update_utc, ends)
    if not one.holds(now):
        raise NotAList("not of this time")
    return one
