"""What the holder, a terminal or a session has earned: gone with power and with another application."""

from __future__ import annotations

from dataclasses import dataclass, field

from drivers.software_card.secure_messaging import Session
from drivers.software_card.status import NOT_VERIFIED, Refusal
from drivers.software_card.terminals import KnownTerminal


@dataclass(slots=True)
class SecurityStatus:
    verified: set[int] = field(default_factory=set)
    """File ids of secrets that were shown to be known."""
    challenge: bytes = b""
    """The last one given out; it counts once."""
    terminal: KnownTerminal | None = None
    session: Session | None = None

    def need(self, opened_by: tuple[int, ...]) -> None:
        """Any one of these secrets, or none where none is named. Raises Refusal 6982."""
        if opened_by and self.verified.isdisjoint(opened_by):
            raise Refusal(NOT_VERIFIED)
