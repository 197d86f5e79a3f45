"""Requests as they stand on the wire, made before they are sent: bare ones, trusted ones and signed ones."""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path
from secrets import token_bytes, token_urlsafe

import msgspec

from backend_client.wire import ExchangeRequest, TokenBatchEntry, TokenBatchRequest, TokenRequest
from backend_stub.signatures import Target, sign
from benchmarks._gateway_house import machine_key

HOST = b"gateway.example"
ASKING = "midori-child"
TOKEN_LAW = "child-income"  # noqa: S105 - a law tuple
RELAY_LAW = "child-household"


def get(path: str) -> bytes:
    return b"GET %b HTTP/1.1\r\nHost: %b\r\n\r\n" % (path.encode(), HOST)


def post(path: str, content: bytes, headers: Iterable[tuple[str, str]] = ()) -> bytes:
    lines = b"".join(f"{name}: {value}\r\n".encode() for name, value in headers)
    head = b"POST %b HTTP/1.1\r\nHost: %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%b\r\n"
    return head % (path.encode(), HOST, len(content), lines) + content


def trusted(path: str, content: bytes) -> bytes:
    """For the benchmark's trusting registry alone."""
    return post(path, content, [("X-Machine", ASKING)])


class SigningAgency:
    """Signs requests ahead of time, each with its own nonce."""

    def __init__(self, data: Path) -> None:
        self._key = machine_key(data, ASKING)

    def signed(self, path: str, content: bytes) -> bytes:
        target = Target(b"POST", b"http", path.encode())
        headers = sign(self._key, ASKING, token_urlsafe(16), int(time.time()), target, HOST, content)
        return post(path, content, headers.items())


class Asks:
    """Messages about persons that the asking agency knows by `symbols`, in turn."""

    def __init__(self, symbols: Sequence[str]) -> None:
        self._symbols = cycle(symbols)

    def tokens(self, count: int) -> list[bytes]:
        asked = self._next(count)
        return [_encoded(TokenRequest(law=TOKEN_LAW, symbol=one, commitment=_commitment())) for one in asked]

    def exchanges(self, count: int) -> list[bytes]:
        asked = self._next(count)
        return [_encoded(ExchangeRequest(law=RELAY_LAW, symbol=one, commitment=_commitment())) for one in asked]

    def batches(self, count: int, size: int) -> list[bytes]:
        return [_encoded(TokenBatchRequest(law=TOKEN_LAW, entries=tuple(self._entries(size)))) for _ in range(count)]

    def _entries(self, count: int) -> Iterator[TokenBatchEntry]:
        return (TokenBatchEntry(symbol=one, commitment=_commitment()) for one in self._next(count))

    def _next(self, count: int) -> Iterator[str]:
        return islice(self._symbols, count)


def _commitment() -> str:
    return b64encode(token_bytes(32)).decode()


_encoded = msgspec.json.encode
