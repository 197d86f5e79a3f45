"""公的個人認証AP (JPKI): the holder's certificates, keys and PINs."""

from __future__ import annotations

import asyncio
import hashlib
import logging

from drivers.apdu import NOT_FOUND, OK, Response, command, masked, sw_name, tries_left
from drivers.errors import BadAnswer, CardRefused, NotOurCard, Pin, PinBlocked, PinWrong
from drivers.readers import CardConnection
from drivers.secret import Secret

_trace = logging.getLogger(__name__)

AID = bytes.fromhex("D392F000260100000001")

# Every file id fits five bits, so that a short EF id names it in P1 or P2 without a SELECT of its own.
# Source: card reference, sections 3 and 3.1.
_SHORT_EF = 0x80
_AUTH_CERTIFICATE = _SHORT_EF | 0x0A
_AUTH_KEY = _SHORT_EF | 0x17
_PIN_FILE = {Pin.USER_AUTHENTICATION: _SHORT_EF | 0x18, Pin.DIGITAL_SIGNATURE: _SHORT_EF | 0x1B}

_NOT_OUR_CARD = {NOT_FOUND, 0x6A81, 0x6A86, 0x6D00, 0x6E00}
"""No such application, or a card that does not even know this form of SELECT (B-CAS cards answer like that)."""

_NOT_AWAKE = 0x6F00
"""One card was measured to answer its first command after power-up so, whatever the command. Section 2."""

_BLOCKED = {0x6983, 0x6984}
_UNLIMITED = 0x6300

_CHUNK = 256
_CERTIFICATE_MAX = 4096
_SIGNATURE = 256
_DIGEST_INFO_SHA256 = bytes.fromhex("3031300D060960864801650304020105000420")


class Jpki:
    """The JPKI application, selected on one connection. Short EF ids and 256-byte reads: the fewest APDUs.

    Every method lets the connection's CardGone, CardMute and ReaderFault pass as they are, and raises CardRefused
    for a status word without a better name and BadAnswer for bytes that make no sense. After any of them the
    application is still selected unless the card is gone. Calls take turns: the certificate is read while the person
    types, and a VERIFY between two reads would make the PIN the current file. Source: card reference, sections 3.1, 4
    and 5.
    """

    def __init__(self, connection: CardConnection) -> None:
        """For `select`, which knows that the application is there."""
        self._connection = connection
        self._turn = asyncio.Lock()

    @classmethod
    async def select(cls, connection: CardConnection) -> Jpki:
        """Select by AID, never by ATR. Clears the security status. Raises NotOurCard."""
        jpki = cls(connection)
        apdu = command(0x00, 0xA4, 0x04, 0x0C, AID)
        response = await jpki._send(apdu)
        if response.sw == _NOT_AWAKE:
            response = await jpki._send(apdu)
        if response.sw in _NOT_OUR_CARD:
            raise NotOurCard(sw_name(response.sw))
        _expect_ok("select", response)
        return jpki

    @property
    def connection(self) -> CardConnection:
        return self._connection

    async def tries_left(self, pin: Pin) -> int:
        """Ask for the counter without using a try; 0 is blocked."""
        async with self._turn:
            return _tries("tries left", await self._send(command(0x00, 0x20, 0x00, _PIN_FILE[pin])))

    async def verify(self, pin: Pin, secret: Secret) -> None:
        """One VERIFY, never repeated. Leaves the PIN verified until the application is selected again or power goes.

        The secret is 1-16 bytes, upper-case for the signature password; its copy here is wiped on every way out.
        Raises PinWrong, PinBlocked (also for the try that used up the counter) only when the card said so; CardGone,
        CardMute and ReaderFault leave it unknown whether a try was used.
        """
        async with self._turn:
            response = await self._verify(_PIN_FILE[pin], secret)
        if response.sw == OK:
            return
        tries = _tries("verify", response)
        raise PinWrong(pin, tries) if tries else PinBlocked(pin)

    async def auth_certificate(self) -> bytes:
        """Read the 利用者証明用電子証明書 (no PIN). DER, exactly as long as it says, at most 4096 bytes."""
        async with self._turn:
            return await self._read_der(_AUTH_CERTIFICATE)

    async def sign_for_authentication(self, message: bytes) -> bytes:
        """RS256 over `message` with the 利用者証明用 key; needs a verified PIN. 256 bytes (RSA-2048)."""
        digest_info = _DIGEST_INFO_SHA256 + hashlib.sha256(message).digest()
        async with self._turn:
            response = await self._send(command(0x80, 0x2A, 0x00, _AUTH_KEY, digest_info, 256))
        signature = _expect_ok("sign", response)
        if len(signature) != _SIGNATURE:
            raise BadAnswer(f"signature of {len(signature)} bytes")
        return signature

    async def _verify(self, pin_file: int, secret: Secret) -> Response:
        if not len(secret):
            raise ValueError("VERIFY without data is a question for the counter, not a try")
        apdu = bytearray((0x00, 0x20, 0x00, pin_file, len(secret))) + bytearray(len(secret))
        secret.copy_into(apdu, 5)
        try:
            return await self._send(apdu)
        finally:
            apdu[5:] = bytes(len(apdu) - 5)

    async def _read_der(self, file: int) -> bytes:
        der = await self._read(file, 0, _CHUNK)
        size = _der_size(der)
        if size > _CERTIFICATE_MAX or len(der) < min(size, _CHUNK):
            raise BadAnswer(f"certificate of {size} bytes, {len(der)} read at once")
        while len(der) < size:
            wanted = min(_CHUNK, size - len(der))
            piece = await self._read(len(der) >> 8, len(der) & 0xFF, wanted)
            if len(piece) != wanted:
                raise BadAnswer(f"{len(piece)} bytes of the certificate instead of {wanted}")
            der += piece
        return der[:size]

    async def _read(self, p1: int, p2: int, length: int) -> bytes:
        """READ BINARY: by short EF id in P1, which makes it the current file, or at a 15-bit offset in it."""
        return _expect_ok("read certificate", await self._send(command(0x00, 0xB0, p1, p2, le=length)))

    async def _send(self, apdu: bytes | bytearray) -> Response:
        response = Response.parse(await self._connection.transmit(apdu))
        if _trace.isEnabledFor(logging.DEBUG):
            _trace.debug("%s -> %d bytes, %s", masked(apdu), len(response.data), sw_name(response.sw))
        return response


def _expect_ok(operation: str, response: Response) -> bytes:
    if response.sw != OK:
        raise CardRefused(operation, response.sw)
    return response.data


def _tries(operation: str, response: Response) -> int:
    """The one place where a status word becomes tries left; 0 is blocked."""
    if response.sw in _BLOCKED:
        return 0
    if response.sw == _UNLIMITED:
        raise BadAnswer("a PIN of this application is never without a limit")
    tries = tries_left(response.sw)
    if tries is None:
        raise CardRefused(operation, response.sw)
    return tries


def _der_size(der: bytes) -> int:
    """The whole size, header included, of the SEQUENCE that starts here. Raises BadAnswer."""
    if len(der) < 2 or der[0] != 0x30:
        raise BadAnswer("no certificate")
    if der[1] < 0x80:
        return 2 + der[1]
    count = der[1] & 0x7F
    if not 1 <= count <= 2 or len(der) < 2 + count:
        raise BadAnswer("no certificate length")
    return 2 + count + int.from_bytes(der[2 : 2 + count])
