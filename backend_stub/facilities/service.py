"""The facilities body put together, and its counter: looking for rooms, booking, waiting, cancelling."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from functools import partial
from itertools import islice

from backend_client.wire import (
    Booking,
    BookingList,
    BookingRequest,
    BookingState,
    Cancellation,
    CertificateKind,
    CertificateState,
    CertificateStatus,
    DaySlots,
    Entered,
    FacilityKind,
    FoundSlot,
    OpenDay,
    OpenDays,
    Pass,
    RoomUse,
    SlotState,
    StatusRequest,
)
from backend_stub.body import Body, Call, Endpoint, Refusal
from backend_stub.database import answers, open_database
from backend_stub.facilities.book import Book, Busy
from backend_stub.facilities.rooms import Rooms
from backend_stub.facilities.tables import TABLES
from backend_stub.passes import Gatehouse
from backend_stub.peers import Setup

JST = timezone(timedelta(hours=9))
DAYS_SHOWN = 14
"""Days with free slots that are told at once; for any other day people ask for it."""
_REFUSED_AS = {CertificateState.EXPIRED: "certificate_expired"}
_MINE = {BookingState.BOOKED: SlotState.BOOKED, BookingState.WAITING: SlotState.WAITING}


class FacilityDesk:
    """The endpoints. Days are days in Japan."""

    def __init__(self, setup: Setup, gatehouse: Gatehouse, rooms: Rooms, book: Book) -> None:
        self._peers = setup.peers
        self._gatehouse = gatehouse
        self._rooms = rooms
        self._book = book

    async def days(self, call: Call, _message: None) -> OpenDays:
        """Tell the next days with free slots of a kind. Raises Refusal: session_unknown, bad_request."""
        guest, kind = self._gatehouse.guest(call), _kind(call)
        term = self._rooms.term(_today(call.now))
        busy = self._book.busy(guest.handle, term.first, term.last)
        counted = (OpenDay(day=day, free=_free(self._rooms.uses(kind, day), busy)) for day in term)
        days = islice((day for day in counted if day.free), DAYS_SHOWN)
        return OpenDays(first=term.first, last=term.last, days=tuple(days))

    async def slots(self, call: Call, _message: None) -> DaySlots:
        """Tell how all slots of a kind stand on a day. Raises Refusal: session_unknown, bad_request, day_closed."""
        guest, kind, day = self._gatehouse.guest(call), _kind(call), _day(call)
        uses = self._rooms.uses(kind, day) if day in self._rooms.term(_today(call.now)) else ()
        if not uses:
            raise Refusal("day_closed")
        busy = self._book.busy(guest.handle, day, day)
        return DaySlots(slots=tuple(_found(use, busy) for use in uses))

    async def book(self, call: Call, request: BookingRequest) -> Booking:
        """Book a slot or wait for it, for the holder of a card that stands now.

        Raises Refusal: session_unknown, certificate_expired, certificate_revoked, peer_unavailable, day_closed, and
        what `Book.book` raises.
        """
        guest = self._gatehouse.guest(call)
        if before := self._book.sent_before(guest.handle, request):
            return before
        await self._confirm_status(guest.serial, call)
        today = _today(call.now)
        use = self._rooms.use(request.room, request.day, request.slot)
        if use is None or request.day not in self._rooms.term(today):
            raise Refusal("day_closed")
        return self._book.book(guest.handle, request, use, call.now, today)

    async def bookings(self, call: Call, _message: None) -> BookingList:
        """List what the person has booked and waits for. Raises Refusal: session_unknown."""
        return BookingList(bookings=self._book.of(self._gatehouse.guest(call).handle, _today(call.now)))

    async def cancel(self, call: Call, message: Cancellation) -> Booking:
        """Cancel, until the day before. Raises Refusal: session_unknown, not_found, cancel_late."""
        handle = self._gatehouse.guest(call).handle
        return self._book.cancel(handle, message.number, call.now, _today(call.now))

    async def _confirm_status(self, serial: str, call: Call) -> None:
        """資格確認: a card may have been stopped since its holder signed in."""
        request = StatusRequest(kind=CertificateKind.AUTHENTICATION, certificate_serial=serial)
        status: CertificateStatus = await self._peers.ask(
            "authority", "/status-confirmations", request, CertificateStatus, call.trace_id
        )
        if status.state is not CertificateState.GOOD:
            raise Refusal(_REFUSED_AS.get(status.state, "certificate_revoked"))


def build(setup: Setup) -> Body:
    """Open the facilities body on its database."""
    engine = open_database(setup.database_url, TABLES)
    gatehouse, rooms = Gatehouse(setup, "facilities"), Rooms()
    desk = FacilityDesk(setup, gatehouse, rooms, Book(engine, rooms.most))

    async def close() -> None:
        gatehouse.close()
        engine.dispose()

    return Body(
        name="facilities",
        title="みどり市 公共施設予約 — public facilities",
        endpoints=(
            Endpoint("POST", "/sessions", gatehouse.enter, Pass, Entered),
            Endpoint("POST", "/leave", gatehouse.leave),
            Endpoint("GET", "/days/{kind}", desk.days, gives=OpenDays, session=True),
            Endpoint("GET", "/slots/{kind}/{day}", desk.slots, gives=DaySlots, session=True),
            Endpoint("GET", "/bookings", desk.bookings, gives=BookingList, session=True),
            Endpoint("POST", "/bookings", desk.book, BookingRequest, Booking, session=True),
            Endpoint("POST", "/cancellations", desk.cancel, Cancellation, Booking, session=True),
        ),
        registry=setup.registry,
        clock=setup.clock,
        healthy=partial(answers, engine),
        close=close,
    )


def _today(now: datetime) -> date:
    return now.astimezone(JST).date()


def _kind(call: Call) -> FacilityKind:
    try:
        return FacilityKind(call.params["kind"])
    except ValueError as exc:
        raise Refusal("bad_request") from exc


def _day(call: Call) -> date:
    try:
        return date.fromisoformat(call.params["day"])
    except ValueError as exc:
        raise Refusal("bad_request") from exc


def _free(uses: Iterable[RoomUse], busy: Busy) -> int:
    return sum(_place(use) not in busy.taken for use in uses)


def _found(use: RoomUse, busy: Busy) -> FoundSlot:
    place = _place(use)
    others = SlotState.TAKEN if place in busy.taken else SlotState.FREE
    mine = busy.mine.get(place)
    return FoundSlot(use=use, state=_MINE[mine] if mine else others, waiting=busy.waiting[place])


def _place(use: RoomUse) -> tuple[str, date, str]:
    return use.room, use.day, use.slot.value
