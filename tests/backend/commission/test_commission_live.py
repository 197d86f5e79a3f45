"""Misuse planted in a town at work, and found: by following the gateway live, and by reviews."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import msgspec
import pytest
from commission_kit import CHILD, CITY, CITY_TAX, RELAY, TAX, TOKEN, Seeded

from backend_client import wire
from backend_stub.commission.thresholds import read_thresholds


@pytest.fixture
async def followed(seeded: Seeded, monkeypatch: pytest.MonkeyPatch) -> Seeded:
    """The town with a commission that follows live, and has caught up."""
    monkeypatch.setattr("backend_stub.commission.following.FIRST_WAIT_S", 0.01)
    seeded.town.start()
    await leaves(seeded)
    return seeded


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait until an asynchronous condition holds."""
    async with asyncio.timeout(10):
        while not await condition():  # noqa: ASYNC110 - it comes to be in a database
            await asyncio.sleep(0.005)


async def leaves(town: Seeded) -> None:
    """Wait until the commission has all leaves."""

    async def all_there() -> bool:
        count = "SELECT count(*) FROM leaves"
        return bool(town.sql("commission", count) == town.sql("gateway", count))

    await until(all_there)


async def finding(town: Seeded, rule: str) -> wire.Finding:
    """Wait until something is found by a rule; gives it."""

    async def there() -> bool:
        return rule in {one.rule for one in await town.findings()}

    await until(there)
    return next(one for one in await town.findings() if one.rule == rule)


async def wrong_symbol(town: Seeded) -> None:
    """The city presents the tax office's symbol."""
    symbol = town.sql(TAX, "SELECT symbol FROM clients")[0][0]
    async with town.machine(CITY) as city:
        request = wire.ExchangeRequest(law="elderly-premium", symbol=symbol, commitment="A" * 43 + "=")
        assert (await city.post("/gateway/exchanges", content=msgspec.json.encode(request))).status_code == 403


@pytest.mark.logs("alarm: wrong_symbol")
async def test_a_symbol_of_another_body_is_found_as_it_happens(followed: Seeded) -> None:
    await wrong_symbol(followed)
    one = await finding(followed, "wrong_symbol")
    assert one.body == CITY


@pytest.mark.logs("alarm: wrong_symbol")
@pytest.mark.logs("the gateway's log was not followed")
async def test_what_happens_while_the_line_is_down_is_not_lost(
    followed: Seeded, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway = followed.town._setups["commission"].peers._clients["gateway"]
    send = gateway.send

    async def down(request: httpx.Request, **how: object) -> httpx.Response:
        raise httpx.ConnectError("down")

    (commission,) = (body for body in followed.town.bodies if body.name == "commission")
    assert commission.start is not None
    assert commission.close is not None
    with monkeypatch.context() as patch:
        patch.setattr(gateway, "send", down)
        await commission.close()
        commission.start()
        await wrong_symbol(followed)
        await followed.ask(CITY, RELAY)
        assert await followed.findings() == ()
    assert gateway.send == send
    await finding(followed, "wrong_symbol")
    await leaves(followed)


async def test_hours_that_are_over_are_reviewed_without_being_asked(followed: Seeded) -> None:
    await followed.ask(CITY, RELAY, terminal="国保-夜")
    followed.sql(CITY, "UPDATE asked SET department = '不明' WHERE terminal = '国保-夜'")
    followed.clock.turn(hours=2)
    await followed.ask(CITY, RELAY)
    one = await finding(followed, "part_mismatch")
    assert one.body == CITY


async def test_leaves_are_fetched_as_soon_as_their_head_is_signed(
    followed: Seeded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend_stub.gateway.log.heads.EVERY_S", 0.5)
    await followed.ask(CITY, RELAY, 2)
    await leaves(followed)
    monkeypatch.setattr("backend_stub.gateway.log.heads.EVERY_S", 0.01)


async def test_night_volume_and_curiosity_in_the_agencies_own_parts(seeded: Seeded) -> None:
    most = read_thresholds().volume.per_hour
    await seeded.ask(CITY, RELAY, most + 1, terminal="国保-01")
    seeded.clock.turn(hours=13)
    await seeded.ask(CHILD, TOKEN, terminal="児童-02")
    await seeded.town.agencies[CITY_TAX].outbox.post()
    assert await seeded.rules() == {("volume", CITY), ("one_person", CITY), ("night_access", CHILD)}


async def test_the_stream_ends_when_the_commission_stops(followed: Seeded) -> None:
    before = len(asyncio.all_tasks())
    (commission,) = (body for body in followed.town.bodies if body.name == "commission")
    assert commission.close is not None
    await commission.close()
    assert len(asyncio.all_tasks()) < before


async def test_a_law_tuple_that_wakes_up_after_long_is_found(seeded: Seeded) -> None:
    past = "2026-01-01T00:00:00.000000+00:00"
    seeded.sql("commission", "UPDATE law_tuples SET since = ? WHERE law = ?", past, RELAY.law)
    (one,) = await seeded.review()
    assert (one.rule, one.body) == ("never_used", CITY)
    assert one.words == "midori-city is the first to use elderly-premium, known since 2026-01-01"
