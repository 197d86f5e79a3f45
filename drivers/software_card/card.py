"""The chip: what it answers to each command. Source: card reference, sections 3, 4 and 11."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Collection, Sequence
from hmac import compare_digest
from time import perf_counter
from typing import Final

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import NoDigestInfo
from cryptography.hazmat.primitives.hashes import SHA256

from drivers.software_card import status
from drivers.software_card.changes import Changes
from drivers.software_card.command import Command
from drivers.software_card.counters import Counters
from drivers.software_card.errors import NoPower
from drivers.software_card.files import (
    CHANGE_KEY,
    CHANGE_REFERENCE_DATA,
    Application,
    DataFile,
    File,
    KeyFile,
    KeyUse,
    PinFile,
    RecordFile,
    TrustFile,
)
from drivers.software_card.profile import Quirk
from drivers.software_card.status import Refusal
from drivers.software_card.terminals import KnownTerminal, known_terminal
from drivers.software_card.trace import CardTrace

_log = logging.getLogger(__name__)

_BY_SHORT_ID: Final = 0x80
_SHORT_ID: Final = 0x1F
_SELECT_BY_AID, _SELECT_BY_FID, _SELECT_MF = 0x04, 0x02, 0x00
_FCI, _NO_FCI = 0x00, 0x0C
_ONE_RECORD, _TO_THE_LAST = 0x04, 0x05
_LONGEST_SECRET: Final = 16
_LONGEST_TO_SIGN: Final = 245
"""What PKCS #1 v1.5 padding leaves of 256 bytes."""
_GET_DATA, _TERMINAL_CERTIFICATE, _TERMINAL_PROOF = (0x00, 0xCA), (0x80, 0xA2), (0x00, 0x82)
_TAKES_EXTENDED: Final = {_GET_DATA, _TERMINAL_CERTIFICATE, _TERMINAL_PROOF}
"""READ BINARY does not. Source: card reference, section 4."""


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
        self._changes = changes or Changes()
        self.trace = CardTrace()
        self.powered = False
        self._root = root
        self._applications = {a.aid: a for a in (root, *others) if a.aid}
        self._quirks = frozenset(quirks)
        self._random = random
        self._operations: dict[tuple[int, int], Callable[[Command], bytes]] = {
            (0x00, 0xA4): self._select,
            (0x00, 0xB0): self._read,
            (0x00, 0x20): self._verify,
            (0x80, 0x2A): self._sign,
            (0x00, 0xB2): self._read_record,
            CHANGE_REFERENCE_DATA[:2]: self._change,
            CHANGE_KEY[:2]: self._change,
            (0x00, 0x88): self._internal_authenticate,
            _GET_DATA: self._get_data,
            (0x00, 0x84): self._get_challenge,
            _TERMINAL_CERTIFICATE: self._terminal_certificate,
            _TERMINAL_PROOF: self._terminal_proof,
        }
        self._start()

    def power_on(self) -> bytes:
        """Start afresh; return the ATR."""
        self._start()
        self.powered = True
        self.trace.power_on()
        return self.atr

    def power_off(self) -> None:
        """Forget everything but the counters."""
        self._start()
        self.powered = False

    def reset(self) -> bytes:
        """Warm reset; return the ATR. Keeps what was selected and verified, as measured hardware does."""
        if Quirk.CLEAR_ON_RESET in self._quirks:
            self._start()
        return self.atr

    def answer(self, command: bytes) -> bytes:
        """Carry out one command APDU; return data and status word. Counters are kept before this returns."""
        if not self.powered:
            raise NoPower
        began = perf_counter()
        answer = self._answer(command)
        self.trace.add(command, answer, perf_counter() - began)
        return answer

    def _start(self) -> None:
        self._application = self._root
        self._file: File | None = None
        self._verified: set[int] = set()
        self._challenge = b""
        self._terminal: KnownTerminal | None = None

    def _answer(self, raw: bytes) -> bytes:
        try:
            command = Command.parse(raw)
            return self._operation(command)(command) + status.OK.to_bytes(2, "big")
        except Refusal as refusal:
            return refusal.sw.to_bytes(2, "big")
        except OSError as exc:
            _log.error("the card's counters could not be kept: %s", exc)
            return status.MEMORY_FAILURE.to_bytes(2, "big")

    def _operation(self, command: Command) -> Callable[[Command], bytes]:
        if command.cla not in (0x00, 0x80):
            raise Refusal(status.UNKNOWN_CLA)
        operation = self._operations.get((command.cla, command.ins))
        if operation is None:
            raise Refusal(status.UNKNOWN_INS)
        if command.extended and (command.cla, command.ins) not in _TAKES_EXTENDED:
            raise Refusal(status.WRONG_LENGTH)
        return operation

    # --- SELECT

    def _select(self, command: Command) -> bytes:
        if command.p2 not in (_FCI, _NO_FCI):
            raise Refusal(status.WRONG_P1P2)
        if command.p1 == _SELECT_BY_AID:
            return self._select_application(command)
        if command.p1 == _SELECT_BY_FID:
            return self._select_file(command)
        if command.p1 == _SELECT_MF:
            return self._select_mf(command)
        raise Refusal(status.WRONG_P1P2)

    def _select_application(self, command: Command) -> bytes:
        application = self._applications.get(command.data)
        if application is None:
            raise Refusal(status.NOT_FOUND)
        if application is not self._application or Quirk.KEEP_ON_RESELECT not in self._quirks:
            self._verified.clear()
            self._terminal = None
        self._application = application
        self._file = None
        return _fci(application.aid) if command.p2 == _FCI and command.le else b""

    def _select_file(self, command: Command) -> bytes:
        if len(command.data) != 2:
            raise Refusal(status.WRONG_LENGTH)
        self._make_current(int.from_bytes(command.data, "big"))
        return b""

    def _select_mf(self, command: Command) -> bytes:
        """There is no ISO master file. Measured: 6A86 when cold, 9000 without effect inside an application."""
        if command.data:
            raise Refusal(status.NOT_FOUND)
        if self._application is self._root:
            raise Refusal(status.WRONG_P1P2)
        return b""

    def _make_current(self, fid: int) -> File:
        file = self._application.files.get(fid)
        if file is None:
            raise Refusal(status.NOT_FOUND)
        self._file = file
        return file

    def _addressed(self, p2: int) -> File:
        """The file that 80 (the current one) or 80 + short id in a parameter means; it becomes the current one."""
        if p2 & ~_SHORT_ID != _BY_SHORT_ID:
            raise Refusal(status.WRONG_P1P2)
        if p2 & _SHORT_ID:
            return self._make_current(p2 & _SHORT_ID)
        return self._current()

    def _current(self) -> File:
        if self._file is None:
            raise Refusal(status.NO_CURRENT_FILE)
        return self._file

    # --- READ BINARY

    def _read(self, command: Command) -> bytes:
        if command.data or command.le is None:
            raise Refusal(status.WRONG_LENGTH)
        if command.p1 & _BY_SHORT_ID:
            file, offset = self._addressed(command.p1), command.p2
        else:
            file, offset = self._current(), command.p1 << 8 | command.p2
        if not isinstance(file, DataFile):
            raise Refusal(status.WRONG_FILE_KIND)
        self._need(file.opened_by)
        if offset >= len(file.content):
            raise Refusal(status.OFFSET_PAST_END)
        return file.content[offset : offset + command.le]

    def _need(self, opened_by: tuple[int, ...]) -> None:
        if opened_by and self._verified.isdisjoint(opened_by):
            raise Refusal(status.NOT_VERIFIED)

    # --- READ RECORD

    def _read_record(self, command: Command) -> bytes:
        """One record (P2 4), or all from it on (P2 5), of the current file or of the short id in P2."""
        if command.data or command.le is None:
            raise Refusal(status.WRONG_LENGTH)
        short_id, mode = command.p2 >> 3, command.p2 & 0x07
        if mode not in (_ONE_RECORD, _TO_THE_LAST):
            raise Refusal(status.WRONG_P1P2)
        file = self._make_current(short_id) if short_id else self._current()
        if not isinstance(file, RecordFile):
            raise Refusal(status.WRONG_FILE_KIND)
        if not 1 <= command.p1 <= len(file.records):
            raise Refusal(status.NO_SUCH_RECORD)
        last = command.p1 if mode == _ONE_RECORD else len(file.records)
        return b"".join(file.records[command.p1 - 1 : last])[: command.le]

    # --- VERIFY, CHANGE REFERENCE DATA, CHANGE KEY

    def _verify(self, command: Command) -> bytes:
        if command.p1 != 0:
            raise Refusal(status.WRONG_P1P2)
        pin = self._addressed(command.p2)
        if not isinstance(pin, PinFile):
            raise Refusal(status.WRONG_FILE_KIND)
        if not command.data:
            raise Refusal(status.TRIES_LEFT + self.counters.left(pin.name))
        if len(command.data) > _LONGEST_SECRET:
            raise Refusal(status.WRONG_LENGTH)
        if self.counters.left(pin.name) == 0:
            raise Refusal(status.BLOCKED)
        self._compare(pin, command.data)
        return b""

    def _compare(self, pin: PinFile, given: bytes) -> None:
        if not compare_digest(given, self._changes.secret(pin.name, pin.secret)):
            self._verified.discard(pin.fid)
            raise Refusal(status.TRIES_LEFT + self.counters.spend(pin.name))
        self.counters.restore(pin.name)
        self._verified.add(pin.fid)

    def _change(self, command: Command) -> bytes:
        known = self._application.change
        if known is None or (command.cla, command.ins) != known[:2]:
            raise Refusal(status.UNKNOWN_INS)
        if command.p1 != known[2]:
            raise Refusal(status.WRONG_P1P2)
        pin = self._addressed(command.p2)
        if not isinstance(pin, PinFile):
            raise Refusal(status.WRONG_FILE_KIND)
        self._need((pin.fid,))
        if not 1 <= len(command.data) <= _LONGEST_SECRET:
            raise Refusal(status.WRONG_LENGTH)
        self._changes.put(pin.name, command.data)
        return b""

    # --- COMPUTE DIGITAL SIGNATURE, INTERNAL AUTHENTICATE

    def _sign(self, command: Command) -> bytes:
        """PKCS #1 type-1 padding of the bytes as they are: what is in them is the host's business."""
        if command.p1 != 0:
            raise Refusal(status.WRONG_P1P2)
        own_key = self._application.own_key
        key = own_key if command.p2 == 0 and own_key else self._addressed(command.p2)
        if not isinstance(key, KeyFile) or key.use is not KeyUse.SIGNATURE:
            raise Refusal(status.WRONG_FILE_KIND)
        self._need(key.opened_by)
        if not 1 <= len(command.data) <= _LONGEST_TO_SIGN or command.le != 256:
            raise Refusal(status.WRONG_LENGTH)
        return key.key.sign(command.data, PKCS1v15(), NoDigestInfo())

    def _internal_authenticate(self, command: Command) -> bytes:
        """sha256WithRSA over the challenge. Keys that sign are measured to answer 6985 here."""
        if command.p1 != 0:
            raise Refusal(status.WRONG_P1P2)
        key = self._addressed(command.p2)
        if not isinstance(key, KeyFile) or key.use is not KeyUse.INTERNAL_AUTHENTICATE:
            raise Refusal(status.CONDITIONS_NOT_MET)
        self._need(key.opened_by)
        if not command.data or command.le != 256:
            raise Refusal(status.WRONG_LENGTH)
        return key.key.sign(command.data, PKCS1v15(), SHA256())

    # --- a terminal proves what it is: SIMULATED but for the first command's head (terminals.py)

    def _terminal_certificate(self, command: Command) -> bytes:
        if (command.p1, command.p2) != (0x00, 0xC1):
            raise Refusal(status.WRONG_P1P2)
        trust = self._current()
        if not isinstance(trust, TrustFile):
            raise Refusal(status.WRONG_FILE_KIND)
        self._terminal = known_terminal(command.data, trust)
        return b""

    def _terminal_proof(self, command: Command) -> bytes:
        """A challenge counts once, right or wrong."""
        challenge, self._challenge = self._challenge, b""
        if self._terminal is None or not challenge:
            raise Refusal(status.CONDITIONS_NOT_MET)
        self._verified.add(self._terminal.proven(challenge, command.data))
        return b""

    # --- GET DATA, GET CHALLENGE

    def _get_data(self, command: Command) -> bytes:
        found = self._application.objects.get(command.p1 << 8 | command.p2)
        if found is None:
            raise Refusal(status.NO_SUCH_OBJECT)
        if command.le is None or command.le < len(found):
            raise Refusal(status.WRONG_LENGTH)
        return found

    def _get_challenge(self, command: Command) -> bytes:
        if (command.p1, command.p2) != (0, 0):
            raise Refusal(status.WRONG_P1P2)
        if command.data or command.le is None:
            raise Refusal(status.WRONG_LENGTH)
        self._challenge = self._random(command.le)
        return self._challenge


def _fci(aid: bytes) -> bytes:
    """Control information with the name alone: what the hardware says here is not published, and no client reads it."""
    name = bytes([0x84, len(aid)]) + aid
    return bytes([0x6F, len(name)]) + name
