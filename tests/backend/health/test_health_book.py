"""The health book: empty for who is new, filled for who came to the counter, and nothing that cannot be."""

from __future__ import annotations

from base64 import b64encode
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from backend_kit import Cards, Clock, Machine, Visitor, problem
from guest_kit import Guest

from backend_client.wire import BloodPressures, CheckUps, CounterRegistration, NewBloodPressure, Steps
from backend_stub.town import Town, body_folder

SERVICE = ("health", "/health-book")


@pytest.fixture
async def guest(people: httpx.AsyncClient, card: Cards) -> Guest:
    """Came with a pass first."""
    visitor = Visitor(people, card("first"))
    await visitor.come_in()
    return await Guest(visitor, *SERVICE).come_in()


@pytest.fixture
async def hanako(town: Town, people: httpx.AsyncClient, card: Cards, machine: Machine) -> Guest:
    """Let the service in at the counter and brought her figures along."""
    visitor = Visitor(people, card("adult"))
    request = CounterRegistration(certificate=b64encode(visitor.card.der).decode(), partners=("health",))
    await machine("midori-city").post("/portal/counter-registrations", content=msgspec.json.encode(request))
    await town.health.fill()
    await visitor.sign_in()
    return await Guest(visitor, *SERVICE).come_in()


async def steps(guest: Guest) -> Steps:
    return msgspec.json.decode((await guest.get("/steps")).content, type=Steps)


async def pressures(guest: Guest) -> BloodPressures:
    return msgspec.json.decode((await guest.get("/blood-pressure")).content, type=BloodPressures)


async def check_ups(guest: Guest) -> CheckUps:
    return msgspec.json.decode((await guest.get("/check-ups")).content, type=CheckUps)


def today(clock: Clock) -> date:
    return (clock() + timedelta(hours=9)).date()


async def test_a_new_book_is_empty(guest: Guest, clock: Clock) -> None:
    assert await steps(guest) == Steps(today=today(clock), days=())
    assert (await pressures(guest)).readings == ()
    assert (await check_ups(guest)).check_ups == ()


async def test_no_session_shows_nothing(guest: Guest) -> None:
    guest.session = "another"
    for path in ("/steps", "/blood-pressure", "/check-ups"):
        assert problem(await guest.get(path)) == (401, "session_unknown")
    refused = await guest.post("/blood-pressure", NewBloodPressure(upper=120, lower=70))
    assert problem(refused) == (401, "session_unknown")


async def test_steps_of_the_days_that_are_over(hanako: Guest, clock: Clock) -> None:
    days = (await steps(hanako)).days
    assert [one.day for one in days] == [today(clock) - timedelta(days=ago) for ago in range(27, 0, -1)]
    assert all(2000 < one.steps < 9000 for one in days)
    assert sum(one.steps for one in days[-7:]) > sum(one.steps for one in days[-14:-7])


async def test_the_pedometer_goes_on_counting_and_never_counts_anew(hanako: Guest, clock: Clock) -> None:
    before = (await steps(hanako)).days
    clock.turn(hours=72)
    await hanako.visitor.sign_in()
    after = (await steps(await hanako.come_in())).days
    assert after[:-3] == before[3:]
    assert after[-1].day == today(clock) - timedelta(days=1)


async def test_what_was_brought_along_is_brought_once(hanako: Guest, town: Town, clock: Clock) -> None:
    readings, past = await pressures(hanako), await check_ups(hanako)
    assert len(readings.readings) == 28
    assert [one.at for one in readings.readings] == sorted(one.at for one in readings.readings)
    assert [one.day for one in past.check_ups] == sorted((one.day for one in past.check_ups), reverse=True)
    assert len(past.check_ups) == 3
    assert timedelta() < today(clock) - past.check_ups[0].day < timedelta(days=367)
    assert {item.name for one in past.check_ups for item in one.items if not item.within} == {
        "血糖（HbA1c）", "悪玉コレステロール",
    }  # fmt: skip
    clock.turn(minutes=5)
    await town.health.fill()
    assert await pressures(hanako) == readings


async def test_who_came_with_a_pass_first_keeps_an_empty_book(guest: Guest, town: Town) -> None:
    await guest.get("/steps")
    await town.health.fill()
    assert (await pressures(guest)).readings == ()


async def test_a_reading_is_kept_with_its_time(guest: Guest, clock: Clock) -> None:
    assert (await guest.post("/blood-pressure", NewBloodPressure(upper=134, lower=82))).status_code == 204
    (reading,) = (await pressures(guest)).readings
    assert (reading.at, reading.upper, reading.lower) == (clock(), 134, 82)


async def test_a_reading_that_is_sent_twice_is_one(guest: Guest, clock: Clock) -> None:
    for later_s, upper in ((0, 134), (30, 134), (0, 135), (0, 134), (61, 134)):
        clock.turn(seconds=later_s)
        answer = await guest.post("/blood-pressure", NewBloodPressure(upper=upper, lower=82))
        assert answer.status_code == 204
    assert [one.upper for one in (await pressures(guest)).readings] == [134, 135, 134, 134]


async def test_the_newest_28_readings_are_told(guest: Guest, clock: Clock) -> None:
    for upper in range(100, 130):
        clock.turn(seconds=10)
        await guest.post("/blood-pressure", NewBloodPressure(upper=upper, lower=60))
    assert [one.upper for one in (await pressures(guest)).readings] == list(range(102, 130))


@pytest.mark.parametrize(
    ("upper", "lower"), [(0, 0), (999, 80), (120, 0), (80, 120), (90, 90), (59, 40), (281, 90), (120, 29), (270, 181)]
)
async def test_what_no_living_arm_has_is_refused(guest: Guest, upper: int, lower: int) -> None:
    refused = await guest.post("/blood-pressure", NewBloodPressure(upper=upper, lower=lower))
    assert problem(refused) == (409, "reading_impossible")
    assert (await pressures(guest)).readings == ()


@pytest.mark.parametrize("content", [{}, {"upper": 120}, {"upper": "120", "lower": 70}, {"upper": 12e400, "lower": 7}])
async def test_what_cannot_be_read_is_a_bad_request(guest: Guest, content: dict[str, Any]) -> None:
    refused = await guest.post("/blood-pressure", content)
    assert problem(refused) == (400, "bad_request")


async def test_the_book_names_nobody(hanako: Guest, data: Path) -> None:
    await steps(hanako)
    kept = b"".join(file.read_bytes() for file in body_folder(data, "health").rglob("*") if file.is_file())
    assert hanako.visitor.card.serial.encode() not in kept
    for name in ("見本", "花子", "ミホン", "ハナコ", "1944"):
        assert name.encode() not in kept
