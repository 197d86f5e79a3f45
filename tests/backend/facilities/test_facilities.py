"""Looking, booking, waiting and cancelling, as a person meets it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest
from backend_kit import Clock, problem, unplug
from cryptography.x509 import ReasonFlags
from facilities_kit import MONDAY, TODAY, TOMORROW, TUESDAY, Guest, wish
from sqlalchemy import create_engine, text

from backend_client.wire import BookingState, Slot, SlotState
from backend_stub.authority.revocation import revoke
from backend_stub.setups import body_folder
from backend_stub.town import Town

Guests = Callable[[str], Awaitable[Guest]]
BOOKED, WAITING, CANCELLED = BookingState


@pytest.fixture
async def hanako(guest: Guests) -> Guest:
    return await guest("adult")


@pytest.fixture
async def taro(guest: Guests) -> Guest:
    return await guest("first")


# --- looking ---------------------------------------------------------------------------------------------------------


async def test_the_next_days_with_free_slots(hanako: Guest) -> None:
    opened = await hanako.days("gym")
    assert (opened.first, opened.last) == (TOMORROW, TODAY + timedelta(days=60))
    assert [each.day for each in opened.days[:3]] == [TOMORROW, TUESDAY, date(2026, 11, 25)]  # closed on Mondays
    assert opened.days[0].free == 6
    assert len(opened.days) == 14


async def test_a_day_on_which_all_is_booked_is_not_among_them(hanako: Guest) -> None:
    for slot in Slot:
        await hanako.book(wish("kita-shukai", slot=slot))
    assert (await hanako.days("meeting")).days[0].day == MONDAY


async def test_what_a_slot_says(hanako: Guest) -> None:
    use = (await hanako.slot(wish("chuo-hall", slot=Slot.EVENING))).use
    assert (use.facility, use.room_name, use.hours) == ("みどり中央公民館", "ホール", "18:00〜21:00")
    assert (use.fee_yen, use.seats, use.day) == (3600, 150, TOMORROW)


async def test_a_booked_slot_looks_otherwise_to_others(hanako: Guest, taro: Guest) -> None:
    wanted = wish()
    await hanako.book(wanted)
    assert (await hanako.slot(wanted)).state is SlotState.BOOKED
    assert (await taro.slot(wanted)).state is SlotState.TAKEN
    await taro.book(wish(wait=True))
    assert (await taro.slot(wanted)).state is SlotState.WAITING
    assert (await taro.slot(wanted)).waiting == 1


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/days/swimming", 400, "bad_request"),
        ("/slots/hall/tomorrow", 400, "bad_request"),
        ("/slots/hall/2027-02-29", 400, "bad_request"),
        ("/slots/hall/2026-11-20", 409, "day_closed"),
        ("/slots/hall/2026-11-21", 409, "day_closed"),
        ("/slots/hall/2027-01-21", 409, "day_closed"),
        ("/slots/gym/2026-11-23", 409, "day_closed"),
        ("/slots/hall/2027-01-01", 409, "day_closed"),
    ],
)
async def test_days_there_are_not(hanako: Guest, path: str, status: int, code: str) -> None:
    assert problem(await hanako.get(path)) == (status, code)


async def test_one_of_two_places_is_closed(hanako: Guest) -> None:
    assert (await hanako.days("hall")).days[1].day == MONDAY
    assert (await hanako.slot(wish("higashi-kaigi", MONDAY))).state is SlotState.FREE


@pytest.mark.parametrize("path", ["/days/hall", "/slots/hall/2026-11-22", "/bookings"])
async def test_nobody_looks_without_a_pass(people: httpx.AsyncClient, path: str) -> None:
    assert problem(await people.get(f"/facilities{path}")) == (401, "session_unknown")


# --- booking ---------------------------------------------------------------------------------------------------------


async def test_a_booking_has_a_number_for_the_counter(hanako: Guest) -> None:
    booked = await hanako.book(wish())
    assert (booked.state, booked.cancel_until) == (BOOKED, TODAY)
    assert len(booked.number) == len("0000-0000")
    assert await hanako.bookings() == (booked,)


async def test_a_taken_slot_is_refused(hanako: Guest, taro: Guest) -> None:
    await hanako.book(wish())
    assert problem(await taro.ask(wish())) == (409, "slot_taken")
    assert await taro.bookings() == ()


async def test_the_same_wish_sent_again_books_once(hanako: Guest) -> None:
    wanted = wish()
    assert await hanako.book(wanted) == await hanako.book(wanted)
    assert len(await hanako.bookings()) == 1


async def test_the_same_wish_sent_twice_at_once_books_once(hanako: Guest) -> None:
    wanted = wish()
    first, second = await asyncio.gather(hanako.book(wanted), hanako.book(wanted))
    assert first == second
    assert len(await hanako.bookings()) == 1


async def test_a_key_belongs_to_one_wish_of_one_person(hanako: Guest, taro: Guest) -> None:
    await hanako.book(wish(key="one"))
    assert problem(await hanako.ask(wish(slot=Slot.EVENING, key="one"))) == (409, "content_wrong")
    assert (await taro.book(wish(slot=Slot.EVENING, key="one"))).state is BOOKED


async def test_nobody_books_a_slot_twice(hanako: Guest) -> None:
    await hanako.book(wish())
    assert problem(await hanako.ask(wish())) == (409, "not_possible")
    assert problem(await hanako.ask(wish(wait=True))) == (409, "not_possible")


@pytest.mark.parametrize(
    ("room", "day", "slot"),
    [
        ("chuo-washitsu", TODAY, Slot.MORNING),
        ("chuo-washitsu", date(2026, 11, 20), Slot.MORNING),
        ("chuo-washitsu", date(2027, 1, 21), Slot.MORNING),
        ("chuo-washitsu", MONDAY, Slot.MORNING),
        ("chuo-washitsu", date(2026, 12, 31), Slot.MORNING),
        ("tosho-kaigi", TOMORROW, Slot.EVENING),
        ("nowhere", TOMORROW, Slot.MORNING),
    ],
)
async def test_what_cannot_be_booked(hanako: Guest, room: str, day: date, slot: Slot) -> None:
    assert problem(await hanako.ask(wish(room, day, slot))) == (409, "day_closed")
    assert await hanako.bookings() == ()


async def test_three_are_enough(hanako: Guest, taro: Guest, clock: Clock) -> None:
    await taro.book(wish(slot=Slot.EVENING))
    await hanako.book(wish())
    await hanako.book(wish(slot=Slot.EVENING, wait=True))
    third = await hanako.book(wish(day=TUESDAY))
    assert problem(await hanako.ask(wish(slot=Slot.AFTERNOON))) == (409, "booking_limit")
    await hanako.cancel(third.number)
    assert (await hanako.book(wish(slot=Slot.AFTERNOON))).state is BOOKED
    clock.turn(days=2)  # what is over no longer counts
    await hanako.visitor.sign_in()
    await hanako.enter()
    assert (await hanako.book(wish(day=TUESDAY, slot=Slot.EVENING))).state is BOOKED


# --- the card --------------------------------------------------------------------------------------------------------


async def test_a_card_revoked_since_signing_in_books_nothing(hanako: Guest, data: Path, clock: Clock) -> None:
    wanted = wish()
    done = await hanako.book(wanted)
    database = create_engine(f"sqlite:///{body_folder(data, 'authority') / 'authority.db'}")
    revoke(database, int(hanako.visitor.card.serial), ReasonFlags.key_compromise, clock())
    database.dispose()
    assert problem(await hanako.ask(wish(day=TUESDAY))) == (403, "certificate_revoked")
    assert await hanako.book(wanted) == done  # what was done before is only told again


async def test_a_card_that_expires_while_its_holder_chooses(guest: Guests, clock: Clock) -> None:
    hanako = await guest("adult")
    clock.now = hanako.visitor.card.certificate.not_valid_after_utc - timedelta(minutes=1)
    await hanako.visitor.sign_in()
    await hanako.enter()
    clock.turn(minutes=2)
    day = (await hanako.days("meeting")).first
    assert problem(await hanako.ask(wish("kita-shukai", day))) == (403, "certificate_expired")


async def test_without_the_authority_nothing_is_booked(hanako: Guest, town: Town) -> None:
    unplug(town, "/authority")
    assert problem(await hanako.ask(wish())) == (502, "peer_unavailable")
    assert await hanako.bookings() == ()


# --- waiting and cancelling ------------------------------------------------------------------------------------------


async def test_who_waits_first_gets_it_and_is_told(hanako: Guest, taro: Guest, guest: Guests) -> None:
    third = await guest("child")
    held = await hanako.book(wish())
    waits = await taro.book(wish(wait=True))
    later = await third.book(wish(wait=True))
    assert (waits.state, waits.ahead, later.ahead) == (WAITING, 0, 1)
    assert (await hanako.cancel(held.number)).json()["state"] == "cancelled"
    (told,) = await taro.bookings()
    assert (told.number, told.state, told.moved_up) == (waits.number, BOOKED, True)
    (still,) = await third.bookings()
    assert (still.state, still.ahead, still.moved_up) == (WAITING, 0, False)
    await taro.cancel(told.number)
    assert [each.state for each in await third.bookings()] == [BOOKED]
    await third.cancel(later.number)
    assert (await hanako.slot(wish())).state is SlotState.FREE


async def test_waiting_for_what_is_free_books_it(hanako: Guest) -> None:
    booked = await hanako.book(wish(wait=True))
    assert (booked.state, booked.moved_up) == (BOOKED, False)


async def test_who_no_longer_waits_is_passed_over(hanako: Guest, taro: Guest) -> None:
    held = await hanako.book(wish())
    waits = await taro.book(wish(wait=True))
    await taro.cancel(waits.number)
    await hanako.cancel(held.number)
    assert await taro.bookings() == ()
    assert (await taro.slot(wish())).state is SlotState.FREE


async def test_cancelling_twice_is_as_good_as_once(hanako: Guest, taro: Guest) -> None:
    held = await hanako.book(wish())
    first, again = await hanako.cancel(held.number), await hanako.cancel(held.number)
    assert first.json() == again.json()
    other = await taro.book(wish())
    assert (await hanako.cancel(held.number)).is_success
    assert await taro.bookings() == (other,)


async def test_nobody_cancels_what_is_anothers(hanako: Guest, taro: Guest) -> None:
    held = await hanako.book(wish())
    assert problem(await taro.cancel(held.number)) == (404, "not_found")
    assert problem(await taro.cancel("0000 no such")) == (404, "not_found")
    assert await hanako.bookings() == (held,)


async def test_on_the_day_it_is_too_late(hanako: Guest, clock: Clock) -> None:
    held = await hanako.book(wish())
    clock.turn(hours=15)  # midnight in Japan
    await hanako.visitor.sign_in()
    await hanako.enter()
    assert problem(await hanako.cancel(held.number)) == (409, "cancel_late")
    assert await hanako.bookings() == (held,)
    clock.turn(days=1)
    await hanako.visitor.sign_in()
    await hanako.enter()
    assert await hanako.bookings() == ()


async def test_the_body_knows_nobodys_name(hanako: Guest, data: Path) -> None:
    await hanako.book(wish())
    database = create_engine(f"sqlite:///{body_folder(data, 'facilities') / 'facilities.db'}")
    with database.connect() as connection:
        kept = " ".join(map(str, connection.execute(text("SELECT * FROM bookings")).one()))
    database.dispose()
    assert "見本" not in kept
    assert hanako.visitor.card.serial not in kept
