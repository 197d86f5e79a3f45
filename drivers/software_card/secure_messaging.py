"""What a session key does to a command and to its answer: the chip's half of secure messaging.

The host has a half of its own (drivers/card/secure_messaging.py), so that a mistake in one cannot hide in the other.
Confidentiality only: nothing here notices a command that somebody altered, unless its padding breaks. Source: card
reference, section 4, and docs/decisions/0010.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES128
from cryptography.hazmat.primitives.ciphers.modes import CBC

from drivers import tlv
from drivers.errors import BadAnswer
from drivers.software_card import status
from drivers.software_card.command import Command
from drivers.software_card.status import Refusal

_BLOCK: Final = 16
_SEED: Final = 32
_DELIVERY: Final = bytes((0xA0, 2 + _SEED, 0x80, _SEED))
"""What stands before the seed: of the three forms of delivery this application takes the encryption key's alone."""
_CRYPTOGRAM, _EXPECTED = 0x86, 0x96
_PADDED: Final = b"\x01"
"""Before a cryptogram: that its plain text was padded."""
_OBJECT: Final = {0xA4: _CRYPTOGRAM, 0x20: _CRYPTOGRAM, 0xB0: _EXPECTED}
"""The one data object that a secured SELECT, VERIFY and READ BINARY carries."""


@dataclass(slots=True)
class Session:
    """A key that both sides know, and how many secured commands came under it."""

    key: bytes = field(repr=False)
    commands: int = 0

    def next_iv(self) -> bytes:
        """Of the next command and of its answer: both are encrypted from the same."""
        self.commands += 1
        encryptor = Cipher(AES128(self.key), CBC(bytes(_BLOCK))).encryptor()
        return encryptor.update(self.commands.to_bytes(_BLOCK))


def delivered(message: bytes) -> Session:
    """The session that a decrypted delivery opens. Raises Refusal 6A80."""
    if len(message) != len(_DELIVERY) + _SEED or not message.startswith(_DELIVERY):
        raise Refusal(status.WRONG_DATA)
    return Session(session_key(message[len(_DELIVERY) :]))


def session_key(seed: bytes) -> bytes:
    """AES-128 takes the first half of the seed: docs/decisions/0010."""
    return seed[:_BLOCK]


def plain_command(command: Command, key: bytes, iv: bytes) -> Command:
    """What a secured command asks for. Raises Refusal 6988 for anything but the one object it must carry."""
    try:
        (found,) = tlv.values(command.data, _OBJECT[command.ins])
    except BadAnswer as exc:
        raise Refusal(status.SECURED_OBJECTS_WRONG) from exc
    if found.tag == _EXPECTED:
        return replace(command, cla=0x00, data=b"", le=_expected(found.value), extended=False)
    return replace(command, cla=0x00, data=_decrypted(found.value, key, iv), extended=False)


def takes(ins: int) -> bool:
    """Whether a command may come secured."""
    return ins in _OBJECT


def secured_answer(data: bytes, key: bytes, iv: bytes) -> bytes:
    """Data as it leaves the card; an answer without any stays a status word alone."""
    if not data:
        return b""
    padding = _BLOCK - len(data) % _BLOCK
    encryptor = Cipher(AES128(key), CBC(iv)).encryptor()
    return tlv.encode(_CRYPTOGRAM, _PADDED + encryptor.update(data + b"\x80" + bytes(padding - 1)))


def _decrypted(value: bytes, key: bytes, iv: bytes) -> bytes:
    """The plain text of one object. Raises Refusal 6988, which is also how a wrong counter shows."""
    if value[:1] != _PADDED or len(value) % _BLOCK != 1:
        raise Refusal(status.SECURED_OBJECTS_WRONG)
    decryptor = Cipher(AES128(key), CBC(iv)).decryptor()
    plain, marker, filler = decryptor.update(value[1:]).rpartition(b"\x80")
    if not marker or filler.strip(b"\0"):
        raise Refusal(status.SECURED_OBJECTS_WRONG)
    return plain


def _expected(value: bytes) -> int:
    """Three bytes as in an extended command, 000000 for all there is. Raises Refusal 6988."""
    if len(value) != 3 or value[0] != 0:
        raise Refusal(status.SECURED_OBJECTS_WRONG)
    return int.from_bytes(value) or 0x10000
