"""What the harnesses need and no input can bring: an issued card, its authorities, and who opens it. Made once."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from backend_stub.authority.profile import Kind, ca_name
from drivers import tlv
from drivers.card.certificate_cv import Anchors
from drivers.software_card.blank import make_blank
from drivers.software_card.card import SoftwareCard
from drivers.software_card.cv_authority import CvAuthority, cv_authority
from drivers.software_card.folder import card_folder, open_card
from tests.card.faults.operations import Desk, desk_of
from tests.card.software.issuer import issue_all

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@cache
def folder() -> Path:
    """A data folder with one issued card, "adult"."""
    data = Path(mkdtemp(prefix="madoguchi-fuzz-"))
    issue_all([make_blank(data, "adult")])
    return data


@cache
def _issued() -> SoftwareCard:
    return open_card(card_folder(folder(), "adult"))


def card() -> SoftwareCard:
    """As it was issued, each time, and powered."""
    fresh = copy.deepcopy(_issued())
    fresh.power_on()
    return fresh


@cache
def authority() -> CvAuthority:
    return cv_authority(folder())


@cache
def anchors() -> Anchors:
    return authority().anchors()


@cache
def desk() -> Desk:
    return desk_of(authority(), generate_private_key(65537, 2048))


KEY_ID = b"\x90" * 20
"""Of the authority behind tokens: fixed, so that a kept certificate names it although its key is new each time."""


@dataclass(frozen=True, slots=True)
class TokenCa:
    """Signs whatever it is given."""

    key: RSAPrivateKey
    certificate: x509.Certificate

    def signed(self, to_be_signed: bytes) -> bytes:
        """The bytes as a certificate of this authority, whatever they are."""
        signature = self.key.sign(to_be_signed, PKCS1v15(), SHA256())
        algorithm = self.certificate.public_bytes(Encoding.DER)[4 + len(self.certificate.tbs_certificate_bytes) :][:15]
        return tlv.encode(0x30, to_be_signed + algorithm + tlv.encode(0x03, b"\x00" + signature))


@cache
def token_ca() -> TokenCa:
    key = generate_private_key(65537, 2048)
    builder = (
        x509.CertificateBuilder()
        .subject_name(ca_name(Kind.AUTHENTICATION))
        .issuer_name(ca_name(Kind.AUTHENTICATION))
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOON - timedelta(days=9))
        .not_valid_after(NOON + timedelta(days=9))
        .add_extension(x509.SubjectKeyIdentifier(KEY_ID), critical=False)
    )
    return TokenCa(key, builder.sign(key, SHA256()))
