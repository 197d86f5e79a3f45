"""A partner company as a body: it asks whom it may write to and writes; all it has of a person is a handle."""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import UTC, datetime, time
from hashlib import sha256
from uuid import uuid4

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from sqlalchemy import Connection, insert, select

from backend_client.wire import (
    LETTER_DOMAIN,
    AddressEvent,
    BillDraft,
    CardDraft,
    Letter,
    NoticeDraft,
    NoticeEvent,
    PartnerCertificate,
    PartnerHandles,
    PartnerNotice,
    Statement,
    StatementFact,
    StatementKind,
)
from backend_stub.body import Body, Call, Endpoint
from backend_stub.database import answers, closing, open_database, retried
from backend_stub.jose import private_jwk
from backend_stub.machines import Role
from backend_stub.partners.accounts import Accounts
from backend_stub.partners.file import Billing, CompanyFile, Mailing, Membership, Premiums
from backend_stub.partners.site import routes
from backend_stub.partners.site.account import AccountPage
from backend_stub.partners.site.client import Client
from backend_stub.partners.site.my_page import MyPage
from backend_stub.partners.tables import ADDRESSES, HEARD, SENT, TABLES
from backend_stub.peers import Setup
from backend_stub.sealing import seal
from backend_stub.setups import machine_key
from backend_stub.statements import write_statement

AUTHORIZER = frozenset({Role.AUTHORIZER})


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
            endpoints=(
                Endpoint("POST", "/notice-events", self.hear, NoticeEvent, None, frozenset({Role.PORTAL})),
                Endpoint(
                    "POST", "/address-events", self.hear_address, AddressEvent, None, frozenset({Role.AUTHORIZER})
                ),
            ),
            registry=self._setup.registry,
            clock=self._setup.clock,
            healthy=lambda: answers(self._engine),
            close=closing(self._engine),
            routes=routes(self._name, self._mount, self._client(), self._page()),
        )

    @property
    def _name(self) -> str:
        return self._setup.directory[self.file.id].name

    def _page(self) -> MyPage | AccountPage:
        """What the company's own page is about."""
        if self.file.page == "account":
            return AccountPage(self._name, Accounts(self._engine, self._setup.clock), self.certify)
        return MyPage(self._name)

    def _client(self) -> Client:
        """As OAuth client: it proves itself by its machine's key."""
        setup = self._setup
        key, back = private_jwk(machine_key(setup.data)), f"{self._address}/site/back"
        return Client(self.file.id, key, back, lambda: setup.peers.line("oauth"), setup.clock)

    async def send(self, mailing: Mailing) -> None:
        """Write to everybody who lets this company in, once to each. Raises Refusal."""
        peers, trace_id = self._setup.peers, uuid4().hex
        handles: PartnerHandles = await peers.read("portal", "/partner-handles", PartnerHandles, trace_id)
        for handle, key in zip(handles.handles, handles.keys, strict=True):
            if handle in self.reached(mailing):
                continue
            # The same id each time: what was sent and not noted is sent again, and is one notice.
            message_id = sha256(f"{mailing.id} {handle}".encode()).hexdigest()[:32]
            draft = msgspec.structs.replace(mailing.draft, message_id=message_id)
            notice = _sealed(handle, draft, key)
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

    async def hear_address(self, _call: Call, event: AddressEvent) -> None:
        """Note where a customer lives now; what comes again counts once."""
        self._note_address(event)

    def address(self, consent: str) -> str:
        """Where a customer lives, as it was told last; empty if nothing was."""
        with self._engine.connect() as connection:
            return connection.scalar(select(ADDRESSES.c.address).where(ADDRESSES.c.consent == consent)) or ""

    def heard(self) -> list[tuple[str, str]]:
        """Kind and notice of every event so far."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(HEARD.c.type, HEARD.c.subject).order_by(HEARD.c.at, HEARD.c.type))
            return [(row.type, row.subject) for row in rows]

    @retried
    def _note_event(self, event: NoticeEvent) -> None:
        with self._engine.begin() as connection:
            _is_new(connection, event)

    @retried
    def _note_address(self, event: AddressEvent) -> None:
        mine = ADDRESSES.c.consent == event.subject
        with self._engine.begin() as connection:
            if _is_new(connection, event):
                connection.execute(ADDRESSES.delete().where(mine))
                connection.execute(insert(ADDRESSES).values(consent=event.subject, address=event.data.address))

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

    async def certify_premiums(self, premiums: Premiums) -> None:
        """Put a 控除証明書 into the post box of everybody who lets this company in, once each. Raises Refusal."""
        handles: PartnerHandles = await self._setup.peers.read(
            "portal", "/partner-handles", PartnerHandles, uuid4().hex
        )
        for handle in set(handles.handles) - self.reached(premiums):
            statement = Statement(
                id=sha256(f"{premiums.id} {handle}".encode()).hexdigest()[:32],
                title=premiums.title,
                issuer=self.file.id,
                issuer_name=self._name,
                holder=premiums.holder,
                facts=tuple(StatementFact(label=label, value=value) for label, value in premiums.facts.items()),
                issued_at=self._setup.clock(),
                valid_until=datetime.combine(premiums.valid_until, time.max, UTC),
                kind=StatementKind.PREMIUM,
            )
            await self.certify(handle, statement)
            self._note(premiums, handle)

    async def certify(self, handle: str, statement: Statement) -> None:
        """Sign a certificate and put it into somebody's post box; the same id counts once. Raises Refusal."""
        peers = self._setup.peers
        statement = msgspec.structs.replace(statement, issuer=self.file.id)
        message = PartnerCertificate(handle=handle, certificate=write_statement(statement, peers.sign))
        await peers.ask("portal", "/partner-certificates", message, None, uuid4().hex)

    def _note(self, mailing: Mailing | Billing | Membership | Premiums, handle: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(insert(SENT).values(mailing=mailing.id, handle=handle))

    def reached(self, mailing: Mailing | Billing | Membership | Premiums) -> set[str]:
        """The handles that have been written to."""
        with self._engine.connect() as connection:
            return set(connection.execute(select(SENT.c.handle).where(SENT.c.mailing == mailing.id)).scalars())


def _is_new(connection: Connection, event: NoticeEvent | AddressEvent) -> bool:
    """Note an event; False for one that has come before."""
    same = (HEARD.c.source == event.source) & (HEARD.c.id == event.id)
    if connection.execute(select(HEARD).where(same)).first() is not None:
        return False
    kind = event.type.value if isinstance(event, NoticeEvent) else event.type
    values = {"source": event.source, "id": event.id, "type": kind, "subject": event.subject, "at": event.time}
    connection.execute(insert(HEARD).values(values))
    return True


def _sealed(handle: str, draft: NoticeDraft, key: str) -> PartnerNotice:
    """A notice whose letter is sealed to the folder; one with attachments goes as it is, and the portal seals it."""
    if draft.documents:
        return PartnerNotice(handle=handle, draft=draft)
    letter = Letter(summary=draft.summary, body=draft.body, case_id=draft.case_id, action=draft.action)
    to = X25519PublicKey.from_public_bytes(b64decode(key))
    sealed = seal(msgspec.json.encode(letter), to, LETTER_DOMAIN + draft.message_id.encode())
    cover = msgspec.structs.replace(draft, summary=(), body="", case_id="", action=None)
    return PartnerNotice(handle=handle, draft=cover, sealed=b64encode(sealed).decode())
