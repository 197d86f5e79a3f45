"""Why the box of software cards cannot do what it was asked; each message is one sentence for a person."""

from __future__ import annotations


class SoftwareCardError(Exception):
    """Root of everything this package raises on its own account."""


class NoSuchCard(SoftwareCardError):
    def __init__(self, name: str) -> None:
        super().__init__(f"There is no card named {name!r}.")


class NotIssued(SoftwareCardError):
    def __init__(self, name: str, missing: str) -> None:
        super().__init__(f"The card {name!r} has no {missing} yet: the test authority must issue it first.")


class BrokenCard(SoftwareCardError):
    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"The card {name!r} cannot be read: {why}.")


class NoSuchSlot(SoftwareCardError):
    def __init__(self, slot: object) -> None:
        super().__init__(f"There is no slot {slot}.")


class InOtherSlot(SoftwareCardError):
    def __init__(self, name: str, slot: int) -> None:
        super().__init__(f"The card {name!r} is in slot {slot} already.")


class BehindPcscd(SoftwareCardError):
    def __init__(self) -> None:
        super().__init__("These cards are behind pcscd; ask for them over PC/SC.")


class NoCard(SoftwareCardError):
    def __init__(self) -> None:
        super().__init__("no card")


class SessionOver(SoftwareCardError):
    """The session's card was taken out, powered off, or powered again by somebody else."""

    def __init__(self) -> None:
        super().__init__("card gone")


class NoPower(SoftwareCardError):
    """A command reached a chip that has no power: it says nothing."""


class CardBoxAway(SoftwareCardError):
    """No box of cards runs with this data folder."""


class CardBoxRefused(SoftwareCardError):
    """The box understood and said no; the message is its sentence."""


class CardBoxRuns(SoftwareCardError):
    def __init__(self) -> None:
        super().__init__("Another program holds the cards of this data folder already.")
