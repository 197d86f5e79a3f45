"""The authority alone, among machines made for the test: what its own tests are made of."""

from __future__ import annotations

import asyncio
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import msgspec
from backend_kit import ORIGIN, START, Clock
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256, HashAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.routing import Mount

from backend_stub import authority
from backend_stub.authority.tables import TABLES
from backend_stub.database import open_database
from backend_stub.machines import Machine, Registry, Role, Signer
from backend_stub.peers import Peers, Setup
from backend_stub.people import Resident
from backend_stub.town import body_folder

ROLES = {
    "midori-city": {Role.AGENCY, Role.MUNICIPALITY},
    "reiji-city": {Role.AGENCY, Role.MUNICIPALITY},
    "midori-tax": {Role.AGENCY},
    "midori-care": {Role.AGENCY},
    "portal": {Role.PORTAL, Role.VERIFIER},
    "medical": {Role.AGENCY, Role.VERIFIER},
    "unlisted": {Role.VERIFIER},
    "gateway": {Role.GATEWAY},
}
"""`unlisted` has the role of a verifier and is registered for nothing."""


@dataclass(frozen=True)
class Office:
    """The authority at work, as each machine reaches it."""

    app: Starlette
    folder: Path
    keys: dict[str, Ed25519PrivateKey]
    sealing: dict[str, X25519PrivateKey]

    def client(self, machine: str) -> httpx.AsyncClient:
        """Signs as that machine; with a name the authority does not know, signs all the same; "" signs nothing."""
        auth = Signer(machine, self.keys.get(machine) or Ed25519PrivateKey.generate()) if machine else None
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=ORIGIN, auth=auth)

    async def send(self, machine: str, path: str, message: object) -> httpx.Response:
        content = message if isinstance(message, bytes) else msgspec.json.encode(message)
        async with self.client(machine) as client:
            return await client.post(f"/authority{path}", content=content)

    async def ask(self, machine: str, path: str, message: object, gives: Any) -> Any:
        """The answer, which must not be a refusal."""
        answer = await self.send(machine, path, message)
        assert answer.status_code in (200, 204), answer.text
        return msgspec.json.decode(answer.content, type=gives) if gives is not None else None

    async def refused(self, machine: str, path: str, message: object) -> str:
        """The code of the refusal, which must name the authority and a trace."""
        problem = (await self.send(machine, path, message)).json()
        assert problem["origin"] == "authority"
        assert problem["trace_id"]
        return str(problem["code"])

    async def read(self, machine: str, path: str) -> httpx.Response:
        async with self.client(machine) as client:
            return await client.get(f"/authority{path}")

    async def status(
        self, certificate: x509.Certificate, ca: x509.Certificate, digest: HashAlgorithm | None = None
    ) -> ocsp.OCSPResponse:
        request = ocsp.OCSPRequestBuilder().add_certificate(certificate, ca, digest or SHA256()).build()
        answer = await self.send("portal", "/ocsp", request.public_bytes(Encoding.DER))
        return ocsp.load_der_ocsp_response(answer.content)

    def database(self) -> Engine:
        return open_database(f"sqlite:///{self.folder / 'authority.db'}", TABLES)

    def stored(self) -> bytes:
        """Every byte of its database."""
        return b"".join(path.read_bytes() for path in self.folder.glob("authority.db*"))


def open_office(data: Path, residents: tuple[Resident, ...], clock: Clock) -> Office:
    """Open the authority of a data folder; again, for a restart."""
    folder = body_folder(data, "authority")
    keys = {name: Ed25519PrivateKey.generate() for name in ROLES}
    sealing = {name: X25519PrivateKey.generate() for name in ROLES}
    machines = {
        name: Machine(name, name, frozenset(roles), keys[name].public_key(), sealing[name].public_key())
        for name, roles in ROLES.items()
    }
    setup = Setup(
        data=folder,
        database_url=f"sqlite:///{folder / 'authority.db'}",
        registry=Registry(tuple(machines.values())),
        peers=Peers(Signer("authority", Ed25519PrivateKey.generate()), {}),
        clock=clock,
        sealing=X25519PrivateKey.generate(),
        directory=machines,
    )
    body = authority.build(setup, residents)
    return Office(Starlette(routes=[Mount("/authority", body.app())]), folder, keys, sealing)


def load(folder: Path, name: str) -> x509.Certificate:
    return x509.load_der_x509_certificate((folder / f"{name}.cer").read_bytes())


def pem(path: Path, *certificates: x509.Certificate | x509.CertificateRevocationList) -> Path:
    path.write_bytes(b"".join(one.public_bytes(Encoding.PEM) for one in certificates))
    return path


def openssl(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = ["openssl", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


AT = int(START.timestamp()) + 60
"""A moment at which what the tests issue is good: openssl knows no clock but the real one."""


async def openssl_ocsp(office: Office, folder: Path, *arguments: object) -> str:
    """What `openssl ocsp`, run in `folder`, says when it asks the authority itself; it makes and checks a nonce.

    It cannot sign its request as a registered verifier does: what it posts goes on under the portal's signature. Nor
    does it know any clock but the real one, so that the answer's age is left to others.
    """

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        answer = await office.send("portal", "/ocsp", await reader.readexactly(length))
        kind = answer.headers["content-type"]
        writer.write(f"HTTP/1.0 200 OK\r\ncontent-type: {kind}\r\n\r\n".encode() + answer.content)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(pass_on, "127.0.0.1", 0)
    async with server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/ocsp"
        command = ("ocsp", "-url", url, *map(str, arguments), "-validity_period", "1000000000")
        pipes = {"stdout": asyncio.subprocess.PIPE, "stderr": asyncio.subprocess.STDOUT}
        running = await asyncio.create_subprocess_exec("openssl", *command, cwd=folder, **pipes)  # type: ignore[arg-type]
        async with asyncio.timeout(20):
            said, _ = await running.communicate()
    return said.decode()
