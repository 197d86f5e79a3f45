"""kill -9 during load: `python tests/backend/conformance/kill_load.py TIMES` kills a gateway or a provider at random.

Exchanges by relay and by token and the issuing of symbols go on all the time; what was acknowledged is written down and
looked for in the end: in the gateway's log, in the requester's part, in the provider's part. The tree must verify from
its first leaf, and contain every head that was seen. Prints one JSON object; exit status 0 is: nothing was lost.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import tempfile
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import msgspec
from places import Place

from backend_client import wire
from backend_client.proof import check_consistency, leaf_hash, node_hash
from backend_stub.agencies import Agency
from backend_stub.agencies.file import Ask, Desk
from backend_stub.body import Refusal
from backend_stub.directory import make, read
from backend_stub.machines import Signer
from backend_stub.members import MEMBERS
from backend_stub.peers import Peers
from backend_stub.people import Resident, load_residents
from backend_stub.setups import body_folder, machine_key

SERVED = ("authority", "gateway", "midori-tax", "midori-city-tax")
KILLED = ("gateway", "gateway", "gateway", "midori-tax", "midori-city-tax")
CLERKS = ("midori-city", "midori-child", "midori-tax", "midori-city-tax")
DESK = Desk(department="試験係", terminal="試験-01")
WORK = (
    ("midori-city", "adult", "elderly-premium", "midori-tax"),
    ("midori-child", "not-yet", "child-income", "midori-city-tax"),
)
EXPECTED = {"peer_unavailable"}
"""All that anybody may hear of a body that was killed."""
PATIENCE_S = 30.0


@dataclass
class Book:
    """What was acknowledged."""

    numbers: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    """By requester and provider."""
    symbols: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    """By holder and resident."""
    heads: list[wire.SignedHead] = field(default_factory=list)
    refusals: Counter[str] = field(default_factory=Counter)
    kills: Counter[str] = field(default_factory=Counter)
    begun: asyncio.Event = field(default_factory=asyncio.Event)


class Load:
    """Work that goes on until it is `over`."""

    def __init__(self, place: Place, agencies: dict[str, Agency], book: Book) -> None:
        self._place = place
        self._agencies = agencies
        self._book = book
        self.over = False
        self._residents = load_residents()

    async def exchange(self, requester: str, resident: str, law: str, provider: str) -> None:
        """Ask the same over and over."""
        ask = Ask(law=law, desk=DESK, purpose="試験", residents=())
        while not self.over:
            with self._noted():
                self._book.begun.set()
                answer = await self._agencies[requester].ask(resident, ask)
                self._book.numbers[requester, provider].append(answer.transaction_number)
            await self._pause()

    async def symbols(self) -> None:
        """Get symbols of random people for random agencies, new ones and those that are there already."""
        known = {member.id: member for member in MEMBERS}
        ways = {body: self._place.directory.way(known[body]) for body in ("authority", "gateway")}
        try:
            while not self.over:
                holder, resident = random.choice(CLERKS), random.choice(self._residents)
                with self._noted():
                    symbol = await self._symbol(holder, resident, ways)
                    self._book.symbols[holder, resident.id].add(symbol)
                await self._pause()
        finally:
            for way in ways.values():
                await way.aclose()

    async def _symbol(self, holder: str, resident: Resident, ways: dict[str, object]) -> str:
        peers = Peers(Signer(holder, machine_key(body_folder(self._place.data, holder))), ways)  # type: ignore[arg-type]
        request = wire.MatchRequest(items=resident.items)
        number = await peers.ask("authority", "/acquisitions", request, wire.AcquisitionNumber, uuid4().hex)
        grant: wire.SymbolGrant = await peers.ask("gateway", "/symbols", number, wire.SymbolGrant, uuid4().hex)
        return grant.symbol

    @staticmethod
    async def _pause() -> None:
        """Whoever asks a body that is down does not ask it a thousand times a second."""
        await asyncio.sleep(random.uniform(0, 0.02))

    def _noted(self) -> _Noted:
        return _Noted(self._book)


class _Noted(suppress):
    """A refusal is written down; it ends nothing."""

    def __init__(self, book: Book) -> None:
        super().__init__(Refusal)
        self._book = book

    def __exit__(self, kind, error, trace):  # type: ignore[no-untyped-def]
        if isinstance(error, Refusal):
            self._book.refusals[error.code] += 1
        return super().__exit__(kind, error, trace)


async def run(times: int, data: Path, database: str = "") -> Book:
    """Kill so many times under load; then check everything. Raises AssertionError when something was lost."""
    place = Place(data, True, database)
    place.directory = read(make(data, 0, datetime.now(UTC)))
    book = Book()
    try:
        for body in SERVED:
            place.run(body)
        for body in SERVED:
            place.processes[body].ready()
        async with place.staff(*CLERKS) as agencies:
            await _enrol(agencies)
            await _killed_under_load(times, place, agencies, book)
        check(place, book)
    finally:
        place.close()
    return book


async def _enrol(agencies: dict[str, Agency]) -> None:
    people = {one.id: one for one in load_residents()}
    for requester, resident, _, provider in WORK:
        for agency in (requester, provider):
            await agencies[agency].enrol(resident, people[resident].items)


async def _killed_under_load(times: int, place: Place, agencies: dict[str, Agency], book: Book) -> None:
    load = Load(place, agencies, book)
    tasks = [asyncio.create_task(load.exchange(*work)) for work in WORK * 3]
    tasks.append(asyncio.create_task(load.symbols()))
    for _ in range(times):
        await _let_work(book, random.randint(1, 20))
        await asyncio.sleep(random.uniform(0, 0.01))  # anywhere in the way of a request
        body = random.choice(KILLED)
        process = place.kill(body)
        book.kills[body] += 1
        process.start()
        await asyncio.to_thread(process.ready)
        book.heads.append(_head(place))
    await _let_work(book, 5)
    load.over = True
    await asyncio.gather(*tasks)


async def _let_work(book: Book, requests: int) -> None:
    """Wait until so many more exchanges were acknowledged."""
    goal = sum(map(len, book.numbers.values())) + requests
    async with asyncio.timeout(PATIENCE_S):
        while sum(map(len, book.numbers.values())) < goal:
            book.begun.clear()
            await book.begun.wait()


def check(place: Place, book: Book) -> None:
    """Look for everything that was acknowledged."""
    assert set(book.refusals) <= EXPECTED, book.refusals
    numbers = [number for acknowledged in book.numbers.values() for number in acknowledged]
    assert len(set(numbers)) == len(numbers), "a transaction number was given twice"
    leaves = place.rows("gateway", "SELECT number, what, hash FROM leaves ORDER BY position")
    exchanges = [bytes(row.number) for row in leaves if row.what == "exchange"]
    assert len(set(exchanges)) == len(exchanges), "an exchange is in the log twice"
    assert {bytes.fromhex(number.replace("-", "")) for number in numbers} <= set(exchanges)
    for (requester, provider), acknowledged in book.numbers.items():
        asked = {row[0] for row in place.rows(requester, "SELECT transaction_number FROM asked WHERE outcome != ''")}
        provided = {row[0] for row in place.rows(provider, "SELECT transaction_number FROM provided")}
        assert set(acknowledged) <= asked & provided
    _check_symbols(book)
    _check_tree(place, book)


def _check_symbols(book: Book) -> None:
    owners: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for owner, symbols in book.symbols.items():
        assert len(symbols) == 1, "a person has two symbols at one agency"
        owners[next(iter(symbols))].add(owner)
    assert all(len(who) == 1 for who in owners.values()), "a symbol was issued twice"


def _check_tree(place: Place, book: Book) -> None:
    """The tree from its first leaf on, as the commission gets it, and every head that was seen is its beginning."""
    with place.client("gateway", "commission") as commission:
        leaves: list[wire.Leaf] = []
        while True:
            asked = wire.LeavesRequest(start=len(leaves))
            some = msgspec.json.decode(
                commission.post("/leaves", content=msgspec.json.encode(asked)).content, type=wire.Leaves
            )
            leaves += some.leaves
            if len(leaves) >= some.size:
                break
        newest = _head(place)
        assert newest.size <= len(leaves)
        assert _root([leaf_hash(leaf) for leaf in leaves[: newest.size]]) == newest.root
        for head in book.heads:
            if head.size:
                path = f"/consistency/{head.size}/{newest.size}"
                proof = msgspec.json.decode(commission.get(path).content, type=wire.Consistency)
                check_consistency(head, newest, proof)


def _root(hashes: list[bytes]) -> str:
    """Of RFC 9162, section 2.1.1."""
    if len(hashes) == 1:
        return hashes[0].hex()
    middle = 1 << (len(hashes) - 1).bit_length() - 1
    return node_hash(bytes.fromhex(_root(hashes[:middle])), bytes.fromhex(_root(hashes[middle:]))).hex()


def _head(place: Place) -> wire.SignedHead:
    with place.client("gateway") as client:
        return msgspec.json.decode(client.get("/head").content, type=wire.SignedHead)


def main() -> int:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    with tempfile.TemporaryDirectory(prefix="madoguchi-kills-") as folder:
        book = asyncio.run(run(times, Path(folder)))
    acknowledged = sum(map(len, book.numbers.values()))
    told = {"kills": dict(book.kills), "acknowledged": acknowledged, "refused": dict(book.refusals), "lost": 0}
    sys.stdout.write(json.dumps(told) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
