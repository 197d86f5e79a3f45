"""What companies are told of a person, fetched at each read and stored nowhere here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Any
from uuid import uuid4

import msgspec
from joserfc.jwk import OKPKey

from backend_client.wire import (
    CertificateKind,
    CertificateLinks,
    Changed,
    ChangeRequest,
    DisasterRecord,
    FourItems,
    GuestCertificates,
    GuestNotices,
    Identity,
    IdentityRequest,
    Item,
    LinkRequest,
    NoticeList,
    PartnerField,
    Safety,
    SafetyRequest,
    SenderKind,
)
from backend_stub import sdjwt
from backend_stub.body import Refusal
from backend_stub.oauth.consents import Consent
from backend_stub.peers import Peers

JST = timezone(timedelta(hours=9))
PROOF_FOR = timedelta(minutes=10)
"""How long a signed answer about age or sex counts."""
MOST_SERIALS = 50
KIND = CertificateKind.AUTHENTICATION


class Person:
    """The holders of what is asked for, as this body sees them. All raise Refusal."""

    def __init__(self, issuer: str, key: OKPKey, peers: Peers) -> None:
        self._issuer = issuer
        self._key = key
        self._peers = peers

    async def alive(self, consent: Consent, now: datetime) -> dict[str, Any]:
        """Proof of life: whether the person is registered as living here."""
        changed = await self.changed(consent, consent.given_at)
        return {"alive": changed.registered, "on": now.astimezone(JST).date().isoformat()}

    async def four_items(self, consent: Consent) -> dict[str, Any]:
        built: dict[str, Any] = msgspec.to_builtins(await self._items(consent))
        return built

    async def one_of_items(self, consent: Consent, field: PartnerField, jkt: str, now: datetime) -> dict[str, Any]:
        """Age alone or sex alone: an SD-JWT over all items, of which this one can be read."""
        items = await self._items(consent)
        name = {PartnerField.AGE_OVER_20: "age_over_20", PartnerField.SEX: "sex"}[field]
        at = int(now.timestamp())
        stated: Mapping[str, Any] = {
            "iss": self._issuer,
            "sub": consent.subject,
            "iat": at,
            "exp": at + int(PROOF_FOR.total_seconds()),
            "cnf": {"jkt": jkt},
        }
        hidden = {**msgspec.to_builtins(items), "age_over_20": is_of_age(items.birth_date, now)}
        return {"sd_jwt": sdjwt.write(stated, hidden, {name}, self._key)}

    async def address_changes(self, consent: Consent, since: datetime) -> dict[str, Any]:
        """Whether the address changed since then, and only if so, to what."""
        since = max(since, consent.given_at)
        changed = Item.ADDRESS in (await self.changed(consent, since)).items
        return {"changed": True, "address": (await self._items(consent)).address} if changed else {"changed": False}

    async def notices(self, consent: Consent) -> dict[str, Any]:
        """Headings of what municipalities and agencies sent; reading them opens nothing."""
        asked = GuestNotices(handle=consent.handle)
        found: NoticeList = await self._peers.ask("portal", "/guest-notices", asked, NoticeList, uuid4().hex)
        public = (head for head in found.notices if head.sender_kind is not SenderKind.COMPANY)
        return {
            "notices": [
                {"sender": head.sender, "title": head.title, "arrived_at": head.arrived_at.isoformat()}
                for head in public
            ]
        }

    async def certificates(self, consent: Consent) -> dict[str, Any]:
        """The certificates of the post box, each as its issuer signed it."""
        asked = GuestNotices(handle=consent.handle)
        found: GuestCertificates = await self._peers.ask(
            "portal", "/guest-certificates", asked, GuestCertificates, uuid4().hex
        )
        built: dict[str, Any] = msgspec.to_builtins(found)
        return built

    async def household(self, consent: Consent, now: datetime) -> dict[str, Any]:
        """In a disaster: how many of the household the person has reported to be safe, not where. Raises Refusal:
        disaster_closed, when the commission has opened none.
        """
        trace_id = uuid4().hex
        record: DisasterRecord = await self._peers.read("commission", "/disasters", DisasterRecord, trace_id)
        if not any(one.opened and one.ended is None and one.until > now for one in record.orders):
            raise Refusal("disaster_closed")
        links = await self._links(consent, trace_id)
        serials = tuple(dict.fromkeys((consent.serial, links.authentication, *links.earlier)))
        asked = SafetyRequest(certificate_serials=tuple(serial for serial in serials if serial)[:MOST_SERIALS])
        safety: Safety = await self._peers.ask("emergency", "/safety", asked, Safety, trace_id)
        registered = (await self.changed(consent, consent.given_at)).registered
        at = None if safety.at is None else safety.at.isoformat()
        return {"registered": registered, "reported": safety.at is not None, "people": safety.people, "at": at}

    async def address(self, consent: Consent) -> str:
        """Where the person lives now."""
        return (await self._items(consent)).address

    async def changed(self, consent: Consent, since: datetime) -> Changed:
        """Which items have changed since then, and whether the person is registered."""
        request = ChangeRequest(kind=KIND, certificate_serial=consent.serial, since=since)
        changed: Changed = await self._peers.ask("authority", "/change-confirmations", request, Changed, uuid4().hex)
        return changed

    async def _items(self, consent: Consent) -> FourItems:
        """By the certificate that stands now: the one that consented may have been renewed since."""
        trace_id = uuid4().hex
        links = await self._links(consent, trace_id)
        if not links.authentication:
            raise Refusal("no_data")
        request = IdentityRequest(certificate_serial=links.authentication)
        identity: Identity = await self._peers.ask("authority", "/confirmations", request, Identity, trace_id)
        return identity.items

    async def _links(self, consent: Consent, trace_id: str) -> CertificateLinks:
        asked = LinkRequest(kind=KIND, certificate_serial=consent.serial)
        links: CertificateLinks = await self._peers.ask(
            "authority", "/certificate-links", asked, CertificateLinks, trace_id
        )
        return links


def is_of_age(birth_date: date, now: datetime) -> bool:
    """Whether the twentieth birthday has come, by the calendar of Japan."""
    today = now.astimezone(JST).date()
    years = today.year - birth_date.year - ((today.month, today.day) < (birth_date.month, birth_date.day))
    return years >= 20
