"""What every application of the card has in common: it is selected, read, opened with a secret and asked to sign."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Mapping
from typing import ClassVar, Final, Self

from drivers.apdu import NOT_FOUND, Response, command, layered, sw_name
from drivers.card.answers import expect_ok, expect_signature, expect_tries, expect_verified
from drivers.card.reading import read_exactly, read_object, read_record
from drivers.card.typed import secret_command, well_formed
from drivers.errors import NotOurCard, Pin
from drivers.readers import DEADLINE_S, CardConnection
from drivers.secret import Secret

__all__ = [
    "CHANGE_KEY",
    "CHANGE_REFERENCE_DATA",
    "SHORT_EF",
    "VERIFY",
    "CardApplication",
    "expect_ok",
    "expect_signature",
]

SHORT_EF: Final = 0x80
"""Every file id fits five bits, so P1 or P2 can name a file without a SELECT. Source: card reference, section 3."""

VERIFY: Final = (0x00, 0x20, 0x00)
CHANGE_REFERENCE_DATA: Final = (0x00, 0x24, 0x01)
CHANGE_KEY: Final = (0x80, 0x32, 0x00)

_NOT_OUR_CARD = {NOT_FOUND, 0x6A81, 0x6A86, 0x6D00, 0x6E00}
"""No such application, or a card that does not even know this form of SELECT (B-CAS cards answer like that)."""

_NOT_AWAKE = 0x6F00
"""One card was measured to answer its first command after power-up so, whatever the command. Section 2."""

_DIGEST_INFO_SHA256 = bytes.fromhex("3031300D060960864801650304020105000420")


class CardApplication:
    """One application, selected on one connection.

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
        self._layers = layered(connection, logging.getLogger(type(self).__module__))
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
        return expect_tries("tries left", await self.exchange(command(*VERIFY, self.PIN_FILE[pin])))

    async def verify(self, pin: Pin, secret: Secret) -> None:
        """One VERIFY, never repeated. Leaves the PIN verified until the application is selected again or power goes.

        The secret is 1-16 bytes, upper-case for the signature password; its copy here is wiped on every way out.
        Raises PinWrong, PinBlocked (also for the try that used up the counter) only when the card said so; CardGone,
        CardMute and ReaderFault leave it unknown whether a try was used.
        """
        async with self._turn:
            await self._verify(pin, secret)

    async def change(self, pin: Pin, old: Secret, new: Secret) -> None:
        """VERIFY the old secret, then put the new one in its place. Raises as `verify`, and ValueError by form.

        A new secret of a form that nobody could type again never reaches the card. CardGone, CardMute and
        ReaderFault leave it unknown whether the old or the new one counts. Source: card reference, section 4.
        """
        if not well_formed(pin, new):
            raise ValueError(f"not a {pin.value} secret")
        async with self._turn:
            # Both under one turn: nothing may make another file current, or use what the old secret opened.
            await self._verify(pin, old)
            # P2 80, the current file, is the only form on record for this command; VERIFY made it the current one.
            expect_ok("change", await self._send_secret(self.CHANGE, SHORT_EF, new))

    async def _verify(self, pin: Pin, secret: Secret) -> None:
        expect_verified(pin, await self._send_secret(VERIFY, self.PIN_FILE[pin], secret))

    async def _send_secret(self, head: tuple[int, int, int], p2: int, secret: Secret) -> Response:
        with secret_command(head, p2, secret) as apdu:
            return await self._send(apdu)

    # --- files and keys

    async def _read(self, what: str, short_ef: int, length: int) -> bytes:
        """READ BINARY from the start by short EF id; exactly `length`, 1-256 bytes."""
        async with self._turn:
            return await read_exactly(self._send, what, short_ef, length)

    async def _read_object(self, what: str, short_ef: int, tag: int, longest: int) -> bytes:
        """The one object a file begins with, header included; what follows it in the file is not read."""
        async with self._turn:
            return await read_object(self._send, what, short_ef, tag, longest)

    async def _record(self, what: str, file: int, number: int) -> bytes:
        """READ RECORD: one record, by number from 1, of the file with this short id (without 80)."""
        async with self._turn:
            return await read_record(self._send, what, file, number)

    async def _sign(self, key: int, message: bytes) -> bytes:
        """RS256 over `message` with the key that P2 names: a short EF id, or 0 for the application's own."""
        digest_info = _DIGEST_INFO_SHA256 + hashlib.sha256(message).digest()
        return expect_signature("sign", await self.exchange(command(0x80, 0x2A, 0x00, key, digest_info, 256)))

    async def exchange(self, apdu: bytes | bytearray) -> Response:
        """One command that has no method of its own, in its turn; the caller judges the status word."""
        async with self._turn:
            return await self._send(apdu)

    async def _send(self, apdu: bytes | bytearray) -> Response:
        return Response.parse(await self._layers.transmit(apdu, DEADLINE_S))
