"""What a flow may use: screens, the card, the backend, words and the time. Nothing else.

Imported before the first frame (the stage raises `Back`), so what is heavy is imported for the type checker only.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, Never, Protocol, TypeVar

from drivers.errors import Pin
from drivers.secret import Secret
from kiosk.screens import PhoneCode, PinOnReader, Screen, Working
from kiosk.words import Words
from stb_profile.profile import Profile

if TYPE_CHECKING:
    from asyncio import Event

    from backend_client import wire
    from backend_client.client import Backend
    from backend_client.wire import CashierProof, Challenge, Eligibility, RegisteredCard
    from drivers.card.algorithm import Algorithm
    from kiosk.kept import Seen
    from kiosk.outage import Outage
    from stb_profile.phone.messages import Role

A = TypeVar("A")
T = TypeVar("T")


class Back(Exception):
    """The person pressed Back (戻る), or stopped the work: the step before is shown again."""


class VisitOver(Exception):
    """The visit ends here by the person's own choice (おわる)."""


class PhoneGone(Exception):
    """No phone came in time, it has left, or none can reach this box any more."""


class EndReason(Enum):
    """Why a visit ended; declared once, decided in `visit.py`."""

    CHOSEN = "chosen"
    CARD_TAKEN = "card taken"
    OTHER_CARD = "other card"
    IDLE = "idle"
    READER_LOST = "reader lost"


class Card(Protocol):
    """What a flow may ask of the card: `drivers.card.jpki.Jpki`, whose docstrings say what each raises."""

    async def tries_left(self, pin: Pin) -> int: ...

    async def verify(self, pin: Pin, secret: Secret) -> None: ...

    @property
    def reader_has_keys(self) -> bool: ...

    async def verify_on_reader(self, pin: Pin, deadline_s: float) -> None: ...

    async def auth_certificate(self) -> bytes: ...

    async def sign_for_authentication(self, message: bytes, algorithm: Algorithm) -> bytes: ...

    async def sign_certificate(self) -> bytes: ...

    async def sign_ca_certificate(self) -> bytes: ...

    async def sign_document(self, message: bytes, algorithm: Algorithm) -> bytes: ...


class Phone(Protocol):
    """The phone beside the screen; `kiosk.phone.Companion`, whose docstrings say what each raises."""

    @property
    def linked(self) -> bool: ...

    @property
    def roles(self) -> frozenset[Role]: ...

    async def open(self) -> None: ...

    def invited(self) -> AbstractAsyncContextManager[str]: ...

    async def arrival(self) -> str: ...

    def admit(self, roles: frozenset[Role]) -> None: ...

    def forget(self) -> None: ...

    def handed_over(self, text: str) -> AbstractAsyncContextManager[tuple[str, Event]]: ...


class NotApproved(Exception):
    """Nobody of the staff has said that face and card belong together."""


class FrontDesk(Protocol):
    """The staff beside this visit; `kiosk.reception.beside.Beside`, whose docstrings say what each raises."""

    @property
    def staffed(self) -> bool:
        """Whether somebody can be called."""
        ...

    @property
    def disaster(self) -> bool: ...

    def begin(self) -> None: ...

    def over(self) -> None: ...

    def call(self) -> None: ...

    async def compare(self, certificate: bytes) -> None: ...

    async def open_key(self, card: Card) -> None: ...

    def asking(self, *, by_sight: bool) -> None: ...

    def answered(self, answer: Eligibility) -> None: ...

    def unanswered(self) -> None: ...

    def stated(self, certificate: bytes) -> None: ...

    def choose(self, *, electronic: bool) -> None: ...

    def paid(self, due: Due) -> None: ...

    async def print(self, name: str, lines: tuple[str, ...]) -> bool:
        """Whether paper came out."""
        ...


class NotHandedOut(Exception):
    """Nothing was printed or written: no printer, no room, or the stick was pulled out."""


class Tray(Protocol):
    """What leaves on paper or as a file; `kiosk.printer.Tray`, whose docstrings say what each raises."""

    @property
    def prints(self) -> bool: ...

    @property
    def has_stick(self) -> bool: ...

    async def print_pdf(self, pdf: bytes) -> None: ...

    async def keep(self, name: str, content: bytes) -> None: ...


