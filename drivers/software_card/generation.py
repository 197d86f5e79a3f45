"""Generations of the card, as data: what a card's JPKI keys are and what its application says of itself.

What has not been published of the coming card (applications, files, commands) is today's here: a SIMULATION, see
docs/decisions/0009-generations-as-data.md. Source: card reference, sections 3.1 and 9.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256, SHA384

from drivers.software_card.files import PrivateKey


class Generation(Enum):
    """The value is what profiles call it."""

    OLD = "old"
    """Whose certificates an earlier generation of the authorities signed; the chip's interface is today's."""
    CURRENT = "current"
    P384 = "p384"
    """次期個人番号カード, announced with ECDSA P-384 and SHA-384."""


@dataclass(frozen=True, slots=True)
class KeyKind:
    """An algorithm of the two JPKI keys."""

    name: str
    digest: SHA256 | SHA384
    """What a signature is over; that of the certificate request too."""
    new: Callable[[], PrivateKey]


RSA_2048: Final = KeyKind("RSA-2048", SHA256(), lambda: rsa.generate_private_key(65537, 2048))
P_384: Final = KeyKind("P-384", SHA384(), lambda: ec.generate_private_key(ec.SECP384R1()))


@dataclass(frozen=True, slots=True)
class Facts:
    keys: KeyKind
    token_label: str
    """Of EF 0006. Clients tell card from phone by it, and both from a 住基カード, which says JPKIAPICCTOKEN."""
    lower_certificate: bool = True
    """Whether the card manager has 7F21: absent on older cards. Source: card reference, section 3.5."""


FACTS: Final = {
    Generation.OLD: Facts(RSA_2048, "JPKIAPICCTOKEN2", lower_certificate=False),
    Generation.CURRENT: Facts(RSA_2048, "JPKIAPICCTOKEN2"),
    Generation.P384: Facts(P_384, "JPKIAPICCTOKEN2"),
}
