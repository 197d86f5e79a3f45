"""The screens of 施設の予約: what is found and what is booked, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from backend_client import wire
from kiosk.desk import Desk
from kiosk.screens import Choice, Confirm, Detail, Digits, Fact, ItemList, Mark, Menu, Result, Row
from kiosk.words import Text, plain

FIND, MINE, TYPE, YES, CANCEL, HAND, BACK = "find", "mine", "type", "yes", "cancel", "hand", "back"

KINDS = {
    wire.FacilityKind.HALL: ("booking.hall", "booking.hall_detail"),
    wire.FacilityKind.GYM: ("booking.gym", "booking.gym_detail"),
    wire.FacilityKind.LIBRARY: ("booking.library", "booking.library_detail"),
    wire.FacilityKind.MEETING: ("booking.meeting", "booking.meeting_detail"),
}
SLOTS = {
    wire.Slot.MORNING: "booking.morning",
    wire.Slot.AFTERNOON: "booking.afternoon",
    wire.Slot.EVENING: "booking.evening",
}
STATES = {
    wire.SlotState.FREE: "booking.free",
    wire.SlotState.TAKEN: "booking.taken",
    wire.SlotState.BOOKED: "booking.yours",
    wire.SlotState.WAITING: "booking.yours_waiting",
}
OUTCOMES = {
    wire.BookingState.BOOKED: ("booking.done_title", "booking.done_lines"),
    wire.BookingState.WAITING: ("booking.queued_title", "booking.queued_lines"),
    wire.BookingState.CANCELLED: ("booking.cancelled_title", "booking.cancelled_lines"),
}


def menu(desk: Desk) -> Menu:
    words = desk.words
    find = Choice(FIND, words("booking.find"), words("booking.find_detail"))
    mine = Choice(MINE, words("booking.mine"), words("booking.mine_detail"))
    return Menu(name="booking", title=words("booking.title"), choices=(find, mine), back=True)


def kinds(desk: Desk) -> Menu:
    words = desk.words
    choices = (Choice(kind.value, words(name), words(about)) for kind, (name, about) in KINDS.items())
    return Menu(name="booking.kinds", title=words("booking.kinds_title"), choices=tuple(choices), back=True)


def days(desk: Desk, kind: wire.FacilityKind, opened: wire.OpenDays) -> ItemList:
    """The next days with room, after a row for any other."""
    words = desk.words
    about = (Fact(words("booking.term"), words("booking.until", day=words.day(opened.last))),)
    type_it = Row(key=TYPE, title=words("booking.type_day"), below=words("booking.type_day_below"), facts=about)
    return ItemList(
        name="booking.days",
        title=words("booking.days_title"),
        rows=(type_it, *(_day(desk, kind, each) for each in opened.days)),
        corner=words(KINDS[kind][0]),
        preview_title=words("booking.preview"),
    )


def _day(desk: Desk, kind: wire.FacilityKind, opened: wire.OpenDay) -> Row:
    words = desk.words
    free = words("booking.free_count", count=opened.free)
    facts = Fact(words("booking.what"), words(KINDS[kind][0])), Fact(words("booking.room_left"), free)
    return Row(key=opened.day.isoformat(), title=words.day(opened.day), below=free, facts=facts)


def type_day(desk: Desk) -> Digits:
    words = desk.words
    return Digits(
        name="booking.type_day",
        title=words("booking.type_title"),
        hint=words("booking.type_hint"),
        length_min=4,
        length_max=4,
        pattern=words("booking.type_pattern"),
    )


def slots(desk: Desk, kind: wire.FacilityKind, day: date, found: Sequence[wire.FoundSlot]) -> ItemList:
    words = desk.words
    return ItemList(
        name="booking.slots",
        title=words("booking.slots_title", day=words.day(day)),
        rows=tuple(_slot(desk, str(number), slot) for number, slot in enumerate(found)),
        corner=words(KINDS[kind][0]),
        preview_title=words("booking.preview"),
    )


def _slot(desk: Desk, key: str, slot: wire.FoundSlot) -> Row:
    words = desk.words
    return Row(
        key=key,
        title=words("booking.slot", room=slot.use.room_name, slot=words(SLOTS[slot.use.slot])),
        above=slot.use.facility,
        below=fee(desk, slot.use),
        badge=words(STATES[slot.state]),
        facts=facts(desk, slot.use),
    )


def question(desk: Desk, slot: wire.FoundSlot) -> Detail:
    """Everything once more before it is booked; what is the person's already is only told. もどる has the focus."""
    words = desk.words
    name, title, said, yes = {
        wire.SlotState.FREE: ("booking.confirm", "booking.confirm", "booking.confirm_body", "booking.confirm_yes"),
        wire.SlotState.TAKEN: ("booking.wait", "booking.wait", "booking.wait_body", "booking.wait_yes"),
        wire.SlotState.BOOKED: ("booking.has", "booking.yours", "booking.has_body", ""),
        wire.SlotState.WAITING: ("booking.has", "booking.yours_waiting", "booking.has_body", ""),
    }[slot.state]
    queue = (Fact(words("booking.queue"), words("booking.people", count=slot.waiting)),) if slot.waiting else ()
    return Detail(
        name=name,
        title=words(title),
        facts=(*queue, *facts(desk, slot.use), _address(desk, slot.use)),
        summary=words.lines(said),
        actions=(Choice(BACK, words("action.back")), *((Choice(YES, words(yes)),) if yes else ())),
    )


