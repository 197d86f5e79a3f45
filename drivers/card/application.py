"""What every application of the card has in common: it is selected, read, opened with a secret and asked to sign."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Mapping
from typing import ClassVar, Final, Self

from drivers import tlv
from drivers.apdu import NOT_FOUND, OK, Response, command, masked, sw_name, tries_left
from drivers.errors import BadAnswer, CardRefused, NotOurCard, Pin, PinBlocked, PinWrong
from drivers.readers import CardConnection
from drivers.secret import Secret

SHORT_EF: Final = 0x80
"""Every file id fits five bits, so P1 or P2 can name a file without a SELECT. Source: card reference, section 3."""

CHANGE_REFERENCE_DATA: Final = (0x00, 0x24, 0x01)
CHANGE_KEY: Final = (0x80, 0x32, 0x00)

_NOT_OUR_CARD = {NOT_FOUND, 0x6A81, 0x6A86, 0x6D00, 0x6E00}
"""No such application, or a card that does not even know this form of SELECT (B-CAS cards answer like that)."""

_NOT_AWAKE = 0x6F00
"""One card was measured to answer its first command after power-up so, whatever the command. Section 2."""

_BLOCKED = {0x6983, 0x6984}
_UNLIMITED = 0x6300

_CHUNK = 256
_SIGNATURE = 256
_DIGEST_INFO_SHA256 = bytes.fromhex("3031300D060960864801650304020105000420")


class CardApplication:
    """One application, selected on one connection. Short EF ids and 256-byte reads: the fewest APDUs.

    Every method lets the connection's CardGone, CardMute and ReaderFault pass as they are, and raises CardRefused
    for a status word without a better name and BadAnswer for bytes that make no sense. After any of them the
    application is still selected unless the card is gone. Calls take turns: a file is read while the person types,
    and a VERIFY between two reads would make the PIN the current file. Source: card reference, sections 4 and 5.
    """

    AID: ClassVar[bytes]
    PIN_FILE: ClassVar[Mapping[Pin, int]] = {}
    """Short EF id of each secret this application has."""
    CHANGE: ClassVar[tuple[int, int, int]] = CHANGE_REFERENCE_DATA
    """CLA, INS and P1 of the command that changes a secret."""

    def __init__(self, connection: CardConnection) -> None:
        """For `select`, which knows that the application is there."""
        self._connection = connection
        self._turn = asyncio.Lock()

    @classmethod
    async def select(cls, connection: CardConnection) -> Self:
        """Select by AID, never by ATR. Clears the security status. Raises NotOurCard."""
        application = cls(connection)
        apdu = command(0x00, 0xA4, 0x04, 0x0C, cls.AID)
        response = await application._send(apdu)
        if response.sw == _NOT_AWAKE:
            response = await application._send(apdu)
        if response.sw in _NOT_OUR_CARD:
            raise NotOurCard(sw_name(response.sw))
        expect_ok("select", response)
        return application

    @property
    def connection(self) -> CardConnection:
        return self._connection

    # --- secrets

    async def tries_left(self, pin: Pin) -> int:
        """Ask for the counter without using a try; 0 is blocked."""
        async with self._turn:
            return _tries("tries left", await self._send(command(0x00, 0x20, 0x00, self.PIN_FILE[pin])))

    async def verify(self, pin: Pin, secret: Secret) -> None:
        """One VERIFY, never repeated. Leaves the PIN verified until the application is selected again or power goes.

        The secret is 1-16 bytes, upper-case for the signature password; its copy here is wiped on every way out.
        Raises PinWrong, PinBlocked (also for the try that used up the counter) only when the card said so; CardGone,
        CardMute and ReaderFault leave it unknown whether a try was used.
        """
        async with self._turn:
            response = await self._send_secret((0x00, 0x20, 0x00), self.PIN_FILE[pin], secret)
        _expect_verified(pin, response)

    async def change(self, pin: Pin, old: Secret, new: Secret) -> None:
        """VERIFY the old secret, then put the new one in its place. Raises as `verify`, and ValueError by form.

        A new secret of a form that nobody could type again never reaches the card. CardGone, CardMute and
        ReaderFault leave it unknown whether the old or the new one counts. Source: card reference, section 4.
        """
        if not _well_formed(pin, new):
            raise ValueError(f"not a {pin.value} secret")
        async with self._turn:
            # Both under one turn: nothing may make another file current, or use what the old secret opened.
            _expect_verified(pin, await self._send_secret((0x00, 0x20, 0x00), self.PIN_FILE[pin], old))
            # P2 80, the current file, is the only form on record for this command; VERIFY made it the current one.
            expect_ok("change", await self._send_secret(self.CHANGE, SHORT_EF, new))

    async def _send_secret(self, head: tuple[int, int, int], file: int, secret: Secret) -> Response:
        if not len(secret):
            raise ValueError("VERIFY without data is a question for the counter, not a try")
        apdu = bytearray((*head, file, len(secret))) + bytearray(len(secret))
        secret.copy_into(apdu, 5)
        try:
            return await self._send(apdu)
        finally:
            apdu[5:] = bytes(len(apdu) - 5)

    # --- files

    async def _read(self, what: str, short_ef: int, length: int) -> bytes:
        """READ BINARY from the start by short EF id, which makes it the current file; exactly `length`, 1-256 bytes."""
        async with self._turn:
            data = await self._binary(what, short_ef, 0, length)
        if len(data) != length:
            raise BadAnswer(f"{len(data)} of {length} bytes: {what}")
        return data

    async def _read_object(self, what: str, short_ef: int, tag: int, longest: int) -> bytes:
        """The one object a file begins with, header included; what follows it in the file is not read."""
        async with self._turn:
            data = await self._binary(what, short_ef, 0, _CHUNK)
            if data[: 2 if tag > 0xFF else 1] != tag.to_bytes(2 if tag > 0xFF else 1):
                raise BadAnswer(f"no {what}")
            size = tlv.whole_size(data)
            if size > longest or len(data) < min(size, _CHUNK):
                raise BadAnswer(f"{what} of {size} bytes, {len(data)} read at once")
            while len(data) < size:
                data += await self._next_piece(what, len(data), size)
        return data[:size]

    async def _next_piece(self, what: str, offset: int, size: int) -> bytes:
        wanted = min(_CHUNK, size - offset)
        piece = await self._binary(what, offset >> 8, offset & 0xFF, wanted)
        if len(piece) != wanted:
            raise BadAnswer(f"{len(piece)} bytes of the {what} instead of {wanted}")
        return piece

    async def _binary(self, what: str, p1: int, p2: int, length: int) -> bytes:
        """READ BINARY: by short EF id in P1, which makes it the current file, or at a 15-bit offset in it."""
        return expect_ok(f"read {what}", await self._send(command(0x00, 0xB0, p1, p2, le=length)))

    async def _record(self, what: str, file: int, number: int) -> bytes:
        """READ RECORD: one record, by number from 1, of the file with this short id (without 80)."""
        async with self._turn:
            response = await self._send(command(0x00, 0xB2, number, file << 3 | 4, le=256))
        return expect_ok(f"read {what}", response)

    # --- keys

    async def _sign(self, key: int, message: bytes) -> bytes:
        """RS256 over `message` with the key that P2 names: a short EF id, or 0 for the application's own."""
        digest_info = _DIGEST_INFO_SHA256 + hashlib.sha256(message).digest()
        async with self._turn:
            response = await self._send(command(0x80, 0x2A, 0x00, key, digest_info, 256))
        return expect_signature("sign", response)

    async def exchange(self, apdu: bytes | bytearray) -> Response:
        """One command that has no method of its own, in its turn; the caller judges the status word."""
        async with self._turn:
            return await self._send(apdu)

    async def _send(self, apdu: bytes | bytearray) -> Response:
        response = Response.parse(await self._connection.transmit(apdu))
        trace = logging.getLogger(type(self).__module__)
        if trace.isEnabledFor(logging.DEBUG):
            trace.debug("%s -> %d bytes, %s", masked(apdu), len(response.data), sw_name(response.sw))
        return response


