"""Two agencies put together everything they have: their symbols and their parts of the log. Whom can they link?

Their copies of the four items are left out, for names link by themselves; so are contents (⑪), for equal facts do too.
What one of them asked the other is left out as well: who asks about a person names that person to who answers.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import exp
from random import Random

from backend_client.wire import RequesterPart, commitment
from backend_stub.agencies.file import Ask, Desk
from backend_stub.agencies.requester import _part
from backend_stub.gateway.transaction import TransactionNumbers

Issue = Callable[[bytes, str], bytes]
"""`issue(person, body)`: the symbol of a scheme."""
Link = tuple[int, int]
"""An agency's row and the other's that are said to be one person's."""
LUCK = 1e-7
"""How likely luck alone may be to make one attack look like a success."""
CITY, TAX = "midori-city", "midori-tax"


@dataclass(frozen=True, slots=True)
class Row:
    """What an agency has of one client: the symbol, and its part of one exchange with a third body."""

    symbol: bytes
    number: bytes
    at: datetime
    part: RequesterPart


@dataclass(frozen=True, slots=True)
class Loot:
    """What two agencies put on the table. `truth` is for who judges an attack, and for no attack."""

    ours: list[Row]
    theirs: list[Row]
    truth: frozenset[Link]


def two_agencies(issue: Issue, count: int) -> Loot:
    """Two agencies with the same clients, for whom the gateway made both symbols one after the other.

    Both ask about all of them in one night, in the order in which their databases have them: by symbol.
    """
    random, numbers = Random(20261121), TransactionNumbers()
    persons = [random.randbytes(12) for _ in range(count)]
    held = {person: (issue(person, CITY), issue(person, TAX)) for person in persons}
    ours = sorted((symbols[0], person) for person, symbols in held.items())
    theirs = sorted((symbols[1], person) for person, symbols in held.items())
    place = {person: j for j, (_, person) in enumerate(theirs)}
    truth = frozenset((i, place[person]) for i, (_, person) in enumerate(ours))
    return Loot(_night(ours, numbers), _night(theirs, numbers), truth)


def _night(held: list[tuple[bytes, bytes]], numbers: TransactionNumbers) -> list[Row]:
    ask = Ask("elderly-premium", Desk("国保年金課", "一括照会"), "保険料の計算", ())
    start = datetime(2026, 11, 21, 13, tzinfo=UTC)
    times = (start + timedelta(milliseconds=5 * i) for i in range(len(held)))
    return [Row(symbol, numbers.next(at), at, _part(ask)) for (symbol, _), at in zip(held, times, strict=True)]


# --- attacks: each says which rows belong together


def same(feature: Callable[[Row], Hashable]) -> Callable[[Loot], Iterator[Link]]:
    """What is equal in both belongs together; where there are several, a guess among them."""

    def attack(loot: Loot) -> Iterator[Link]:
        places: dict[Hashable, list[int]] = defaultdict(list)
        for j, row in enumerate(loot.theirs):
            places[feature(row)].append(j)
        random = Random(7)
        for i, row in enumerate(loot.ours):
            if found := places.get(feature(row)):
                yield i, random.choice(found)

    return attack


def same_rank(feature: Callable[[Row], bytes | datetime]) -> Callable[[Loot], Iterator[Link]]:
    """The first here is the first there: what was made in one order, or used in one."""

    def attack(loot: Loot) -> Iterator[Link]:
        ours = sorted(range(len(loot.ours)), key=lambda i: feature(loot.ours[i]))
        theirs = sorted(range(len(loot.theirs)), key=lambda j: feature(loot.theirs[j]))
        yield from zip(ours, theirs, strict=True)

    return attack


def nearest(feature: Callable[[Row], int]) -> Callable[[Loot], Iterator[Link]]:
    """What is nearest in number belongs together."""

    def attack(loot: Loot) -> Iterator[Link]:
        values = sorted((feature(row), j) for j, row in enumerate(loot.theirs))
        for i, row in enumerate(loot.ours):
            value = feature(row)
            at = bisect_left(values, (value, 0))
            yield i, min(values[max(at - 1, 0) : at + 1], key=lambda one: abs(one[0] - value))[1]

    return attack


