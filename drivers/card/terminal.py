"""How a terminal of an authorised body opens the authentication key without the holder's PIN."""

from __future__ import annotations

from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from drivers.apdu import command, extended
from drivers.card.application import expect_ok
from drivers.card.jpki import Jpki
from drivers.errors import BadAnswer

_TERMINAL_CA = bytes.fromhex("0016")
_CHALLENGE = 32


class TerminalAuthentication(Protocol):
    """特定機関認証, by whatever protocol. The one place where the real one would take the simulation's."""

    async def authenticate(self, jpki: Jpki) -> None:
        """Prove the terminal to the card; `sign_for_authentication` then works without a PIN.

        Holds until the application is selected again or power goes. Raises CardRefused when the card does not know
        the terminal, and what every method of `jpki` raises.
        """
        ...


class SimulatedTerminalAuthentication:
    """A SIMULATION of this project's own: no real card accepts it, and it opens nothing that a real one protects.

    Public are only the file (EF 0016) and the head of one command (80 A2 00 C1), whose real body has 307 bytes of
    unknown layout. Here the body is a whole CV certificate, and a challenge is answered with RS256. Source: card
    reference, section 8.1, and docs/decisions/0008-terminal-authentication-is-simulated.md.
    """

    def __init__(self, certificate: bytes, key: RSAPrivateKey) -> None:
        """`certificate` is a 7F21 by the authority that EF 0016 holds, for the public half of `key`."""
        self._certificate = certificate
        self._key = key

    async def authenticate(self, jpki: Jpki) -> None:
        expect_ok("select terminal authority", await jpki.exchange(command(0x00, 0xA4, 0x02, 0x0C, _TERMINAL_CA)))
        expect_ok("terminal certificate", await jpki.exchange(extended(0x80, 0xA2, 0x00, 0xC1, self._certificate)))
        challenge = expect_ok("challenge", await jpki.exchange(command(0x00, 0x84, 0x00, 0x00, le=_CHALLENGE)))
        if len(challenge) != _CHALLENGE:
            raise BadAnswer(f"challenge of {len(challenge)} bytes")
        proof = self._key.sign(challenge, PKCS1v15(), SHA256())
        expect_ok("terminal proof", await jpki.exchange(extended(0x00, 0x82, 0x00, 0x80, proof)))
