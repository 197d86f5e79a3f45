"""The witness: a log that forks, shrinks, is signed by somebody else, or has other leaves than its heads."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256

import msgspec
import pytest
from backend_kit import START, problem
from commission_kit import CITY, RELAY, Seeded
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from backend_client import wire
from backend_client.wire.log import signed_part
from backend_stub.commission import collector
from backend_stub.commission.growth import Growth
from backend_stub.gateway.log.tree import Tree
from backend_stub.setups import body_folder

Change = Callable[[wire.SignedHead], wire.SignedHead]


async def head(town: Seeded) -> wire.SignedHead:
    await town.settled()
    return msgspec.json.decode((await town.people.get("/gateway/head")).content, type=wire.SignedHead)


async def push(town: Seeded, pushed: wire.SignedHead) -> None:
    async with town.machine("gateway") as gateway:
        answer = await gateway.post("/commission/heads", content=msgspec.json.encode(pushed))
        assert answer.status_code == 204, answer.text


def signed(town: Seeded, one: wire.SignedHead, **changes: object) -> wire.SignedHead:
    """A head with changes, and the gateway's own signature on it: the gateway itself is the thief."""
    key = Ed25519PrivateKey.from_private_bytes((body_folder(town.data, "gateway") / "log.key").read_bytes())
    changed = msgspec.structs.replace(one, **changes)
    return msgspec.structs.replace(changed, signature=b64encode(key.sign(signed_part(changed))).decode())


def later(minutes: int = 1) -> str:
    return START.replace(hour=23, minute=minutes).isoformat(timespec="microseconds").replace("+00:00", "Z")


async def found(town: Seeded) -> list[tuple[str, str]]:
    return [(one.rule, one.body) for one in await town.findings()]


async def test_the_gateway_pushes_its_heads_and_everybody_can_read_the_newest(seeded: Seeded) -> None:
    await seeded.ask(CITY, RELAY)
    newest = await head(seeded)
    await push(seeded, newest)
    answer = await seeded.people.get("/commission/heads/latest")
    assert msgspec.json.decode(answer.content, type=wire.SignedHead) == newest
    assert await found(seeded) == []


async def test_heads_that_come_late_or_twice_are_in_order(seeded: Seeded) -> None:
    first = await head(seeded)
    await seeded.ask(CITY, RELAY)
    second = await head(seeded)
    for one in (second, first, second, first):
        await push(seeded, one)
    assert await found(seeded) == []


async def test_a_fork_is_found_and_kept_as_evidence(seeded: Seeded) -> None:
    one = await head(seeded)
    await push(seeded, one)
    for fork in (signed(seeded, one, root="ab" * 32), signed(seeded, one, size=one.size + 1, root="ab" * 32)):
        await push(seeded, fork)
        kept = seeded.sql("commission", "SELECT sound FROM heads WHERE root = ? AND size = ?", fork.root, fork.size)
        assert kept == [(0,)]
    assert await found(seeded) == [("head_inconsistent", "gateway")] * 2
    latest = await seeded.people.get("/commission/heads/latest")
    assert msgspec.json.decode(latest.content, type=wire.SignedHead) == one, "what was sound stays"


async def test_a_log_that_shrinks_is_found(seeded: Seeded) -> None:
    one = await head(seeded)
    await push(seeded, one)
    tree = Tree()
    tree.extend(row[0] for row in seeded.sql("gateway", "SELECT hash FROM leaves ORDER BY position LIMIT 5"))
    await push(seeded, signed(seeded, one, size=5, root=tree.root(5).hex(), at=later()))
    assert await found(seeded) == [("head_inconsistent", "gateway")]


async def test_a_head_by_another_key_is_found_and_not_kept(seeded: Seeded) -> None:
    one = await head(seeded)
    await push(seeded, one)
    key = Ed25519PrivateKey.generate()
    other = msgspec.structs.replace(one, size=one.size + 1, key=key.public_key().public_bytes_raw().hex())
    for forged in (
        msgspec.structs.replace(other, signature=b64encode(key.sign(signed_part(other))).decode()),
        msgspec.structs.replace(one, size=one.size + 2),
        msgspec.structs.replace(one, root="cd" * 32),
    ):
        await push(seeded, forged)
    assert {rule for rule, _ in await found(seeded)} == {"head_forged"}
    known = (one.size, one.root)
    assert [row for row in seeded.sql("commission", "SELECT size, root FROM heads") if row[0] >= known[0]] == [known]


@pytest.mark.parametrize(
    "change",
    [
        lambda leaf: msgspec.structs.replace(leaf, outcome="no_automatic_answer"),
        lambda leaf: msgspec.structs.replace(leaf, number="00" * 16),
    ],
)
async def test_leaves_that_are_not_those_of_the_head_are_found_and_not_kept(
    seeded: Seeded, change: Callable[[wire.Leaf], wire.Leaf], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Lying(wire.Leaves, frozen=True):
        def __post_init__(self) -> None:
            msgspec.structs.force_setattr(self, "leaves", (*self.leaves[:-1], change(self.leaves[-1])))

    monkeypatch.setattr(collector, "Leaves", Lying)
    await seeded.settled()
    seeded.clock.turn(minutes=15)
    review = wire.ReviewRequest(since=START, until=START.replace(hour=23))
    await seeded.staff.post("/commission/reviews", content=msgspec.json.encode(review))
    assert ("leaves_altered", "gateway") in await found(seeded)
    assert seeded.sql("commission", "SELECT count(*) FROM leaves") == [(0,)]


async def test_only_the_gateway_brings_heads(seeded: Seeded) -> None:
    one = msgspec.json.encode(await head(seeded))
    assert problem(await seeded.staff.post("/commission/heads", content=one)) == (403, "not_allowed")
    assert problem(await seeded.people.post("/commission/heads", content=one)) == (401, "machine_unknown")


@pytest.mark.parametrize("size", [0, 1, 2, 3, 4, 7, 8, 9, 31, 32, 100])
def test_the_tree_grows_as_the_gateways(size: int) -> None:
    hashes = [sha256(bytes([i])).digest() for i in range(size)]
    tree = Tree()
    tree.extend(hashes)
    assert Growth(hashes).root() == tree.root(size)
