"""Bytes that look like a certificate of any size, and how they are read."""

from __future__ import annotations

from tests.card.host.scripted import Line


def certificate(size: int) -> bytes:
    """`size` bytes of DER with a header that says so."""
    for header in (2, 3, 4):
        length = size - header
        prefix = {2: bytes((length & 0xFF,)), 3: bytes((0x81, length & 0xFF)), 4: b"\x82" + length.to_bytes(2)}[header]
        if length < (0x80, 0x100, 0x10000)[header - 2]:
            return b"\x30" + prefix + bytes(i % 251 for i in range(length))
    raise ValueError(size)


def reads(file: bytes) -> list[Line]:
    """The fewest reads of a certificate that lies alone in its file."""
    script = [("00B08A0000", file[:256].hex() + "9000")]
    for offset in range(256, len(file), 256):
        piece = file[offset : offset + 256]
        script.append((f"00B0{offset:04X}{len(piece) & 0xFF:02X}", piece.hex() + "9000"))
    return script
