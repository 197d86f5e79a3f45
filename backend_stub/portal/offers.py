"""Offers of people who want a proxy: a code for the proxy to type, in memory only."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import randbelow

from backend_stub.body import Refusal
from backend_stub.portal.proxies import Grant

LIFETIME = timedelta(minutes=10)
MOST_WRONG = 5
"""Codes that one person may guess wrongly while offers are open."""


@dataclass(frozen=True, slots=True)
class Offer:
    principal: str
    grant: Grant
    at: datetime


class Offers:
    """One person has one offer at a time; a new one takes the place of the old."""

    def __init__(self) -> None:
        self._offers: dict[str, Offer] = {}
        self._wrong: Counter[str] = Counter()

    def give(self, principal: str, grant: Grant, now: datetime) -> str:
        """The code, eight digits."""
        self._forget(now)
        self._offers = {code: one for code, one in self._offers.items() if one.principal != principal}
        code = f"{randbelow(10**8):08}"
        while code in self._offers:
            code = f"{randbelow(10**8):08}"
        self._offers[code] = Offer(principal, grant, now)
        return code

    def find(self, code: str, proxy: str, now: datetime) -> Offer:
        """Raises Refusal: not_found, or not_possible after too many wrong ones or for the own offer."""
        self._forget(now)
        if self._wrong[proxy] >= MOST_WRONG:
            raise Refusal("not_possible")
        offer = self._offers.get(code)
        if offer is None:
            self._wrong[proxy] += 1
            raise Refusal("not_found")
        if offer.principal == proxy:
            raise Refusal("not_possible")
        return offer

    def take(self, code: str, proxy: str, now: datetime) -> Offer:
        """As `find`, and it is used up."""
        offer = self.find(code, proxy, now)
        del self._offers[code]
        return offer

    def _forget(self, now: datetime) -> None:
        self._offers = {code: one for code, one in self._offers.items() if now - one.at <= LIFETIME}
        if not self._offers:
            self._wrong.clear()  # there is nothing left to guess
