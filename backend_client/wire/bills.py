"""Bills: a company sends one to a folder that let it in; it is paid from an account or in a store, and once."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Annotated

from backend_client.wire.basic import Line, Message, Name, whole
from backend_client.wire.card import AuthToken
from backend_client.wire.payments import Yen

StoreNumber = Annotated[str, whole("9[0-9]{12}", 13)]
"""What a store's till reads: the first digit a 9, the last one a check digit."""


class ForwardingRequest(Message, frozen=True):
    """POST /portal/forwardings (signed by the body of bills) -> Forwarding. `not_allowed` for a handle not given."""

    partner: Name
    handle: Name
    """The partner's own."""


class Forwarding(Message, frozen=True):
    """Who that is, for who asks."""

    handle: Name


class BillDraft(Message, frozen=True):
    """POST /bills/drafts (signed by a biller). Sent again it is there once; `content_wrong` for other content."""

    number: Name
    """The biller's own, one for each bill."""
    handle: Name
    """The biller's own name for the resident, from the portal."""
    title: Line
    amount: Yen
    due: date


class BillState(Enum):
    OPEN = "open"
    PAYING = "paying"
    """The person has paid, and the payment body has not said yet what became of it."""
    PAID = "paid"
    PAID_AT_STORE = "paid-at-store"


class Bill(Message, frozen=True):
    """One bill, for who has to pay it."""

    id: Name
    biller: str
    """For people."""
    title: str
    amount: int
    """Yen."""
    due: date
    store_number: str
    state: BillState
    at: datetime
    """When it came into this state."""
    receipt: str
    """A number for people; empty until it is paid from an account."""


class BillList(Message, frozen=True):
    """GET /bills/bills (session). Open ones first, the most urgent on top; then those that are paid, newest first."""

    bills: tuple[Bill, ...]
    account: str
    """The registered one, for people, e.g. ****0001; empty when there is none."""
    card_above: int
    """Yen. What is more than that asks for the card and its four digits again."""


class AccountRegistration(Message, frozen=True):
    """POST /bills/account (session) -> BillList. The new account takes the place of the one before.

    `not_possible` for a token of the payment body's that was used or is late.
    """

    token: Name


class BillPayment(Message, frozen=True):
    """POST /bills/payments (session) -> Bill. Sent again it is paid once. OPEN in the answer: nothing was taken.

    `not_possible` without an account or when it was paid in a store; `token_invalid` for an amount that asks for the
    card, without its holder's token over a nonce of POST /bills/challenges.
    """

    id: Name
    nonce: str = ""
    token: AuthToken | None = None


class StorePayment(Message, frozen=True):
    """POST /bills/store-payments (signed by its biller), before the till takes the money.

    `not_possible` when it is being paid from an account or has been: then the till takes none.
    """

    store_number: StoreNumber


class SentBill(Message, frozen=True):
    number: Name
    state: BillState


class SentBills(Message, frozen=True):
    """GET /bills/sent (signed by a biller): what became of its own."""

    bills: tuple[SentBill, ...]
