"""Holding the parts that agencies open against the commitments in the gateway's tree.

The transaction number ties the three parts: what the gateway logged, what the requester and what the provider kept.
Source: gateway reference, sections 1 and 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from backend_client.proof import NotThePart, check_part
from backend_client.wire import ContentPart, Finding, Opened, ProviderPart, RequesterPart
from backend_stub.commission.facts import Act, Exchange

PORTAL = "portal"
"""Asks for the person alone, and keeps nothing of it: there is no part to open (decision 0036)."""


@dataclass(frozen=True, slots=True)
class OpenedParts:
    """What agencies opened under one order. Held in memory while it is checked, and nowhere else."""

    asked: dict[tuple[str, str], Opened] = field(default_factory=dict)
    """By agency and transaction number."""
    provided: dict[tuple[str, str], Opened] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    """Agencies that opened nothing: of them nothing can be said to be missing."""

    def add(self, agency: str, parts: Iterable[Opened]) -> None:
        for part in parts:
            if part.requester is not None:
                self.asked[agency, part.transaction_number] = part
            if part.provider is not None:
                self.provided[agency, part.transaction_number] = part

    def acts(self, exchanges: Iterable[Exchange]) -> Iterator[Act]:
        """What requesters did, as far as their parts were opened."""
        for one in exchanges:
            part = self.asked.get((one.words.requester, one.number))
            if part is not None and part.requester is not None:
                yield Act(one, part.requester.department, part.requester.terminal, part.who)


def check_exchange(exchange: Exchange, parts: OpenedParts) -> Iterator[Finding]:
    """Check both parts of one exchange that is over.

    A token that nobody redeemed is in order: there is no receipt, and the provider has no part.
    """
    requester, provider = exchange.words.requester, exchange.words.provider
    asked = parts.asked.get((requester, exchange.number))
    provided = parts.provided.get((provider, exchange.number))
    answer = exchange.answer
    if requester not in {*parts.silent, PORTAL}:
        yield from _requesters(exchange, asked)
    if provider in parts.silent:
        return
    if answer is None:
        if provided is not None:
            yield _finding("no_receipt", provider, exchange, "has answered, and sent the gateway no receipt")
    elif provided is None:
        yield _finding("part_missing", provider, exchange, "has no part of an exchange it answered")
    else:
        yield from _fits(exchange, provider, answer.provider, provided.provider, "⑧ ⑩")
        yield from _fits(exchange, provider, answer.content, provided.content, "⑪")


def outside_the_log(
    parts: OpenedParts, logged: Mapping[str, Exchange], not_provided: frozenset[str], until: datetime
) -> Iterator[Finding]:
    """Find parts from before `until` of exchanges that the gateway has not logged as between these bodies.

    `logged` and `not_provided` (refused on the way, so the provider may have a part) are by transaction number.
    """
    for (agency, number), part in parts.asked.items():
        if part.at < until and (number not in logged or logged[number].words.requester != agency):
            yield _unlogged(agency, number, "asked")
    for (agency, number), part in parts.provided.items():
        known = number in not_provided or (number in logged and logged[number].words.provider == agency)
        if part.at < until and not known:
            yield _unlogged(agency, number, "answered")


def _requesters(exchange: Exchange, asked: Opened | None) -> Iterator[Finding]:
    requester = exchange.words.requester
    if asked is None:
        yield _finding("part_missing", requester, exchange, "has no part of an exchange it asked for")
        return
    yield from _fits(exchange, requester, exchange.leaf.requester, asked.requester, "⑦ ⑨ ⑫")
    if asked.content is not None and exchange.answer is not None:
        yield from _fits(exchange, requester, exchange.answer.content, asked.content, "⑪")


def _fits(
    exchange: Exchange,
    body: str,
    committed: str,
    part: RequesterPart | ProviderPart | ContentPart | None,
    items: str,
) -> Iterator[Finding]:
    try:
        if part is None:
            raise NotThePart
        check_part(committed, part)
    except NotThePart:
        yield _finding("part_mismatch", body, exchange, f"opened {items} that are not what was committed to")


def _finding(rule: str, body: str, exchange: Exchange, what: str) -> Finding:
    words = f"{body} {what} ({exchange.words.law})"
    return Finding(rule=rule, body=body, transaction_number=exchange.number, words=words)


def _unlogged(agency: str, number: str, what: str) -> Finding:
    words = f"{agency} {what} in an exchange that the gateway has not logged as its own"
    return Finding(rule="not_in_log", body=agency, transaction_number=number, words=words)
