"""Readers, cards and a backend made of plain Python, with a switch for everything that can go wrong."""

from __future__ import annotations

import asyncio
from base64 import b64decode, b64encode
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, Never, TypeVar

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from backend_client import wire
from backend_client.errors import Refused, Unreachable
from backend_client.own_information import OwnInformation
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
from kiosk.care_mark import MARKS
from tests.flow.certificates import certificate_of
from tests.flow.fake_bills import FakeBills
from tests.flow.fake_cards import FakeCards
from tests.flow.fake_emergency import FakeCare, FakeEmergency
from tests.flow.fake_facilities import FakeFacilities
from tests.flow.fake_health import FakeHealth
from tests.flow.fake_log import FakeLog
from tests.flow.fake_medical import FakeMedical
from tests.flow.fake_own import FakeOwn
from tests.flow.fake_partners import FakePartners

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
        self.password = "ABC123"
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
        self._verified: set[Pin] = set()
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
        return await self._asked("sign", lambda: self._sign(Pin.USER_AUTHENTICATION, message))

    async def sign_certificate(self) -> bytes:
        return await self._asked("sign certificate", lambda: self._card.certificate)

    async def sign_ca_certificate(self) -> bytes:
        return await self._asked("sign ca", lambda: self._card.certificate)

    async def sign_document(self, message: bytes, algorithm: Algorithm) -> bytes:
        assert algorithm is Algorithm.RS256
        return await self._asked("sign document", lambda: self._sign(Pin.DIGITAL_SIGNATURE, message))

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
        if typed != (card.password if pin is Pin.DIGITAL_SIGNATURE else card.pin):
            card.tries[pin] -= 1
            card.note("verify wrong")
            raise PinWrong(pin, card.tries[pin]) if card.tries[pin] else PinBlocked(pin)
        card.tries[pin] = 5 if pin is Pin.DIGITAL_SIGNATURE else 3
        card.note("verify right")
        self._verified.add(pin)

    def _sign(self, pin: Pin, message: bytes) -> bytes:
        if pin not in self._verified:
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
        receipt=True,
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


MOVE = wire.LifeEvent(
    id="move",
    title="引っこし",
    summary="住所が変わることを届けます",
    questions=(
        wire.Question(id="day", kind=wire.QuestionKind.DAY, title="いつですか", label="引っこす日"),
        wire.Question(id="place", kind=wire.QuestionKind.PLACE, title="どこですか", label="あたらしい住所"),
        wire.Question(
            id="people",
            kind=wire.QuestionKind.CHOICE,
            title="だれですか",
            label="引っこす人",
            options=(wire.QuestionOption(id="self", title="わたしだけ"), wire.QuestionOption(id="all", title="家族")),
        ),
    ),
    receivers=(
        wire.Receiver(id="midori-city", name="みどり市 国保年金課", what="住所を変えます", advised=True),
        wire.Receiver(id="mihon-pension", name="みほん年金機構", what="住所を変えます", advised=False),
    ),
    tasks=(
        wire.Task(title="鍵を返す", until="引っこす日"),
        wire.Task(title="市役所へ 行く", until="14日まで", visit=True),
    ),
)


def asking_for(*kinds: wire.StatementKind) -> wire.LifeEvent:
    """A life event that asks for certificates of each kind."""
    questions = (
        wire.Question(
            id=kind.value, kind=wire.QuestionKind.CERTIFICATES, title="どれですか", label="証明書", certificates=kind
        )
        for kind in kinds
    )
    return msgspec.structs.replace(MOVE, questions=tuple(questions))


def _parcel(receiver: str, state: wire.ParcelState) -> wire.Parcel:
    reason = "口座を たしかめてください" if state is wire.ParcelState.SENT_BACK else ""
    return wire.Parcel(
        id=f"p-{receiver}", receiver=receiver, receiver_name="みどり市", state=state, reason=reason, at=NOON
    )


def _application(answers: dict[str, str], parcels: tuple[wire.Parcel, ...]) -> wire.Application:
    return wire.Application(
        id="d1", number="12345678", event="move", title="引っこし", answers=answers, sent_at=NOON, parcels=parcels
    )


def a_move(*states: wire.ParcelState) -> wire.Application:
    """One that was sent, with a paper in each state."""
    answers = {"day": "2026-12-01", "place": "〒1234567 みほん県みどり市若葉町 3-5", "people": "self"}
    receivers = ("midori-city", "mihon-pension", "midori-care", "midori-child", "midori-tax")
    return _application(answers, tuple(_parcel(*one) for one in zip(receivers, states, strict=False)))


