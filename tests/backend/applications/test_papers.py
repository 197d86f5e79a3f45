"""Papers of the coming generation of cards: P-384, whose signature a card gives as r and s."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA384
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from backend_client import wire
from backend_client.papers import make_pdf, sign_pdf

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def self_signed(key: ec.EllipticCurvePrivateKey) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "JPKI-EMU P-384")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(NOW).not_valid_after(NOW.replace(year=2031))
    return builder.sign(key, SHA384()).public_bytes(Encoding.DER)


async def test_a_card_of_p384_signs_too() -> None:
    key = ec.generate_private_key(ec.SECP384R1())
    certificate = self_signed(key)

    async def sign(message: bytes) -> bytes:
        r, s = decode_dss_signature(key.sign(message, ec.ECDSA(SHA384())))
        return r.to_bytes(48) + s.to_bytes(48)

    content = wire.PaperContent(application="a", event="move", receiver="midori-city", answers={"day": "2026-12-01"})
    signed = await sign_pdf(make_pdf("届け", [("日", "あした")], content, NOW), certificate, certificate, "ES384", sign)
    (signature,) = PdfFileReader(BytesIO(signed)).embedded_signatures
    status = await async_validate_pdf_signature(signature, ValidationContext(trust_roots=[], allow_fetching=False))
    assert (status.intact, status.valid) == (True, True)
