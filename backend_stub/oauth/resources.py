"""The resources: each read needs a token, its key, the consent as it is now, and leaves a line for the person."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from backend_client.wire import PartnerField
from backend_stub.body import Clock, Refusal
from backend_stub.oauth.consents import Consent, Consents, Ended
from backend_stub.oauth.details import CERTIFICATES, NOTICES, PERSON, resource_of
from backend_stub.oauth.dpop import Proofs
from backend_stub.oauth.faults import Fault, bad_token
from backend_stub.oauth.forms import answer
from backend_stub.oauth.openings import Openings
from backend_stub.oauth.person import Person
from backend_stub.oauth.tokens import AccessTokens

log = logging.getLogger(__name__)


class Resources:
    """What companies read. A refusal says nothing about the person."""

    def __init__(
        self,
        tokens: AccessTokens,
        proofs: Proofs,
        consents: Consents,
        person: Person,
        openings: Openings,
        clock: Clock,
    ) -> None:
        self._tokens = tokens
        self._proofs = proofs
        self._consents = consents
        self._person = person
        self._openings = openings
        self._clock = clock

    async def person(self, request: Request) -> Response:
        """GET /person/{field}."""
        try:
            field = PartnerField(request.path_params["field"])
        except ValueError as exc:
            raise Fault("invalid_request", "no such field", 404) from exc
        if resource_of(field) != PERSON:
            raise Fault("invalid_request", "no such field", 404)
        return await self._read(request, f"{PERSON}/{field.value}", field)

    async def notices(self, request: Request) -> Response:
        """GET /notices."""
        return await self._read(request, NOTICES, PartnerField.NOTICES)

    async def certificates(self, request: Request) -> Response:
        """GET /certificates."""
        return await self._read(request, CERTIFICATES, PartnerField.CERTIFICATES)

    async def _read(self, request: Request, path: str, field: PartnerField) -> Response:
        now = self._clock()
        try:
            consent, jkt = self._let_in(request, path, field, now)
            told = await self._told(request, consent, field, jkt, now)
            self._consents.log(consent, field, self._clock())  # looks once more whether the consent stands
        except Ended as exc:
            raise bad_token("the consent has ended") from exc
        except Refusal as refusal:
            if refusal.code == "disaster_closed":
                raise Fault("access_denied", "no disaster is open", 403) from refusal
            log.info("oauth: could not be told, %s of %s", refusal.code, refusal.origin)
            raise Fault("temporarily_unavailable", status=503) from refusal
        return answer(told)

    def _let_in(self, request: Request, path: str, field: PartnerField, now: datetime) -> tuple[Consent, str]:
        """Raises Fault, Ended."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "dpop" or len(request.headers.getlist("authorization")) != 1:
            raise bad_token("one access token of type DPoP is needed")
        claims = self._tokens.read(token, resource_of(field), now)
        jkt = self._proofs.check(request.headers.getlist("dpop"), "GET", path, now, token)
        if jkt != claims.cnf.jkt:
            raise bad_token("bound to another key")
        consent = self._consents.in_force(claims.consent, now)
        if field not in consent.fields:
            raise Fault("insufficient_scope", "not consented to", 403)
        return consent, jkt

    async def _told(
        self, request: Request, consent: Consent, field: PartnerField, jkt: str, now: datetime
    ) -> dict[str, Any]:
        match field:
            case PartnerField.ALIVE:
                return await self._person.alive(consent, now)
            case PartnerField.FOUR_ITEMS:
                return await self._person.four_items(consent)
            case PartnerField.ADDRESS_CHANGES:
                return await self._person.address_changes(consent, _since(request, consent.given_at))
            case PartnerField.NOTICES:
                return await self._person.notices(consent)
            case PartnerField.HOUSEHOLD:
                return await self._person.household(consent, now)
            case PartnerField.CERTIFICATES:
                return await self._person.certificates(consent)
            case PartnerField.MAIL:
                return {"handle": await self._openings.open(consent)}
            case PartnerField.AGE_OVER_20 | PartnerField.SEX:
                return await self._person.one_of_items(consent, field, jkt, now)


def _since(request: Request, otherwise: datetime) -> datetime:
    """From which moment on changes are asked for. Raises Fault."""
    given = request.query_params.get("since")
    if given is None:
        return otherwise
    try:
        since = datetime.fromisoformat(given)
    except ValueError as exc:
        raise Fault("invalid_request", "since is a time with its offset") from exc
    if since.tzinfo is None:
        raise Fault("invalid_request", "since is a time with its offset")
    return since
