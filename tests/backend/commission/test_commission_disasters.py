"""Disaster orders: given by the commission's staff, carried out by the gateway, recorded by both."""

from __future__ import annotations

from datetime import datetime, timedelta

import httpx
import msgspec
import pytest
from backend_kit import problem
from commission_kit import CITY, Seeded

from backend_client import wire
from backend_stub.agencies.file import Ask, Desk
from backend_stub.body import Refusal

ASK = Ask("disaster-care", Desk("防災課", "防災-01"), "避難の支援", ("last-try",))


async def give(
    town: Seeded, order: str = "D-1", words: str = "みどり川の洪水", until: datetime | None = None
) -> httpx.Response:
    message = wire.DisasterOrder(order=order, words=words, until=until or town.clock.now + timedelta(days=3))
    return await town.staff.post("/commission/disasters", content=msgspec.json.encode(message))


async def end(town: Seeded, order: str = "D-1") -> httpx.Response:
    return await town.staff.post(
        "/commission/disaster-ends", content=msgspec.json.encode(wire.DisasterEnd(order=order))
    )


async def record(town: Seeded) -> tuple[wire.DisasterEntry, ...]:
    answer = await town.people.get("/commission/disasters")
    return msgspec.json.decode(answer.content, type=wire.DisasterRecord).orders


async def allowed(town: Seeded) -> bool:
    """Whether the city may ask under the disaster exception now."""
    async with town.machine(CITY) as city:
        laws = msgspec.json.decode((await city.get("/gateway/laws")).content, type=wire.LawList).laws
    return next(law.open_now for law in laws if law.id == ASK.law)


async def test_an_order_opens_and_closes_the_exception_and_is_public(seeded: Seeded) -> None:
    assert not await allowed(seeded)
    assert (await give(seeded)).status_code == 204
    assert await allowed(seeded)
    opened = seeded.clock.now
    await seeded.ask(CITY, ASK)
    seeded.clock.turn(hours=1)
    assert (await end(seeded)).status_code == 204
    assert not await allowed(seeded)
    (entry,) = await record(seeded)
    assert (entry.order, entry.words) == ("D-1", "みどり川の洪水")
    assert (entry.opened, entry.ended) == (opened, opened + timedelta(hours=1))
    assert await seeded.review() == (), "all of it under the commission's own order"


async def test_an_exception_of_the_gateways_own_making_is_found(seeded: Seeded) -> None:
    await give(seeded)
    await seeded.ask(CITY, ASK)
    seeded.sql("commission", "DELETE FROM disasters")
    assert await seeded.rules() == {("disaster_outside", "gateway"), ("disaster_outside", CITY)}


async def test_an_order_that_the_gateway_refuses_is_recorded_as_not_opened(seeded: Seeded) -> None:
    answer = await give(seeded, until=seeded.clock.now)
    assert problem(answer) == (403, "order_expired")
    assert answer.json()["origin"] == "gateway"
    assert [entry.opened for entry in await record(seeded)] == [None]
    assert problem(await end(seeded, "D-9")) == (404, "not_found")


async def test_an_order_counts_once(seeded: Seeded) -> None:
    await give(seeded)
    assert problem(await give(seeded)) == (403, "order_expired")
    assert len(await record(seeded)) == 1


async def test_when_the_gateways_answer_is_lost_its_log_says_since_when_it_was_open(
    seeded: Seeded, monkeypatch: pytest.MonkeyPatch
) -> None:
    peers = seeded.town._setups["commission"].peers
    ask = type(peers).ask

    async def lost(self: object, body: str, path: str, *rest: object) -> object:
        answer = await ask(self, body, path, *rest)  # type: ignore[arg-type]
        if path == "/disasters":
            raise Refusal("peer_unavailable", body)
        return answer

    with monkeypatch.context() as patch:
        patch.setattr(type(peers), "ask", lost)
        assert problem(await give(seeded))[1] == "peer_unavailable"
    assert [entry.opened for entry in await record(seeded)] == [None]
    assert await allowed(seeded)
    await seeded.ask(CITY, ASK)
    assert await seeded.review() == ()


async def test_only_the_staff_gives_orders(seeded: Seeded) -> None:
    message = msgspec.json.encode(wire.DisasterOrder(order="D-1", words="", until=seeded.clock.now + timedelta(days=1)))
    async with seeded.machine(CITY) as city:
        for client in (city, seeded.people):
            assert problem(await client.post("/commission/disasters", content=message))[0] == 401
    assert await record(seeded) == ()
