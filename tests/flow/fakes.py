"""Readers, cards and a backend made of plain Python, with a switch for everything that can go wrong."""

from __future__ import annotations

import asyncio
from base64 import b64decode
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Never, TypeVar

import msgspec

from backend_client import wire
from backend_client.errors import Refused, Unreachable
from drivers.card.algorithm import Algorithm
from drivers.errors import (
    CardError,
    CardGone,
    CardRefused,
    EntryEnd,
    NoReader,
    NotOurCard,
    Pin,
    PinBlocked,
    PinNotEntered,
    PinWrong,
    ServiceCause,
    ServiceDown,
)
from drivers.readers import (
    CardAway,
    CardHere,
    CardSteady,
    CardWobbles,
    ReaderAway,
    ReaderEvent,
    ReaderHere,
    ServiceAway,
    ServiceHere,
)
from drivers.secret import Secret
from tests.flow.certificates import certificate_of
from tests.flow.fake_emergency import FakeCare, FakeEmergency
from tests.flow.fake_facilities import FakeFacilities
from tests.flow.fake_health import FakeHealth

T = TypeVar("T")

APDU_S = 0.05
ANSWER_S = 0.2
TYPING_S = 2.0
"""Four digits on the reader's own keys."""


class FakeCard:
    """An Individual Number Card; with `foreign` some other one. `log` tells what it was asked, over all visits.

    `before[what]` and `after[what]` are called once when that question arrives and when its answer is due; `faults` are
    raised, once each, instead of answering.
    """

    def __init__(self, name: str = "hanako", *, tries: int = 3, foreign: bool = False) -> None:
        self.certificate = certificate_of(name)
        self.pin = "1234"
        self.tries = {Pin.USER_AUTHENTICATION: tries, Pin.DIGITAL_SIGNATURE: 5}
        self.foreign = foreign
        self.apdu_s = APDU_S
        self.typed_on_reader: deque[str | EntryEnd] = deque()
        """Entry by entry, on the reader's own keys; after them nobody types."""
        self.log: list[str] = []
        self.before: dict[str, Callable[[], object]] = {}
        self.after: dict[str, Callable[[], object]] = {}
        self.faults: dict[str, deque[CardError]] = defaultdict(deque)

    @property
    def verifies(self) -> int:
        return sum(what.startswith("verify") for what in self.log)

    def note(self, what: str) -> None:
        self.log.append(what)

    def signature(self, message: bytes) -> bytes:
        return sha256(self.certificate + message).digest()


class FakeConnection:
    def __init__(self, readers: FakeReaders, reader: str, card: FakeCard) -> None:
        self.reader = reader
        self.card = card
        self.closed = False
        self.has_keys = readers.have_keys
        self._readers = readers
        self._placement = readers.placement(reader)

    def check(self) -> None:
        """Raises what a real connection would when its card is no longer there."""
        if self._readers.down is not None:
            raise ServiceDown(self._readers.down)
        if self._readers.placement(self.reader) != self._placement or self.closed:
            raise CardGone

    async def transmit(self, command: bytes | bytearray, deadline_s: float = 10.0) -> bytes:
        raise NotImplementedError("these tests speak to the card by FakeJpki")

    async def close(self) -> None:
        self.closed = True  # the reader's thread does it, whoever still waits for it
        await asyncio.sleep(APDU_S)


