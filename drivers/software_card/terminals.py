"""SIMULATION of how a terminal proves to the card that it may use the authentication key without the PIN.

What the real card does is not public beyond the head `80 A2 00 C1` of one command; the rest is this project's own
invention, in the shape inferred in the card reference, section 8.1: docs/decisions/0008. No real card accepts it, and
no real terminal's certificate is accepted here.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from drivers import tlv
from drivers.errors import BadAnswer
from drivers.software_card import status
from drivers.software_card.cv_authority import read_public_key
from drivers.software_card.files import TrustFile
from drivers.software_card.status import Refusal

_KEY_ID = 16


@dataclass(frozen=True, slots=True)
class KnownTerminal:
    """A terminal whose certificate was good; it has still to prove that it holds the key."""

    trust: int
    """File id of what vouched for it: stands among verified secrets once it has proven itself."""
    key: RSAPublicKey

    def proven(self, challenge: bytes, proof: bytes) -> int:
        """The file id that is now as good as verified. Raises Refusal 6982."""
        try:
            self.key.verify(proof, challenge, PKCS1v15(), SHA256())
        except InvalidSignature as exc:
            raise Refusal(status.NOT_VERIFIED) from exc
        return self.trust


def known_terminal(certificate: bytes, trust: TrustFile) -> KnownTerminal:
    """Judge a whole `7F21`. Raises Refusal: 6700 for anything that is none, 6982 where the signature is another's."""
    try:
        (outer,) = tlv.values(certificate, 0x7F21)
        body, signature = (part.value for part in tlv.values(outer.value, 0x5F4E, 0x5F37))
        key = read_public_key(body[2 * _KEY_ID :])
    except (BadAnswer, ValueError) as exc:
        raise Refusal(status.WRONG_LENGTH) from exc
    try:
        trust.key.verify(signature, body, PKCS1v15(), SHA256())
    except InvalidSignature as exc:
        raise Refusal(status.NOT_VERIFIED) from exc
    if body[:_KEY_ID] != trust.authority:
        raise Refusal(status.NOT_VERIFIED)
    return KnownTerminal(trust.fid, key)
