"""A card for vpcd that says what a test wants. Source: card reference, section 11.1."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress

ATR = bytes.fromhex("3BE000FF8131FE4514")
OFF, ON, RESET, GET_ATR = 0, 1, 2, 4
MUTE = b""
OK = bytes.fromhex("9000")
TRY_AGAIN_S = 0.02
PATIENCE_S = 10.0

Answer = Callable[[bytes], bytes | None]
"""The card's answer to a command. None takes the card away in the middle of it, MUTE leaves the reader waiting."""


class VpcdCard:
    """A card in one slot until it is removed. Comes back by itself when the service starts again, as a real one does.

    `answer` may be replaced at any time. `commands` are the APDUs it has heard, `power` the controls other than the
    question for the ATR, oldest first.
    """

    def __init__(self, port: int, answer: Answer = lambda _: OK, atr: bytes = ATR) -> None:
        self.commands: list[bytes] = []
        self.power: list[int] = []
        self._port = port
        self.answer = answer
        self._atr = atr
        self._off = threading.Event()
        self._removed = threading.Event()
        self._socket: socket.socket | None = None
        self._thread = threading.Thread(target=self._run, name=f"card at {port}")
        self._thread.start()

    def is_off(self) -> bool:
        """Wait for the reader to take the power, which it does without waiting for an answer."""
        return self._off.wait(PATIENCE_S)

    def remove(self) -> None:
        self._removed.set()
        if self._socket is not None:
            with suppress(OSError):  # the service may have hung up first
                self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()

    def __enter__(self) -> VpcdCard:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()

    def _run(self) -> None:
        while not self._removed.wait(TRY_AGAIN_S):
            with suppress(OSError), socket.create_connection(("127.0.0.1", self._port)) as self._socket:
                while not self._removed.is_set():
                    self._take_turn(self._socket)

    def _take_turn(self, link: socket.socket) -> None:
        message = _receive(link, int.from_bytes(_receive(link, 2)))
        answer: bytes | None = self._atr
        if len(message) > 1:
            self.commands.append(message)
            answer = self.answer(message)
        elif message[0] != GET_ATR:
            self.power.append(message[0])
            (self._off.set if message[0] == OFF else self._off.clear)()
            return
        if answer is None:
            self._removed.set()
        elif answer != MUTE:
            link.sendall(len(answer).to_bytes(2) + answer)


def _receive(link: socket.socket, size: int) -> bytes:
    received = b""
    while len(received) < size:
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)  # vpcd sends length and body apart
        piece = link.recv(size - len(received))
        if not piece:
            raise ConnectionAbortedError
        received += piece
    return received
