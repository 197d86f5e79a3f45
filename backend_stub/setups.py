"""What each body is given when it is built: its keys, its database, whom it knows and how it reaches them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from backend_stub.body import Clock
from backend_stub.keyfile import keep
from backend_stub.machines import Machine, Registry, Signer
from backend_stub.members import MEMBERS, Member
from backend_stub.nonces import Nonces
from backend_stub.peers import Peers, Setup

Way = Callable[[Member], httpx.AsyncClient]
"""How to reach a member."""


def body_folder(data: Path, body: str) -> Path:
    """Where a body keeps its keys and, with SQLite, its database. Nobody else looks inside."""
    return data / "backend" / body


class NoSuchDatabase(Exception):
    """One URL for several bodies must name the body in it: two bodies never share a database."""


@dataclass(frozen=True, slots=True)
class Databases:
    """Which database each body has. Without a word about it: a SQLite file in the body's folder."""

    by_body: Mapping[str, str] = field(default_factory=dict)
    pattern: str = ""
    """For all others; `{body}` stands for the body's id."""

    @classmethod
    def of(cls, arguments: Iterable[str], only: str = "") -> Databases:
        """Read `BODY=URL` and `URL`. `only` is the one body that is meant, if it is one. Raises NoSuchDatabase."""
        by_body, pattern = {}, ""
        for argument in arguments:
            body, equals, url = argument.partition("=")
            if equals and body in {member.id for member in MEMBERS}:
                by_body[body] = url
            elif only or "{body}" in argument:
                pattern = argument
            else:
                raise NoSuchDatabase
        return cls(by_body, pattern)

    def url(self, body: str, folder: Path) -> str:
        pattern = self.by_body.get(body) or self.pattern
        return pattern.replace("{body}", body) if pattern else f"sqlite:///{folder / body}.db"


def machine_of(member: Member, data: Path) -> Machine:
    """A member's public keys; its folder gets private ones at the first time."""
    folder = body_folder(data, member.id)
    keys = machine_key(folder).public_key(), sealing_key(folder).public_key()
    return Machine(member.id, member.name, member.roles, *keys)


def setup_of(
    member: Member, data: Path, machines: Mapping[str, Machine], way: Way, databases: Databases, clock: Clock
) -> Setup:
    """Put together what one body is given. `machines` are all members."""
    folder = body_folder(data, member.id)
    known = tuple(machines[other.id] for other in MEMBERS if member.id in other.asks)
    ways = {other.id: way(other) for other in MEMBERS if other.id in member.asks}
    return Setup(
        data=folder,
        database_url=databases.url(member.id, folder),
        registry=Registry(known, Nonces(folder)),
        peers=Peers(Signer(member.id, machine_key(folder)), ways),
        clock=clock,
        sealing=sealing_key(folder),
        directory=machines,
    )


def machine_key(folder: Path) -> Ed25519PrivateKey:
    """The key a body signs its requests with; made at the first time."""
    new = Ed25519PrivateKey.generate
    return Ed25519PrivateKey.from_private_bytes(keep(folder / "machine.key", lambda: new().private_bytes_raw()))


def sealing_key(folder: Path) -> X25519PrivateKey:
    """The key that opens what was sealed to a body; made at the first time."""
    new = X25519PrivateKey.generate
    return X25519PrivateKey.from_private_bytes(keep(folder / "sealing.key", lambda: new().private_bytes_raw()))