class FakeReaders:
    """Readers by name, and what happens to them."""

    def __init__(self, *names: str) -> None:
        self.names = set(names)
        self.cards: dict[str, FakeCard] = {}
        self.down: ServiceCause | None = None
        self.connections: list[FakeConnection] = []
        self.closed = False
        self.left_open: list[FakeConnection] = []
        """Connections that nobody had closed before the readers were."""
        self.connect_faults: dict[str, deque[CardError]] = defaultdict(deque)
        self._events: asyncio.Queue[ReaderEvent] = asyncio.Queue()
        self._placements: dict[str, int] = {}
        self.connect_s = APDU_S
        self.have_keys = False
        """Whether a PIN can be typed on the readers themselves."""
        for name in names:
            self._events.put_nowait(ReaderHere(name))

    def placement(self, reader: str) -> int:
        """Counts up with each card put into the reader; 0 while none is in it."""
        return self._placements[reader] if reader in self.cards else 0

    def insert(self, card: FakeCard, reader: str = "R1") -> None:
        self.remove(reader)
        if self.down is not None or reader not in self.names:
            return
        self.cards[reader] = card
        self._placements[reader] = self._placements.get(reader, 0) + 1
        self._events.put_nowait(CardHere(reader))

    def wobble(self, reader: str = "R1", *, told: bool = True) -> None:
        """Away and back within a moment, which costs the connection; told when it was the tenth time."""
        self._placements[reader] += 1
        if told:
            self._events.put_nowait(CardWobbles(reader))

    def steady(self, reader: str = "R1") -> None:
        self._events.put_nowait(CardSteady(reader))

    def remove(self, reader: str = "R1") -> None:
        if self.cards.pop(reader, None) is not None:
            self._events.put_nowait(CardAway(reader))

    def unplug(self, reader: str = "R1") -> None:
        self.remove(reader)
        if reader in self.names:
            self.names.discard(reader)
            self._events.put_nowait(ReaderAway(reader))

    def plug(self, reader: str = "R1") -> None:
        if self.down is None and reader not in self.names:
            self.names.add(reader)
            self._events.put_nowait(ReaderHere(reader))

    def stop_service(self, cause: ServiceCause = ServiceCause.NOT_RUNNING) -> None:
        """Readers go without a word about their cards."""
        if self.down is None:
            self.down = cause
            self._unplugged = dict.fromkeys(sorted(self.names))
            for reader in self._unplugged:
                self.cards.pop(reader, None)
                self.names.discard(reader)
                self._events.put_nowait(ReaderAway(reader))
            self._events.put_nowait(ServiceAway(cause))

    def start_service(self) -> None:
        if self.down is not None:
            self.down = None
            self._events.put_nowait(ServiceHere())
            for reader in self._unplugged:
                self.plug(reader)

    async def events(self) -> AsyncIterator[ReaderEvent]:
        while True:
            yield await self._events.get()

    async def connect(self, reader: str) -> FakeConnection:
        await asyncio.sleep(self.connect_s)
        if self.connect_faults[reader]:
            raise self.connect_faults[reader].popleft()
        if self.down is not None:
            raise ServiceDown(self.down)
        if reader not in self.names:
            raise NoReader
        if reader not in self.cards:
            raise CardGone
        connection = FakeConnection(self, reader, self.cards[reader])
        self.connections.append(connection)
        return connection

    async def close(self) -> None:
        self.left_open = [connection for connection in self.connections if not connection.closed]
        self.closed = True


class FakeJpki:
    """The application on one connection; a verified PIN is forgotten with it."""

    def __init__(self, connection: FakeConnection) -> None:
        self._connection = connection
        self._card = connection.card
        self._verified = False
        self._busy = False

    async def tries_left(self, pin: Pin) -> int:
        return await self._asked("tries", lambda: self._card.tries[pin])

    async def verify(self, pin: Pin, secret: Secret) -> None:
        typed = bytearray(len(secret))
        secret.copy_into(typed, 0)
        await self._asked("verify", lambda: self._try(pin, typed.decode()))

    @property
    def reader_has_keys(self) -> bool:
        return self._connection.has_keys

    async def verify_on_reader(self, pin: Pin, deadline_s: float) -> None:
        assert self.reader_has_keys
        if not self._card.typed_on_reader:
            await asyncio.sleep(deadline_s)
            raise PinNotEntered(EntryEnd.TIME_OVER)
        await asyncio.sleep(TYPING_S)
        typed = self._card.typed_on_reader.popleft()
        if isinstance(typed, EntryEnd):
            raise PinNotEntered(typed)
        await self._asked("verify", lambda: self._try(pin, typed))

    async def auth_certificate(self) -> bytes:
        return await self._asked("certificate", lambda: self._card.certificate)

    async def sign_for_authentication(self, message: bytes, algorithm: Algorithm) -> bytes:
        assert algorithm is Algorithm.RS256
        return await self._asked("sign", lambda: self._sign(message))

    async def _asked(self, what: str, answer: Callable[[], T]) -> T:
        assert not self._busy, f"{what} while another question is open"
        self._busy = True
        try:
            await asyncio.sleep(self._card.apdu_s)
            self._card.before.pop(what, _nothing)()
            self._connection.check()
            if self._card.faults[what]:
                self._fail(self._card.faults[what].popleft())
            return await self._due(what, answer)
        finally:
            self._busy = False

    def _fail(self, fault: CardError) -> Never:
        if isinstance(fault, CardGone):
            self._connection.closed = True  # another program has reset the card: this connection is of no use any more
        raise fault

    async def _due(self, what: str, answer: Callable[[], T]) -> T:
        """What the card does has been done, whether or not its answer arrives."""
        if what != "verify":
            self._card.note(what)
        try:
            return answer()
        finally:
            self._card.after.pop(what, _nothing)()
            await asyncio.sleep(APDU_S)
            self._connection.check()

    def _try(self, pin: Pin, typed: str) -> None:
        card = self._card
        if card.tries[pin] == 0:
            card.note("verify blocked")
            raise PinBlocked(pin)
        if typed != card.pin:
            card.tries[pin] -= 1
            card.note("verify wrong")
            raise PinWrong(pin, card.tries[pin]) if card.tries[pin] else PinBlocked(pin)
        card.tries[pin] = 3
        card.note("verify right")
        self._verified = True

    def _sign(self, message: bytes) -> bytes:
        if not self._verified:
            raise CardRefused("sign", 0x6982)
        return self._card.signature(message)


