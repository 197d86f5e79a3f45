"""公的個人認証AP (JPKI): the holder's certificates, keys and PINs."""

from __future__ import annotations

from drivers.errors import Pin
from drivers.readers import CardConnection
from drivers.secret import Secret


class Jpki:
    """The JPKI application, selected on one connection. Short EF ids and 256-byte reads: the fewest APDUs."""

    @classmethod
    async def select(cls, connection: CardConnection) -> Jpki:
        """Select by AID, never by ATR. Raises NotOurCard."""
        raise NotImplementedError

    @property
    def connection(self) -> CardConnection:
        raise NotImplementedError

    async def tries_left(self, pin: Pin) -> int:
        """Ask for the counter without using a try; 0 is blocked."""
        raise NotImplementedError

    async def verify(self, pin: Pin, secret: Secret) -> None:
        """One VERIFY, never repeated. Raises PinWrong, PinBlocked; CardGone or CardMute leave it unknown."""
        raise NotImplementedError

    async def auth_certificate(self) -> bytes:
        """Read the 利用者証明用電子証明書 (no PIN). DER, exactly as long as it says."""
        raise NotImplementedError

    async def sign_for_authentication(self, message: bytes) -> bytes:
        """RS256 over `message` with the 利用者証明用 key; needs a verified PIN. 256 bytes for RSA-2048."""
        raise NotImplementedError
