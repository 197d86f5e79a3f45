"""The company as OAuth client: Authlib, with a proof of possession (DPoP) beside each request.

Source: RFC 9126, RFC 7523, RFC 9449, RFC 9207.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from secrets import token_urlsafe
from typing import Any

import httpx
import httpx2
import msgspec
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc.jwk import OKPKey

from backend_stub.body import Clock
from backend_stub.jose import digest, sign
from backend_stub.partners.site.line import Line

METADATA = "/.well-known/oauth-authorization-server"
ASSERTION_S = 60


class NotReached(Exception):
    """The authorization server does not answer, or not so that it can be understood."""


class NotGiven(Exception):
    """No consent: the person said no or took it back, or what came back is not the answer to what was asked."""


class Server(msgspec.Struct, frozen=True):
    """What the authorization server publishes of itself. Source: RFC 8414."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    pushed_authorization_request_endpoint: str


@dataclass(frozen=True, slots=True, repr=False)
class Began:
    """What is kept of a request while the browser is away."""

    state: str
    verifier: str
    key: OKPKey
    """What the tokens will be bound to; one for each person."""


class Client:
    """One company at one authorization server, reached by `line`."""

    def __init__(
        self, client_id: str, key: OKPKey, redirect_uri: str, line: Callable[[], httpx.AsyncClient], clock: Clock
    ) -> None:
        self._id = client_id
        self._key = key
        self._redirect_uri = redirect_uri
        self._line = line
        self._clock = clock

    async def begin(self, details: list[dict[str, Any]]) -> tuple[Began, str]:
        """Push a request; gives what to keep, and where to send the browser. Raises NotReached, NotGiven."""
        server = await self._server()
        began = Began(token_urlsafe(24), token_urlsafe(48), OKPKey.generate_key("Ed25519"))
        endpoint = server.pushed_authorization_request_endpoint
        form = {
            "client_id": self._id,
            "response_type": "code",
            "redirect_uri": self._redirect_uri,
            "state": began.state,
            "code_challenge": create_s256_code_challenge(began.verifier),
            "code_challenge_method": "S256",
            "authorization_details": msgspec.json.encode(details).decode(),
        }
        async with self._oauth(server) as oauth:
            auth, headers = (
                oauth.client_auth("private_key_jwt"),
                {"dpop": _proof(began.key, "POST", endpoint, self._clock())},
            )
            answer = await self._sent(oauth.post(endpoint, data=form, headers=headers, auth=auth))
        if answer.status_code != 201:
            raise NotGiven
        query = httpx.QueryParams(client_id=self._id, request_uri=answer.json()["request_uri"])
        return began, f"{server.authorization_endpoint}?{query}"

    async def finish(self, began: Began, came_back: Mapping[str, str]) -> dict[str, Any]:
        """Change the code for tokens. Raises NotReached; NotGiven, before the code goes to anybody but who gave it."""
        server = await self._server()
        ours = came_back.get("iss") == server.issuer and came_back.get("state") == began.state
        if not ours or "code" not in came_back:
            raise NotGiven
        return await self._tokens(server, began.key, code=came_back["code"], code_verifier=began.verifier)

    async def refresh(self, key: OKPKey, token: str) -> dict[str, Any]:
        """A new access token while the consent stands. Raises NotReached, NotGiven."""
        return await self._tokens(await self._server(), key, grant_type="refresh_token", refresh_token=token)

    async def read(self, path: str, key: OKPKey, token: str) -> Any:
        """Read a resource. Raises NotReached, NotGiven."""
        server = await self._server()
        url = server.issuer + path
        headers = {"authorization": f"DPoP {token}", "dpop": _proof(key, "GET", url, self._clock(), token)}
        async with self._oauth(server) as oauth:
            answer = await self._sent(oauth.request("GET", url, headers=headers, withhold_token=True))
        if answer.status_code in (401, 403):
            raise NotGiven
        if answer.status_code != 200:
            raise NotReached
        return answer.json()

    async def _tokens(self, server: Server, key: OKPKey, **grant: str) -> dict[str, Any]:
        headers = {"accept": "application/json", "dpop": _proof(key, "POST", server.token_endpoint, self._clock())}
        async with self._oauth(server) as oauth:
            try:
                given: dict[str, Any] = await oauth.fetch_token(server.token_endpoint, headers=headers, **grant)
            except AuthlibBaseError as exc:
                raise NotGiven from exc
            except (httpx2.HTTPError, ValueError) as exc:
                raise NotReached from exc
        if given.get("token_type") != "DPoP":
            raise NotGiven
        return given

    def _oauth(self, server: Server) -> AsyncOAuth2Client:
        oauth = AsyncOAuth2Client(
            self._id,
            self._key,
            token_endpoint_auth_method="private_key_jwt",  # noqa: S106 - the name of a method
            redirect_uri=self._redirect_uri,
            transport=Line(server.issuer, self._line()),
            trust_env=False,
        )
        at = int(self._clock().timestamp())
        claims = {"jti": token_urlsafe(16), "iat": at, "exp": at + ASSERTION_S}
        oauth.register_client_auth_method(PrivateKeyJWT(server.issuer, claims, alg="Ed25519"))
        return oauth

    async def _server(self) -> Server:
        try:
            answer = await self._line().get(METADATA)
            return msgspec.json.decode(answer.content, type=Server)
        except (httpx.HTTPError, msgspec.DecodeError) as exc:
            raise NotReached from exc

    async def _sent(self, sending: Any) -> httpx2.Response:
        try:
            answer: httpx2.Response = await sending
        except httpx2.HTTPError as exc:
            raise NotReached from exc
        return answer


def _proof(key: OKPKey, method: str, url: str, now: datetime, token: str = "") -> str:
    """A proof that this request's sender has the key. Source: RFC 9449, section 4.2."""
    claims: dict[str, Any] = {"htm": method, "htu": url, "iat": int(now.timestamp()), "jti": token_urlsafe(16)}
    if token:
        claims["ath"] = digest(token)
    return sign({"typ": "dpop+jwt", "jwk": key.as_dict(private=False)}, claims, key)
