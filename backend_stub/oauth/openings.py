"""The folder opened to a company for writing: by the first read of MAIL, until the consent's term; closed before that
when the consent is ended. The portal alone keeps it, and lets nobody in after the term.
"""

from __future__ import annotations

import asyncio
import logging
from uuid import uuid4

from sqlalchemy import Engine, select

from backend_client.wire import FolderClosing, FolderOpened, FolderOpening, PartnerField
from backend_stub.body import Clock, Refusal
from backend_stub.database import retried
from backend_stub.errand import Errand
from backend_stub.oauth.consents import Consent, Consents, Ended
from backend_stub.oauth.tables import closings
from backend_stub.peers import Peers

log = logging.getLogger(__name__)


class Openings:
    """One authorization server's."""

    def __init__(self, engine: Engine, consents: Consents, peers: Peers, clock: Clock) -> None:
        self._engine = engine
        self._consents = consents
        self._peers = peers
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()
        self.errand = Errand("the end of a folder's opening", self.carry)

    async def open(self, consent: Consent) -> str:
        """Open the folder; gives what the company calls the person at the portal. Raises Refusal, Ended.

        A consent that is withdrawn on the way leaves nothing open.
        """
        request = FolderOpening(handle=consent.handle, partner=consent.partner, until=consent.until)
        async with self._one_at_a_time:  # so that an end is told after the opening that it ends
            self._consents.in_force(consent.id, self._clock())
            opened: FolderOpened = await self._peers.ask(
                "portal", "/folder-openings", request, FolderOpened, uuid4().hex
            )
        try:
            self._consents.in_force(consent.id, self._clock())
        except Ended:
            self.errand.kick()
            raise
        return opened.handle

    async def carry(self) -> bool:
        """Tell the portal of every end. Raises Refusal; what could not be told stays to be told."""
        async with self._one_at_a_time:
            for consent_id in self._waiting():
                await self._close(self._consents.any_of(consent_id))
                self._forget(consent_id)
        return True

    async def _close(self, consent: Consent) -> None:
        others = self._consents.of(consent.handle, self._clock())
        if any(one.partner == consent.partner and PartnerField.MAIL in one.fields for one in others):
            return  # let in anew
        message = FolderClosing(handle=consent.handle, partner=consent.partner)
        try:
            await self._peers.ask("portal", "/folder-closings", message, None, uuid4().hex)
        except Refusal as refusal:
            if refusal.code != "not_allowed":
                raise
            log.info("oauth: the folder is no longer there")

    def _waiting(self) -> list[str]:
        with self._engine.connect() as connection:
            return list(connection.execute(select(closings.c.consent)).scalars())

    @retried
    def _forget(self, consent_id: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(closings.delete().where(closings.c.consent == consent_id))
