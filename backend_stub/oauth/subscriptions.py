"""Changes of address, pushed to the companies that subscribed with the person's consent.

The authority does not say of itself that somebody has moved, so it is asked for each subscription in turn. A company
hears in order, again while it is down, and counts by source and id. What is pushed is a read: it stands on the
person's list.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, Row, func, select

from backend_client.wire import AddressData, AddressEvent, Item, PartnerField
from backend_stub.body import Clock, Refusal
from backend_stub.database import retried
from backend_stub.errand import Errand
from backend_stub.jose import digest
from backend_stub.oauth.consents import Consent, Consents, Ended
from backend_stub.oauth.person import Person
from backend_stub.oauth.tables import consents as consent_rows
from backend_stub.oauth.tables import pushes, subscriptions
from backend_stub.peers import Peers

log = logging.getLogger(__name__)

SOURCE = "/oauth"
AGAIN = timedelta(minutes=10)
"""So often the authority is asked about one person."""
LATE = timedelta(days=1)
"""A municipality may write down a move so long after it."""
LATER = frozenset({"peer_unavailable", "storage_busy", "storage_full", "fault"})
"""After these the same event may be taken at another time; after others never."""


class Subscriptions:
    """One authorization server's. A company that is down holds up its own events only."""

    def __init__(self, engine: Engine, consents: Consents, person: Person, peers: Peers, clock: Clock) -> None:
        self._engine = engine
        self._consents = consents
        self._person = person
        self._peers = peers
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()
        self.errand = Errand("a change of address", self.carry)

    async def carry(self) -> bool:
        """Look for changes and carry them once. Never done while anybody subscribes: the errand looks again."""
        async with self._one_at_a_time:
            for row in self._due(self._clock()):
                await self._look(row)
            down: set[str] = set()
            for row in self._waiting():
                if row.partner not in down and not await self._carry(row):
                    down.add(row.partner)
        return not self._count()

    def count_waiting(self) -> dict[str, float]:
        """How many events no company has taken, for operators. Raises sqlalchemy.exc.DBAPIError."""
        return {"": len(self._waiting())}

    async def _look(self, row: Row[Any]) -> None:
        """Whether a subscriber's person has moved since the last look. Raises Refusal."""
        now = self._clock()
        consent = self._consents.any_of(row.consent)
        changed = await self._person.changed(consent, max(consent.given_at, row.looked_at - LATE))
        if changed.registered and Item.ADDRESS in changed.items:
            self._note(consent, digest(f"{consent.subject} {await self._person.address(consent)}"), now)
        else:
            self._note(consent, row.told, now)

    async def _carry(self, row: Row[Any]) -> bool:
        try:
            event = await self._event(row)
            await self._peers.ask(row.partner, "/address-events", event, None, uuid4().hex)
        except Ended:
            pass  # who has withdrawn has nothing told, whenever it happened
        except Refusal as refusal:
            log.info("%s does not take an event: %s", row.partner, refusal.code)
            if refusal.code in LATER:
                return False
        self._forget(row.id)
        return True

    async def _event(self, row: Row[Any]) -> AddressEvent:
        """What goes out now: the address as it is now. Raises Refusal; Ended, also when it ended meanwhile."""
        consent = self._consents.in_force(row.consent, self._clock())
        address = await self._person.address(consent)
        if row.logged:
            self._consents.in_force(row.consent, self._clock())
        else:
            self._consents.log(consent, PartnerField.ADDRESS_CHANGES, self._clock())
            self._logged(row.id)
        return AddressEvent(
            specversion="1.0",
            id=row.id,
            source=SOURCE,
            type="jp.symbol.address.changed",
            subject=consent.id,
            time=row.at,
            data=AddressData(address=address),
        )

    # --- what is kept

    def _due(self, now: datetime) -> list[Row[Any]]:
        due = select(subscriptions).join(consent_rows).where(subscriptions.c.looked_at <= now - AGAIN)
        with self._engine.connect() as connection:
            return list(connection.execute(due.where(consent_rows.c.until > now)))

    def _waiting(self) -> list[Row[Any]]:
        with self._engine.connect() as connection:
            return list(connection.execute(pushes.select().order_by(pushes.c.number)))

    def _count(self) -> int:
        """Subscriptions in force, and events to be carried."""
        in_force = select(func.count()).select_from(subscriptions.join(consent_rows))
        with self._engine.connect() as connection:
            standing = connection.execute(in_force.where(consent_rows.c.until > self._clock())).scalar_one()
        return standing + len(self._waiting())

    @retried
    def _note(self, consent: Consent, told: str | None, now: datetime) -> None:
        """Remember the look; another address than the last one told is an event."""
        mine = subscriptions.c.consent == consent.id
        with self._engine.begin() as connection:
            before = connection.execute(select(subscriptions.c.told).where(mine)).scalar_one()
            connection.execute(subscriptions.update().where(mine).values(looked_at=now, told=told))
            if told != before:
                values = {"id": token_hex(16), "consent": consent.id, "partner": consent.partner}
                connection.execute(pushes.insert().values(values | {"at": now, "logged": False}))

    @retried
    def _logged(self, event_id: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(pushes.update().where(pushes.c.id == event_id).values(logged=True))

    @retried
    def _forget(self, event_id: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(pushes.delete().where(pushes.c.id == event_id))
