"""公的個人認証AP (JPKI): the holder's certificates, keys and PINs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from drivers.apdu import command
from drivers.card.algorithm import Algorithm
from drivers.card.application import SHORT_EF, expect_ok
from drivers.card.pin_pad import TypedOnReader
from drivers.errors import BadAnswer, Pin

# Source: card reference, section 3.1.
_SIGN_CERTIFICATE = SHORT_EF | 0x01
_SIGN_CA_CERTIFICATE = SHORT_EF | 0x02
_TOKEN_INFO = SHORT_EF | 0x06
_AVAILABILITY = SHORT_EF | 0x08
_AUTH_CERTIFICATE = SHORT_EF | 0x0A
_AUTH_CA_CERTIFICATE = SHORT_EF | 0x0B
_AUTH_KEY = SHORT_EF | 0x17
_SIGN_KEY = SHORT_EF | 0x1A

TRIES_MAX = {Pin.USER_AUTHENTICATION: 3, Pin.DIGITAL_SIGNATURE: 5}
"""Tries of a fresh counter. Source: card reference, section 5."""

_SEQUENCE = 0x30
_CERTIFICATE_MAX = 4096
_TOKEN_INFO_SIZE = 160
_ABSENT = 0x00


@dataclass(frozen=True, slots=True)
class TokenInfo:
    """What the application says of itself. `label` tells a card (JPKIAPICCTOKEN2) from a phone."""

    label: str
    manufacturer: str
    model: str
    serial: str
    longest_pin: int
    shortest_pin: int


@dataclass(frozen=True, slots=True)
class Availability:
    """Which certificates are there. That 00 means absent is one source's reading; a third byte is not understood."""

    digital_signature: bool
    user_authentication: bool


class Jpki(TypedOnReader):
    """The JPKI application, selected on one connection. Source: card reference, sections 3.1, 4 and 5."""

    AID = bytes.fromhex("D392F000260100000001")
    PIN_FILE: ClassVar = {Pin.USER_AUTHENTICATION: SHORT_EF | 0x18, Pin.DIGITAL_SIGNATURE: SHORT_EF | 0x1B}

    async def auth_certificate(self) -> bytes:
        """Read the 利用者証明用電子証明書 (no PIN). DER, exactly as long as it says, at most 4096 bytes."""
        return await self._certificate(_AUTH_CERTIFICATE)

    async def auth_ca_certificate(self) -> bytes:
        """Read the certificate of the authority behind it (no PIN). DER."""
        return await self._certificate(_AUTH_CA_CERTIFICATE)

    async def sign_certificate(self) -> bytes:
        """Read the 署名用電子証明書; needs a verified password, since it names the holder. DER."""
        return await self._certificate(_SIGN_CERTIFICATE)

    async def sign_ca_certificate(self) -> bytes:
        """Read the certificate of the authority behind it (no PIN). DER."""
        return await self._certificate(_SIGN_CA_CERTIFICATE)

    async def sign_for_authentication(self, message: bytes, algorithm: Algorithm = Algorithm.RS256) -> bytes:
        """Sign `message` with the 利用者証明用 key; needs a verified PIN.

        `algorithm` is that of the certificate (`algorithm_of`). 256 bytes for RS256, 96 (r and s) for ES384.
        """
        return await self._sign_by(algorithm, _AUTH_KEY, message)

    async def sign_document(self, message: bytes, algorithm: Algorithm = Algorithm.RS256) -> bytes:
        """Sign `message` with the 署名用 key; needs a verified password. As `sign_for_authentication` otherwise."""
        return await self._sign_by(algorithm, _SIGN_KEY, message)

    async def token_info(self) -> TokenInfo:
        """Read EF 0006 (no PIN): PKCS #11's CK_TOKEN_INFO with big-endian ulongs."""
        raw = await self._read("token information", _TOKEN_INFO, _TOKEN_INFO_SIZE)
        texts = (raw[0:32], raw[32:64], raw[64:80], raw[80:96])
        try:
            label, manufacturer, model, serial = (text.decode("ascii").rstrip(" ") for text in texts)
        except UnicodeDecodeError as exc:
            raise BadAnswer("token information that is not text") from exc
        longest, shortest = int.from_bytes(raw[116:120]), int.from_bytes(raw[120:124])
        return TokenInfo(label, manufacturer, model, serial, longest, shortest)

    async def availability(self) -> Availability:
        """Read EF 0008 (no PIN)."""
        sign, auth, _ = await self._read("availability", _AVAILABILITY, 3)
        return Availability(digital_signature=sign != _ABSENT, user_authentication=auth != _ABSENT)

    async def _sign_by(self, algorithm: Algorithm, key: int, message: bytes) -> bytes:
        apdu = command(0x80, 0x2A, 0x00, key, algorithm.to_sign(message), 256)
        signature = expect_ok("sign", await self.exchange(apdu))
        if len(signature) != algorithm.signature_size:
            raise BadAnswer(f"signature of {len(signature)} bytes")
        return signature

    async def _certificate(self, file: int) -> bytes:
        return await self._read_object("certificate", file, _SEQUENCE, _CERTIFICATE_MAX)
