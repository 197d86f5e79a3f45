"""The rules: each a function from what is seen to findings. They name bodies, departments and terminals, no persons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import TypeVar

from backend_client.wire import Finding, Happening
from backend_client.wire.gateway import shown
from backend_stub.commission.facts import JST, Act, View
from backend_stub.commission.thresholds import Thresholds

Rule = Callable[[View, Thresholds], Iterator[Finding]]
ALARMS = {
    "wrong_symbol": "a symbol that was not issued to it",
    "foreign_acquisition": "an acquisition number that was not given to it",
    "foreign_receipt": "a receipt of an exchange that was not its own",
}
DISASTER = "disaster: "
"""How the gateway marks an exchange under a disaster order."""
DISASTER_OPENED = "disaster opened: "
Thing = TypeVar("Thing")


def alarms(view: View, _thresholds: Thresholds) -> Iterator[Finding]:
    """The gateway's alarms: a body presented what belongs to another."""
    for one in view.happenings:
        if one.event in ALARMS:
            words = f"{one.machine} presented {ALARMS[one.event]}, trace {one.trace_id}"
            yield Finding(rule=one.event, body=one.machine, transaction_number=one.transaction_number, words=words)


def law_forbidden(view: View, thresholds: Thresholds) -> Iterator[Finding]:
    """A body that tries again and again what the law does not let it do."""
    refused = [one for one in view.happenings if one.event == "law_forbade"]
    for (body, day), some in _grouped(refused, lambda one: (one.machine, _day(one.at))):
        if len(some) > (most := thresholds.law_forbidden.per_day):
            words = f"more than {most} refusals by law on {day}, of {body}"
            yield _finding("law_forbidden", body, some[0], words)


def law_unknown(view: View, _thresholds: Thresholds) -> Iterator[Finding]:
    """The gateway let pass what is no law tuple, or one in other words."""
    for one in view.exchanges:
        if one.leaf.edition not in view.editions:
            words = f"the gateway exchanged under {one.words.law}, which is not law in these words"
            yield Finding(rule="law_unknown", body="gateway", transaction_number=one.number, words=words)


def disaster_outside(view: View, _thresholds: Thresholds) -> Iterator[Finding]:
    """The disaster exception was used while no order of the commission was open."""
    for one in view.exchanges:
        known = view.tuples.get(one.words.law)
        if not one.leaf.mark.startswith(DISASTER) and not (known and known.disaster):
            continue
        order = view.orders.get(one.leaf.mark.removeprefix(DISASTER))
        if order is None or not order.covers(one.at):
            body, law = one.words.requester, one.words.law
            words = f"{body} asked under {law}, and no order of the commission was open"
            yield Finding(rule="disaster_outside", body=body, transaction_number=one.number, words=words)
    for mark in view.marks:
        order_id = mark.mark.removeprefix(DISASTER_OPENED)
        if order_id != mark.mark and order_id not in view.orders:
            number = shown(bytes.fromhex(mark.number))
            words = f"the gateway opened the disaster exception under {order_id}, which the commission never gave"
            yield Finding(rule="disaster_outside", body="gateway", transaction_number=number, words=words)


def never_used(view: View, thresholds: Thresholds) -> Iterator[Finding]:
    """A law tuple that lay unused for long is used for the first time: by whom, and is there reason?"""
    term = timedelta(days=thresholds.never_used.days)
    for one in view.exchanges:
        known = view.tuples.get(one.words.law)
        if known and known.first_use == one.leaf.number and one.at - known.known_since > term:
            words = f"{one.words.requester} is the first to use {one.words.law}, known since {known.known_since:%F}"
            yield Finding(rule="never_used", body=one.words.requester, transaction_number=one.number, words=words)


def night_access(view: View, thresholds: Thresholds) -> Iterator[Finding]:
    """Somebody asked at night from a terminal where people sit."""
    at_night = (act for act in _by_people(view, thresholds) if thresholds.night.covers(act.exchange.at))
    for act in at_night:
        hour = act.exchange.at.astimezone(JST)
        words = f"{_desk(act)} asked at {hour:%H:%M}"
        yield Finding(rule="night_access", body=act.body, transaction_number=act.exchange.number, words=words)


def volume(view: View, thresholds: Thresholds) -> Iterator[Finding]:
    """One terminal asked more in an hour than a person works off."""
    acts = _by_people(view, thresholds)
    for (body, hour, *_), some in _grouped(acts, lambda act: (act.body, _hour(act), act.department, act.terminal)):
        if len(some) > (most := thresholds.volume.per_hour):
            words = f"{_desk(some[0])} asked more than {most} times in the hour from {hour:%F %H:%M}"
            number = min(act.exchange.number for act in some)
            yield Finding(rule="volume", body=body, transaction_number=number, words=words)


def one_person(view: View, thresholds: Thresholds) -> Iterator[Finding]:
    """One terminal asked the same about the same person again and again: curiosity, not work."""
    for (body, day, *_), some in _grouped(_by_people(view, thresholds), _same_question):
        if len(some) > (most := thresholds.one_person.per_day):
            words = f"{_desk(some[0])} asked more than {most} times about one person on {day}"
            number = min(act.exchange.number for act in some)
            yield Finding(rule="one_person", body=body, transaction_number=number, words=words)


OF_THE_LOG: tuple[Rule, ...] = (alarms, law_forbidden, law_unknown, disaster_outside, never_used)
"""Those that need nothing but what the gateway tells."""
OF_THE_PARTS: tuple[Rule, ...] = (night_access, volume, one_person)
"""Those that need what agencies open."""


def apply(rules: Iterable[Rule], view: View, thresholds: Thresholds) -> tuple[Finding, ...]:
    """Everything these rules find, in their order."""
    return tuple(finding for rule in rules for finding in rule(view, thresholds))


def _by_people(view: View, thresholds: Thresholds) -> tuple[Act, ...]:
    return tuple(act for act in view.acts if act.terminal not in thresholds.machines)


def _same_question(act: Act) -> tuple[str, str, str, str, str, str]:
    return act.body, _day(act.exchange.at), act.department, act.terminal, act.exchange.words.law, act.who


def _hour(act: Act) -> datetime:
    return act.exchange.at.astimezone(JST).replace(minute=0, second=0, microsecond=0)


def _day(at: datetime) -> str:
    return at.astimezone(JST).date().isoformat()


def _desk(act: Act) -> str:
    return f"{act.body}, {act.department}, terminal {act.terminal},"


def _finding(rule: str, body: str, happening: Happening, words: str) -> Finding:
    return Finding(rule=rule, body=body, transaction_number=happening.transaction_number, words=words)


Key = TypeVar("Key", bound=Hashable)


def _grouped(things: Iterable[Thing], key: Callable[[Thing], Key]) -> Iterable[tuple[Key, list[Thing]]]:
    groups: dict[Key, list[Thing]] = defaultdict(list)
    for thing in things:
        groups[key(thing)].append(thing)
    return groups.items()
