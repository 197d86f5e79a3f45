"""FF1: a keyed permutation of strings of decimal digits. Source: NIST SP 800-38G (2016), algorithms 7 and 8, radix 10.

The tweak is empty: what is permuted here is whole by itself.
"""

from __future__ import annotations

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

ROUNDS = 10
BLOCK = 16


class Ff1:
    """One key's permutation of the strings of one length, 6 to 30 digits."""

    def __init__(self, key: bytes, length: int) -> None:
        self._aes = Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305 - the block cipher itself, as FF1 has it
        self._left = length // 2
        self._right = length - self._left
        self._bytes = ((10**self._right - 1).bit_length() + 7) // 8
        head = bytes([1, 2, 1]) + (10).to_bytes(3) + bytes([ROUNDS, self._left]) + length.to_bytes(4) + bytes(4)
        self._head = self._block(head)

    def encrypt(self, digits: str) -> str:
        a, b = digits[: self._left], digits[self._left :]
        for turn in range(ROUNDS):
            a, b = b, f"{(int(a) + self._mix(turn, b)) % 10 ** len(a):0{len(a)}d}"
        return a + b

    def decrypt(self, digits: str) -> str:
        a, b = digits[: self._left], digits[self._left :]
        for turn in reversed(range(ROUNDS)):
            a, b = f"{(int(b) - self._mix(turn, a)) % 10 ** len(b):0{len(b)}d}", a
        return a + b

    def _mix(self, turn: int, half: str) -> int:
        """The round function: CBC-MAC of the head, the round's number and the half, cut to the length of FF1's S.

        d is at most 16 bytes for 30 digits, so that one block of the MAC is S.
        """
        tail = bytes([turn]) + int(half).to_bytes(self._bytes)
        tail = bytes(-len(tail) % BLOCK) + tail
        mac = self._head
        for start in range(0, len(tail), BLOCK):
            mac = self._block(bytes(x ^ y for x, y in zip(mac, tail[start : start + BLOCK], strict=True)))
        return int.from_bytes(mac[: 4 * -(-self._bytes // 4) + 4])

    def _block(self, block: bytes) -> bytes:
        encryptor = self._aes.encryptor()
        return encryptor.update(block) + encryptor.finalize()
