"""The chip: what it answers to each command. Source: card reference, sections 3, 4 and 11."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Collection, Sequence
from time import perf_counter
from typing import Final

from drivers.software_card import secured, status
from drivers.software_card.changes import Changes
from drivers.software_card.command import Command
from drivers.software_card.counters import Counters
from drivers.software_card.errors import NoPower
from drivers.software_card.files import CHANGE_KEY, CHANGE_REFERENCE_DATA, Application
from drivers.software_card.pins import Pins
from drivers.software_card.profile import Quirk
from drivers.software_card.proving import Challenges, terminal_certificate, terminal_proof
from drivers.software_card.reading import get_data, read_binary, read_record
from drivers.software_card.selection import Selection
from drivers.software_card.signing import compute_signature, internal_authenticate
from drivers.software_card.status import Refusal
from drivers.software_card.trace import CardTrace

_log = logging.getLogger(__name__)

Operation = Callable[[Selection, Command], bytes]
"""Answers with data, or raises Refusal."""

_GET_DATA, _TERMINAL_CERTIFICATE, _TERMINAL_PROOF = (0x00, 0xCA), (0x80, 0xA2), (0x00, 0x82)
_SET_SESSION_KEY, _SECURED_READ = (0x80, 0xAE), (0x08, 0xB0)
_TAKES_EXTENDED: Final = {_GET_DATA, _TERMINAL_CERTIFICATE, _TERMINAL_PROOF, _SET_SESSION_KEY, _SECURED_READ}
"""A plain READ BINARY does not. Source: card reference, section 4; a session key's 256 bytes fit no short command."""


class SoftwareCard:
    """One card. Does no input or output but through its counters; one user at a time.

    `answer` raises NoPower before `power_on`: the caller's reader gave no power.
    """

    def __init__(
        self,
        atr: bytes,
        root: Application,
        others: Sequence[Application],
        counters: Counters,
        quirks: Collection[Quirk] = (),
        random: Callable[[int], bytes] = secrets.token_bytes,
        changes: Changes | None = None,
    ) -> None:
        """`root` is the application that power-up selects."""
        self.atr = atr
        self.counters = counters
        self.trace = CardTrace()
        self.powered = False
        self._clears_on_reset = Quirk.CLEAR_ON_RESET in quirks
        self._selection = Selection((root, *others), Quirk.KEEP_ON_RESELECT in quirks)
        self._operations = _operations(Pins(counters, changes or Changes()), Challenges(random))

    def power_on(self) -> bytes:
        """Start afresh; return the ATR."""
        self._selection.start()
        self.powered = True
        self.trace.power_on()
        return self.atr

    def power_off(self) -> None:
        """Forget everything but the counters."""
        self._selection.start()
        self.powered = False

    def reset(self) -> bytes:
        """Warm reset; return the ATR. Keeps what was selected and verified, as measured hardware does."""
        if self._clears_on_reset:
            self._selection.start()
        return self.atr

    def answer(self, command: bytes) -> bytes:
        """Carry out one command APDU; return data and status word. Counters are kept before this returns."""
        if not self.powered:
            raise NoPower
        began = perf_counter()
        answer = self._answer(command)
        self.trace.add(command, answer, perf_counter() - began)
        return answer

    def _answer(self, raw: bytes) -> bytes:
        try:
            return self._data(Command.parse(raw)) + status.OK.to_bytes(2, "big")
        except Refusal as refusal:
            return refusal.sw.to_bytes(2, "big")
        except OSError as exc:
            _log.error("the card's counters could not be kept: %s", exc)
            return status.MEMORY_FAILURE.to_bytes(2, "big")

    def _data(self, command: Command) -> bytes:
        if command.extended and (command.cla, command.ins) not in _TAKES_EXTENDED:
            raise Refusal(status.WRONG_LENGTH)
        if command.cla in (secured.CONFIDENTIAL, secured.WITH_INTEGRITY):
            return secured.carry_out(self._selection, command, self._plainly)
        return self._plainly(command)

    def _plainly(self, command: Command) -> bytes:
        if command.cla not in (0x00, 0x80):
            raise Refusal(status.UNKNOWN_CLA)
        operation = self._operations.get((command.cla, command.ins))
        if operation is None:
            raise Refusal(status.UNKNOWN_INS)
        return operation(self._selection, command)


def _operations(pins: Pins, challenges: Challenges) -> dict[tuple[int, int], Operation]:
    """By class and instruction."""
    return {
        (0x00, 0xA4): Selection.select,
        (0x00, 0xB0): read_binary,
        (0x00, 0x20): pins.verify,
        (0x80, 0x2A): compute_signature,
        (0x00, 0xB2): read_record,
        CHANGE_REFERENCE_DATA[:2]: pins.change,
        CHANGE_KEY[:2]: pins.change,
        (0x00, 0x88): internal_authenticate,
        _GET_DATA: get_data,
        (0x00, 0x84): challenges.get,
        _TERMINAL_CERTIFICATE: terminal_certificate,
        _TERMINAL_PROOF: terminal_proof,
        _SET_SESSION_KEY: secured.set_session_key,
    }
