"""The kiosk's side: the person types the number, sees who asks for what, answers, and takes back at any time."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta

from backend_client.wire import (
    NumberTyped,
    PartnerAnswer,
    PartnerAnswered,
    PartnerConsent,
    PartnerConsentEnd,
    PartnerConsents,
    PartnerRead,
    PartnerRequest,
)
from backend_stub.body import Call, Refusal
from backend_stub.oauth.consents import Consent, Consents
from backend_stub.oauth.openings import Openings
from backend_stub.oauth.pending import Pending, Person, Shown
from backend_stub.oauth.register import Register
from backend_stub.passes import Gatehouse, Guest

WRONG_MOST = 10
WRONG_IN = timedelta(minutes=10)
"""So many wrong numbers a person may type in that time."""
REMEMBERED = 10_000


class KioskDesk:
    """The endpoints behind a pass. All raise Refusal: session_unknown."""

    def __init__(
        self, gatehouse: Gatehouse, register: Register, pending: Pending, consents: Consents, openings: Openings
    ) -> None:
        self._gatehouse = gatehouse
        self._register = register
        self._pending = pending
        self._consents = consents
        self._openings = openings
        self._wrong: OrderedDict[str, tuple[int, datetime]] = OrderedDict()

    async def look(self, call: Call, typed: NumberTyped) -> PartnerRequest:
        """Tell who asks under a number, for what and why. Raises Refusal: not_found, not_possible."""
        shown = self._shown(self._gatehouse.guest(call), typed.number, call.now)
        asked = shown.pushed.asked
        return PartnerRequest(
            number=shown.number,
            partner=asked.partner.name,
            purpose=asked.purpose.words,
            fields=asked.fields,
            until=call.now + asked.purpose.term,
        )

    async def answer(self, call: Call, message: PartnerAnswer) -> PartnerAnswered:
        """Take the person's answer, once. Raises Refusal: not_found, content_wrong for more than was asked."""
        guest = self._gatehouse.guest(call)
        shown = self._shown(guest, message.number, call.now)
        asked = shown.pushed.asked.fields
        if not set(message.fields) <= set(asked):
            raise Refusal("content_wrong")
        agreed = tuple(field for field in asked if field in message.fields)
        return PartnerAnswered(check=self._pending.answer(shown, Person(guest.handle, guest.serial), agreed))

    async def list_consents(self, call: Call, _message: None) -> PartnerConsents:
        """List the person's consents in force, each with what was read under it."""
        mine = self._consents.of(self._gatehouse.guest(call).handle, call.now)
        return PartnerConsents(consents=tuple(map(self._told, mine)))

    async def withdraw(self, call: Call, end: PartnerConsentEnd) -> PartnerConsents:
        """End a consent: the next read is refused. Gives those that are left."""
        self._consents.withdraw(self._gatehouse.guest(call).handle, end.id, call.now)
        self._openings.errand.kick()
        return await self.list_consents(call, None)

    def _told(self, consent: Consent) -> PartnerConsent:
        partner = self._register.partner(consent.partner)
        return PartnerConsent(
            id=consent.id,
            partner=partner.name,
            purpose=partner.purpose(consent.purpose).words,
            fields=consent.fields,
            given_at=consent.given_at,
            until=consent.until,
            reads=tuple(PartnerRead(at=at, field=field) for at, field in self._consents.reads(consent.id)),
        )

    def _shown(self, guest: Guest, number: str, now: datetime) -> Shown:
        count, since = self._wrong.get(guest.handle, (0, now))
        if now - since > WRONG_IN:
            count, since = 0, now
        if count >= WRONG_MOST:
            raise Refusal("not_possible")
        shown = self._pending.by_number(number, now)
        if shown is None:
            self._wrong[guest.handle] = count + 1, since
            while len(self._wrong) > REMEMBERED:
                self._wrong.popitem(last=False)
            raise Refusal("not_found")
        return shown
