"""Reading files: READ BINARY by short EF id, at most 256 bytes at once, and READ RECORD. The fewest APDUs.

Every function raises CardRefused for a status word other than 9000 and BadAnswer for a length or a beginning that
makes no sense. Source: card reference, section 4.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from drivers import tlv
from drivers.apdu import Response, command
from drivers.card.answers import expect_ok
from drivers.errors import BadAnswer

Send = Callable[[bytes], Awaitable[Response]]

_CHUNK: Final = 256


async def read_exactly(send: Send, what: str, short_ef: int, length: int) -> bytes:
    """A file's first `length` bytes, 1-256; it becomes the current file."""
    data = await _binary(send, what, short_ef, 0, length)
    if len(data) != length:
        raise BadAnswer(f"{len(data)} of {length} bytes: {what}")
    return data


async def read_object(send: Send, what: str, short_ef: int, tag: int, longest: int) -> bytes:
    """The one object a file begins with, header included; what follows it in the file is not read."""
    data = await _binary(send, what, short_ef, 0, _CHUNK)
    if not tlv.begins(data, tag):
        raise BadAnswer(f"no {what}")
    size = tlv.whole_size(data)
    if size > longest or len(data) < min(size, _CHUNK):
        raise BadAnswer(f"{what} of {size} bytes, {len(data)} read at once")
    while len(data) < size:
        data += await _next_piece(send, what, len(data), size)
    return data[:size]


async def read_record(send: Send, what: str, short_ef: int, number: int) -> bytes:
    """One record, by number from 1, of the file with this short id (without 80)."""
    return expect_ok(f"read {what}", await send(command(0x00, 0xB2, number, short_ef << 3 | 4, le=256)))


async def _next_piece(send: Send, what: str, offset: int, size: int) -> bytes:
    wanted = min(_CHUNK, size - offset)
    piece = await _binary(send, what, offset >> 8, offset & 0xFF, wanted)
    if len(piece) != wanted:
        raise BadAnswer(f"{len(piece)} bytes of the {what} instead of {wanted}")
    return piece


async def _binary(send: Send, what: str, p1: int, p2: int, length: int) -> bytes:
    """By short EF id in P1, which makes it the current file, or at a 15-bit offset in that."""
    return expect_ok(f"read {what}", await send(command(0x00, 0xB0, p1, p2, le=length)))
