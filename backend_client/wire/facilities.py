"""The facilities body (公共施設予約): rooms of the city by kind and day, bookings, and who waits for what is taken.

It knows a person by a handle of its own and nothing else: at the counter a booking's number is shown.
"""

from __future__ import annotations

from datetime import date
from enum import Enum

from backend_client.wire.basic import Count, Line, Message, Name


class FacilityKind(Enum):
    """What people look for."""

    HALL = "hall"
    """公民館."""
    GYM = "gym"
    """体育館."""
    LIBRARY = "library"
    """図書館の会議室."""
    MEETING = "meeting"
    """集会所."""


class Slot(Enum):
    """A part of a day. What hours it has is each facility's own."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class RoomUse(Message, frozen=True):
    """One room for one slot of a day: what can be booked."""

    facility: Line
    address: Line
    room: Name
    room_name: Line
    day: date
    slot: Slot
    hours: Line
    """As people read them: 9:00〜12:00."""
    fee_yen: Count
    seats: Count


class SlotState(Enum):
    """What a person finds."""

    FREE = "free"
    TAKEN = "taken"
    """By somebody else; one can wait for it."""
    BOOKED = "booked"
    """By this person."""
    WAITING = "waiting"
    """Taken, and this person waits for it."""


class FoundSlot(Message, frozen=True):
    use: RoomUse
    state: SlotState
    waiting: Count = 0
    """How many wait for it."""


class OpenDay(Message, frozen=True):
    day: date
    free: Count
    """Slots nobody has booked, one or more."""


class OpenDays(Message, frozen=True):
    """GET /facilities/days/{kind} (session). The next days with free slots, and between which days one may book."""

    first: date
    last: date
    days: tuple[OpenDay, ...]


class DaySlots(Message, frozen=True):
    """GET /facilities/slots/{kind}/{day} (session). Refused with day_closed when nothing of the kind is open then."""

    slots: tuple[FoundSlot, ...]


class BookingRequest(Message, frozen=True):
    """POST /facilities/bookings (session) -> Booking. The authority is asked about the card first."""

    room: Name
    day: date
    slot: Slot
    key: Name
    """The kiosk's own for this one wish: the same sent again books once."""
    wait: bool = False
    """When somebody has it: wait for it, instead of being refused with slot_taken."""


class BookingState(Enum):
    BOOKED = "booked"
    WAITING = "waiting"
    CANCELLED = "cancelled"


class Booking(Message, frozen=True):
    number: Line
    """To show at the counter, e.g. 4821-0937."""
    use: RoomUse
    state: BookingState
    cancel_until: date
    """The last day on which it can be cancelled."""
    ahead: Count = 0
    """While waiting: how many come before."""
    moved_up: bool = False
    """It was waited for, and came."""


class BookingList(Message, frozen=True):
    """GET /facilities/bookings (session). Of today and later, without what was cancelled, by day."""

    bookings: tuple[Booking, ...]


class Cancellation(Message, frozen=True):
    """POST /facilities/cancellations (session) -> Booking. Cancelling twice is as good as once."""

    number: Line
