"""Machines that speak for a body: each request is signed (RFC 9421, Ed25519) and is thereby evidence of who asked."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from secrets import token_urlsafe

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    InvalidSignature,
    algorithms,
)
from starlette.requests import Request

COVERED = ("@method", "@authority", "@path", "content-digest")
MAX_AGE = timedelta(seconds=60)
REMEMBERED_NONCES = 100_000
"""More than any body sees in MAX_AGE."""


class Role(Enum):
    """What a machine may be; each endpoint names the roles it serves."""

    GATEWAY = "gateway"
    PORTAL = "portal"
    AGENCY = "agency"
    MUNICIPALITY = "municipality"
    PARTNER = "partner"
    COMMISSION = "commission"
    """The third-party commission (第三者機関)."""
    VERIFIER = "verifier"
    """署名検証者: registered to ask the authority about certificates."""


@dataclass(frozen=True, slots=True)
class Machine:
    """A registered machine. `id` is the body it speaks for, e.g. `midori-city`."""

    id: str
    name: str
    """For people, e.g. みどり市 市民課."""
    roles: frozenset[Role]
    key: Ed25519PublicKey
    sealing: X25519PublicKey | None = None
    """What is meant for this machine alone is sealed to this key (HPKE); None for who is never sent such."""


class Unsigned(Exception):
    """The request does not carry one fresh, valid signature of a registered machine."""


class Signer(httpx.Auth):
    """Signs every request of one machine."""

    requires_request_body = True

    def __init__(self, machine_id: str, key: Ed25519PrivateKey) -> None:
        self._id = machine_id
        self._signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=_OneKey(key))

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        self._signer.sign(
            request, key_id=self._id, nonce=token_urlsafe(16), covered_component_ids=COVERED, body=request.content
        )
        yield request


class _OneKey(HTTPSignatureKeyResolver):
    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    def resolve_private_key(self, key_id: str) -> Ed25519PrivateKey:
        return self._key


class Registry(HTTPSignatureKeyResolver):
    """The machines one body knows, and the nonces it has seen lately: each signed request counts once."""

    def __init__(self, machines: tuple[Machine, ...]) -> None:
        self._machines = {machine.id: machine for machine in machines}
        self._seen: OrderedDict[str, datetime] = OrderedDict()
        self._verifier = HTTPMessageVerifier(signature_algorithm=algorithms.ED25519, key_resolver=self)

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey:
        machine = self._machines.get(key_id)
        if machine is None:
            raise InvalidSignature(f"no machine {key_id}")
        return machine.key

    def verify(self, request: Request, body: bytes, now: datetime) -> Machine:
        """Find who signed. `body` is the request's whole content. Raises Unsigned."""
        try:
            (result,) = self._verifier.verify(request, max_age=MAX_AGE, require_components=COVERED, body=body)
        except (InvalidSignature, ValueError) as exc:
            raise Unsigned(str(exc)) from exc
        machine_id, nonce = str(result.parameters["keyid"]), str(result.parameters.get("nonce", ""))
        self._use_once(f"{machine_id} {nonce}", now)
        return self._machines[machine_id]

    def _use_once(self, nonce: str, now: datetime) -> None:
        if nonce in self._seen:
            raise Unsigned("replayed")
        self._seen[nonce] = now
        oldest = now - 2 * MAX_AGE
        while len(self._seen) > REMEMBERED_NONCES or next(iter(self._seen.values())) < oldest:
            self._seen.popitem(last=False)
