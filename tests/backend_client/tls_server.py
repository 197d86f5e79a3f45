"""A real TLS server on localhost that answers as a test says, byte by byte, and can also hang up or say nothing."""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    body: bytes = b""
    status: int = 200
    cut_after: int | None = None
    """Hang up after so many bytes of the answer, head included."""
    silent: bool = False
    """Say nothing until the client has gone."""
    dribble_s: float = 0.0
    """Wait so long before each byte of the body."""


class TlsServer:
    """Plays `answers` in order, one a request; `calls` are the requests that came."""

    def __init__(self, port: int) -> None:
        self.url = f"https://localhost:{port}"
        self.answers: deque[Answer] = deque()
        self.calls: list[Call] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while call := await _read(reader):
                self.calls.append(call)
                if not await _answer(self.answers.popleft(), reader, writer):
                    return
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.transport.abort()


async def _read(reader: asyncio.StreamReader) -> Call | None:
    head = await reader.readuntil(b"\r\n\r\n")
    request, *lines = head.decode().split("\r\n")[:-2]
    method, path, _ = request.split(" ")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return Call(method, path, headers, await reader.readexactly(int(headers.get("content-length", "0"))))


async def _answer(answer: Answer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    """Send it; False when the connection is to end."""
    if answer.silent:
        await reader.read()
        return False
    head = f"HTTP/1.1 {answer.status} Status\r\nContent-Length: {len(answer.body)}\r\n\r\n".encode()
    if answer.dribble_s:
        writer.write(head)
        for byte in answer.body:
            await asyncio.sleep(answer.dribble_s)
            writer.write(bytes([byte]))
    else:
        writer.write((head + answer.body)[: answer.cut_after])
    await writer.drain()
    return answer.cut_after is None


@asynccontextmanager
async def tls_server(folder: Path, host: str = "localhost") -> AsyncIterator[TlsServer]:
    """A server on localhost whose certificate, `folder/HOST.pem`, is for `host`."""
    certificate, key = self_signed(folder, host)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    play: list[TlsServer] = []
    connections: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        connections.add(task)
        await play[0].serve(reader, writer)

    server = await asyncio.start_server(connected, "localhost", 0, ssl=context)
    play.append(TlsServer(server.sockets[0].getsockname()[1]))
    try:
        yield play[0]
    finally:
        server.close()
        for task in connections:
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)
        await server.wait_closed()


def self_signed(folder: Path, host: str) -> tuple[Path, Path]:
    """Make a certificate for `host` that is its own authority; returns certificate and key files (PEM)."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    names = x509.SubjectAlternativeName([x509.DNSName(host)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / f"{host}.pem", folder / f"{host}.key"
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate_file, key_file
