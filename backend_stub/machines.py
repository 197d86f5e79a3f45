"""Machines that speak for a body: each request is signed (RFC 9421, Ed25519) and is thereby evidence of who asked."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from enum import Enum
from secrets import token_urlsafe

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from starlette.types import Scope

from backend_stub.nonces import Nonces
from backend_stub.signatures import Target, Unsigned, claim, sign

__all__ = ["Machine", "Registry", "Role", "Signer", "Unsigned"]
SecondsClock = Callable[[], float]
"""Seconds since 1970. Signatures live by the time of the machine, whatever day a body believes it is."""


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
    AUTHORIZER = "authorizer"
    """Lets companies read what residents have consented to."""
    COLLECTOR = "collector"
    """Takes payments from accounts that it has registered."""
    BILLER = "biller"
    """Sends bills to those who let it in."""
    ISSUER = "issuer"
    """Gives cards to those who let it in: membership, qualifications."""
    FORWARDER = "forwarder"
    """Learns from the portal what it calls somebody whom a company names by its own handle."""
    SERVICE = "service"
    """Lets people in who come with a pass of the portal's."""
    FACILITY = "facility"
    """A hospital or a pharmacy (医療機関・薬局)."""


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


class Signer(httpx.Auth):
    """Signs every request of one machine."""

    requires_request_body = True

    def __init__(self, machine_id: str, key: Ed25519PrivateKey, clock: SecondsClock = time.time) -> None:
        self._id = machine_id
        self._key = key
        self._clock = clock

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        url = request.url
        target = Target(request.method.encode(), url.raw_scheme, url.raw_path.partition(b"?")[0])
        host = request.headers["host"].encode()
        signed = sign(self._key, self._id, token_urlsafe(16), int(self._clock()), target, host, request.content)
        request.headers.update(signed)
        yield request

    def sign(self, content: bytes) -> bytes:
        """Sign what is no request; `content` begins with what it is, so that it passes for nothing else."""
        return self._key.sign(content)


class Registry:
    """The machines one body knows. Each signed request counts once: `nonces` knows those it has seen."""

    def __init__(
        self, machines: tuple[Machine, ...], nonces: Nonces | None = None, clock: SecondsClock = time.time
    ) -> None:
        self._machines = {machine.id: machine for machine in machines}
        self._clock = clock
        self._nonces = nonces or Nonces()

    def joined_by(self, machine: Machine) -> Registry:
        """The same registry with one machine more, which this body alone knows."""
        return Registry((*self._machines.values(), machine), self._nonces, self._clock)

    def verify(self, scope: Scope, body: bytes) -> Machine:
        """Find who signed. `body` is the request's whole content. Raises Unsigned; OSError when the disk is full."""
        if scope["query_string"]:
            raise Unsigned("a query is not signed, and nothing here takes one")
        target = Target(scope["method"].encode(), scope["scheme"].encode(), scope["raw_path"])
        stated = claim(target, scope["headers"], body)
        now = self._clock()
        stated.check_time(now)
        machine = self._machines.get(stated.machine_id)
        if machine is None:
            raise Unsigned("no such machine")
        stated.proven(machine.key)
        self._nonces.use(stated.machine_id, stated.nonce, now)
        return machine

    def close(self) -> None:
        """Close the file of nonces."""
        self._nonces.close()
