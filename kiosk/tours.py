"""The tours: one main path per profile, as data."""

from __future__ import annotations

from kiosk.tour import Insert, Read, Remove, Staff, Step

PIN = ("1", "2", "3", "4", "Return")

END = (Step("take_card", (Remove(),)), Step("cleared"), Step("attract"))

BOOKING = (
    Step("booking", ("1",)),
    Step("booking.kinds", ("2",)),
    Step("booking.days", ("Down", "Return")),
    Step("booking.slots", ("Return",)),
    Step("booking.confirm", ("Right", "Return")),
    Step("booking.done", ("Return",)),
    Step("booking", ("2",)),
    Step("booking.mine", ("Return",)),
    Step("booking.booked", ("Right", "Return")),
    Step("booking.cancel", ("Left", "Return")),
    Step("booking.cancelled", ("Return",)),
    Step("booking.mine", ("Escape",)),
    Step("booking", ("Escape",)),
)
"""A room is booked and given back, so that the next tour finds the town as this one did."""

HEALTH = (
    Step("health", ("Return",)),
    Step("health.steps", ("Right", "Return")),
    Step("health.steps", (Read(0.5), "Left", "Left", "Down", "Return")),
    Step("health", ("Right", "Return")),
    Step("health.pressure", ("Right", "Right", "Return")),
    Step("health.pressure", (Read(0.5), "Left", "Down", "Left", "Return")),
    Step("health.upper", ("1", "3", "4", "Return")),
    Step("health.lower", ("8", "2", "Return")),
    Step("health.sure", ("Left", "Return")),
    Step("health.pressure", ("Right", "Return")),
    Step("health", ("Left", "Down", "Return")),
    Step("health.check_ups", ("Return",)),
    Step("health.check_up", ("Return",)),
    Step("health.check_ups", ("Escape",)),
    Step("health", ("Escape",)),
)
"""Charts are shown after 表示する, for the television is watched in company; a reading is added."""

PHONE = (
    Step("home", ("4",)),
    Step("phone.code", ("Escape",)),
)
"""As far as it goes without a phone."""

EMERGENCY = (
    Step("home", (Staff("evacuate"),)),
    Step("emergency", (Read(2.0), "Return")),
    Step("home", ("1",)),
    Step("evacuated.where", ("Return",)),
    Step("evacuated.people", ("3",)),
    Step("evacuated.sure", ("Left", "Return")),
    Step("evacuated.done", ("Right", "Return")),
    Step("evacuated.undone", (Staff("all-clear"), "Return")),
)
"""Reported, and taken back; then all is clear."""

TOURS: dict[str, tuple[Step, ...]] = {
    "stb": (
        Step("attract", (Insert("adult"),)),
        Step("sign_in.pin", PIN),
        Step("home", ("Return",)),
        Step("notices", ("Return",)),
        Step("notices.notice", ("Escape",)),
        Step("notices", ("Escape",)),
        Step("home", ("2",)),
        Step("access_log", ("Down", "Return")),
        Step("access_log.record", ("Escape",)),
        Step("access_log", ("Escape",)),
        Step("home", ("3",)),
        Step("living", ("Return",)),
        *HEALTH,
        Step("living", ("2",)),
        *BOOKING,
        Step("living", ("Escape",)),
        *PHONE,
        *EMERGENCY,
        Step("home", ("0",)),
        *END,
    ),
    "counter": (
        Step("attract", (Insert("adult"),)),
        Step("sign_in.pin", PIN),
        Step("home", ("1",)),
        Step("access_log", ("Return",)),
        Step("access_log.record", ("Escape",)),
        Step("access_log", ("Escape",)),
        Step("home", ("2",)),
        Step("card_status", ("Return",)),
        Step("home", ("0",)),
        *END,
    ),
    "hospital": (
        Step("attract", (Insert("adult"),)),
        Step("hospital.consent", ("Return",)),
        Step("hospital.pin", PIN),
        Step("hospital.insurance", ("Return",)),
        Step("hospital.reception", ("Return",)),
        *END,
    ),
}
