"""A company's server, a browser and a person at a kiosk, each by itself, so that each can misbehave."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import msgspec
from backend_kit import ORIGIN, Clock, Visitor
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import OKPKey

from backend_client.wire import NumberTyped, PartnerAnswer, PartnerConsentEnd, PartnerField, PassRequest
from backend_stub.jose import digest, private_jwk, sign
from backend_stub.oauth.clients import ASSERTION

ISSUER = f"{ORIGIN}/oauth"
BACK = f"{ORIGIN}/partners/mihon-life/site/back"
CLIENT = "mihon-life"
ALL = ("four-items", "age-over-20", "sex", "notices")


def new_key() -> OKPKey:
    return private_jwk(Ed25519PrivateKey.generate())


def details(purpose: str = "contract", *fields: str, **changes: Any) -> str:
    detail = {"type": "jp.symbol.consent", "purpose": purpose, "datatypes": fields or ALL, "actions": ["read"]}
    return json.dumps([detail | changes])


@dataclass
class Company:
    """The server of a company; `key` is what its tokens are bound to."""

    http: httpx.AsyncClient
    machine_key: OKPKey
    clock: Clock
    key: OKPKey = field(default_factory=new_key)
    verifier: str = field(default_factory=lambda: token_urlsafe(48))
    state: str = field(default_factory=lambda: token_urlsafe(16))

    def assertion(self, **changes: Any) -> dict[str, str]:
        at = int(self.clock().timestamp())
        claims = {"iss": CLIENT, "sub": CLIENT, "aud": ISSUER, "iat": at, "exp": at + 60, "jti": token_urlsafe(8)}
        signed = sign({}, claims | changes, self.machine_key)
        return {"client_id": CLIENT, "client_assertion_type": ASSERTION, "client_assertion": signed}

    def proof(self, method: str, path: str, token: str = "", key: OKPKey | None = None, **changes: Any) -> str:
        key = key or self.key
        claims: dict[str, Any] = {
            "htm": method,
            "htu": ISSUER + path,
            "iat": int(self.clock().timestamp()),
            "jti": token_urlsafe(8),
        }
        if token:
            claims["ath"] = digest(token)
        header = {"typ": changes.pop("typ", "dpop+jwt"), "jwk": changes.pop("jwk", key.as_dict(private=False))}
        return sign(header, claims | changes, key)

    async def post(self, path: str, form: dict[str, str], proof: str | None = None) -> httpx.Response:
        headers = {"dpop": self.proof("POST", path) if proof is None else proof}
        return await self.http.post(ISSUER + path, data=form, headers=headers)

    async def push(self, proof: str | None = None, **changes: str) -> httpx.Response:
        form = {
            "response_type": "code",
            "redirect_uri": BACK,
            "state": self.state,
            "code_challenge": digest(self.verifier),
            "code_challenge_method": "S256",
            "authorization_details": details(),
            **self.assertion(),
        }
        form = {name: value for name, value in (form | changes).items() if value}
        return await self.post("/par", form, proof)

    async def token(self, code: str, proof: str | None = None, **changes: str) -> httpx.Response:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, **self.assertion()}
        form = form | {"code_verifier": self.verifier} | changes
        return await self.post("/token", {name: value for name, value in form.items() if value}, proof)

    async def refresh(self, token: str, proof: str | None = None, **changes: str) -> httpx.Response:
        form = {"grant_type": "refresh_token", "refresh_token": token, **self.assertion(), **changes}
        return await self.post("/token", form, proof)

    async def read(self, path: str, token: str, proof: str | None = None, query: str = "") -> httpx.Response:
        headers = {"authorization": f"DPoP {token}", "dpop": proof or self.proof("GET", path, token)}
        return await self.http.get(ISSUER + path + query, headers=headers)


@dataclass
class Browser:
    """Keeps cookies, and stops where it would leave the authorization server."""

    http: httpx.AsyncClient

    async def begin(self, request_uri: str, client_id: str = CLIENT) -> httpx.Response:
        """Open a request; gives the page it comes to."""
        query = {"client_id": client_id, "request_uri": request_uri}
        answer = await self.http.get(f"{ISSUER}/authorize", params=query)
        if answer.status_code != 303:
            return answer
        self.page = ORIGIN + answer.headers["location"]
        return await self.look()

    async def look(self) -> httpx.Response:
        return await self.http.get(self.page)

    async def type(self, check: str) -> httpx.Response:
        return await self.http.post(self.page, data={"check": check})


def number_on(page: httpx.Response) -> str:
    return page.text.partition('id="number">')[2].partition("<")[0].replace(" ", "")


def came_back(answer: httpx.Response) -> dict[str, str]:
    """The parameters with which a browser was sent back."""
    assert answer.status_code == 303
    url = urlsplit(answer.headers["location"])
    assert f"{url.scheme}://{url.netloc}{url.path}" == BACK
    return {name: value for name, (value,) in parse_qs(url.query).items()}


@dataclass
class Resident:
    """A person signed in at a kiosk."""

    visitor: Visitor
    session: str = ""

    async def enter(self) -> None:
        shown = await self.visitor.post("/passes", PassRequest(service="oauth"))
        entered = await self.visitor.people.post("/oauth/sessions", content=shown.content)
        self.session = entered.json()["session"]

    async def ask(self, method: str, path: str, message: object = None) -> httpx.Response:
        content = None if message is None else msgspec.json.encode(message)
        headers = {"authorization": f"Bearer {self.session}"}
        return await self.visitor.people.request(method, f"/oauth{path}", content=content, headers=headers)

    async def types(self, number: str) -> httpx.Response:
        return await self.ask("POST", "/numbers", NumberTyped(number=number))

    async def answers(self, number: str, *fields: str) -> httpx.Response:
        agreed = tuple(PartnerField(one) for one in fields)
        return await self.ask("POST", "/answers", PartnerAnswer(number=number, fields=agreed))

    async def consents(self) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = (await self.ask("GET", "/consents")).json()["consents"]
        return listed

    async def withdraws(self, consent: str) -> httpx.Response:
        return await self.ask("POST", "/consent-ends", PartnerConsentEnd(id=consent))


@dataclass
class Meeting:
    """All three, going through the whole."""

    company: Company
    browser: Browser
    resident: Resident

    async def number(self, **changes: str) -> str:
        pushed = (await self.company.push(**changes)).json()
        return number_on(await self.browser.begin(pushed["request_uri"]))

    async def code(self, *fields: str, **changes: str) -> str:
        number = await self.number(**changes)
        check = (await self.resident.answers(number, *(fields or ALL))).json()["check"]
        back = came_back(await self.browser.type(check))
        assert (back["state"], back["iss"]) == (self.company.state, ISSUER)
        return back["code"]

    async def tokens(self, *fields: str, **changes: str) -> dict[str, Any]:
        answer = await self.company.token(await self.code(*fields, **changes))
        assert answer.status_code == 200, answer.text
        given: dict[str, Any] = answer.json()
        return given


def error(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]
