"""The tours: one main path per profile, as data."""

from __future__ import annotations

from kiosk.tour import City, Insert, Read, Remove, Staff, Step, TypeNumber

STAFF_CARD = "renewed"
"""Of whoever is on duty at the tour's reception."""
PIN = ("1", "2", "3", "4", "Return")
ABC = ("Return", "Right", "Return", "Right", "Return")
"""From A on, by the arrows."""
TO_OK = ("Right",) * 7 + ("Return",)
"""From C to 決定 at the right."""

END = (Step("take_card", (Remove(),)), Step("cleared"), Step("attract"))

PARTNERS = (
    Step("home", ("5",)),
    Step("partners", ("1",)),
    Step("bills", ("Return",)),
    Step("bills.one", ("2",)),
    Step("bills.how", ("2",)),
    Step("bills.store", ("Escape",)),
    Step("bills.one", ("2",)),
    Step("bills.how", ("1",)),
    Step("bills.account", (*"9000000", "Return")),
    Step("bills.sure", ("1",)),
    Step("bills.paid", ("1",)),
    Step("bills", ("1",)),
    Step("bills.one", ("2",)),
    Step("bills.how", ("1",)),
    Step("bills.sure", ("1",)),
    Step("bills.pin", PIN),
    Step("bills.paid", ("1",)),
    Step("bills", ("Return",)),
    Step("bills.one", ("1",)),
    Step("bills", ("Escape",)),
    Step("partners", ("2",)),
    Step("cards", ("Return",)),
    Step("cards.one", ("2",)),
    Step("cards.counter", (*"4711", "Return")),
    Step("cards.code", ("Escape",)),
    Step("cards.one", ("1",)),
    Step("cards", ("Escape",)),
    Step("partners", ("3",)),
    Step("partners.number", (TypeNumber(), "Return")),
    Step("partners.consent", ("1",)),
    Step("partners.sure", ("1",)),
    Step("partners.check", ("Return",)),
    Step("partners", ("Escape",)),
)
"""A bill paid from an account, one with the card; a card shown; then a company that asks for something."""

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
    Step("home", ("6",)),
    Step("phone.code", ("Escape",)),
)
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

REGISTER = "register"

TOURS: dict[str, tuple[Step, ...]] = {
    REGISTER: (
        Step("attract", (Insert("first"),)),
        Step("sign_in.pin", PIN),
        Step("sign_in.register", ("1",)),
        Step("signing.password", (*ABC, "1", "2", "3", *TO_OK)),
        Step("home", ("Return",)),
        Step("notices", ("Escape",)),
        Step("home", ("0",)),
        *END,
    ),
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
        Step("papers", ("Return",)),
        Step("procedures", ("1",)),
        Step("move.day", ("3",)),
        Step("move.postcode", (*"9900011", "Return")),
        Step("move.town", ("Return",)),
        Step("move.block", ("3", "Return")),
        Step("move.house", ("5", "Return")),
        Step("move.people", ("1",)),
        Step("move.whom", ("1",)),
        Step("move.check", ("Return",)),
        Step("signing.password", (*ABC, "1", "2", "3", *TO_OK)),
        Step("move.done", ("Return",)),
        Step("move.tasks", ("Return",)),
        Step("procedures", ("6",)),
        Step("applied", ("Return",)),
        Step("applied.paper", ("1",)),
        Step("applied", ("Escape",)),
        Step("procedures", ("Escape",)),
        Step("papers", ("2",)),
        Step("post_box", ("Return",)),
        Step("post_box.certificate", ("2",)),
        Step("post_box.whom", ("Return",)),
        Step("post_box.consent", ("1",)),
        Step("post_box.sent", ("Return",)),
        Step("post_box", ("Escape",)),
        Step("papers", ("Escape",)),
        Step("home", ("4",)),
        Step("living", ("Return",)),
        *HEALTH,
        Step("living", ("2",)),
        *BOOKING,
        Step("living", ("Escape",)),
        *PARTNERS,
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
        Step("home", ("6",)),
        Step("myself", ("Return",)),
        Step("proxies", ("2",)),
        Step("proxies.scopes", ("1",)),
        Step("proxies.hidden", ("3",)),
        Step("proxies.term", ("1",)),
        Step("proxies.sure", ("1",)),
        Step("proxies.number", ("Return",)),
        Step("proxies", ("Escape",)),
        Step("myself", ("Escape",)),
        Step("home", ("0",)),
        *END,
    ),
    "hospital": (
        Step("attract", ("Return",)),
        Step("hospital.cardless", ("2",)),
        Step("hospital.forgotten", (Insert("adult"),)),
        Step("hospital.consent", ("Return",)),
        Step("hospital.identity", ("1",)),
        Step("hospital.pin", PIN),
        Step("hospital.insurance", (Staff(), "1")),
        Step("take_card", (Staff(), Remove())),
        Step("cleared"),
        Step("attract", (Insert("no-pin"),)),
        Step("hospital.consent", ("Return",)),
        Step("hospital.identity", ("1",)),
        Step("E-05", ("Return",)),
        Step("hospital.calling", (Staff(), Insert(STAFF_CARD, 1))),
        Step("hospital.insurance", (Staff(), Remove(1), "2")),
        Step("take_card", (Remove(),)),
        Step("cleared"),
        Step("attract", (Insert("p384"),)),
        Step("hospital.consent", ("Return",)),
        Step("hospital.identity", ("1",)),
        Step("hospital.pin", PIN),
        Step("E-11-none", (Staff(), "2")),
        Step("hospital.born", (*"19620803", "Return")),
        Step("hospital.form_done", ("Return",)),
        *END,
    ),
}
"""By profile; `REGISTER` is one of its own, on the first profile: somebody who has never been here."""
