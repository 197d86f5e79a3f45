"""One input cut into several: each piece has its length before it in two bytes, as on the link to vpcd."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def pieces(data: bytes) -> Iterator[bytes]:
    """What the last one lacks is left out."""
    while len(data) >= 2:
        length = int.from_bytes(data[:2])
        yield data[2 : 2 + length]
        data = data[2 + length :]


def together(parts: Iterable[bytes]) -> bytes:
    return b"".join(len(part).to_bytes(2) + part for part in parts)
