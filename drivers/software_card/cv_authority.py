"""An authority of our own for card-verifiable certificates. Source: card reference, section 3.6.

Its key ids begin with 9, where the real hierarchy's begin with 5 and the official test hierarchy's with 6: nothing it
signs can be mistaken for either. One per data folder, in `DATA/cv`, made with the first card.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPublicKey,
    RSAPublicNumbers,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256

from drivers.software_card.keys import keep, read
from drivers.tlv import encode, values

MANAGER, FACE, TEXT, TERMINALS = "9000020", "9000023", "9000033", "9000099"
"""The first three answer to 5000020, 5000023 and 5000033; what the real one for terminals is called is not known."""
OFFICE = "9000100"
"""Whoever signs what stands on one card."""

NAMES = (MANAGER, FACE, TEXT, TERMINALS, OFFICE)
KEY_BITS = 2048


def key_id(name: str) -> bytes:
    """16 bytes: 7 digits, 08 05, 3 digits, 4 bytes."""
    return name.encode("ascii") + bytes.fromhex("0805") + b"001" + bytes.fromhex("00000001")


def public_key(key: RSAPublicKey) -> bytes:
    """Exponent and modulus, 265 bytes for RSA-2048 with 65537: `90 03 010001, 91 820100 n`."""
    numbers = key.public_numbers()
    return encode(0x90, numbers.e.to_bytes(3)) + encode(0x91, numbers.n.to_bytes(KEY_BITS // 8))


def read_public_key(encoded: bytes) -> RSAPublicKey:
    """What `public_key` wrote. Raises BadAnswer, ValueError."""
    exponent, modulus = (part.value for part in values(encoded, 0x90, 0x91))
    return RSAPublicNumbers(int.from_bytes(exponent), int.from_bytes(modulus)).public_key()


def signature(key: RSAPrivateKey, message: bytes) -> bytes:
    return key.sign(message, PKCS1v15(), SHA256())


@dataclass(frozen=True, slots=True)
class CvAuthority:
    """All keys of the hierarchy, by name."""

    keys: dict[str, RSAPrivateKey]

    @property
    def office(self) -> RSAPrivateKey:
        return self.keys[OFFICE]

    def certificate(self, issuer: str, subject: str = OFFICE, key: RSAPublicKey | None = None) -> bytes:
        """`7F21`: that `issuer` vouches for the key of `subject`, the office's unless given. 568 bytes."""
        body = key_id(issuer) + key_id(subject) + public_key(key or self.office.public_key())
        return encode(0x7F21, encode(0x5F4E, body) + encode(0x5F37, signature(self.keys[issuer], body)))

    def anchors(self) -> dict[bytes, RSAPublicKey]:
        """What a host trusts: the authorities' public keys by key id."""
        return {key_id(name): key.public_key() for name, key in self.keys.items() if name != OFFICE}


def cv_authority(data: Path) -> CvAuthority:
    """Read the authority of a data folder; make the keys that are missing. Raises OSError, ValueError."""
    return CvAuthority({name: kept_key(data / "cv" / f"{name}.key") for name in NAMES})


def kept_key(path: Path) -> RSAPrivateKey:
    """Read an RSA key, or make it if missing. Raises OSError, or ValueError when the file holds none."""
    keep(path, partial(generate_private_key, public_exponent=65537, key_size=KEY_BITS))
    return read_key(path)


def read_key(path: Path) -> RSAPrivateKey:
    """Raises OSError, or ValueError when the file holds no RSA key."""
    key = read(path)
    if not isinstance(key, RSAPrivateKey):
        raise ValueError(f"{path.name} is not an RSA key")
    return key