def a_certificate(
    number: str = "s1",
    kind: wire.StatementKind = wire.StatementKind.OTHER,
    *,
    forged: bool = False,
    days: int = 30,
) -> wire.PostItem:
    """In the post box; `days` from now it is over."""
    key = Ed25519PrivateKey.generate()
    statement = wire.Statement(
        id=number,
        title="住所変更済証明",
        issuer="midori-city",
        issuer_name="みどり市 国保年金課",
        holder="見本 花子",
        facts=(wire.StatementFact(label="住所", value="みほん県みどり市若葉町 3-5"),),
        issued_at=NOON,
        valid_until=NOON + timedelta(days=days),
        kind=kind,
    )
    text = msgspec.json.encode(statement)
    signature = key.sign(wire.STATEMENT_DOMAIN + text)
    shown = text.replace(b"3-5", b"9-9") if forged else text
    signed = wire.SignedStatement(statement=b64encode(shown).decode(), signature=b64encode(signature).decode())
    public = key.public_key().public_bytes_raw().hex()
    return wire.PostItem(id=number, arrived_at=NOON, certificate=signed, key=public, sent_to=())


A_PROXY = wire.Proxy(
    id="x1",
    kind=wire.ProxyKind.VOLUNTARY,
    acts_for=True,
    name="見本 太郎",
    scopes=tuple(wire.ProxyScope),
    until=NOON + timedelta(days=30),
)
PROXIES = wire.ProxyList(
    proxies=(A_PROXY, msgspec.structs.replace(A_PROXY, id="x2", acts_for=False, kind=wire.ProxyKind.WARD)),
    acts=(wire.ProxyAct(at=NOON, name="見本 太郎", scope=wire.ProxyScope.NOTICES),),
)


TEXT = wire.Document(
    filename="くわしく.txt",
    encoding_format=wire.DocumentFormat.TEXT,
    content=b64encode("<b>くわしい</b> 説明 https://mihon.example/".encode()).decode(),
)
PDF = wire.Document(filename="納付書.pdf", encoding_format=wire.DocumentFormat.PDF, content="JVBERi0xLjc=")


def an_action(code: wire.ActionCode, entry_point: str = "") -> wire.NoticeAction:
    """With a term of ten days."""
    label, until = "12月1日までに おねがいします", NOON + timedelta(days=10)
    return wire.NoticeAction(action_code=code, label=label, until=until, entry_point=entry_point)


def _document_head(document: wire.Document) -> wire.DocumentHead:
    return wire.DocumentHead(filename=document.filename, encoding_format=document.encoding_format, size=8)


def refused(code: str) -> Refused:
    return Refused(code, "portal", "trace-7")


