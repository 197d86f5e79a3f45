"""Hospital payments: a card is registered once, and pays what its holder confirms at the reception."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from backend_client.wire.basic import Base64, Line, Message, Name, Serial
from backend_client.wire.card import AuthToken
from backend_client.wire.payments import Yen
from backend_client.wire.post_box import SignedStatement


class CardRegistration(Message, frozen=True):
    """POST /cashier/cards -> RegisteredCard. The holder's token for a challenge, and one of the payment body's."""

    nonce: str
    token: AuthToken
    account: Name
    """An AccountToken's. `not_possible` for one that was used or is late."""


class CardShown(Message, frozen=True):
    """POST /cashier/registered -> RegisteredCard. The card on the reader. `not_found` when it is not registered."""

    certificate: Base64


class RegisteredCard(Message, frozen=True):
    label: str
    """For people: the last digits of the account, e.g. ****0001."""
    digits_above: int
    """Yen: what is more is confirmed by the card's four digits."""


class CashierProof(Message, frozen=True):
    """The four digits were entered: the card's signature for a challenge of this body."""

    nonce: str
    token: AuthToken


class CashierCharge(Message, frozen=True):
    """POST /cashier/charges -> CashierPayment. `not_allowed` without a proof that the amount needs.

    The same charge sent again is made once and answered with what became of it; `content_wrong` for a used key with
    other content.
    """

    key: Name
    certificate: Base64
    """Of the card on the reader."""
    amount: Yen
    proof: CashierProof | None = None


class CashierKey(Message, frozen=True):
    """POST /cashier/closings -> CashierPayment. What became of a charge; of one not made yet nothing ever will."""

    key: Name


class CashierRefund(Message, frozen=True):
    """POST /cashier/refunds -> CashierPayment. Gives all of it back, once. Whoever paid has both of these."""

    key: Name
    receipt: Name


class ReceiptWanted(Message, frozen=True):
    """POST /cashier/receipts -> CashierPayment. Put the receipt into the post box of whose card it is, once.

    `not_found` when this card has not paid it, or opens no folder.
    """

    key: Name
    receipt: Name
    certificate: Base64
    """Of the card on the reader."""
    place: Line
    """Who was paid, for people."""


class PostDelivery(Message, frozen=True):
    """POST /portal/post-deliveries (signed by the cashier) -> 204. What somebody at a counter wants in the post box."""

    certificate_serial: Serial
    item: Name
    """The sender's own name for it; what came under it before is not put in again."""
    certificate: SignedStatement


class CashierState(Enum):
    PAID = "paid"
    DECLINED = "declined"
    """Nothing was taken: the account cannot be charged."""
    NOTHING = "nothing"
    """Nothing was taken, and with this key nothing will be."""
    REFUNDED = "refunded"


class CashierPayment(Message, frozen=True):
    """What became of a charge."""

    key: Name
    state: CashierState
    amount: int
    """Yen."""
    at: datetime
    receipt: str
    """A number for people; empty when nothing was taken."""