def expect_ok(operation: str, response: Response) -> bytes:
    """The answer's data. Raises CardRefused."""
    if response.sw != OK:
        raise CardRefused(operation, response.sw)
    return response.data


def expect_signature(operation: str, response: Response) -> bytes:
    """256 bytes of RSA-2048. Raises CardRefused, BadAnswer."""
    signature = expect_ok(operation, response)
    if len(signature) != _SIGNATURE:
        raise BadAnswer(f"signature of {len(signature)} bytes")
    return signature


def _expect_verified(pin: Pin, response: Response) -> None:
    if response.sw == OK:
        return
    tries = _tries("verify", response)
    raise PinWrong(pin, tries) if tries else PinBlocked(pin)


def _tries(operation: str, response: Response) -> int:
    """The one place where a status word becomes tries left; 0 is blocked."""
    if response.sw in _BLOCKED:
        return 0
    if response.sw == _UNLIMITED:
        raise BadAnswer("a secret of this card is never without a limit")
    tries = tries_left(response.sw)
    if tries is None:
        raise CardRefused(operation, response.sw)
    return tries


def _well_formed(pin: Pin, secret: Secret) -> bool:
    """By the rules of issuing. Source: card reference, section 5."""
    typed = bytearray(len(secret))
    secret.copy_into(typed, 0)
    try:
        if pin is not Pin.DIGITAL_SIGNATURE:
            return len(typed) == 4 and all(0x30 <= byte <= 0x39 for byte in typed)
        digits, letters = (sum(low <= byte <= high for byte in typed) for low, high in ((0x30, 0x39), (0x41, 0x5A)))
        return 6 <= len(typed) <= 16 and digits > 0 and letters > 0 and digits + letters == len(typed)
    finally:
        typed[:] = bytes(len(typed))
