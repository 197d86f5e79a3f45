"""A partner company as a body: it asks whom it may write to and writes; all it has of a person is a handle."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import msgspec
from sqlalchemy import Column, MetaData, String, Table, insert, select

from backend_client.wire import BillDraft, CardDraft, NoticeDraft, NoticeEvent, PartnerHandles, PartnerNotice
from backend_stub.body import Body, Call, Endpoint
from backend_stub.database import Moment, answers, closing, open_database, retried
from backend_stub.jose import private_jwk
from backend_stub.machines import Role
from backend_stub.partners.site import routes
from backend_stub.partners.site.client import Client
from backend_stub.peers import Setup
from backend_stub.setups import machine_key

FILES = Path(__file__).parent
TABLES = MetaData(info={"migrations": "partner"})
SENT = Table(
    "sent",
    TABLES,
    Column("mailing", String(40), primary_key=True),
    Column("handle", String(100), primary_key=True),
)


HEARD = Table(
    "heard",
    TABLES,
    Column("source", String(100), primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("type", String(64), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("at", Moment, nullable=False),
)


class Mailing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    draft: NoticeDraft


class Billing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One bill to everybody. `amount` is in yen."""

    id: str
    title: str
    amount: int
    due: date


class Membership(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One card for everybody who lets the company in."""

    id: str
    title: str
    holder: str
    valid_until: date


class CompanyFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    title: str
    mailings: tuple[Mailing, ...]
    billings: tuple[Billing, ...] = ()
    memberships: tuple[Membership, ...] = ()


def read_file(company: str, folder: Path = FILES) -> CompanyFile:
    """Read the file of one company. Raises msgspec.ValidationError when it is not in order."""
    return msgspec.toml.decode((folder / f"{company}.toml").read_bytes(), type=CompanyFile)


class Company:
    """One company at work. `address` is the public one of its body, and `mount` the path in it."""

    def __init__(self, setup: Setup, file: CompanyFile, address: str, mount: str) -> None:
        self._address = address
        self._mount = mount
        self.file = file
        self._setup = setup
        self._engine = open_database(setup.database_url, TABLES)

    def body(self) -> Body:
        return Body(
            name=self.file.id,
            title=self.file.title,
            endpoints=(Endpoint("POST", "/notice-events", self.hear, NoticeEvent, None, frozenset({Role.PORTAL})),),
            registry=self._setup.registry,
            clock=self._setup.clock,
            healthy=lambda: answers(self._engine),
            close=closing(self._engine),
            routes=routes(self._setup.directory[self.file.id].name, self._mount, self._client()),
        )

    def _client(self) -> Client:
        """As OAuth client: it proves itself by its machine's key."""
        setup = self._setup
        key, back = private_jwk(machine_key(setup.data)), f"{self._address}/site/back"
        return Client(self.file.id, key, back, lambda: setup.peers.line("oauth"), setup.clock)

    async def send(self, mailing: Mailing) -> None:
        """Write to everybody who lets this company in, once to each. Raises Refusal."""
        peers, trace_id = self._setup.peers, uuid4().hex
        handles: PartnerHandles = await peers.read("portal", "/partner-handles", PartnerHandles, trace_id)
        for handle in set(handles.handles) - self.reached(mailing):
            # The same id each time: what was sent and not noted is sent again, and is one notice.
            message_id = sha256(f"{mailing.id} {handle}".encode()).hexdigest()[:32]
            draft = msgspec.structs.replace(mailing.draft, message_id=message_id)
            notice = PartnerNotice(handle=handle, draft=draft)
            await peers.ask("portal", "/partner-notices", notice, None, trace_id)
            self._note(mailing, handle)

    async def bill(self, billing: Billing) -> None:
        """Send a bill to everybody who lets this company in, once to each. Raises Refusal."""
        peers, trace_id = self._setup.peers, uuid4().hex
        handles: PartnerHandles = await peers.read("portal", "/partner-handles", PartnerHandles, trace_id)
        for handle in set(handles.handles) - self.reached(billing):
            number = sha256(f"{billing.id} {handle}".encode()).hexdigest()[:32]
            draft = BillDraft(number=number, handle=handle, title=billing.title, amount=billing.amount, due=billing.due)
            await peers.ask("bills", "/drafts", draft, None, trace_id)
            self._note(billing, handle)

    async def hear(self, _call: Call, event: NoticeEvent) -> None:
        """Note what became of a notice; what comes again counts once."""
        self._note_event(event)

    def heard(self) -> list[tuple[str, str]]:
        """Kind and notice of every event so far."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(HEARD.c.type, HEARD.c.subject).order_by(HEARD.c.at, HEARD.c.type))
            return [(row.type, row.subject) for row in rows]

    @retried
    def _note_event(self, event: NoticeEvent) -> None:
        same = (HEARD.c.source == event.source) & (HEARD.c.id == event.id)
        values = {"source": event.source, "id": event.id, "type": event.type.value}
        with self._engine.begin() as connection:
            if connection.execute(select(HEARD).where(same)).first() is None:
                connection.execute(insert(HEARD).values(values | {"subject": event.subject, "at": event.time}))

    async def issue(self, card: Membership) -> None:
        """Give a card to everybody who lets this company in, once to each. Raises Refusal."""
        peers, trace_id = self._setup.peers, uuid4().hex
        handles: PartnerHandles = await peers.read("portal", "/partner-handles", PartnerHandles, trace_id)
        for handle in set(handles.handles) - self.reached(card):
            number = str(int(sha256(f"{card.id} {handle}".encode()).hexdigest()[:8], 16)).zfill(10)
            draft = CardDraft(
                number=number, handle=handle, title=card.title, holder=card.holder, valid_until=card.valid_until
            )
            await peers.ask("cards", "/drafts", draft, None, trace_id)
            self._note(card, handle)

    def _note(self, mailing: Mailing | Billing | Membership, handle: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(insert(SENT).values(mailing=mailing.id, handle=handle))

    def reached(self, mailing: Mailing | Billing | Membership) -> set[str]:
        """The handles that have been written to."""
        with self._engine.connect() as connection:
            return set(connection.execute(select(SENT.c.handle).where(SENT.c.mailing == mailing.id)).scalars())
