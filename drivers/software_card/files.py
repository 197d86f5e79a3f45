"""The kinds of file a chip has, with their access conditions, and the application they stand in.

Every file id is below 0x1F, so a file's short id is its file id. Source: card reference, section 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey


@dataclass(frozen=True, slots=True)
class DataFile:
    """A transparent file. It is as long as its content: clients read to the DER's length or to 6B00."""

    fid: int
    content: bytes
    read_needs: int | None = None
    """File id of the PIN that opens it; None where everybody may read."""


@dataclass(frozen=True, slots=True)
class PinFile:
    """A secret to compare with; nobody can read it."""

    fid: int
    counter: str
    """Name of its counter in the card's Counters."""
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A private key; nobody can read it."""

    fid: int
    key: RSAPrivateKey = field(repr=False)
    use_needs: int
    """File id of the PIN that opens it."""


File = DataFile | PinFile | KeyFile


@dataclass(frozen=True, slots=True)
class Application:
    """What one AID selects (a DF)."""

    aid: bytes
    files: Mapping[int, File] = field(default_factory=dict)
    objects: Mapping[int, bytes] = field(default_factory=dict)
    """What GET DATA finds here, by P1P2."""


def by_fid(*files: File) -> dict[int, File]:
    return {file.fid: file for file in files}
