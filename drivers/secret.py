"""A buffer for a PIN or password that is wiped when its `with` block ends."""

from __future__ import annotations

from typing import Any, NoReturn


class Secret:
    """What a person typed. Never printed, compared, copied or pickled; wiped on every way out of its `with` block.

    Bytes live in one fixed bytearray, so that growing never leaves an old copy behind in memory.
    """

    __slots__ = ("_buffer", "_length")

    def __init__(self, capacity: int = 16) -> None:
        self._buffer = bytearray(capacity)
        self._length = 0

    def add(self, byte: int) -> bool:
        """Append one byte; False when the buffer is full."""
        if self._length == len(self._buffer):
            return False
        self._buffer[self._length] = byte
        self._length += 1
        return True

    def drop_last(self) -> bool:
        """Take back the last byte; False when there is none."""
        if self._length == 0:
            return False
        self._length -= 1
        self._buffer[self._length] = 0
        return True

    def copy_into(self, target: bytearray, offset: int) -> None:
        """Write the bytes into `target`; the caller wipes `target`."""
        for i in range(self._length):
            target[offset + i] = self._buffer[i]

    def wipe(self) -> None:
        for i in range(len(self._buffer)):
            self._buffer[i] = 0
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def __enter__(self) -> Secret:
        return self

    def __exit__(self, *_: object) -> None:
        self.wipe()

    def __repr__(self) -> str:
        return "<Secret>"

    def __eq__(self, other: object) -> NoReturn:
        raise TypeError("a Secret is not compared")

    __hash__ = None  # type: ignore[assignment]

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError("a Secret is not copied or pickled")

    def __copy__(self) -> NoReturn:
        raise TypeError("a Secret is not copied")

    def __deepcopy__(self, memo: object) -> NoReturn:
        raise TypeError("a Secret is not copied")
