"""One reader with a card, and keys of its own, made at the boundary of pyscard's plain calls.

vpcd has no controls, so a reader's PIN pad cannot be played behind a real pcscd: the calls themselves are scripted.
"""

from __future__ import annotations

import struct
import threading
from collections.abc import Callable
from typing import Any

import pytest
from smartcard import scard

READER = "Keys 00 00"
PATIENCE_S = 10.0

VERIFY_CODE, MODIFY_CODE, PROPERTIES_CODE, TLV_CODE = 0x42330006, 0x42330007, 0x4233000A, 0x42330012
FEATURES = {0x06: VERIFY_CODE, 0x07: MODIFY_CODE}

Control = Callable[[bytes], bytes | int]
"""What the reader answers to a control, or the return code of its failure."""


class Keys:
    """`typed` is what comes of an entry, a status word or a return code; `controls` are those it heard, in order.

    With `hold` an entry lasts until `go_on`; `asked` is set while one is under way.
    """

    def __init__(self, features: dict[int, int], tlv: bytes = b"", properties: bytes = b"") -> None:
        self.features = b"".join(struct.pack(">BBI", tag, 4, code) for tag, code in features.items())
        self.answers: dict[int, bytes] = {TLV_CODE: tlv, PROPERTIES_CODE: properties}
        self.typed: list[bytes | int] = []
        self.controls: list[tuple[int, bytes]] = []
        self.hold = False
        self.asked, self.go_on = threading.Event(), threading.Event()
        self.lies_there = True
        self.commands: list[bytes] = []

    def control(self, _handle: int, code: int, data: list[int]) -> list[Any]:
        if code == scard.SCARD_CTL_CODE(3400):
            return [0, list(self.features)] if self.features else [scard.SCARD_E_UNSUPPORTED_FEATURE, []]
        if code in self.answers:
            return [0, list(self.answers[code])]
        self.controls.append((code, bytes(data)))
        self.asked.set()
        if self.hold:
            self.go_on.wait(PATIENCE_S)
        self.asked.clear()
        typed = self.typed.pop(0) if self.typed else b"\x64\x00"
        return [typed, []] if isinstance(typed, int) else [0, list(typed)]

    def transmit(self, _handle: int, _header: int, apdu: list[int]) -> list[Any]:
        self.commands.append(bytes(apdu))
        return [0, [0x90, 0x00]]

    def status(self, _context: int, _timeout: int, states: list[tuple[str, int]]) -> list[Any]:
        present = scard.SCARD_STATE_PRESENT if self.lies_there else scard.SCARD_STATE_EMPTY
        return [0, [(name, (1 if self.lies_there else 2) << 16 | present, []) for name, _ in states]]

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        nothing = lambda *_: 0  # noqa: E731
        calls = {
            "SCardEstablishContext": lambda _: [0, 7],
            "SCardReleaseContext": nothing,
            "SCardConnect": lambda *_: [0, 8, scard.SCARD_PROTOCOL_T1],
            "SCardBeginTransaction": nothing,
            "SCardEndTransaction": nothing,
            "SCardDisconnect": nothing,
            "SCardGetStatusChange": self.status,
            "SCardTransmit": self.transmit,
            "SCardControl": self.control,
        }
        for name, call in calls.items():
            monkeypatch.setattr(scard, name, call)
