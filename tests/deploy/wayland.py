"""A keyboard for a compositor without devices: keys go in by their evdev codes, as from a real remote.

A client of zwp_virtual_keyboard_v1 on the bare protocol, because tools that type by name give every key a code of their
own, and what is tested is the code. Source: wayland.xml, virtual-keyboard-unstable-v1.xml.
"""

from __future__ import annotations

import ctypes
import os
import socket
import struct
from pathlib import Path

DISPLAY, REGISTRY, CALLBACK, SEAT, MANAGER, KEYBOARD = 1, 2, 3, 4, 5, 6
"""Object numbers, in the order in which we make them."""
XKB_TEXT_V1 = 1


class VirtualKeyboard:
    """Connected when made. Raises LookupError where the compositor takes no virtual keyboards."""

    def __init__(self, display: Path) -> None:
        self._line = socket.socket(socket.AF_UNIX)
        self._line.settimeout(5)
        self._line.connect(str(display))
        self._send(DISPLAY, 1, struct.pack("=I", REGISTRY))
        self._send(DISPLAY, 0, struct.pack("=I", CALLBACK))
        offered = self._globals()
        self._bind(offered, "wl_seat", SEAT)
        self._bind(offered, "zwp_virtual_keyboard_manager_v1", MANAGER)
        self._send(MANAGER, 0, struct.pack("=II", SEAT, KEYBOARD))
        self._set_keymap(_keymap())
        self._time = 0

    def press(self, *codes: int) -> None:
        """Each down and up, by evdev code."""
        for code in codes:
            for state in (1, 0):
                self._time += 1
                self._send(KEYBOARD, 1, struct.pack("=III", self._time, code, state))

    def close(self) -> None:
        self._line.close()

    def _set_keymap(self, keymap: bytes) -> None:
        descriptor = os.memfd_create("keymap")
        os.write(descriptor, keymap)
        body = struct.pack("=II", XKB_TEXT_V1, len(keymap))
        socket.send_fds(self._line, [_message(KEYBOARD, 0, body)], [descriptor])
        os.close(descriptor)

    def _bind(self, offered: dict[str, int], interface: str, number: int) -> None:
        self._send(
            REGISTRY, 0, struct.pack("=I", offered[interface]) + _text(interface) + struct.pack("=II", 1, number)
        )

    def _globals(self) -> dict[str, int]:
        """Interface -> its number, once the compositor has named all."""
        found: dict[str, int] = {}
        data = b""
        while True:
            data += self._line.recv(65536)
            while len(data) >= 8 and len(data) >= (length := struct.unpack_from("=I", data, 4)[0] >> 16):
                sender, body = struct.unpack_from("=I", data)[0], data[8:length]
                data = data[length:]
                if sender == CALLBACK:
                    return found
                if sender == REGISTRY:
                    name, size = struct.unpack_from("=II", body)
                    found[body[8 : 8 + size - 1].decode()] = name

    def _send(self, target: int, request: int, body: bytes) -> None:
        self._line.sendall(_message(target, request, body))


def _message(target: int, request: int, body: bytes) -> bytes:
    return struct.pack("=II", target, (8 + len(body)) << 16 | request) + body


def _text(text: str) -> bytes:
    data = text.encode() + b"\0"
    return struct.pack("=I", len(data)) + data + bytes(-len(data) % 4)


def _keymap() -> bytes:
    """xkb's own keymap for evdev, which is what a compositor uses for real devices."""
    xkb = ctypes.CDLL("libxkbcommon.so.0")
    for name in ("xkb_context_new", "xkb_keymap_new_from_names", "xkb_keymap_get_as_string"):
        getattr(xkb, name).restype = ctypes.c_void_p
    context = ctypes.c_void_p(xkb.xkb_context_new(0))
    keymap = ctypes.c_void_p(xkb.xkb_keymap_new_from_names(context, None, 0))
    text = ctypes.c_char_p(xkb.xkb_keymap_get_as_string(keymap, XKB_TEXT_V1)).value
    assert text
    return text + b"\0"