class FakeBackend:
    """Portal and medical body in one. `faults[what]` are raised, once each, instead of answering."""

    origin = "https://portal.example"

    def __init__(self) -> None:
        self.cards: list[FakeCard] = []
        self.registered = True
        self.last_sign_in: wire.LastSignIn | None = LAST
        self.sign_in_history: tuple[wire.LastSignIn, ...] = (LAST,)
        self.documents: tuple[wire.Document, ...] = ()
        self.action: wire.NoticeAction | None = None
        self.card_new = False
        self.blocked = False
        self.heads: tuple[wire.NoticeHead, ...] = HEADS
        self.told: tuple[wire.RecordSentence, ...] = RECORDS
        self.page_size = 50
        self.known_proxies = wire.ProxyList(proxies=(), acts=())
        self.acts_for = ""
        self.changed: tuple[wire.Item, ...] = ()
        self.log_of_gateway = FakeLog()
        self.doubted: tuple[wire.Case, ...] = ()
        self.event = MOVE
        self.drafts: dict[str, wire.Draft] = {}
        self.applied: tuple[wire.Application, ...] = ()
        self.post: tuple[wire.PostItem, ...] = ()
        self.validity = wire.Validity.VALID
        self.insurance: wire.Insurance | None = INSURANCE
        self.grace_until: str | None = None
        """Of an expired certificate."""
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
        self.partners = FakePartners(self._with_session)
        self.bills = FakeBills(self._with_session)
        self.memberships = FakeCards(self._with_session)
        self.medical = FakeMedical()
        self.own = FakeOwn()
        self.services: dict[str, Any] = {
            "health": self.health_book,
            "facilities": self.facilities,
            "emergency": self.emergency,
            "care": self.care,
            "oauth": self.partners,
            "bills": self.bills,
            "cards": self.memberships,
            "medical": self.medical,
        }
        """By name, as `service` gives them; what they are asked is asked of the one line too."""
        self._nonces: list[str] = []

    def service(self, name: str, mount: str) -> Any:
        return self.services[name]

    async def ask(self, _method: str, path: str, message: object, _kind: object, _session: None) -> Any:
        """What is asked without a service: the care mark, and the payment body's tokens."""
        if path == MARKS:
            return await self._asked("mark", message)
        return await self.bills.token(path, message)

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
        if self.blocked:
            raise refused("folder_blocked")
        return self._signed_in() if self.registered else wire.NotRegistered(ticket="ticket")

    async def register(self, request: wire.Registration) -> wire.SignedIn:
        await self._asked("register", request)
        self.registered = True
        return self._signed_in()

    async def sign_ins(self, page: int) -> wire.SignInPage:
        await self._with_session("sign_ins", page)
        start = 20 * page
        known = self.sign_in_history
        return wire.SignInPage(sign_ins=known[start : start + 20], more=len(known) > start + 20)

    async def block(self) -> None:
        await self._with_session("block")
        self.session = False
        self.blocked = True

    async def notices(self) -> wire.NoticeList:
        await self._with_session("notices")
        return wire.NoticeList(notices=self.heads)

    async def notice(self, notice_id: str) -> wire.Notice:
        await self._with_session("notice", notice_id)
        head = next(head for head in self.heads if head.id == notice_id)
        self.heads = tuple(msgspec.structs.replace(h, opened=h.opened or h is head) for h in self.heads)
        return self._whole(msgspec.structs.replace(head, opened=True))

    def _whole(self, head: wire.NoticeHead) -> wire.Notice:
        return wire.Notice(
            head=head,
            summary=("一行目。", "二行目。"),
            body="本文です。",
            documents=tuple(map(_document_head, self.documents)),
            action=self.action,
        )

    async def notice_document(self, notice_id: str, number: int) -> wire.Document:
        await self._with_session("notice_document", (notice_id, number))
        return self.documents[number]

    async def mark_notice(self, mark: wire.MarkNotice) -> None:
        await self._with_session("mark_notice", mark)

    async def share_notice(self, share: wire.ShareNotice) -> wire.NoticeShare:
        await self._with_session("share_notice", share)
        return wire.NoticeShare(code="12345678", until=NOON + timedelta(days=1))

    async def shared_notice(self, shared: wire.SharedNotice) -> wire.Notice:
        await self._with_session("shared_notice", shared)
        if shared.code != "12345678":
            raise refused("not_found")
        return self._whole(self.heads[0] if self.heads else HEADS[0])

    async def records(self) -> wire.RecordList:
        await self._with_session("records")
        return wire.RecordList(records=self.told)

    async def record_page(self, request: wire.RecordPageRequest) -> wire.RecordPage:
        """By `page_size`; the cursor is the place in the whole."""
        await self._with_session("record_page", request)
        told = [one for one in self.told if request.month in (None, f"{one.record.at:%Y-%m}")]
        told = [one for one in told if request.agency in (None, "midori-city")]
        start = request.before or 0
        end = start + self.page_size
        return wire.RecordPage(records=tuple(told[start:end]), next=end if end < len(told) else None)

    async def record_counts(self) -> wire.RecordCounts:
        await self._with_session("record_counts")
        agency = wire.AgencyCount(agency="midori-city", name="みどり市 国保年金課", records=len(self.told))
        months = Counter(f"{one.record.at:%Y-%m}" for one in self.told)
        return wire.RecordCounts(months=tuple(months.items()), agencies=(agency,) if self.told else ())

    async def prove_record(self, number: str) -> wire.ProvenRecord:
        await self._with_session("prove_record", number)
        return self.log_of_gateway.proof(number)

    async def witnessed_head(self) -> wire.SignedHead:
        await self._asked("witnessed_head")
        return self.log_of_gateway.witnessed

    async def growth(self, old: int, new: int) -> wire.Consistency:
        await self._asked("growth")
        return self.log_of_gateway.growth

    async def own_holders(self) -> wire.OwnHolders:
        await self._with_session("own_holders")
        return wire.OwnHolders(holders=self.own.holders)

    async def own_information(self, law: str) -> OwnInformation:
        await self._with_session(f"own {law}")
        return await self.own.answer(law)

    async def cases(self) -> wire.CaseList:
        await self._with_session("cases")
        return wire.CaseList(cases=self.doubted)

    async def open_case(self, number: str) -> wire.Case:
        await self._with_session("open_case", number)
        case = wire.Case(id="c1", transaction_number=number, opened_at=NOON, answer="", answered_at=None)
        self.doubted = (*self.doubted, case)
        return case

    async def proxies(self) -> wire.ProxyList:
        await self._with_session("proxies")
        return self.known_proxies

    async def own_changes(self, since: datetime) -> wire.Changed:
        await self._with_session("own_changes", since)
        return wire.Changed(items=self.changed, registered=True)

    async def offer_proxy(self, offer: wire.ProxyOffer) -> wire.ProxyCode:
        await self._with_session("offer_proxy", offer)
        return wire.ProxyCode(code="12345678", lifetime_s=600)

    async def look_at_offer(self, code: str) -> wire.ProxyOffered:
        await self._with_session("look_at_offer", code)
        if code != "12345678":
            raise refused("not_found")
        return wire.ProxyOffered(name=A_PROXY.name, scopes=A_PROXY.scopes, until=A_PROXY.until)

    async def accept_offer(self, code: str) -> wire.Proxy:
        await self._with_session("accept_offer", code)
        self.known_proxies = wire.ProxyList(proxies=(A_PROXY,), acts=())
        return A_PROXY

    async def end_proxy(self, proxy: str) -> None:
        await self._with_session("end_proxy", proxy)
        left = tuple(one for one in self.known_proxies.proxies if one.id != proxy)
        self.known_proxies = msgspec.structs.replace(self.known_proxies, proxies=left)

    async def act_for(self, proxy: str) -> wire.SignedIn:
        await self._with_session("act_for", proxy)
        self.acts_for = proxy
        return wire.SignedIn(session="other", lifetime_s=600, name=A_PROXY.name, last_sign_in=None, unread_notices=1)

    def act_no_more(self) -> None:
        self.acts_for = ""

    async def life_events(self) -> wire.LifeEventList:
        await self._with_session("life_events")
        head = wire.LifeEventHead(id=self.event.id, title=self.event.title, summary=self.event.summary)
        return wire.LifeEventList(events=(head,))

    async def life_event(self, event: str) -> wire.LifeEvent:
        await self._with_session("life_event", event)
        return self.event

    async def towns(self, postcode: str) -> wire.Towns:
        await self._with_session("towns", postcode)
        return wire.Towns(towns=("みほん県みどり市若葉町",) if postcode == "1234567" else ())

    async def applications(self) -> wire.ApplicationList:
        await self._with_session("applications")
        return wire.ApplicationList(drafts=tuple(self.drafts.values()), applications=self.applied)

    async def save_draft(self, draft: wire.DraftSave) -> wire.Draft:
        await self._with_session("save_draft", draft)
        kept = wire.Draft(id="d1", event=draft.event, answers=draft.answers, receivers=draft.receivers, saved_at=NOON)
        self.drafts[draft.event] = kept
        return kept

    async def submit(self, submission: wire.Submission) -> wire.Application:
        await self._with_session("submit", submission)
        draft = next((draft for draft in self.drafts.values() if draft.id == submission.draft), None)
        if draft is not None:
            del self.drafts[draft.event]
            parcels = tuple(_parcel(one.receiver, wire.ParcelState.WAITING) for one in submission.papers)
            self.applied = (_application(draft.answers, parcels),)
        return self.applied[0]

    async def resend(self, resending: wire.Resending) -> wire.Application:
        await self._with_session("resend", resending)
        return self._changed(resending.parcel, wire.ParcelState.WAITING)

    async def withdraw(self, withdrawal: wire.Withdrawal) -> wire.Application:
        await self._with_session("withdraw", withdrawal)
        return self._changed(withdrawal.parcel, wire.ParcelState.WITHDRAWN)

    async def post_box(self) -> wire.PostList:
        await self._with_session("post_box")
        return wire.PostList(items=self.post, receivers=(("midori-care", "みどり市 介護保険課"),))

    async def send_on(self, sending: wire.SendOn) -> None:
        await self._with_session("send_on", sending)

    def _changed(self, parcel: str, state: wire.ParcelState) -> wire.Application:
        (application,) = self.applied
        parcels = tuple(_parcel(one.receiver, state) if one.id == parcel else one for one in application.parcels)
        self.applied = (msgspec.structs.replace(application, parcels=parcels),)
        return self.applied[0]

    async def eligibility(self, request: wire.EligibilityRequest) -> wire.Eligibility:
        await self._asked("eligibility", request)
        self._check_token(request.nonce, request.token)
        return wire.Eligibility(
            validity=self.validity,
            insurance=self.insurance,
            consent=request.consent,
            consent_ends_at=None,
            reception_number="12",
            grace_until=self.grace_until,
        )

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
            card_new=self.card_new,
            acts_for_others=any(proxy.acts_for for proxy in self.known_proxies.proxies),
        )
