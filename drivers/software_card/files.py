"""The kinds of file a chip has, with their access conditions, and the application they stand in.

Every file id is below 0x1F, so a file's short id is its file id. Source: card reference, section 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

PrivateKey = RSAPrivateKey | EllipticCurvePrivateKey
"""RSA-2048, or P-384 for the coming card: docs/decisions/0009."""


@dataclass(frozen=True, slots=True)
class DataFile:
    """A transparent file. It is as long as its content: clients read to the DER's length or to 6B00."""

    fid: int
    content: bytes
    opened_by: tuple[int, ...] = ()
    """File ids of secrets, each of which opens it; none where everybody may read."""


@dataclass(frozen=True, slots=True)
class RecordFile:
    """A file of records, numbered from 1, which everybody may read."""

    fid: int
    records: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class PinFile:
    """A secret to compare with; nobody can read it."""

    fid: int
    name: str
    """Of its counter in the card's Counters, and of the secret that took its place in its Changes."""
    secret: bytes = field(repr=False)
    """As issued."""


class KeyUse(Enum):
    """Which command a key answers to."""

    SIGNATURE = "compute digital signature"
    INTERNAL_AUTHENTICATE = "internal authenticate"
    SESSION_KEY = "set session key"


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A private key; nobody can read it."""

    fid: int
    key: PrivateKey = field(repr=False)
    opened_by: tuple[int, ...] = ()
    """File ids of secrets, each of which opens it; none where everybody may use it."""
    use: KeyUse = KeyUse.SIGNATURE


@dataclass(frozen=True, slots=True)
class TrustFile:
    """A public key to check a terminal's certificate with; nobody can read it."""

    fid: int
    authority: bytes
    """Key id a certificate must name as its issuer's, 16 bytes."""
    key: RSAPublicKey


File = DataFile | RecordFile | PinFile | KeyFile | TrustFile

CHANGE_REFERENCE_DATA = (0x00, 0x24, 0x01)
CHANGE_KEY = (0x80, 0x32, 0x00)


@dataclass(frozen=True, slots=True)
class Application:
    """What one AID selects (a DF)."""

    aid: bytes
    files: Mapping[int, File] = field(default_factory=dict)
    objects: Mapping[int, bytes] = field(default_factory=dict)
    """What GET DATA finds here, by P1P2."""
    own_key: KeyFile | None = None
    """The key that signs for P2 00."""
    change: tuple[int, int, int] | None = None
    """CLA, INS and P1 of the command that changes a secret here."""
    delivery: KeyFile | int | None = None
    """The RSA key that session keys are delivered to; or the status word that says there is none here; or None where
    even the command is unknown."""


def by_fid(*files: File) -> dict[int, File]:
    return {file.fid: file for file in files}
