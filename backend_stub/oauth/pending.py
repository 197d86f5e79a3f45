"""Requests on their way, in memory only: pushed, shown in a browser, answered at a kiosk, brought back by a code.

One request has one browser (a cookie), one number that its page shows, and after a Yes four digits that the kiosk shows
and the browser must send: so whoever sits at the page also stood before the kiosk.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hmac import compare_digest
from secrets import randbelow, token_urlsafe

from backend_client.wire import PartnerField
from backend_stub.jose import digest
from backend_stub.oauth.details import Asked

PUSHED_FOR = timedelta(seconds=90)
SHOWN_FOR = timedelta(minutes=10)
"""Long enough to walk to the television and look for the card."""
CODE_FOR = timedelta(seconds=60)
REMEMBERED = timedelta(minutes=10)
"""So long it is known that a code was used."""
MOST = 10_000
CHECKS = 3


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a company has pushed."""

    asked: Asked
    redirect_uri: str
    state: str
    challenge: str
    """S256 of the code verifier."""
    jkt: str
    """Of the key that the code will be bound to."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who answered."""

    handle: str
    serial: str


@dataclass(slots=True)
class Shown:
    """A request on the page of one browser."""

    pushed: Pushed
    browser: str
    """Digest of the browser's cookie."""
    number: str
    at: datetime
    person: Person | None = None
    fields: tuple[PartnerField, ...] | None = None
    """What the person said; None before."""
    check: str = ""
    checks_left: int = CHECKS

    @property
    def ends_at(self) -> datetime:
        return self.at + SHOWN_FOR


@dataclass(slots=True)
class Code:
    """What a code stands for."""

    pushed: Pushed
    consent: str
    at: datetime
    used: bool = False


@dataclass(slots=True)
class Pending:
    """All of them; what is over is forgotten when something new comes."""

    _pushed: dict[str, tuple[Pushed, datetime]] = field(default_factory=dict)
    _shown: dict[str, Shown] = field(default_factory=dict)
    _codes: dict[str, Code] = field(default_factory=dict)

    def push(self, pushed: Pushed, now: datetime) -> str:
        """Keep a request; gives the last part of its request_uri."""
        self._forget(now)
        key = token_urlsafe(32)
        self._pushed[digest(key)] = pushed, now
        return key

    def show(self, key: str, client_id: str, now: datetime) -> tuple[str, str] | None:
        """Use a pushed request up; gives the id of its page and the cookie of its browser. None for what is not."""
        self._forget(now)
        pushed, at = self._pushed.pop(digest(key), (None, now))
        if pushed is None or now - at > PUSHED_FOR or pushed.asked.partner.id != client_id:
            return None
        page, cookie = token_urlsafe(16), token_urlsafe(32)
        self._shown[page] = Shown(pushed, digest(cookie), self._new_number(), now)
        return page, cookie

    def on_page(self, page: str, cookie: str, now: datetime) -> Shown | None:
        """What stands on a page, for the browser that it stands in."""
        shown = self._shown.get(page)
        if shown is None or now > shown.ends_at or not compare_digest(shown.browser, digest(cookie)):
            return None
        return shown

    def by_number(self, number: str, now: datetime) -> Shown | None:
        """What has not been answered yet, by the number that the person read."""
        for shown in self._open(now):
            if shown.number == number:
                return shown
        return None

    def answer(self, shown: Shown, person: Person, fields: tuple[PartnerField, ...]) -> str:
        """Keep the person's answer; gives the four digits, none after a No."""
        shown.person, shown.fields = person, fields
        shown.check = f"{randbelow(10_000):04}" if fields else ""
        return shown.check

    def take(self, page: str) -> None:
        """The browser has left the page for good."""
        self._shown.pop(page, None)

    def give_code(self, pushed: Pushed, consent: str, now: datetime) -> str:
        code = token_urlsafe(32)
        self._codes[digest(code)] = Code(pushed, consent, now)
        return code

    def code(self, code: str) -> Code | None:
        """What a code stands for, also when it was used or is late."""
        return self._codes.get(digest(code))

    def _open(self, now: datetime) -> Iterator[Shown]:
        return (shown for shown in self._shown.values() if shown.fields is None and now <= shown.ends_at)

    def _new_number(self) -> str:
        taken = {shown.number for shown in self._shown.values()}
        return next(number for number in iter(lambda: f"{randbelow(1_000_000):06}", "") if number not in taken)

    def _forget(self, now: datetime) -> None:
        self._pushed = {key: one for key, one in self._pushed.items() if now - one[1] <= PUSHED_FOR}
        self._shown = {key: one for key, one in self._shown.items() if now <= one.ends_at}
        self._codes = {key: one for key, one in self._codes.items() if now - one.at <= REMEMBERED}
        for kept in (self._pushed, self._shown, self._codes):
            while len(kept) >= MOST:
                kept.pop(next(iter(kept)))
