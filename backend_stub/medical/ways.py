"""How a reception came about."""

from __future__ import annotations

from enum import Enum


class Way(Enum):
    CARD = "card"
    LATER = "later"
    """By the certificate of a card that was here while the line was down."""
    DISASTER = "disaster"
    """By the four items, under an order of the commission's."""
