"""Every form of COMPUTE DIGITAL SIGNATURE, judged with the public key. Source: card reference, section 4."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256, sha384
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP384R1, EllipticCurvePublicKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384

from drivers.software_card.card import SoftwareCard
from drivers.software_card.counters import Counters
from drivers.software_card.files import Application, KeyFile, KeyUse, PinFile, PrivateKey, by_fid
from drivers.software_card.folder import card_folder
from tests.card.software.conftest import Ask, asking

JPKI = "00A4040C0AD392F000260100000001"
PIN = "002000980431323334"
MESSAGE = b"a message that is longer than a digest of thirty-two bytes"
DIGEST = sha256(MESSAGE).digest()
PSS_SHA256 = PSS(MGF1(SHA256()), salt_length=32)

Judge = Callable[[RSAPublicKey, bytes], None]


def bare(key: RSAPublicKey, signature: bytes) -> None:
    assert key.recover_data_from_signature(signature, PKCS1v15(), None) == DIGEST


def digest_info(key: RSAPublicKey, signature: bytes) -> None:
    key.verify(signature, MESSAGE, PKCS1v15(), SHA256())


def pss(key: RSAPublicKey, signature: bytes) -> None:
    key.verify(signature, MESSAGE, PSS_SHA256, SHA256())


FORMS: dict[str, tuple[bytes, Judge]] = {
    "00": (DIGEST, bare),
    "01": (MESSAGE, bare),
    "02": (DIGEST, digest_info),
    "03": (MESSAGE, digest_info),
    "04": (DIGEST, pss),
    "05": (MESSAGE, pss),
}


def compute(p1: str, data: bytes, p2: str = "97", le: str = "00") -> str:
    lc = f"{len(data):02X}{data.hex()}" if data else ""
    return f"802A{p1}{p2}{lc}{le}"


@pytest.fixture
def verified(ask: Ask) -> Ask:
    for command in (JPKI, PIN):
        assert ask(command) == "9000"
    return ask


@pytest.fixture
def key(data: Path) -> RSAPublicKey:
    certificate = card_folder(data, "adult").certificate("auth").read_bytes()
    key = x509.load_der_x509_certificate(certificate).public_key()
    assert isinstance(key, RSAPublicKey)
    return key


@pytest.mark.parametrize("p1", FORMS)
def test_each_form(verified: Ask, key: RSAPublicKey, p1: str) -> None:
    given, judge = FORMS[p1]
    answer = bytes.fromhex(verified(compute(p1, given)))
    assert (len(answer), answer[-2:].hex()) == (258, "9000")
    judge(key, answer[:-2])
    for other in {judge for _, judge in FORMS.values()} - {judge}:
        with pytest.raises((InvalidSignature, AssertionError)):
            other(key, answer[:-2])


@pytest.mark.parametrize("p1", ["02", "04"])
@pytest.mark.parametrize("size", [1, 31, 33, 48, 245, 255])
def test_a_digest_has_32_bytes(verified: Ask, p1: str, size: int) -> None:
    assert verified(compute(p1, bytes(size))) == "6700"


@pytest.mark.parametrize("p1", ["01", "03", "05"])
def test_the_card_digests_whatever_a_short_command_carries(verified: Ask, p1: str) -> None:
    for size in (1, 255):
        assert verified(compute(p1, bytes(size))).endswith("9000")
    assert verified(compute(p1, b"")) == "6700"


@pytest.mark.parametrize("p1", FORMS)
def test_any_other_le_is_refused(verified: Ask, p1: str) -> None:
    assert {verified(compute(p1, FORMS[p1][0], le=le)) for le in ("", "20", "FF")} == {"6700"}


@pytest.mark.parametrize("p1", ["06", "07", "10", "80", "FF"])
def test_there_are_no_other_forms(verified: Ask, p1: str) -> None:
    assert verified(compute(p1, DIGEST)) == "6A86"


@pytest.mark.parametrize("p1", FORMS)
def test_every_form_needs_the_pin(ask: Ask, p1: str) -> None:
    ask(JPKI)
    assert ask(compute(p1, FORMS[p1][0])) == "6982"


@pytest.mark.parametrize("p1", FORMS)
def test_an_applications_own_key_knows_the_same_forms(ask: Ask, p1: str) -> None:
    ask("00A4040C0AD3921000310001010408")
    assert ask(compute(p1, FORMS[p1][0], p2="00")).endswith("9000")


# --- P-384: SIMULATED, docs/decisions/0009

P384 = generate_private_key(SECP384R1())
DIGEST_384 = sha384(MESSAGE).digest()


def card_of(key: PrivateKey, use: KeyUse = KeyUse.SIGNATURE) -> Ask:
    files = by_fid(KeyFile(0x17, key, opened_by=(0x18,), use=use), PinFile(0x18, "auth", b"1234"))
    card = SoftwareCard(b"\x3b\x80", Application(b"", files), [], Counters({"auth": 3}, {"auth": 3}))
    card.power_on()
    return asking(card)


def judged(public: EllipticCurvePublicKey, answer: str) -> None:
    raw = bytes.fromhex(answer)
    assert (len(raw), raw[-2:].hex()) == (98, "9000")
    r, s = int.from_bytes(raw[:48]), int.from_bytes(raw[48:96])
    public.verify(encode_dss_signature(r, s), MESSAGE, ECDSA(SHA384()))


@pytest.mark.parametrize("le", ["00", "60"])
def test_a_p384_key_signs_a_sha384_digest(le: str) -> None:
    ask = card_of(P384)
    assert ask(compute("00", DIGEST_384)) == "6982"
    ask(PIN)
    judged(P384.public_key(), ask(compute("00", DIGEST_384, le=le)))


def test_small_numbers_are_filled_up() -> None:
    """One r in 256 begins with a zero byte."""
    ask = card_of(P384)
    ask(PIN)
    answers = (ask(compute("00", DIGEST_384)) for _ in range(20_000))
    judged(P384.public_key(), next(answer for answer in answers if answer.startswith("00")))


@pytest.mark.parametrize("given", [b"", b"\1", DIGEST, bytes(47), bytes(49), bytes(51), bytes(245)])
def test_a_p384_key_signs_nothing_else(given: bytes) -> None:
    ask = card_of(P384)
    ask(PIN)
    assert ask(compute("00", given)) == "6700"
    assert {ask(compute("00", DIGEST_384, le=le)) for le in ("", "5F", "61", "FF")} == {"6700"}


@pytest.mark.parametrize("p1", ["01", "02", "03", "04", "05", "06"])
def test_a_p384_key_knows_no_rsa_form(p1: str) -> None:
    ask = card_of(P384)
    ask(PIN)
    assert ask(compute(p1, DIGEST_384)) == "6A86"


def test_internal_authentication_is_rsas_alone() -> None:
    ask = card_of(P384, KeyUse.INTERNAL_AUTHENTICATE)
    ask(PIN)
    assert ask("0088009701AA00") == "6985"
