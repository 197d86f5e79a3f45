"""Evacuation notices: who issues them, what is in force, and what is refused."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from backend_kit import START, Clock, Machine, problem
from emergency_kit import HALL, ORDER, SCHOOL, Client, order

from backend_client.wire import EvacuationEnd, Level


@pytest.fixture
def city(machine: Machine) -> Client:
    return Client(machine("midori-city"), "/emergency")


@pytest.fixture
def box(people: httpx.AsyncClient) -> Client:
    return Client(people, "/emergency")


async def in_force(box: Client) -> list[str]:
    return [notice["id"] for notice in (await box.get("/state")).json()["notices"]]


async def test_a_notice_is_in_force_until_its_time_is_over(city: Client, box: Client, clock: Clock) -> None:
    notice = (await city.post("/notices", ORDER)).json()
    assert notice["sender"] == "みどり市 防災"
    assert await in_force(box) == [notice["id"]]
    clock.turn(hours=6)
    assert await in_force(box) == []


async def test_the_gravest_comes_first(city: Client, box: Client, clock: Clock) -> None:
    issued = {}
    for level in (Level.ELDERLY, Level.SAVE_LIFE, Level.EVERYBODY):
        issued[level] = (await city.post("/notices", order(level=level, area=level.name))).json()["id"]
        clock.turn(seconds=1)
    assert await in_force(box) == [issued[level] for level in (Level.SAVE_LIFE, Level.EVERYBODY, Level.ELDERLY)]


async def test_a_newer_one_takes_the_place_of_the_areas(city: Client, box: Client) -> None:
    await city.post("/notices", order(level=Level.ELDERLY))
    newer = (await city.post("/notices", ORDER)).json()["id"]
    assert await in_force(box) == [newer]


async def test_all_clear(city: Client, box: Client) -> None:
    notice = (await city.post("/notices", ORDER)).json()["id"]
    for _ in range(2):  # the second time it has ended already
        assert (await city.post("/ends", EvacuationEnd(notice=notice))).status_code == 204
    assert await in_force(box) == []
    assert problem(await city.post("/ends", EvacuationEnd(notice="none"))) == (404, "not_found")


@pytest.mark.parametrize(
    "wrong",
    [
        order(valid_until=START),
        order(valid_until=START - timedelta(hours=1)),
        order(valid_until=START + timedelta(days=15)),
        order(shelters=(SCHOOL, SCHOOL, HALL)),
    ],
    ids=["expired on arrival", "long expired", "for ever", "a shelter twice"],
)
async def test_a_notice_that_cannot_be(city: Client, box: Client, wrong: object) -> None:
    assert problem(await city.post("/notices", wrong)) == (409, "content_wrong")
    assert await in_force(box) == []


async def test_only_the_municipality(box: Client, machine: Machine) -> None:
    assert problem(await box.post("/notices", ORDER)) == (401, "machine_unknown")
    other = Client(machine("midori-tax"), "/emergency")
    assert problem(await other.post("/notices", ORDER)) == (401, "machine_unknown")
    assert problem(await other.get("/evacuees")) == (401, "machine_unknown")


async def test_markup_and_length_are_only_text(city: Client, box: Client) -> None:
    line = "<b>にげて</b>&amp;" + "あ" * 180
    await city.post("/notices", order(lines=(line,) * 20))
    (notice,) = (await box.get("/state")).json()["notices"]
    assert notice["lines"] == [line] * 20
    assert problem(await city.post("/notices", order(lines=(line,) * 21))) == (400, "bad_request")
    assert problem(await city.post("/notices", order(lines=("二行\nです",)))) == (400, "bad_request")