def fewest_bits(loot: Loot) -> Iterator[Link]:
    """What differs in the fewest bits belongs together; for some, because it takes long."""
    theirs = [_number(row.symbol) for row in loot.theirs]
    for i in range(0, len(loot.ours), max(1, len(loot.ours) // 200)):
        value = _number(loot.ours[i].symbol)
        yield i, min(range(len(theirs)), key=lambda j: (theirs[j] ^ value).bit_count())


def from_one_known(
    change: Callable[[int, int], int], undo: Callable[[int, int], int]
) -> Callable[[Loot], Iterator[Link]]:
    """A clerk knows himself in both, and applies what makes the one of the other to everybody."""

    def attack(loot: Loot) -> Iterator[Link]:
        known = min(loot.truth)
        difference = change(_number(loot.ours[known[0]].symbol), _number(loot.theirs[known[1]].symbol))
        places = {_number(row.symbol): j for j, row in enumerate(loot.theirs)}
        for i, row in enumerate(loot.ours):
            j = places.get(undo(_number(row.symbol), difference))
            if i != known[0] and j is not None:
                yield i, j

    return attack


def _number(symbol: bytes) -> int:
    return int.from_bytes(symbol)


WHOLE = 1 << 264
ATTACKS: dict[str, Callable[[Loot], Iterator[Link]]] = {
    "equal symbols": same(lambda row: row.symbol),
    **{f"equal first {n} bytes": same(lambda row, n=n: row.symbol[1 : 1 + n]) for n in (1, 2, 4, 8, 16)},  # type: ignore[misc]
    **{f"equal last {n} bytes": same(lambda row, n=n: row.symbol[-n:]) for n in (1, 2, 4, 8, 16)},  # type: ignore[misc]
    "equal bytes in another order": same(lambda row: bytes(sorted(row.symbol))),
    "rank of symbols": same_rank(lambda row: row.symbol),
    "rank of their second halves": same_rank(lambda row: row.symbol[17:]),
    "nearest symbol": nearest(lambda row: _number(row.symbol)),
    "nearest second half": nearest(lambda row: _number(row.symbol[17:])),
    "fewest bits that differ": fewest_bits,
    "one known, by difference of bits": from_one_known(lambda a, b: a ^ b, lambda a, d: a ^ d),
    "one known, by difference": from_one_known(lambda a, b: b - a, lambda a, d: (a + d) % WHOLE),
    "order of exchanges": same_rank(lambda row: row.at),
    "rank of transaction numbers": same_rank(lambda row: row.number),
    "nearest transaction number": nearest(lambda row: int.from_bytes(row.number)),
    "equal transaction numbers": same(lambda row: row.number),
    "same moment": same(lambda row: row.at),
    "equal salts": same(lambda row: row.part.salt),
    "equal commitments": same(lambda row: commitment(row.part)),
    "desk and purpose": same(lambda row: (row.part.department, row.part.terminal, row.part.purpose)),
    "lengths": same(lambda row: (len(row.symbol), len(row.number), len(row.part.salt), len(row.part.purpose))),
}


def right(attack: Callable[[Loot], Iterator[Link]], loot: Loot) -> int:
    """How many links an attack gets right."""
    return len(set(attack(loot)) & loot.truth)


def by_chance() -> int:
    """How many right ones are still luck: who matches at random gets one right on average (Poisson).

    More than this happens by luck with a probability below LUCK, however many clients there are.
    """
    most, rest, term = 0, 1 - exp(-1), exp(-1)
    while rest > LUCK:
        most += 1
        term /= most
        rest -= term
    return most


def linked(loot: Loot, attacks: Sequence[str] = tuple(ATTACKS)) -> dict[str, int]:
    """The attacks that get more right than luck does, and how many."""
    counts = {name: right(ATTACKS[name], loot) for name in attacks}
    return {name: count for name, count in counts.items() if count > by_chance()}
