"""What a body remembers of visits, in memory only: sessions, and the portal's tickets for a first registration.

Tokens are kept as their SHA-256, so that neither a look at the memory nor the time of a look-up gives one away.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from backend_stub.body import Refusal

SESSION_LIFETIME = timedelta(minutes=10)
"""Unused."""
TICKET_LIFETIME = timedelta(minutes=5)
MOST = 20_000
"""Beyond that the oldest are forgotten."""


@dataclass(frozen=True, slots=True)
class _Kept:
    what: str
    at: datetime


class _Tokens:
    """Tokens that stand for something, oldest first."""

    def __init__(self, lifetime: timedelta, most: int) -> None:
        self._kept: OrderedDict[bytes, _Kept] = OrderedDict()
        self._lifetime = lifetime
        self._most = most

    def give(self, what: str, now: datetime) -> str:
        while self._kept and (len(self._kept) >= self._most or self._is_over(next(iter(self._kept.values())), now)):
            self._kept.popitem(last=False)
        token = token_urlsafe(32)
        self._kept[_digest(token)] = _Kept(what, now)
        return token

    def take(self, token: str, now: datetime) -> str | None:
        kept = self._kept.pop(_digest(token), None)
        return None if kept is None or self._is_over(kept, now) else kept.what

    def touch(self, token: str, now: datetime) -> str | None:
        what = self.take(token, now)
        if what is not None:
            self._kept[_digest(token)] = _Kept(what, now)
        return what

    def drop(self, beginning: str) -> None:
        for digest in [digest for digest, kept in self._kept.items() if kept.what.startswith(beginning)]:
            del self._kept[digest]

    def _is_over(self, kept: _Kept, now: datetime) -> bool:
        return now - kept.at > self._lifetime


class Sessions:
    """Who is signed in: a token for its owner, until it is closed or unused for SESSION_LIFETIME."""

    def __init__(self, most: int = MOST) -> None:
        self._tokens = _Tokens(SESSION_LIFETIME, most)

    def open(self, owner: str, now: datetime) -> str:
        return self._tokens.give(owner, now)

    def owner(self, token: str, now: datetime) -> str:
        """Whose session it is; using it keeps it alive. Raises Refusal: session_unknown."""
        owner = self._tokens.touch(token, now)
        if owner is None:
            raise Refusal("session_unknown")
        return owner

    def close(self, token: str, now: datetime) -> None:
        """End a session; quiet when there is none."""
        self._tokens.take(token, now)

    def close_all(self, beginning: str) -> None:
        """End the sessions of every owner that begins so."""
        self._tokens.drop(beginning)


class Tickets:
    """Who may open a folder: a ticket for a certificate's serial number, good once within TICKET_LIFETIME."""

    def __init__(self, most: int = MOST) -> None:
        self._tokens = _Tokens(TICKET_LIFETIME, most)

    def give(self, serial: str, now: datetime) -> str:
        return self._tokens.give(serial, now)

    def take(self, ticket: str, now: datetime) -> str:
        """Raises Refusal: ticket_unknown."""
        serial = self._tokens.take(ticket, now)
        if serial is None:
            raise Refusal("ticket_unknown")
        return serial


def _digest(token: str) -> bytes:
    return sha256(token.encode()).digest()
