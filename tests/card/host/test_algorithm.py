"""By what a card signs, as its certificate says; and the P-384 form of the signing command, byte by byte."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from drivers.card.algorithm import Algorithm, algorithm_of
from drivers.card.jpki import Jpki
from drivers.errors import BadAnswer, CardRefused
from tests.card.host.scripted import selected

CA_KEY = ec.generate_private_key(ec.SECP384R1())


def certificate(public: Any) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "holder")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(public).serial_number(1)
    day = datetime(2026, 11, 21, tzinfo=UTC)
    return builder.not_valid_before(day).not_valid_after(day).sign(CA_KEY, SHA256()).public_bytes(Encoding.DER)


@pytest.mark.parametrize(
    ("public", "algorithm"),
    [
        (rsa.generate_private_key(65537, 2048).public_key(), Algorithm.RS256),
        (ec.generate_private_key(ec.SECP384R1()).public_key(), Algorithm.ES384),
    ],
)
def test_the_key_decides_and_not_who_signed(public: Any, algorithm: Algorithm) -> None:
    assert algorithm_of(certificate(public)) is algorithm


@pytest.mark.parametrize(
    "public",
    [
        rsa.generate_private_key(65537, 1024).public_key(),  # noqa: S505
        rsa.generate_private_key(65537, 3072).public_key(),
        ec.generate_private_key(ec.SECP256R1()).public_key(),
        ec.generate_private_key(ec.SECP521R1()).public_key(),
        ed25519.Ed25519PrivateKey.generate().public_key(),
    ],
)
def test_keys_that_no_card_has(public: Any) -> None:
    with pytest.raises(BadAnswer, match="no card has"):
        algorithm_of(certificate(public))


@pytest.mark.parametrize("der", [b"", b"\x30\x00", b"\x30\x82\x04\x00" + bytes(1024)])
def test_what_is_no_certificate(der: bytes) -> None:
    with pytest.raises(BadAnswer, match="no certificate"):
        algorithm_of(der)


@pytest.mark.parametrize(
    ("sign", "key"), [(Jpki.sign_for_authentication, "97"), (Jpki.sign_document, "9A")], ids=["auth", "sign"]
)
async def test_a_p384_key_is_given_a_bare_digest(sign: Any, key: str) -> None:
    command = f"802A00{key}30" + hashlib.sha384(b"text").hexdigest() + "00"
    jpki, script = await selected((command, 96 * "5A" + "9000"))
    assert await sign(jpki, b"text", Algorithm.ES384) == 96 * b"\x5a"
    await script.close()


@pytest.mark.parametrize("size", [0, 95, 97, 104, 256])
async def test_a_p384_signature_of_another_size(size: int) -> None:
    command = "802A009730" + hashlib.sha384(b"text").hexdigest() + "00"
    jpki, _ = await selected((command, size * "5A" + "9000"))
    with pytest.raises(BadAnswer):
        await jpki.sign_for_authentication(b"text", Algorithm.ES384)


async def test_a_card_of_today_refuses_it() -> None:
    command = "802A009730" + hashlib.sha384(b"text").hexdigest() + "00"
    jpki, _ = await selected((command, "6700"))
    with pytest.raises(CardRefused):
        await jpki.sign_for_authentication(b"text", Algorithm.ES384)
