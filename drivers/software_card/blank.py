"""Blank cards: keys made here, certificate requests for the authority, counters as issued."""

from __future__ import annotations

from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from drivers.software_card import keys
from drivers.software_card.applications import text, visual
from drivers.software_card.applications.manager import lower_certificate
from drivers.software_card.counters import keep_counters
from drivers.software_card.cv_authority import FACE, MANAGER, TERMINALS, TEXT, cv_authority, kept_key, public_key
from drivers.software_card.durable import write_durably
from drivers.software_card.folder import CardFolder, before, card_folder
from drivers.software_card.issued import Issued
from drivers.software_card.profile import Holder, Profile, load_profile, profile_names


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
        _make_request(folder, use, profile)
    if profile.holder is not None and not folder.issued.exists():
        write_durably(folder.issued, msgspec.json.encode(_issue(data, folder, profile, profile.holder)))
    if not folder.counters.exists():
        keep_counters(folder.counters, profile.tries_at_issue)
    if not folder.profile.exists():
        write_durably(folder.profile, msgspec.json.format(msgspec.json.encode(profile)))
    return folder


def _issue(data: Path, folder: CardFolder, profile: Profile, holder: Holder) -> Issued:
    """What the office signs. It stands in for the issuing office; the card's own keys are made on the way."""
    authority, text_key = cv_authority(data), kept_key(folder.key("text")).public_key()
    face_key, office = public_key(kept_key(folder.key("face")).public_key()), authority.office
    card_key = kept_key(folder.key("common")).public_key()
    kept_key(folder.key("delivery"))
    return Issued(
        office_certificate=authority.certificate(MANAGER),
        lower_certificate=lower_certificate(authority, card_key) if profile.facts.lower_certificate else None,
        text_certificate=authority.certificate(TEXT),
        text_key=text.key_file(text_key, office),
        face_certificate=authority.certificate(FACE),
        age=visual.age_file(holder, face_key, office),
        face=visual.face_file(holder, face_key, office),
        number=visual.number_file(holder, face_key, office),
        terminal_authority=public_key(authority.keys[TERMINALS].public_key()),
    )


def _uses(profile: Profile) -> list[str]:
    if profile.pin is None:
        return []
    uses = ["auth", "sign"] if profile.password else ["auth"]
    return [before(use) for use in uses] + uses if profile.renewed else uses


def _make_request(folder: CardFolder, use: str, profile: Profile) -> None:
    if folder.request(use).exists():
        return
    kind = profile.facts.keys
    keys.keep(folder.key(use), kind.new)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, profile.resident)])
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
    request = builder.sign(keys.read(folder.key(use)), kind.digest)
    write_durably(folder.request(use), request.public_bytes(Encoding.PEM))
