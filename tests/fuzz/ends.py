"""The far ends that a harness puts in place of a card, a socket and a reader: they say what the input says."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Final

from drivers.apdu.format import Command
from drivers.errors import CardGone
from drivers.readers import DEADLINE_S

_OK: Final = b"\x90\x00"
_PAST_THE_END: Final = b"\x6b\x00"


class CardOf:
    """A `CardConnection` to a card whose every file, record and data object is `content`. Refuses nothing."""

    reader = "Fuzz"
    pin_pad: Final = None

    def __init__(self, content: bytes) -> None:
        self._content = content

    async def transmit(self, command: bytes | bytearray, deadline_s: float = DEADLINE_S) -> bytes:
        asked = Command.parse(command)
        if asked.ins == 0xB0:
            return self._read(asked)
        return self._content[: asked.le or 0] + _OK

    def _read(self, asked: Command) -> bytes:
        offset = asked.p2 if asked.p1 & 0x80 else asked.p1 << 8 | asked.p2
        if offset >= len(self._content):
            return _PAST_THE_END
        return self._content[offset : offset + (asked.le or 0)] + _OK

    async def close(self) -> None:
        pass


class CardSaying:
    """A `CardConnection` to a card that gives these answers, whatever it is asked, and then leaves."""

    reader = "Fuzz"
    pin_pad: Final = None

    def __init__(self, answers: Iterator[bytes]) -> None:
        self._answers = answers

    async def transmit(self, command: bytes | bytearray, deadline_s: float = DEADLINE_S) -> bytes:
        for answer in self._answers:
            return answer
        raise CardGone

    async def close(self) -> None:
        pass


def heard(data: bytes) -> asyncio.StreamReader:
    """A socket from which this comes, and nothing after it. Within a running loop."""
    reader = asyncio.StreamReader()
    reader.feed_data(data)
    reader.feed_eof()
    return reader


class Said:
    """The other direction of the socket: keeps what was written."""

    def __init__(self) -> None:
        self.content = b""
        self.transport = self

    def write(self, data: bytes) -> None:
        self.content += data

    async def drain(self) -> None:
        await asyncio.sleep(0)

    def get_extra_info(self, name: str) -> Said:
        return self

    def setsockopt(self, *_: int) -> None:
        pass

    def abort(self) -> None:
        pass

    def close(self) -> None:
        pass
