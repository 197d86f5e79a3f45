"""VERIFY, CHANGE REFERENCE DATA and CHANGE KEY. Source: card reference, sections 4, 5 and 11."""

from __future__ import annotations

from hmac import compare_digest
from typing import Final

from drivers.software_card import status
from drivers.software_card.changes import Changes
from drivers.software_card.command import Command
from drivers.software_card.counters import Counters
from drivers.software_card.files import PinFile
from drivers.software_card.selection import Selection
from drivers.software_card.status import Refusal

_LONGEST: Final = 16


class Pins:
    """The secrets of one card: how many tries each has left, and which were changed since issue.

    What is kept is kept before the answer; both operations raise OSError when it could not be.
    """

    def __init__(self, counters: Counters, changes: Changes) -> None:
        self.counters = counters
        self._changes = changes

    def verify(self, selection: Selection, command: Command) -> bytes:
        """Without data a question for the counter, which costs no try."""
        if command.p1 != 0:
            raise Refusal(status.WRONG_P1P2)
        pin = _addressed_pin(selection, command)
        if not command.data:
            raise Refusal(status.TRIES_LEFT + self.counters.left(pin.name))
        if len(command.data) > _LONGEST:
            raise Refusal(status.WRONG_LENGTH)
        if self.counters.left(pin.name) == 0:
            raise Refusal(status.BLOCKED)
        self._compare(selection.security.verified, pin, command.data)
        return b""

    def _compare(self, verified: set[int], pin: PinFile, given: bytes) -> None:
        if not compare_digest(given, self._changes.secret(pin.name, pin.secret)):
            verified.discard(pin.fid)
            raise Refusal(status.TRIES_LEFT + self.counters.spend(pin.name))
        self.counters.restore(pin.name)
        verified.add(pin.fid)

    def change(self, selection: Selection, command: Command) -> bytes:
        """By the one command that the selected application has for it, after VERIFY of the old secret."""
        known = selection.application.change
        if known is None or (command.cla, command.ins) != known[:2]:
            raise Refusal(status.UNKNOWN_INS)
        if command.p1 != known[2]:
            raise Refusal(status.WRONG_P1P2)
        pin = _addressed_pin(selection, command)
        selection.security.need((pin.fid,))
        if not 1 <= len(command.data) <= _LONGEST:
            raise Refusal(status.WRONG_LENGTH)
        self._changes.put(pin.name, command.data)
        return b""


def _addressed_pin(selection: Selection, command: Command) -> PinFile:
    pin = selection.addressed(command.p2)
    if not isinstance(pin, PinFile):
        raise Refusal(status.WRONG_FILE_KIND)
    return pin
