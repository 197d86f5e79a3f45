"""つながる会社 without its body: one company asks under one number, one is in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from backend_client import wire
from backend_client.errors import Refused

NUMBER, FOLDER_NUMBER, CHECK = "123456", "654321", "0427"
FIELD = wire.PartnerField
ASKED = wire.PartnerRequest(
    number=NUMBER,
    partner="みほん生命",
    purpose="保険の申し込みをされた方を、たしかめるため",
    fields=(FIELD.ALIVE, FIELD.FOUR_ITEMS, FIELD.AGE_OVER_20, FIELD.SEX, FIELD.ADDRESS_CHANGES, FIELD.NOTICES),
    until=datetime.fromisoformat("2026-12-21T10:30:00+09:00"),
)
ASKED_FOR_FOLDER = wire.PartnerRequest(
    number=FOLDER_NUMBER,
    partner="みほん生命",
    purpose="保険の相談をする間、あなたの私書箱を いっしょに使うため",
    fields=(FIELD.HOUSEHOLD, FIELD.CERTIFICATES, FIELD.MAIL),
    until=datetime.fromisoformat("2027-02-19T10:30:00+09:00"),
)
CONSENT = wire.PartnerConsent(
    id="one",
    partner="みほん生命",
    purpose="年金の保険を、つづけてお払いするため",
    fields=(FIELD.ALIVE, FIELD.ADDRESS_CHANGES),
    given_at=datetime.fromisoformat("2026-11-02T10:12:00+09:00"),
    until=datetime.fromisoformat("2027-11-02T10:12:00+09:00"),
    reads=(wire.PartnerRead(at=datetime.fromisoformat("2026-11-18T03:00:00+09:00"), field=FIELD.ALIVE),),
)
UNREAD = wire.PartnerConsent(
    id="two",
    partner="みほん電力",
    purpose="引っこしのときの手続きのため",
    fields=(FIELD.ADDRESS_CHANGES,),
    given_at=CONSENT.given_at,
    until=CONSENT.until,
    reads=(),
)


ASKING = {one.number: one for one in (ASKED, ASKED_FOR_FOLDER)}


class FakePartners:
    """`asked` takes its time, and fails when told to. `answers` has what the person said."""

    def __init__(self, asked: Callable[[str, object], Awaitable[None]]) -> None:
        self._asked = asked
        self.consents: tuple[wire.PartnerConsent, ...] = (CONSENT, UNREAD)
        self.answers: list[tuple[wire.PartnerField, ...]] = []

    async def get(self, path: str, _kind: object) -> Any:
        await self._asked(f"partners {path[1:]}", path)
        return wire.PartnerConsents(consents=self.consents)

    async def post(self, path: str, message: Any, _kind: object) -> Any:
        await self._asked(f"partners {path[1:]}", message)
        match message:
            case wire.NumberTyped(number=number):
                if number not in ASKING:
                    raise Refused("not_found", "oauth", "trace")
                return ASKING[number]
            case wire.PartnerAnswer():
                assert message.number in ASKING
                self.answers.append(message.fields)
                return wire.PartnerAnswered(check=CHECK if message.fields else "")
            case wire.PartnerConsentEnd():
                self.consents = tuple(one for one in self.consents if one.id != message.id)
        return wire.PartnerConsents(consents=self.consents)
