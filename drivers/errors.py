"""What can go wrong between this program and a card, named by meaning.

Driver exceptions (pyscard's, a socket's) are translated into these where they enter. One root, few leaves; nobody
inherits from two families, so `except ValueError` can never swallow a blocked PIN.
"""

from __future__ import annotations

from enum import Enum


class CardError(Exception):
    """Root of everything this package raises."""


class ReaderFault(CardError):
    """The reader or its service failed. Says nothing about the card, and never counts as a PIN attempt."""


class NoReader(ReaderFault):
    """No reader of that name is attached."""


class ReaderBusy(ReaderFault):
    """Another program holds the card and did not let go within the bounded wait."""


class ServiceCause(Enum):
    """Why the smart-card service cannot be used."""

    NOT_RUNNING = "not running"
    NOT_AUTHORISED = "not authorised"


class ServiceDown(ReaderFault):
    """The smart-card service (pcscd, or Windows' own) is away."""

    def __init__(self, cause: ServiceCause = ServiceCause.NOT_RUNNING) -> None:
        super().__init__(cause.value)
        self.cause = cause


class CardGone(CardError):
    """The card left the reader. Whatever was being asked of it may or may not have happened."""


class CardMute(CardError):
    """A card is there and did not answer within the deadline, or cannot be powered."""


class NotOurCard(CardError):
    """A card is there, but it has no JPKI application."""


class BadAnswer(CardError):
    """The card answered with bytes that make no sense for the question."""


class NotGenuine(CardError):
    """What the card holds or answered does not bear the signature it must bear."""


class CardRefused(CardError):
    """The card answered with a status word that has no better name here."""

    def __init__(self, operation: str, sw: int) -> None:
        super().__init__(f"{operation}: status {sw:04X}")
        self.operation = operation
        self.sw = sw


class Pin(Enum):
    """The secrets that open something on the card. Source: card reference, sections 3 and 5."""

    USER_AUTHENTICATION = "user authentication"
    DIGITAL_SIGNATURE = "digital signature"
    TEXT_SUPPORT = "text support"
    """券面事項入力補助用, 4 digits."""
    REGISTER = "resident register"
    """住民基本台帳用, 4 digits: one for the person, two on the card (common and resident application)."""
    MATCH_A = "match number A"
    """照合番号A: the individual number."""
    MATCH_B = "match number B"
    """照合番号B: birth date, expiry and security code, as printed on the card."""
    BIRTH_DATE = "birth date"
    """生年月日読出用, 6 digits, as printed on the card."""


class PinWrong(CardError):
    """The card said so: one try was used. Never raised for a failure of transport."""

    def __init__(self, pin: Pin, tries_left: int) -> None:
        super().__init__(f"{pin.value}: {tries_left} tries left")
        self.pin = pin
        self.tries_left = tries_left


class EntryEnd(Enum):
    """Why nothing was typed on the reader's own keys."""

    TIME_OVER = "nobody typed in time"
    CANCELLED = "cancelled on the reader"
    DIFFERENT = "the two new ones differ"
    WRONG_LENGTH = "too short or too long"


class PinNotEntered(CardError):
    """The reader got no PIN from its own keys; the card was not asked, and no try was used."""

    def __init__(self, end: EntryEnd = EntryEnd.TIME_OVER) -> None:
        super().__init__(end.value)
        self.end = end


class PinBlocked(CardError):
    """No try is left; only the municipal counter can help."""

    def __init__(self, pin: Pin) -> None:
        super().__init__(pin.value)
        self.pin = pin
