"""The hospital's tours, of both windows: the main path, and those that `--path NAME` walks.

Each begins with a card: a key that is pressed before the readers are found wakes nobody.
"""

from __future__ import annotations

from kiosk.tour import Bill, Insert, Line, Read, Refund, Remove, Staff, Step

STAFF_CARD = "renewed"
"""Of whoever is on duty at the tour's reception."""
PIN = ("1", "2", "3", "4", "Return")

ASKED = (Step("hospital.consent", ("Return",)), Step("hospital.identity", ("1",)), Step("hospital.pin", PIN))
LEFT = (Step("take_card", (Remove(),)), Step("cleared"))
CLEARED_AWAY = (LEFT[0], Step("cleared", (Staff("Delete", picture=False),)))
"""The staff are done with who has left."""


def _answered(card: str, *then: Step) -> tuple[Step, ...]:
    """A card whose insurance is looked up; the staff see the answer once the patient has."""
    return (Step("attract", (Insert(card),)), *ASKED, *then)


COMMON = (
    *_answered("adult", Step("hospital.insurance", (Staff(), "1"))),
    *LEFT,
    Step("attract", (Insert("no-pin"),)),
    Step("hospital.consent", ("Left", "Left", "Return", "Up", "Up", "Return")),
    Step("hospital.consent", ("2",)),
    Step("hospital.identity", ("1",)),
    Step("E-05", ("Return",)),
    Step("hospital.calling", (Staff("Up"), Insert(STAFF_CARD, 1))),
    Step("hospital.insurance", (Staff(), Remove(1), "2")),
    *LEFT,
    Step("attract", (Staff(), Read(1.0), "Return")),
    Step("hospital.cardless", ("2",)),
    Step("hospital.forgotten", ("Return",)),
    Step("hospital.born", (*"19440503", "Return")),
    Step("hospital.form_done", ("Return",)),
    Step("attract"),
)
"""Three touches; then 目視 for a card without a PIN, with what is shown chosen one by one; then nobody's card."""

ANSWERS = tuple(
    step
    for card, screen in {
        "adult": "hospital.insurance",
        "first": "E-11-invalid",
        "renewed": "E-11-replaced",
        "p384": "E-11-none",
        "long-name": "E-11-several",
        "old": "E-11-processing",
    }.items()
    for step in (*_answered(card, Step(screen, (Staff(), "1"))), *CLEARED_AWAY)
)
"""Each answer with its sentence; public assistance is on the main path."""

PAYING = (
    Step("attract", (Insert("adult"),)),
    *ASKED,
    Step("hospital.insurance", ("1",)),
    Step("take_card", (Staff(), Bill(12_800), Remove())),
    Step("cleared"),
    Step("attract", (Insert("adult"),)),
    Step("paying.sure", ("1",)),
    Step("paying.pin", PIN),
    Step("paying.paid", ("3", Read(1.0))),
    Step("paying.paid", ("1", Read(1.0))),
    Step("paying.paid", ("2",)),
    Step("phone.alone", ("1",)),
    Step("phone.take", ("Escape",)),
    Step("paying.paid", ("0",)),
    Step("take_card", (Staff("Down"), Refund(), Remove())),
    Step("cleared"),
    Step("attract", (Refund(wait=True), Staff())),
)
"""Above the limit, so with four digits; the receipt into the post box, on paper, for a phone; then a refund."""

OUTAGE = (
    Step("attract", (Insert("adult"),)),
    Step("hospital.consent", ("Return",)),
    Step("hospital.identity", (Line(up=False), "1")),
    Step("hospital.pin", PIN),
    Step("E-10", (Staff(), "2")),
    Step("hospital.born", (*"19440503", "Return")),
    Step("hospital.form_done", ("Return",)),
    Step("take_card", (Staff(), Line(up=True), Remove())),
    Step("cleared"),
    *_answered("adult", Step("hospital.insurance", (Staff(), "1"))),
    *LEFT,
)
"""The line goes down while somebody is being received; the paper; and the same card when it is back."""

PATHS: dict[str, tuple[Step, ...]] = {
    "hospital": COMMON,
    "hospital-answers": ANSWERS,
    "hospital-paying": PAYING,
    "hospital-outage": OUTAGE,
}
"""By name; the first is the profile's main path."""
