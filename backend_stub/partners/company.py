"""A partner company as a body: it asks whom it may write to and writes; all it has of a person is a handle."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import msgspec
from sqlalchemy import Column, MetaData, String, Table, insert, select

from backend_client.wire import NoticeDraft, PartnerHandles, PartnerNotice
from backend_stub.body import Body
from backend_stub.database import answers, closing, open_database
from backend_stub.peers import Setup

FILES = Path(__file__).parent
TABLES = MetaData(info={"migrations": "partner"})
SENT = Table(
    "sent",
    TABLES,
    Column("mailing", String(40), primary_key=True),
    Column("handle", String(100), primary_key=True),
)


class Mailing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    draft: NoticeDraft


class CompanyFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    title: str
    mailings: tuple[Mailing, ...]


def read_file(company: str, folder: Path = FILES) -> CompanyFile:
    """Read the file of one company. Raises msgspec.ValidationError when it is not in order."""
    return msgspec.toml.decode((folder / f"{company}.toml").read_bytes(), type=CompanyFile)


class Company:
    """One company at work."""

    def __init__(self, setup: Setup, file: CompanyFile) -> None:
        self.file = file
        self._setup = setup
        self._engine = open_database(setup.database_url, TABLES)

    def body(self) -> Body:
        return Body(
            name=self.file.id,
            title=self.file.title,
            endpoints=(),
            registry=self._setup.registry,
            clock=self._setup.clock,
            healthy=lambda: answers(self._engine),
            close=closing(self._engine),
        )

    async def send(self, mailing: Mailing) -> None:
        """Write to everybody who lets this company in, once to each. Raises Refusal."""
        peers, trace_id = self._setup.peers, uuid4().hex
        handles: PartnerHandles = await peers.read("portal", "/partner-handles", PartnerHandles, trace_id)
        for handle in set(handles.handles) - self.reached(mailing):
            notice = PartnerNotice(handle=handle, draft=mailing.draft)
            await peers.ask("portal", "/partner-notices", notice, None, trace_id)
            with self._engine.begin() as connection:
                connection.execute(insert(SENT).values(mailing=mailing.id, handle=handle))

    def reached(self, mailing: Mailing) -> set[str]:
        """The handles that have been written to."""
        with self._engine.connect() as connection:
            return set(connection.execute(select(SENT.c.handle).where(SENT.c.mailing == mailing.id)).scalars())
