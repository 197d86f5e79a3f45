"""The endpoints that companies' servers call: pushed requests, tokens, and what is published about the server."""

from __future__ import annotations

import re
from hmac import compare_digest
from typing import Any

from joserfc.jwk import OKPKey
from starlette.requests import Request
from starlette.responses import Response

from backend_stub.body import Clock
from backend_stub.jose import ALGORITHMS, digest
from backend_stub.oauth.clients import Clients
from backend_stub.oauth.consents import Consent, Consents, Ended
from backend_stub.oauth.details import TYPE, read_details, resources_of, told
from backend_stub.oauth.dpop import Proofs
from backend_stub.oauth.faults import Fault
from backend_stub.oauth.forms import answer, read_form
from backend_stub.oauth.pending import CODE_FOR, PUSHED_FOR, Code, Pending, Pushed
from backend_stub.oauth.register import Partner, Register
from backend_stub.oauth.tokens import LIFETIME, AccessTokens

REQUEST_URI = "urn:ietf:params:oauth:request_uri:"
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
STATE = re.compile(r"[\x21-\x7e]{8,512}")
AUTHORIZATION_CODE, REFRESH_TOKEN = "authorization_code", "refresh_token"


class Endpoints:
    """Nothing of a person comes in here, and nothing goes out but tokens."""

    def __init__(
        self,
        register: Register,
        clients: Clients,
        proofs: Proofs,
        pending: Pending,
        consents: Consents,
        tokens: AccessTokens,
        clock: Clock,
    ) -> None:
        self._register = register
        self._clients = clients
        self._proofs = proofs
        self._pending = pending
        self._consents = consents
        self._tokens = tokens
        self._clock = clock

    async def push(self, request: Request) -> Response:
        """Take a request before the browser is sent; gives what the browser carries. Source: RFC 9126."""
        form, now = await read_form(request), self._clock()
        partner = self._clients.who(form, now)
        jkt = self._proofs.check(request.headers.getlist("dpop"), "POST", "/par", now)
        key = self._pending.push(self._pushed(form, partner, jkt), now)
        content = {"request_uri": REQUEST_URI + key, "expires_in": int(PUSHED_FOR.total_seconds())}
        return answer(content, 201)

    async def token(self, request: Request) -> Response:
        """Give tokens for a code or a refresh token. Source: RFC 6749, section 5; RFC 9449, section 5."""
        form, now = await read_form(request), self._clock()
        partner = self._clients.who(form, now)
        jkt = self._proofs.check(request.headers.getlist("dpop"), "POST", "/token", now)
        try:
            return answer(self._granted(form, partner, jkt))
        except Ended as exc:
            raise Fault("invalid_grant", "the consent has ended, or this is not its token") from exc

    def _pushed(self, form: dict[str, str], partner: Partner, jkt: str) -> Pushed:
        redirect_uri = form.get("redirect_uri", "")
        if form.get("response_type") != "code":
            raise Fault("unsupported_response_type")
        if not self._register.is_redirect(partner, redirect_uri):
            raise Fault("invalid_request", "this redirect_uri is not registered")
        if form.get("code_challenge_method") != "S256" or not CHALLENGE.fullmatch(form.get("code_challenge", "")):
            raise Fault("invalid_request", "PKCE with S256 is needed")
        if not STATE.fullmatch(form.get("state", "")) or "request_uri" in form:
            raise Fault("invalid_request", "state is needed, request_uri is not")
        asked = read_details(form.get("authorization_details", ""), partner)
        return Pushed(asked, redirect_uri, form["state"], form["code_challenge"], jkt)

    def _granted(self, form: dict[str, str], partner: Partner, jkt: str) -> dict[str, Any]:
        if form.get("grant_type") == AUTHORIZATION_CODE:
            consent = self._of_code(form, partner, jkt)
            refresh = {"refresh_token": self._consents.give_refresh(consent.id, jkt)}
        elif form.get("grant_type") == REFRESH_TOKEN:
            consent = self._consents.of_refresh(form.get("refresh_token", ""), partner.id, jkt, self._clock())
            refresh = {}
        else:
            raise Fault("unsupported_grant_type")
        if "authorization_details" in form:
            raise Fault("invalid_authorization_details", "what was consented to is asked for once, and not changed")
        return {
            "access_token": self._tokens.write(consent, self._audiences(form, consent), jkt, self._clock()),
            "token_type": "DPoP",
            "expires_in": int(LIFETIME.total_seconds()),
            "authorization_details": told(consent.id, consent.purpose, consent.fields, consent.until),
            **refresh,
        }

    def _of_code(self, form: dict[str, str], partner: Partner, jkt: str) -> Consent:
        """Use a code up. One that comes again ends what it was for: one of the two who have it stole it."""
        code, now = self._pending.code(form.get("code", "")), self._clock()
        if code is None or code.pushed.asked.partner != partner:
            raise Fault("invalid_grant", "no such code")
        if code.used:
            self._consents.revoke(code.consent, now)
            raise Fault("invalid_grant", "used before")
        code.used = True
        _check_code(code, form, jkt)
        if now - code.at > CODE_FOR:
            raise Fault("invalid_grant", "too late")
        return self._consents.in_force(code.consent, now)

    def _audiences(self, form: dict[str, str], consent: Consent) -> tuple[str, ...]:
        """All resources of the consent, or the one that is asked for. Source: RFC 8707, section 2.2."""
        there = resources_of(consent.fields)
        wanted = form.get("resource")
        chosen = tuple(path for path in there if wanted in (None, self._tokens.issuer + path))
        if not chosen:
            raise Fault("invalid_target")
        return chosen


def _check_code(code: Code, form: dict[str, str], jkt: str) -> None:
    """Whether who brings the code is who pushed the request. Source: RFC 7636, section 4.6; RFC 9449, section 10."""
    if not compare_digest(digest(form.get("code_verifier", "")), code.pushed.challenge):
        raise Fault("invalid_grant", "not the code_verifier")
    if form.get("redirect_uri", code.pushed.redirect_uri) != code.pushed.redirect_uri:
        raise Fault("invalid_grant", "not the redirect_uri")
    if jkt != code.pushed.jkt:
        raise Fault("invalid_grant", "not the key of the pushed request")


class Published:
    """What everybody may know. Source: RFC 8414."""

    def __init__(self, issuer: str, key: OKPKey) -> None:
        self._metadata = {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "pushed_authorization_request_endpoint": f"{issuer}/par",
            "require_pushed_authorization_requests": True,
            "jwks_uri": f"{issuer}/jwks",
            "response_types_supported": ["code"],
            "grant_types_supported": [AUTHORIZATION_CODE, REFRESH_TOKEN],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": ALGORITHMS,
            "dpop_signing_alg_values_supported": ALGORITHMS,
            "authorization_details_types_supported": [TYPE],
            "authorization_response_iss_parameter_supported": True,
        }
        self._keys = {"keys": [{**key.as_dict(private=False), "kid": key.thumbprint(), "use": "sig"}]}

    async def metadata(self, _request: Request) -> Response:
        return answer(self._metadata, headers={})

    async def keys(self, _request: Request) -> Response:
        return answer(self._keys, headers={})
