"""Keys of the folders: what is written into one lies in the database sealed, and the database alone opens nothing.

Each folder has two keys, made from a secret of the portal's that is kept beside the database and never in it, and from
the folder's id. Headings (titles, file names) are listed often, and told to a company under a consent: they have a
symmetric key. Letters, attachments and certificates are sealed to the folder's public key (HPKE), which a sender may
use as well; only what is done in a signed-in visit opens them.
"""

from __future__ import annotations

from base64 import b64encode
from functools import partial
from pathlib import Path
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from backend_stub.keyfile import keep
from backend_stub.sealing import NotForUs, seal, unseal

NONCE = 12


class FolderKeys:
    """The keys of one portal's folders. `folder` is the portal's own on disk."""

    def __init__(self, folder: Path) -> None:
        self._secret = keep(folder / "folders.key", partial(token_bytes, 32))

    def public(self, folder_id: str) -> str:
        """What senders may seal to: Base64 of an X25519 public key."""
        return b64encode(self._letters(folder_id).public_key().public_bytes_raw()).decode()

    def seal_heading(self, folder_id: str, heading: bytes) -> bytes:
        nonce = token_bytes(NONCE)
        return nonce + self._headings(folder_id).encrypt(nonce, heading, None)

    def open_headings(self, folder_id: str, sealed: list[bytes]) -> list[bytes]:
        """Raises NotForUs."""
        key = self._headings(folder_id)
        try:
            return [key.decrypt(one[:NONCE], one[NONCE:], None) for one in sealed]
        except (InvalidTag, ValueError) as exc:
            raise NotForUs from exc

    def seal_letter(self, folder_id: str, letter: bytes, context: bytes) -> bytes:
        return seal(letter, self._letters(folder_id).public_key(), context)

    def open_letter(self, folder_id: str, sealed: bytes, context: bytes) -> bytes:
        """Only for who is signed in. Raises NotForUs."""
        return unseal(sealed, self._letters(folder_id), context)

    def _letters(self, folder_id: str) -> X25519PrivateKey:
        return X25519PrivateKey.from_private_bytes(self._derived(b"letters", folder_id))

    def _headings(self, folder_id: str) -> AESGCM:
        return AESGCM(self._derived(b"headings", folder_id))

    def _derived(self, what: bytes, folder_id: str) -> bytes:
        return HKDF(SHA256(), 32, None, b"madoguchi folder 1 " + what + b" " + folder_id.encode()).derive(self._secret)
