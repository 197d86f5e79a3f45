"""What the rules look at: exchanges, who acted in them, and the commission's orders. Nothing names a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from backend_client.wire import Happening, LawWords, Leaf
from backend_client.wire.gateway import shown

JST = timezone(timedelta(hours=9))


@dataclass(frozen=True, slots=True)
class Exchange:
    """One exchange of the gateway's log, with its receipt where a token was answered."""

    at: datetime
    leaf: Leaf
    words: LawWords
    receipt: Leaf | None = None

    @property
    def number(self) -> str:
        """As people read it."""
        return shown(bytes.fromhex(self.leaf.number))

    @property
    def answer(self) -> Leaf | None:
        """The leaf with the provider's commitments; None while no answer is known."""
        return self.leaf if self.leaf.provider else self.receipt


@dataclass(frozen=True, slots=True)
class Act:
    """What a requester did in one exchange, as far as its own part says."""

    exchange: Exchange
    department: str
    terminal: str
    who: str
    """Equal for exchanges about the same person; holds within one review and means nothing outside."""

    @property
    def body(self) -> str:
        return self.exchange.words.requester


@dataclass(frozen=True, slots=True)
class Order:
    """A disaster order of the commission."""

    until: datetime
    opened: datetime | None
    ended: datetime | None

    def covers(self, at: datetime) -> bool:
        """Whether exchanges of that time were open under it."""
        return self.opened is not None and self.opened <= at < min(self.until, self.ended or self.until)


@dataclass(frozen=True, slots=True)
class Tuple:
    """A law tuple over time."""

    known_since: datetime
    first_use: str
    """Transaction number, as in leaves; empty while there is none."""
    disaster: bool


@dataclass(frozen=True, slots=True)
class View:
    """All there is to see of a time."""

    exchanges: tuple[Exchange, ...] = ()
    marks: tuple[Leaf, ...] = ()
    acts: tuple[Act, ...] = ()
    happenings: tuple[Happening, ...] = ()
    orders: Mapping[str, Order] = field(default_factory=dict)
    tuples: Mapping[str, Tuple] = field(default_factory=dict)
    editions: frozenset[str] = frozenset()
    """The wordings that are law."""
