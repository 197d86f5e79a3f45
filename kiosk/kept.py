"""What was fetched in this visit, kept for when the line is away. Goes with the visit; never shown as current."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from kiosk.words import Text, Words

T = TypeVar("T")


@dataclass(frozen=True, slots=True, repr=False)
class Seen(Generic[T]):
    """An answer of the backend, and when it was true; `at` is None while it is current."""

    value: T
    at: datetime | None = None


def as_of(words: Words, at: datetime) -> Text:
    """午前10時30分の状態."""
    return words("outage.as_of", when=words.time(at))
