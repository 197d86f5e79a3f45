"""Consents: a person lets the gateway use a law tuple that needs it, sees which are in force, and takes them back.

What counts is kept by the gateway, which does not know whose it is. The portal writes a consent down before it tells
the gateway and strikes it out after: none is in force that the person cannot see.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine

from backend_client.wire import Consent, ConsentEnd, ConsentList
from backend_stub.body import Call, Refusal
from backend_stub.database import retried
from backend_stub.portal.folders import Folders
from backend_stub.portal.neighbours import Neighbours
from backend_stub.portal.signed_in import SignedInPeople
from backend_stub.portal.tables import consents

UNCERTAIN = frozenset({"peer_unavailable", "fault"})
"""After these nobody knows whether the gateway has the consent: it stays on the list, where it can be taken back."""


class ConsentDesk:
    """The endpoints about consents, behind a session; each is about the session's own folder. All raise Refusal."""

    def __init__(self, engine: Engine, folders: Folders, sessions: SignedInPeople, neighbours: Neighbours) -> None:
        self._engine = engine
        self._folders = folders
        self._sessions = sessions
        self._neighbours = neighbours

    async def list_consents(self, call: Call, _message: None) -> ConsentList:
        """List the consents in force."""
        mine = consents.c.folder_id == self._sessions.folder(call.bearer, call.now)
        in_force = consents.select().where(mine, consents.c.until > call.now).order_by(consents.c.law)
        with self._engine.connect() as connection:
            rows = connection.execute(in_force).all()
        return ConsentList(consents=tuple(Consent(law=row.law, until=row.until) for row in rows))

    async def give_consent(self, call: Call, given: Consent) -> None:
        """Let a law tuple be used until a time; the newest word counts."""
        folder_id = self._sessions.folder(call.bearer, call.now)
        before = self._put(folder_id, given.law, given.until)
        try:
            symbol = self._folders.symbol(folder_id)
            await self._neighbours.give_consent(symbol, given.law, given.until, call.trace_id)
        except Refusal as refusal:
            if refusal.code not in UNCERTAIN:
                self._put(folder_id, given.law, before)
            raise

    async def withdraw_consent(self, call: Call, end: ConsentEnd) -> None:
        """Take a consent back: from now on the law tuple is not used for this person."""
        folder_id = self._sessions.folder(call.bearer, call.now)
        await self._neighbours.withdraw_consent(self._folders.symbol(folder_id), end.law, call.trace_id)
        self._put(folder_id, end.law, None)

    @retried
    def _put(self, folder_id: str, law: str, until: datetime | None) -> datetime | None:
        """Write a consent down, or (None) strike it out; gives the end of the one before."""
        one = (consents.c.folder_id == folder_id) & (consents.c.law == law)
        with self._engine.begin() as connection:
            before = connection.execute(consents.delete().where(one).returning(consents.c.until)).scalar()
            if until is not None:
                connection.execute(consents.insert().values(folder_id=folder_id, law=law, until=until))
        return before
