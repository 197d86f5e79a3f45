"""避難しました: reported by pass, counted by shelter, named by the authority, taken back, forgotten."""

from __future__ import annotations

import httpx
import pytest
from backend_kit import Cards, Clock, Machine, Visitor, problem
from emergency_kit import ORDER, Client, let_in

from backend_client.wire import EvacuationReport


@pytest.fixture
def city(machine: Machine) -> Client:
    return Client(machine("midori-city"), "/emergency")


@pytest.fixture
async def notice(city: Client) -> str:
    return str((await city.post("/notices", ORDER)).json()["id"])


@pytest.fixture
async def hanako(people: httpx.AsyncClient, card: Cards) -> Client:
    visitor = Visitor(people, card("adult"))
    await visitor.come_in()
    return await let_in(visitor, "emergency")


async def test_reported_counted_and_named(hanako: Client, city: Client, notice: str) -> None:
    answer = await hanako.post("/evacuations", EvacuationReport(notice=notice, shelter="school", people=3))
    assert answer.json()["shelter"] == "みどり小学校"
    assert (await hanako.get("/evacuations")).json()["evacuation"]["people"] == 3
    assert (await city.get("/counts")).json()["shelters"] == [{"shelter": "みどり小学校", "people": 3, "reports": 1}]
    (evacuee,) = (await city.get("/evacuees")).json()["people"]
    assert evacuee["name"]
    assert evacuee["address"]
    assert evacuee["evacuation"]["shelter"] == "みどり小学校"


async def test_the_newest_report_counts_and_can_be_taken_back(hanako: Client, city: Client, notice: str) -> None:
    await hanako.post("/evacuations", EvacuationReport(notice=notice, shelter="school", people=3))
    await hanako.post("/evacuations", EvacuationReport(notice=notice, shelter="", people=2))
    assert (await city.get("/counts")).json()["shelters"] == [{"shelter": "", "people": 2, "reports": 1}]
    for _ in range(2):
        assert (await hanako.post("/evacuations/undo")).status_code == 204
    assert (await hanako.get("/evacuations")).json()["evacuation"] is None
    assert (await city.get("/counts")).json()["shelters"] == []


async def test_what_cannot_be_reported(hanako: Client, city: Client, notice: str) -> None:
    wrong = EvacuationReport(notice=notice, shelter="nowhere", people=1)
    assert problem(await hanako.post("/evacuations", wrong)) == (404, "not_found")
    await city.post("/ends", {"notice": notice})
    late = EvacuationReport(notice=notice, shelter="school", people=1)
    assert problem(await hanako.post("/evacuations", late)) == (409, "not_possible")


async def test_nobody_without_a_pass(people: httpx.AsyncClient, notice: str) -> None:
    box = Client(people, "/emergency")
    report = EvacuationReport(notice=notice, shelter="school", people=1)
    assert problem(await box.post("/evacuations", report)) == (401, "session_unknown")
    assert problem(await box.get("/evacuations")) == (401, "session_unknown")


async def test_a_report_is_forgotten(people: httpx.AsyncClient, hanako: Client, city: Client, clock: Clock) -> None:
    notice = (await city.post("/notices", ORDER)).json()["id"]
    await hanako.post("/evacuations", EvacuationReport(notice=notice, shelter="school", people=3))
    clock.turn(days=31)
    assert (await city.get("/evacuees")).json()["people"] == []
