"""会社・お支払い: bills, cards that are shown, a company that asks."""

from __future__ import annotations

from kiosk.tour import Read, Step, TypeNumber
from kiosk.tours_common import PIN

BILLS = (
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
)
"""The code for a store; then one from an account, and a large one with the card once more."""

CARDS = (
    Step("partners", ("2",)),
    Step("cards", ("Return",)),
    Step("cards.one", ("2",)),
    Step("cards.counter", (*"4711", "Return")),
    Step("cards.code", ("Escape",)),
    Step("cards.one", ("1",)),
    Step("cards", ("Escape",)),
)

CONSENT = (
    Step("partners", ("3",)),
    Step("partners.number", (TypeNumber(), "Return")),
    Step("partners.consent", ("1",)),
    Step("partners.sure", ("1",)),
    Step("partners.check", ("2", Read(0.5))),
    Step("partners.check", ("1",)),
)
"""A company's page shows six digits; what may it see? The four digits, after 表示する, go back to its page."""

CLOSED = (Step("partners", ("Escape",)),)
