"""A session key for the text application, and a connection that speaks under it: the host's half.

It keeps what is read, and the match numbers, from whoever listens to the interface: a match number A is the individual
number. It does not keep the PIN, which the card wants in the clear before it takes a session key; nor does it notice
somebody in between, since nothing is signed. Source: card reference, section 4, and docs/decisions/0010.
"""

from __future__ import annotations

from typing import Final

from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES128
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.hashes import SHA256

from drivers import tlv
from drivers.apdu import OK, Layer, Response, extended
from drivers.apdu.layer import Countdown
from drivers.errors import BadAnswer
from drivers.readers import DEADLINE_S, CardConnection

SEED: Final = 32
_SECURED: Final = 0x08
_SELECT, _READ, _VERIFY = 0xA4, 0xB0, 0x20
_SHORT_EF: Final = 0x80
_BODY: Final = 5
"""Where a short command's data begins."""
_BLOCK: Final = 16
_LONGEST_ANSWER: Final = 0x10000


def delivery(key: RSAPublicKey, seed: bytes) -> bytes:
    """SET SESSION KEY with a fresh seed of 32 random bytes, for the public key of EF 0006."""
    message = tlv.encode(0xA0, tlv.encode(0x80, seed))
    return extended(0x80, 0xAE, 0x00, 0x00, key.encrypt(message, OAEP(MGF1(SHA256()), SHA256(), label=None)))


class SessionKey:
    """AES-128 from the seed's first half. Each command and its answer have a starting block of their own."""

    def __init__(self, seed: bytes) -> None:
        self._aes = AES128(seed[:_BLOCK])
        self._commands = 0

    def next_iv(self) -> bytes:
        """The counter, encrypted: 1 for the first command after SET SESSION KEY."""
        self._commands += 1
        block = bytes(_BLOCK - 4) + self._commands.to_bytes(4)
        return Cipher(self._aes, CBC(bytes(_BLOCK))).encryptor().update(block)

    def encrypt(self, plain: bytes | memoryview, iv: bytes) -> bytes:
        """Pad with 80 and as many 00 as a whole block takes (ISO/IEC 7816-4), and encrypt. Leaves no other copy."""
        padded = bytearray((len(plain) // _BLOCK + 1) * _BLOCK)
        padded[: len(plain)] = plain
        padded[len(plain)] = 0x80
        try:
            return Cipher(self._aes, CBC(iv)).encryptor().update(padded)
        finally:
            padded[:] = bytes(len(padded))

    def decrypt(self, cryptogram: bytes, iv: bytes) -> bytes:
        """Raises BadAnswer where there is no padding to take off."""
        if not cryptogram or len(cryptogram) % _BLOCK:
            raise BadAnswer(f"a cryptogram of {len(cryptogram)} bytes")
        plain = Cipher(self._aes, CBC(iv)).decryptor().update(cryptogram).rstrip(b"\0")
        if not plain.endswith(b"\x80"):
            raise BadAnswer("a cryptogram without padding")
        return plain[:-1]


class SecuredConnection:
    """A CardConnection that covers what the card takes covered, VERIFY with a secret and READ BINARY, and no more.

    After 6988 the session is lost and the card answers 69FC until a new one; so it does once a command went astray, for
    nobody knows then whether the card counted it. Selecting an application ends the session too.
    """

    def __init__(self, connection: CardConnection, below: Layer, key: SessionKey) -> None:
        """`below` carries commands to `connection`, through whatever layers they need."""
        self._connection = connection
        self._below = below
        self._key = key

    @property
    def reader(self) -> str:
        return self._connection.reader

    @property
    def pin_pad(self) -> None:
        """What is typed on a reader cannot be covered."""

    async def transmit(self, command: bytes | bytearray, deadline_s: float = DEADLINE_S) -> bytes:
        head, body = (command[0], command[1]), memoryview(command)[_BODY:]
        if head == (0x00, _READ):
            return await self._read(command[2], command[3], command[4] or 256, Countdown(deadline_s))
        if head == (0x00, _VERIFY) and body:
            return await self._covered(_VERIFY, command[2], command[3], body, Countdown(deadline_s))
        return await self._below.transmit(command, deadline_s)

    async def close(self) -> None:
        await self._connection.close()

    async def _read(self, p1: int, p2: int, length: int, countdown: Countdown) -> bytes:
        """A short EF id becomes a SELECT: that a covered READ takes one is measured nowhere."""
        if p1 & _SHORT_EF:
            file = bytes((0x00, p1 & ~_SHORT_EF))
            answer = await self._covered(_SELECT, 0x02, 0x0C, file, countdown)
            if Response.parse(answer).sw != OK:
                return answer
            p1 = 0x00
        iv = self._key.next_iv()
        expected = tlv.encode(0x96, length.to_bytes(3))
        apdu = extended(_SECURED, _READ, p1, p2, expected, _LONGEST_ANSWER)
        response = Response.parse(await self._below.transmit(apdu, countdown.left_s()))
        return Response(self._uncovered(response.data, iv), response.sw).encode()

    async def _covered(self, ins: int, p1: int, p2: int, data: bytes | memoryview, countdown: Countdown) -> bytes:
        cryptogram = self._key.encrypt(data, self._key.next_iv())
        body = tlv.encode(0x86, b"\x01" + cryptogram)
        return await self._below.transmit(bytes((_SECURED, ins, p1, p2, len(body))) + body, countdown.left_s())

    def _uncovered(self, data: bytes, iv: bytes) -> bytes:
        """Raises BadAnswer."""
        if not data:
            return b""
        (found,) = tlv.values(data, 0x86)
        if found.value[:1] != b"\x01":
            raise BadAnswer("a cryptogram with another kind of padding")
        return self._key.decrypt(found.value[1:], iv)
