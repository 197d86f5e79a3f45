"""My Portal itself: the first registration, letters, records, a move told once to many, the post box."""

from __future__ import annotations

from kiosk.tour import Insert, Step
from kiosk.tours_common import PASSWORD, PIN

REGISTER = (
    Step("attract", (Insert("first"),)),
    Step("sign_in.pin", PIN),
    Step("sign_in.register", ("1",)),
    Step("signing.password", PASSWORD),
)
"""Somebody who has never been here, up to home."""

NOTICES = (
    Step("notices", ("Return",)),
    Step("notices.confirm", ("1",)),
    Step("notices.notice", ("Escape",)),
    Step("notices", ("Escape",)),
)

RECORDS = (
    Step("access_log", ("Down", "Return")),
    Step("access_log.record", ("Escape",)),
    Step("access_log", ("Escape",)),
)

MOVE = (
    Step("move.day", ("3",)),
    Step("move.postcode", (*"9900011", "Return")),
    Step("move.town", ("Return",)),
    Step("move.block", ("3", "Return")),
    Step("move.house", ("5", "Return")),
    Step("move.people", ("1",)),
    Step("move.whom", ("1",)),
    Step("move.check", ("Return",)),
    Step("signing.password", PASSWORD),
    Step("move.done", ("Return",)),
    Step("move.tasks", ("Return",)),
)

PROCEDURES = (
    Step("procedures", ("1",)),
    *MOVE,
    Step("procedures", ("7",)),
    Step("applied", ("Return",)),
    Step("applied.paper", ("1",)),
    Step("applied", ("Escape",)),
    Step("procedures", ("Escape",)),
)

POST_BOX = (
    Step("post_box", ("Return",)),
    Step("post_box.certificate", ("2",)),
    Step("post_box.whom", ("Return",)),
    Step("post_box.consent", ("1",)),
    Step("post_box.sent", ("Return",)),
    Step("post_box", ("Escape",)),
)
"""Once a move was told: the town's certificate lies there."""
