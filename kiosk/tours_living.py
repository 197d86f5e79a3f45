"""くらし, the phone, and what a municipality tells everybody."""

from __future__ import annotations

from kiosk.tour import City, Read, Step

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

PHONE = (Step("phone.code", ("Escape",)),)
"""As far as it goes without a phone."""

EMERGENCY = (
    Step("home", (City("evacuate"),)),
    Step("emergency", (Read(2.0), "Return")),
    Step("home", ("1",)),
    Step("evacuated.where", ("Return",)),
    Step("evacuated.people", ("3",)),
    Step("evacuated.sure", ("Left", "Return")),
    Step("evacuated.done", ("Right", "Return")),
    Step("evacuated.undone", (City("all-clear"), "Return")),
)
"""Reported, and taken back; then all is clear."""
