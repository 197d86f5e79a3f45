"""The directory of members: who they are, where they answer, which keys are theirs; all that bodies apart share.

Nothing in it is secret. Who sets a town up makes it with everybody's keys and TLS certificates; afterwards each body's
folder and the directory are all a machine needs to run that body.
"""

from __future__ import annotations

import socket
import ssl
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import httpx
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from backend_client.wire import Message
from backend_stub import authority
from backend_stub.machines import Machine
from backend_stub.members import MEMBERS, Member
from backend_stub.setups import body_folder, machine_of
from backend_stub.tls import prepare_tls

FILE = "directory.json"
ANSWER_S = 10.0
"""How long a body waits for another's answer."""


class Entry(Message, frozen=True):
    """One member."""

    id: str
    url: str
    """Of its endpoints, e.g. https://localhost:8443/portal."""
    key: str
    """Hex: verifies its requests."""
    sealing: str
    """Hex: what is meant for it alone is sealed to this key."""


class Directory(Message, frozen=True):
    ca: str
    """PEM: whom to trust for TLS."""
    auth_ca: str
    """PEM: the authority's certificates for user authentication, as for `Verifier`."""
    sign_ca: str
    """PEM: those for digital signatures, as for `PaperVerifier`."""
    members: tuple[Entry, ...]

    def entry(self, body: str) -> Entry:
        """Raises KeyError."""
        return {one.id: one for one in self.members}[body]

    def machines(self) -> dict[str, Machine]:
        """Every member's public keys."""
        return {member.id: _machine(member, self.entry(member.id)) for member in MEMBERS}

    def way(self, member: Member) -> httpx.AsyncClient:
        """A client that reaches a member over TLS and trusts nobody else."""
        context = ssl.create_default_context(cadata=self.ca)
        url = self.entry(member.id).url
        return httpx.AsyncClient(base_url=url, verify=context, trust_env=False, timeout=ANSWER_S)


def read(path: Path) -> Directory:
    """Raises OSError, msgspec.DecodeError."""
    return msgspec.json.decode(path.read_bytes(), type=Directory)


def make(data: Path, first_port: int, now: datetime) -> Path:
    """Set a town up: keys, TLS certificates, and the directory in `data`. Bodies get ports from `first_port` on.

    Port 0 is: any that are free now. Keys that are there stay, certificates are renewed where that is due.
    """
    ca = prepare_tls(data / "tls", now).ca
    ports = range(first_port, first_port + len(MEMBERS)) if first_port else _free_ports(len(MEMBERS))
    entries = []
    for member, port in zip(MEMBERS, ports, strict=True):
        machine = machine_of(member, data)
        prepare_tls(data / "tls", now, body_folder(data, member.id) / "tls")
        url = f"https://localhost:{port}{member.mount}"
        entries.append(Entry(id=member.id, url=url, key=_hex(machine.key), sealing=_hex(machine.sealing)))
    directory = Directory(
        ca=ca.read_text("ascii"),
        auth_ca=authority.auth_ca(body_folder(data, "authority"), now).decode("ascii"),
        sign_ca=authority.sign_ca(body_folder(data, "authority"), now).decode("ascii"),
        members=tuple(entries),
    )
    path = data / FILE
    path.write_bytes(msgspec.json.format(msgspec.json.encode(directory)) + b"\n")
    return path


def _machine(member: Member, entry: Entry) -> Machine:
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(entry.key))
    sealing = X25519PublicKey.from_public_bytes(bytes.fromhex(entry.sealing))
    return Machine(member.id, member.name, member.roles, key, sealing)


def _hex(key: Ed25519PublicKey | X25519PublicKey | None) -> str:
    return "" if key is None else key.public_bytes_raw().hex()


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
