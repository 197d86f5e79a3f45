"""Payments: an account is registered by a token, and charged, refunded and asked about by the collector's own keys."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated

import msgspec

from backend_client.wire.basic import Line, Message, Name, whole

Account = Annotated[str, whole("9[0-9]{6}", 7)]
"""A test account: seven digits, the first a 9, as no bank has them."""
Yen = Annotated[int, msgspec.Meta(ge=1, le=10_000_000)]


class AccountShown(Message, frozen=True):
    """POST /payments/tokens -> AccountToken. The number goes to this body and to no other."""

    account: Account


class AccountToken(Message, frozen=True):
    """Stands for an account, once, within ten minutes."""

    token: Name


class NewMeans(Message, frozen=True):
    """POST /payments/means (signed by a collector) -> Means. `not_possible` for a token that was used or is late."""

    token: Name


class Means(Message, frozen=True):
    """A registered account, for the collector that registered it alone."""

    id: Name
    label: str
    """For people: the last digits, e.g. ****0001."""


class PaymentState(Enum):
    PAID = "paid"
    DECLINED = "declined"
    """The account could not be charged; nothing was taken."""
    REFUNDED = "refunded"
    WITHDRAWN = "withdrawn"
    """The collector no longer wants it; nothing was taken, and nothing will be."""


class Charge(Message, frozen=True):
    """POST /payments/charges, POST /payments/withdrawals (signed by a collector) -> Payment.

    `content_wrong` for a used key with other content. The same charge sent again is done once and answered with what
    became of it. A withdrawal says what became of it too, and lets nothing become of one that has not come yet.
    """

    key: Name
    """The collector's own, one for each payment: an idempotency key."""
    means: Name
    amount: Yen
    words: Line
    """On the person's bank statement."""


class PaymentKey(Message, frozen=True):
    """POST /payments/refunds, POST /payments/look-ups (signed by a collector) -> Payment. `not_found`.

    A refund gives all of it back, once; `not_possible` when nothing was taken. A look-up says after a lost answer
    what became of a charge; `not_found` then means: nothing was taken, and the same charge may be sent.
    """

    key: Name


class Payment(Message, frozen=True):
    """What became of a charge."""

    key: Name
    state: PaymentState
    amount: Yen
    at: datetime
    """When it came into this state."""
    receipt: str
    """A number for people; empty when nothing was taken."""