class Unsettled(Exception):
    """Nobody can know now whether it was paid. It is on record, and will be found out; no second charge is made."""


@dataclass(frozen=True, slots=True)
class Due:
    """A bill; paid when it has a receipt."""

    bill: str
    """The practice's own name of it."""
    amount: int
    """Yen."""
    key: str = ""
    receipt: str = ""
    at: datetime | None = None
    number: str = field(default="", compare=False)
    """Of the reception at which the bill arose, for the staff; empty for what was paid before a fall."""


class AtTill(Protocol):
    """What pays bills at a reception; `kiosk.till.till.Till`, whose docstrings say what each raises."""

    async def care(self) -> Never: ...

    async def remember(self, certificate: bytes, number: str) -> None: ...

    async def waiting(self) -> bool: ...

    async def due(self, certificate: bytes) -> Due | None: ...

    async def card(self, certificate: bytes) -> RegisteredCard | None: ...

    async def challenge(self) -> Challenge: ...

    async def pay(self, due: Due, certificate: bytes, proof: CashierProof | None) -> Due | None: ...

    async def post_receipt(self, paid: Due, certificate: bytes, place: str) -> bool: ...

    async def given(self, paid: Due) -> None: ...

    async def settle(self) -> None: ...


class Shows(Protocol):
    """What it takes to say something and hear the answer, on the base layer or over whatever stands."""

    @property
    def profile(self) -> Profile: ...

    @property
    def words(self) -> Words: ...

    @property
    def phone(self) -> Phone: ...

    async def show(self, screen: Screen[A]) -> A:
        """Show it and wait for the answer. Raises Back."""
        ...

    async def during(self, screen: Working | PinOnReader | PhoneCode, work: Awaitable[T]) -> T:
        """Show `screen` while `work` runs. Raises what `work` raises, or Back when the person stops it.

        Work whose screen has no `stop` cannot be stopped: a VERIFY under way, for one.
        """
        ...


class Desk(Shows, Protocol):
    """The whole world of a flow. Tests play it with a scripted one."""

    @property
    def backend(self) -> Backend: ...

    @property
    def outage(self) -> Outage:
        """What is away now."""
        ...

    @property
    def kept(self) -> dict[str, Seen[Any]]:
        """What was fetched in this visit, each with its time; for `flows.asking.ask_or_kept`."""
        ...

    def mark_days(self, token: str) -> None:
        """From now on this box marks the days it is used, by a token of the care body's."""
        ...

    @property
    def evacuation_notices(self) -> tuple[wire.EvacuationNotice, ...]:
        """In force now, the gravest first."""
        ...

    def errand(self) -> str:
        """The item of the menu for which the person placed the card; told once, empty where there is none."""
        ...

    @property
    def reception(self) -> FrontDesk: ...

    def part_with(self, lines: tuple[str, ...]) -> None:
        """What the person takes along: it stands on the last screen until the card is taken."""
        ...

    @property
    def tray(self) -> Tray: ...

    @property
    def till(self) -> AtTill: ...

    def act_for(self, name: str) -> None:
        """From now on every screen says for whom the person acts; with an empty name no longer."""
        ...

    def now(self) -> datetime:
        """Local time with offset."""
        ...

    async def follow(self, make: Callable[[], Screen[A] | None]) -> A | None:
        """Show what `make` makes, made anew whenever something goes away or comes back; None as soon as it makes none.

        That a screen is made anew is no sign of life of the person. Raises Back.
        """
        ...

    async def look(self) -> None:
        """Find out what is away now, without waiting for the next time it is looked for."""
        ...

    async def with_card(self, step: Callable[[Card], Awaitable[T]]) -> T:
        """Run one step that talks to the card.

        Waits for a card when none is there. When it is lifted in the middle the person may put the same card back, and
        the whole step runs again from its beginning, so a step asks its own PIN: a typed PIN never outlives a removal.
        A card that does not answer is told to the person, who tries again or goes back (Back); PinWrong and PinBlocked
        are the step's own.
        """
        ...
