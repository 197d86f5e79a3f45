"""施設の予約: rooms of the city by kind and day, booking and waiting, what is booked, cancelling."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date

from backend_client import wire
from backend_client.service import Service
from kiosk.desk import Back, Desk
from kiosk.flows import booking_screens as screens
from kiosk.flows.asking import ask, tell, working
from kiosk.flows.phone import hand_over
from kiosk.problems import Situation


async def booking(desk: Desk, person: wire.SignedIn) -> wire.SignedIn:
    """Never returns by itself: raises Back when the person goes home, StartAgain."""
    while True:
        choice = await desk.show(screens.menu(desk))
        with suppress(Back):
            await (_find(desk) if choice == screens.FIND else _look_after(desk))


def _service(desk: Desk) -> Service:
    return desk.backend.service("facilities", "/facilities")


# --- looking and booking ----------------------------------------------------------------------------------------------


async def _find(desk: Desk) -> None:
    """Returns when something was booked. Raises Back, as the steps below do for the step before them."""
    while True:
        kind = wire.FacilityKind(await desk.show(screens.kinds(desk)))
        with suppress(Back):
            return await _choose_day(desk, kind)


async def _choose_day(desk: Desk, kind: wire.FacilityKind) -> None:
    while True:
        screen = working(desk, "booking.loading", "booking.loading")
        opened = await ask(desk, screen, lambda: _service(desk).get(f"/days/{kind.value}", wire.OpenDays))
        chosen = await desk.show(screens.days(desk, kind, opened))
        with suppress(Back):
            day = await _type_day(desk, opened) if chosen == screens.TYPE else date.fromisoformat(chosen)
            return await _choose_slot(desk, kind, day)


async def _type_day(desk: Desk, opened: wire.OpenDays) -> date:
    while True:
        found = day_of(await desk.show(screens.type_day(desk)), opened.first, opened.last)
        if isinstance(found, date):
            return found
        await tell(desk, found.value, over=False)


async def _choose_slot(desk: Desk, kind: wire.FacilityKind, day: date) -> None:
    """The slots are asked for anew after each no, so that what was just taken is seen to be."""
    path = f"/slots/{kind.value}/{day.isoformat()}"
    while True:
        screen = working(desk, "booking.loading", "booking.loading")
        found = (await ask(desk, screen, lambda: _service(desk).get(path, wire.DaySlots))).slots
        slot = found[int(await desk.show(screens.slots(desk, kind, day, found)))]
        with suppress(Back):
            return await _book(desk, slot)


async def _book(desk: Desk, slot: wire.FoundSlot) -> None:
    """Raises Back when the person does not want to, has it already, or is refused."""
    if await desk.show(screens.question(desk, slot)) != screens.YES:
        raise Back
    request = _request(desk, slot)
    screen = working(desk, "booking.asking", "booking.asking")
    booked = await ask(desk, screen, lambda: _service(desk).post("/bookings", request, wire.Booking))
    with suppress(Back):
        while await desk.show(screens.outcome(desk, booked)) == screens.HAND:
            await _hand_over(desk, booked)


def _request(desk: Desk, slot: wire.FoundSlot) -> wire.BookingRequest:
    """One wish: sent again after a fault it is still the same, and books once."""
    use = slot.use
    return wire.BookingRequest(
        room=use.room,
        day=use.day,
        slot=use.slot,
        key=f"{desk.now():%Y%m%dT%H%M%S%f}-{use.day:%m%d}-{use.slot.value}-{use.room}"[:64],
        wait=slot.state is wire.SlotState.TAKEN,
    )


def day_of(digits: str, first: date, last: date) -> date | Situation:
    """The day that four digits, month and day, mean between two days less than a year apart; or why there is none."""
    days = list(_days_of(int(digits[:2]), int(digits[2:]), first.year))
    if not days:
        return Situation.DAY_UNKNOWN
    meant = next((day for day in days if first <= day <= last), None)
    return meant or (Situation.DAY_PAST if days[0] < first else Situation.DAY_FAR)


def _days_of(month: int, day: int, year: int) -> Iterator[date]:
    for each in (year, year + 1):
        with suppress(ValueError):
            yield date(each, month, day)


# --- what is booked ---------------------------------------------------------------------------------------------------


async def _look_after(desk: Desk) -> None:
    """Never returns by itself: raises Back."""
    while True:
        screen = working(desk, "booking.mine_loading", "booking.mine_loading")
        listed = (await ask(desk, screen, lambda: _service(desk).get("/bookings", wire.BookingList))).bookings
        chosen = listed[int(await desk.show(screens.mine(desk, listed)))]
        with suppress(Back):
            await _read(desk, chosen)


async def _read(desk: Desk, chosen: wire.Booking) -> None:
    """Returns when the person goes back to the list, or has cancelled it. Raises Back."""
    while (choice := await desk.show(screens.detail(desk, chosen))) != screens.BACK:
        if choice == screens.HAND:
            await _hand_over(desk, chosen)
            continue
        with suppress(Back):
            return await _cancel(desk, chosen)


async def _cancel(desk: Desk, chosen: wire.Booking) -> None:
    if not await desk.show(screens.sure(desk, chosen)):
        raise Back
    request = wire.Cancellation(number=chosen.number)
    screen = working(desk, "booking.cancelling", "booking.cancelling")
    cancelled = await ask(desk, screen, lambda: _service(desk).post("/cancellations", request, wire.Booking))
    with suppress(Back):
        await desk.show(screens.outcome(desk, cancelled))


async def _hand_over(desk: Desk, booked: wire.Booking) -> None:
    with suppress(Back):
        await hand_over(desk, screens.as_text(desk, booked))