def outcome(desk: Desk, booked: wire.Booking) -> Result:
    """What has become of it."""
    words = desk.words
    title, lines = OUTCOMES[booked.state]
    gone = booked.state is wire.BookingState.CANCELLED
    return Result(
        name="booking.cancelled" if gone else "booking.done",
        title=words(title),
        mark=Mark.GOOD,
        lines=words.lines(lines),
        facts=_booked_facts(desk, booked),
        actions=(Choice(YES, words("booking.understood")), *(() if gone else _hand(desk))),
    )


def mine(desk: Desk, listed: Sequence[wire.Booking]) -> ItemList:
    words = desk.words
    return ItemList(
        name="booking.mine",
        title=words("booking.mine_title"),
        rows=tuple(_mine(desk, str(number), each) for number, each in enumerate(listed)),
        corner=words("booking.corner", count=len(listed)),
        empty=words("booking.empty"),
        preview_title=words("booking.preview"),
    )


def _mine(desk: Desk, key: str, booked: wire.Booking) -> Row:
    words, use = desk.words, booked.use
    return Row(
        key=key,
        title=words("booking.slot", room=use.room_name, slot=words(SLOTS[use.slot])),
        above=words.day(use.day),
        below=use.facility,
        badge=_badge(desk, booked),
        facts=_booked_facts(desk, booked),
    )


def _badge(desk: Desk, booked: wire.Booking) -> Text:
    if booked.state is wire.BookingState.WAITING:
        return desk.words("booking.yours_waiting")
    return desk.words("booking.moved_up" if booked.moved_up else "booking.booked")


def detail(desk: Desk, booked: wire.Booking) -> Detail:
    words = desk.words
    waits = booked.state is wire.BookingState.WAITING
    can_cancel = waits or desk.now().date() <= booked.cancel_until
    cancel = Choice(CANCEL, words("booking.leave" if waits else "booking.cancel"))
    said = "booking.waits_body" if waits else "booking.moved_up_body" if booked.moved_up else "booking.booked_body"
    return Detail(
        name="booking.booked",
        title=_badge(desk, booked),
        facts=_booked_facts(desk, booked),
        summary=words.lines(said),
        actions=(Choice(BACK, words("action.back")), *((cancel,) if can_cancel else ()), *_hand(desk)),
    )


def sure(desk: Desk, booked: wire.Booking) -> Confirm:
    words, use = desk.words, booked.use
    when = words("booking.when_short", day=words.day(use.day), slot=words(SLOTS[use.slot]))
    return Confirm(
        name="booking.cancel",
        title=words("booking.cancel_title"),
        lines=words.lines("booking.cancel_lines", when=when, facility=use.facility, room=use.room_name),
        yes=words("booking.cancel_yes"),
        no=words("booking.cancel_no"),
        mark=Mark.CARE,
    )


def as_text(desk: Desk, booked: wire.Booking) -> str:
    """For a phone to take home."""
    lines = (f"{fact.label}: {fact.value}" for fact in _booked_facts(desk, booked))
    return plain("\n".join((desk.words("booking.mine_title"), *lines)))


def facts(desk: Desk, use: wire.RoomUse) -> tuple[Fact, ...]:
    words = desk.words
    return (
        Fact(words("booking.day"), words.day(use.day)),
        Fact(words("booking.hours"), words("booking.hours_said", slot=words(SLOTS[use.slot]), hours=use.hours)),
        Fact(words("booking.facility"), use.facility),
        Fact(words("booking.room"), words("booking.room_said", room=use.room_name, seats=use.seats)),
        Fact(words("booking.fee"), fee(desk, use)),
    )


def _address(desk: Desk, use: wire.RoomUse) -> Fact:
    return Fact(desk.words("booking.address"), use.address)


def _booked_facts(desk: Desk, booked: wire.Booking) -> tuple[Fact, ...]:
    """Who waits has no number to show yet; what is cancelled can be cancelled no more."""
    words, use = desk.words, booked.use
    if booked.state is wire.BookingState.WAITING:
        queue = Fact(words("booking.queue"), words("booking.people", count=booked.ahead))
        return (queue, *facts(desk, use), _address(desk, use))
    number = Fact(words("booking.number"), booked.number)
    until = Fact(words("booking.cancel_term"), words("booking.until", day=words.day(booked.cancel_until)))
    term = () if booked.state is wire.BookingState.CANCELLED else (until,)
    return (number, *facts(desk, use), *term, _address(desk, use))


def fee(desk: Desk, use: wire.RoomUse) -> Text:
    return desk.words("booking.yen", yen=f"{use.fee_yen:,}") if use.fee_yen else desk.words("booking.no_fee")


def _hand(desk: Desk) -> tuple[Choice, ...]:
    return (Choice(HAND, desk.words("phone.hand")),) if desk.profile.offers("phone") else ()
