"""A card's folder, `DATA/cards/NAME/`: what issuing put there, read into a card to insert."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from drivers.errors import BadAnswer
from drivers.software_card import keys
from drivers.software_card.applications.common import common
from drivers.software_card.applications.jpki import TERMINAL_CA, Credential, jpki
from drivers.software_card.applications.juki import juki
from drivers.software_card.applications.manager import holders_manager, manager
from drivers.software_card.applications.text import text
from drivers.software_card.applications.visual import visual
from drivers.software_card.card import SoftwareCard
from drivers.software_card.changes import changes_on_disk
from drivers.software_card.counters import counters_on_disk
from drivers.software_card.cv_authority import TERMINALS, kept_key, key_id, read_key, read_public_key
from drivers.software_card.errors import BrokenCard, NoSuchCard, NotIssued
from drivers.software_card.files import Application, TrustFile
from drivers.software_card.issued import Issued
from drivers.software_card.profile import ATRS, Atr, Holder, Profile


@dataclass(frozen=True, slots=True)
class CardFolder:
    """Where the parts of one card are. The authority writes the `.cer` files; keys never leave the folder."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def profile(self) -> Path:
        return self.path / "card.json"

    @property
    def counters(self) -> Path:
        return self.path / "counters.json"

    @property
    def issued(self) -> Path:
        return self.path / "issued.json"

    @property
    def changes(self) -> Path:
        return self.path / "changes.json"

    def key(self, use: str) -> Path:
        return self.path / f"{use}.key"

    def request(self, use: str) -> Path:
        return self.path / f"{use}.csr"

    def certificate(self, use: str) -> Path:
        return self.path / f"{use}.cer"

    def ca_certificate(self, use: str) -> Path:
        return self.path / f"{use}-ca.cer"


def before(use: str) -> str:
    """What the parts of a use are called that a renewal has replaced; no reader ever sees them."""
    return f"{use}-before"


def card_folder(data: Path, name: str) -> CardFolder:
    return CardFolder(data / "cards" / name)


def card_folders(data: Path) -> list[CardFolder]:
    """Every card there is, by name."""
    return [CardFolder(profile.parent) for profile in sorted((data / "cards").glob("*/card.json"))]


def existing_folder(data: Path, name: str) -> CardFolder:
    """Find a card by the name of its folder; a path is no name. Raises NoSuchCard."""
    for folder in card_folders(data):
        if folder.name == name:
            return folder
    raise NoSuchCard(name)


def read_profile(folder: CardFolder) -> Profile:
    """Raises BrokenCard."""
    try:
        return msgspec.json.decode(folder.profile.read_bytes(), type=Profile)
    except (OSError, msgspec.DecodeError) as exc:
        raise BrokenCard(folder.name, str(exc)) from exc


def open_card(folder: CardFolder) -> SoftwareCard:
    """Make the card ready to insert, without power. Raises NotIssued, BrokenCard."""
    profile = read_profile(folder)
    try:
        counters = counters_on_disk(folder.counters, profile.maximum_tries)
        changes = changes_on_disk(folder.changes)
        root, *others = _applications(folder, profile)
    except (OSError, ValueError, BadAnswer) as exc:
        raise BrokenCard(folder.name, str(exc)) from exc
    return SoftwareCard(ATRS[profile.atr], root, others, counters, profile.quirks, changes=changes)


def _applications(folder: CardFolder, profile: Profile) -> list[Application]:
    """The application that is selected at power-up comes first."""
    if profile.pin is None:
        return [Application(aid=b"")]
    label = profile.facts.token_label
    auth = _credential(folder, "auth", profile.pin)
    sign = _credential(folder, "sign", profile.password) if profile.password else None
    card_id, atr = f"JPKI-EMU-{folder.name}", ATRS[Atr.CONTACT]
    if profile.holder is None:
        return [manager(card_id, atr), jpki(auth, sign, label=label)]
    issued = msgspec.json.decode(folder.issued.read_bytes(), type=Issued)
    trust = TrustFile(TERMINAL_CA, key_id(TERMINALS), read_public_key(issued.terminal_authority))
    first = holders_manager(card_id, atr, profile.holder, issued)
    return [first, jpki(auth, sign, trust, label), *_holders(folder, profile, profile.holder, issued)]


def _holders(folder: CardFolder, profile: Profile, holder: Holder, issued: Issued) -> list[Application]:
    """The applications about the person."""
    pin = profile.pin or ""
    register_pin = profile.register_pin or pin
    return [
        text(holder, profile.text_pin or pin, read_key(folder.key("text")), kept_key(folder.key("delivery")), issued),
        visual(holder, read_key(folder.key("face")), issued),
        common(holder, register_pin, read_key(folder.key("common"))),
        juki(register_pin),
    ]


def _credential(folder: CardFolder, use: str, secret: str) -> Credential:
    key = keys.read(folder.key(use))
    certificate, ca = _issued(folder, folder.certificate(use)), _issued(folder, folder.ca_certificate(use))
    return Credential(key, certificate, ca, secret.encode("ascii"))


def _issued(folder: CardFolder, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as exc:
        raise NotIssued(folder.name, path.name) from exc