async def select(connection: FakeConnection) -> FakeJpki:
    """What `Jpki.select` does."""
    await asyncio.sleep(APDU_S)
    connection.check()
    if connection.card.faults["select"]:
        raise connection.card.faults["select"].popleft()
    if connection.card.foreign:
        raise NotOurCard
    return FakeJpki(connection)


def _nothing() -> None:
    pass


# --- the backend -----------------------------------------------------------------------------------------------------

NOON = datetime.fromisoformat("2026-11-21T10:30:00+09:00")
LAST = wire.LastSignIn(at=datetime.fromisoformat("2026-11-18T01:12:00+00:00"), place="このテレビ")

HEADS = (
    wire.NoticeHead(
        id="n1",
        sender="みどり市 国保年金課",
        sender_kind=wire.SenderKind.MUNICIPALITY,
        title="保険料のおしらせ",
        arrived_at=datetime.fromisoformat("2026-11-17T15:30:00+00:00"),
        opened=False,
        legal_effect=True,
    ),
    wire.NoticeHead(
        id="n2",
        sender="みほん電力",
        sender_kind=wire.SenderKind.COMPANY,
        title="11月の電気料金",
        arrived_at=datetime.fromisoformat("2026-11-10T09:00:00+09:00"),
        opened=False,
        legal_effect=False,
    ),
)

RECORDS = tuple(
    wire.RecordSentence(
        record=wire.Record(
            transaction_number=f"26B1-8C42-000{number}",
            at=datetime.fromisoformat(f"2026-11-1{number}T10:12:00+09:00"),
            basis="番号法 別表 の事務",
            requester="みどり市 国保年金課",
            provider="みどり税務署",
            kind="所得の情報",
            purpose="保険料の計算",
        ),
        sentence="みどり市 国保年金課 が、みどり税務署の持つ あなたの所得の情報を受け取りました。",
        reason="保険料を計算するため",
    )
    for number in (8, 2)
)

INSURANCE = wire.Insurance(
    insurer_number="00138057",
    insurer_name="みどり市",
    insured_card_symbol="みどり",
    insured_identification_number="1234567",
    insured_branch_number="01",
    personal_family="1",
    name="見本 花子",
    name_kana="ミホン ハナコ",
    birth_date=date(1946, 2, 11),
    partial_contribution_percent=20,
    valid_from=date(2026, 4, 1),
    valid_to=date(2027, 3, 31),
)


def refused(code: str) -> Refused:
    return Refused(code, "portal", "trace-7")


