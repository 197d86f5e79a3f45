"""Machines that speak for a body: each request is signed (RFC 9421, Ed25519) and is thereby evidence of who asked."""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import Enum

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from starlette.types import Scope

from backend_client.machine import SecondsClock, Signer
from backend_stub.nonces import Nonces
from backend_stub.signatures import Target, Unsigned, claim

__all__ = ["Machine", "Registry", "Role", "Signer", "Unsigned"]


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
    COUNTER = "counter"
    """Puts into the post box what the person at its counter, whose card is there, wants to have in it."""
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
