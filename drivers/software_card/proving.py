"""GET CHALLENGE, and how a terminal proves what it is: SIMULATED but for its first command's head (terminals.py)."""

from __future__ import annotations

from collections.abc import Callable

from drivers.software_card import status
from drivers.software_card.command import Command
from drivers.software_card.files import TrustFile
from drivers.software_card.selection import Selection
from drivers.software_card.status import Refusal
from drivers.software_card.terminals import known_terminal

_TERMINAL_AUTHORITY = (0x00, 0xC1)
"""P1 and P2 as measured. Source: card reference, section 4."""


class Challenges:
    """Gives out challenges."""

    def __init__(self, random: Callable[[int], bytes]) -> None:
        self._random = random

    def get(self, selection: Selection, command: Command) -> bytes:
        if (command.p1, command.p2) != (0, 0):
            raise Refusal(status.WRONG_P1P2)
        if command.data or command.le is None:
            raise Refusal(status.WRONG_LENGTH)
        selection.security.challenge = self._random(command.le)
        return selection.security.challenge


def terminal_certificate(selection: Selection, command: Command) -> bytes:
    """Judged by the current file, which holds an authority's key."""
    if (command.p1, command.p2) != _TERMINAL_AUTHORITY:
        raise Refusal(status.WRONG_P1P2)
    trust = selection.current()
    if not isinstance(trust, TrustFile):
        raise Refusal(status.WRONG_FILE_KIND)
    selection.security.terminal = known_terminal(command.data, trust)
    return b""


def terminal_proof(selection: Selection, command: Command) -> bytes:
    """A challenge counts once, right or wrong."""
    security = selection.security
    challenge, security.challenge = security.challenge, b""
    if security.terminal is None or not challenge:
        raise Refusal(status.CONDITIONS_NOT_MET)
    security.verified.add(security.terminal.proven(challenge, command.data))
    return b""
