"""The keys of a card's folder: made there, kept there, read from there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from drivers.software_card.durable import write_durably
from drivers.software_card.files import PrivateKey


def keep(path: Path, new: Callable[[], PrivateKey]) -> None:
    """Put a new key there unless there is one. Raises OSError."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    write_durably(path, new().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def read(path: Path) -> PrivateKey:
    """Raises OSError, or ValueError when the file holds no key of a kind that cards have."""
    # Not tried for primality again: that takes 40 ms a key, and each of six is read whenever the card is inserted.
    key = load_pem_private_key(path.read_bytes(), password=None, unsafe_skip_rsa_key_validation=True)
    if isinstance(key, EllipticCurvePrivateKey) and isinstance(key.curve, SECP384R1):
        return key
    if isinstance(key, RSAPrivateKey):
        return key
    raise ValueError(f"{path.name} is neither an RSA nor a P-384 key")
