"""The rule that a try is never used twice: what carries a secret is sent once, whatever comes back."""

from __future__ import annotations

from typing import Final

from drivers.apdu.layer import Layer

SECRET: Final = frozenset({0x20, 0x24, 0x32})
"""VERIFY, CHANGE REFERENCE DATA and CHANGE KEY, in any class: each VERIFY may cost the holder a try."""


def carries_secret(command: bytes | bytearray) -> bool:
    """By its instruction, whether it has data or not."""
    return command[1] in SECRET


class NeverTwice:
    """Leads commands that carry a secret past every layer that may send a command again, or copy it."""

    def __init__(self, once: Layer, others: Layer) -> None:
        """`once` sends each command exactly once; `others` is the way for everything else."""
        self._once = once
        self._others = others

    async def transmit(self, command: bytes | bytearray, deadline_s: float) -> bytes:
        layer = self._once if carries_secret(command) else self._others
        return await layer.transmit(command, deadline_s)