class FakeBackend:
    """Portal and medical body in one. `faults[what]` are raised, once each, instead of answering."""

    origin = "https://portal.example"

    def __init__(self) -> None:
        self.cards: list[FakeCard] = []
        self.registered = True
        self.last_sign_in: wire.LastSignIn | None = LAST
        self.heads: tuple[wire.NoticeHead, ...] = HEADS
        self.told: tuple[wire.RecordSentence, ...] = RECORDS
        self.validity = wire.Validity.VALID
        self.insurance: wire.Insurance | None = INSURANCE
        self.requests: list[object] = []
        self.log: list[str] = []
        self.faults: dict[str, deque[Exception]] = defaultdict(deque)
        self.answer_s = ANSWER_S
        self.session = False
        self.closed = False
        self.away = False
        """The line is: nothing is answered."""
        self.ill: set[str] = set()
        """Bodies that are not well."""
        self.facilities = FakeFacilities(self._with_session)
        self.emergency = FakeEmergency(self._with_session)
        self.care = FakeCare(self._with_session)
        self.health_book = FakeHealth(self._with_session)
        self.services: dict[str, Any] = {
            "health": self.health_book,
            "facilities": self.facilities,
            "emergency": self.emergency,
            "care": self.care,
        }
        """By name, as `service` gives them; what they are asked is asked of the one line too."""
        self._nonces: list[str] = []

    def service(self, name: str, mount: str) -> Any:
        return self.services[name]

    async def health(self) -> wire.Health:
        await asyncio.sleep(self.answer_s)
        if self.away:
            raise Unreachable
        bodies = ("authority", "portal", "gateway", "medical")
        return wire.Health(ok=not self.ill, bodies={body: body not in self.ill for body in bodies})

    async def portal_challenge(self) -> wire.Challenge:
        return await self._challenge("challenge")

    async def medical_challenge(self) -> wire.Challenge:
        return await self._challenge("medical_challenge")

    async def sign_in(self, request: wire.SignIn) -> wire.SignInAnswer:
        await self._asked("sign_in", request)
        self._check_token(request.nonce, request.token)
        return self._signed_in() if self.registered else wire.NotRegistered(ticket="ticket")

    async def register(self, request: wire.Registration) -> wire.SignedIn:
        await self._asked("register", request)
        self.registered = True
        return self._signed_in()

    async def notices(self) -> wire.NoticeList:
        await self._with_session("notices")
        return wire.NoticeList(notices=self.heads)

    async def notice(self, notice_id: str) -> wire.Notice:
        await self._with_session("notice", notice_id)
        head = next(head for head in self.heads if head.id == notice_id)
        self.heads = tuple(msgspec.structs.replace(h, opened=h.opened or h is head) for h in self.heads)
        return wire.Notice(head=head, summary=("一行目。", "二行目。"), body="本文です。")

    async def records(self) -> wire.RecordList:
        await self._with_session("records")
        return wire.RecordList(records=self.told)

    async def eligibility(self, request: wire.EligibilityRequest) -> wire.Eligibility:
        await self._asked("eligibility", request)
        self._check_token(request.nonce, request.token)
        return wire.Eligibility(
            validity=self.validity,
            insurance=self.insurance,
            consent=request.consent,
            consent_ends_at=None,
            reception_number="12",
        )

    async def ask(self, method: str, path: str, message: object, kind: object, session: object) -> None:
        """Only the care mark asks without a service."""
        await self._asked("mark", message)

    async def sign_out(self) -> None:
        if self.session:
            self.session = False
            with suppress(Unreachable):
                await self._asked("sign_out")

    async def close(self) -> None:
        self.closed = True

    async def _asked(self, what: str, request: object = None) -> None:
        self.log.append(what)
        await asyncio.sleep(self.answer_s)
        if self.away:
            raise Unreachable
        if self.faults[what]:
            raise self.faults[what].popleft()
        self.requests.append(request)

    async def _with_session(self, what: str, request: object = None) -> None:
        await self._asked(what, request)
        if not self.session:
            raise refused("session_unknown")

    async def _challenge(self, what: str) -> wire.Challenge:
        await self._asked(what)
        self._nonces.append(f"nonce {len(self.log)}")
        return wire.Challenge(nonce=self._nonces[-1], lifetime_s=300)

    def _check_token(self, nonce: str, token: wire.AuthToken) -> None:
        """Each challenge once, and signed by the very card whose certificate is sent."""
        if nonce not in self._nonces:
            raise refused("challenge_unknown")
        self._nonces.remove(nonce)
        certificate = b64decode(token.unverified_certificate)
        card = next(card for card in self.cards if card.certificate == certificate)
        assert b64decode(token.signature) == card.signature(wire.text_to_sign(self.origin, nonce))
        assert (token.format, token.algorithm) == ("web-eid:1", "RS256")

    def _signed_in(self) -> wire.SignedIn:
        self.session = True
        return wire.SignedIn(
            session="session",
            lifetime_s=600,
            name="見本 花子",
            last_sign_in=self.last_sign_in,
            unread_notices=sum(not head.opened for head in self.heads),
        )
