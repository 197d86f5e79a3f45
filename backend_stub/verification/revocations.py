"""Whether a known certificate still stands: by the authority's revocation lists, kept in memory while they count.

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

PATHS: Final = tuple(f"/crl/auth/{generation}" for generation in (3, 2, 4))
"""The lists of the authority's CAs for user authentication, by generation. Source: card reference, section 6.1."""
AGAIN: Final = timedelta(minutes=1)
"""How long the authority is left in peace after it gave no list."""
EARLIER: Final = 0.8
"""Where it is asked every so often: after this part of the time already, so that nobody has to wait for the answer."""
MISSED: Final = 3
"""So many times over what it said last counts while it says nothing."""
SKEW: Final = timedelta(seconds=60)


class NotAList(Exception):
    """What came says nothing about the certificates of a CA."""


@dataclass(frozen=True, slots=True)
class RevocationList:
    """One CA's list, whole."""

    serials: frozenset[int]
    begins: datetime
    ends: datetime

    def holds(self, now: datetime) -> bool:
        return self.begins - SKEW <= now < self.ends

    def has(self, serial: int) -> bool:
        return serial in self.serials


@dataclass(frozen=True, slots=True)
class _Kept:
    """A list in use."""

    one: RevocationList
    tag: str
    path: str
    ask: datetime
    """When to ask for a newer one, while others go by this."""
    fresh: datetime
    """Until then nobody waits for an answer to that."""
    good: datetime
    """Until then it counts, if none comes."""

    def counts(self, now: datetime) -> bool:
        return now < self.good and self.one.holds(now)


class Revocations:
    """The lists of all CAs that have been needed. `close` with the body."""

    def __init__(self, peers: Peers, every: timedelta | None = None) -> None:
        """With `every` the authority is asked so often whether a list is still its newest.

        Without, a list serves for half its term, and for all of it when no newer one is to be had.
        """
        self._peers = peers
        self._every = every
        self._lists: dict[int, _Kept] = {}
        """By the CA's serial number, as all that follows."""
        self._again: dict[int, datetime] = {}
        self._asking: dict[int, asyncio.Task[None]] = {}

    async def known(self, holder: Checked, now: datetime, trace_id: str) -> bool | None:
        """Whether the certificate was revoked; None when no list that counts now says so: then OCSP has to.

        One that is past its term leaves the lists, so nothing is said about it here.
        """
        if holder.ends < now:
            return None
        kept = self._lists.get(holder.ca_serial)
        if kept is None or now >= kept.ask:
            kept = await self._newest(holder.ca, kept, now, trace_id)
        return kept.one.has(holder.serial) if kept is not None and kept.counts(now) else None

    async def close(self) -> None:
        """Ask no more."""
        for task in tuple(self._asking.values()):
            task.cancel()
            await asyncio.wait([task])

    async def _newest(self, ca: x509.Certificate, kept: _Kept | None, now: datetime, trace_id: str) -> _Kept | None:
        """Have the authority asked, once for all who wait, and not again at once when it gave nothing."""
        number = ca.serial_number
        if number not in self._asking and now >= self._again.get(number, now):
            self._again[number] = now + self._pause
            self._asking[number] = asyncio.create_task(self._ask(ca, kept, now, trace_id))
        if number in self._asking and (kept is None or now >= kept.fresh):
            await asyncio.wait([self._asking[number]])
        return self._lists.get(number)

    async def _ask(self, ca: x509.Certificate, kept: _Kept | None, now: datetime, trace_id: str) -> None:
        """Fetch the CA's list; what cannot be had or believed leaves the one there is."""
        try:
            for path in PATHS if kept is None else (kept.path,):
                newer = await self._fetched(ca, path, kept, now, trace_id)
                if newer is not None:
                    self._lists[ca.serial_number] = newer
                    break
        finally:
            del self._asking[ca.serial_number]

    async def _fetched(
        self, ca: x509.Certificate, path: str, kept: _Kept | None, now: datetime, trace_id: str
    ) -> _Kept | None:
        try:
            came = await self._peers.read_if_changed("authority", path, kept.tag if kept else "", trace_id)
            if came is None:
                assert kept is not None, "else there was no tag"  # noqa: S101
                return self._keep(kept.one, kept.tag, path, now)
            return self._keep(await asyncio.to_thread(read_list, came.content, ca, now), came.tag, path, now)
        except (Refusal, NotAList) as exc:
            log.info("no list from %s: %s", path, exc)
            return None

    def _keep(self, one: RevocationList, tag: str, path: str, now: datetime) -> _Kept:
        """`now` is when the authority was asked."""
        if self._every is None:
            ask = max(now + AGAIN, one.begins + (one.ends - one.begins) / 2)  # by then there is a newer one
            return _Kept(one, tag, path, ask, ask, one.ends)
        return _Kept(one, tag, path, now + self._pause, now + self._every, now + MISSED * self._every)

    @property
    def _pause(self) -> timedelta:
        return AGAIN if self._every is None else EARLIER * self._every


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
    one = RevocationList(frozenset(one.serial_number for one in content), content.last_update_utc, ends)
    if not one.holds(now):
        raise NotAList("not of this time")
    return one
