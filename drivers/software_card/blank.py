"""Blank cards: keys made here, certificate requests for the authority, counters as issued."""

from __future__ import annotations

from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import NameOID

from drivers.software_card.counters import keep_counters
from drivers.software_card.durable import write_durably
from drivers.software_card.folder import CardFolder, card_folder
from drivers.software_card.profile import Profile, load_profile, profile_names

KEY_BITS = 2048
"""Source: card reference, section 3.1."""


def make_all(data: Path) -> list[CardFolder]:
    """Make a card of every profile under `data`, named after it. What is there already stays as it is."""
    return [make_blank(data, name) for name in profile_names()]


def make_blank(data: Path, name: str, profile: Profile | None = None) -> CardFolder:
    """Make one card's folder with keys, requests and counters, each only if missing.

    The profile is the one of that name unless given. Raises NoSuchCard when there is none, OSError.
    Interrupted, it goes on where it stopped: the profile, by which others find the card, is written last.
    """
    profile = profile or load_profile(name)
    folder = card_folder(data, name)
    folder.path.mkdir(parents=True, exist_ok=True)
    for use in _uses(profile):
        _make_key(folder, use)
        _make_request(folder, use, profile.resident)
    if not folder.counters.exists():
        keep_counters(folder.counters, profile.tries_at_issue)
    if not folder.profile.exists():
        write_durably(folder.profile, msgspec.json.format(msgspec.json.encode(profile)))
    return folder


def _uses(profile: Profile) -> list[str]:
    if profile.pin is None:
        return []
    return ["auth", "sign"] if profile.password else ["auth"]


def _make_key(folder: CardFolder, use: str) -> None:
    if folder.key(use).exists():
        return
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    write_durably(folder.key(use), key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def _make_request(folder: CardFolder, use: str, resident: str) -> None:
    if folder.request(use).exists():
        return
    key = load_pem_private_key(folder.key(use).read_bytes(), password=None)
    assert isinstance(key, rsa.RSAPrivateKey)  # noqa: S101  # _make_key wrote it
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, resident)])
    request = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, SHA256())
    write_durably(folder.request(use), request.public_bytes(Encoding.PEM))
