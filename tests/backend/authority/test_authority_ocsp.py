"""OCSP answers, as an independent client reads them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import httpx
import pytest
from backend_kit import Cards, Clock, Machine, problem
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, HashAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from sqlalchemy import Engine, create_engine

from backend_stub.authority.profile import Kind
from backend_stub.authority.revocation import NeverIssued, revoke
from backend_stub.town import body_folder

GOOD, REVOKED, UNKNOWN = ocsp.OCSPCertStatus.GOOD, ocsp.OCSPCertStatus.REVOKED, ocsp.OCSPCertStatus.UNKNOWN


def load(path: Path) -> x509.Certificate:
    return x509.load_der_x509_certificate(path.read_bytes())


def database(data: Path) -> Engine:
    return create_engine(f"sqlite:///{body_folder(data, 'authority') / 'authority.db'}")


def request(
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    algorithm: HashAlgorithm | None = None,
    nonce: bytes | None = None,
) -> bytes:
    builder = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, algorithm or SHA256())
    if nonce is not None:
        builder = builder.add_extension(x509.OCSPNonce(nonce), critical=False)
    return builder.build().public_bytes(Encoding.DER)


async def ask(machine: Machine, content: bytes) -> ocsp.OCSPResponse:
    headers = {"content-type": "application/ocsp-request"}
    answer = await machine("portal").post("/authority/ocsp", content=content, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/ocsp-response")
    return ocsp.load_der_ocsp_response(answer.content)


def openssl_reads(
    folder: Path, answer: ocsp.OCSPResponse, issuer: x509.Certificate, leaf: x509.Certificate, algorithm: str
) -> subprocess.CompletedProcess[str]:
    """What `openssl ocsp` makes of an answer. It knows no clock but its own, so the answer's age is left to others."""
    for name, content in (("ca", issuer), ("leaf", leaf)):
        (folder / f"{name}.pem").write_bytes(content.public_bytes(Encoding.PEM))
    (folder / "answer.der").write_bytes(answer.public_bytes(Encoding.DER))
    return subprocess.run(
        ["openssl", "ocsp", "-respin", "answer.der", "-issuer", "ca.pem", algorithm, "-cert", "leaf.pem",
         "-CAfile", "ca.pem", "-validity_period", "1000000000"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(("option", "algorithm"), [("-sha1", SHA1()), ("-sha256", SHA256())])  # noqa: S303
@pytest.mark.parametrize("word", ["good", "revoked"])
async def test_openssl_reads_the_answer(
    machine: Machine, card: Cards, data: Path, clock: Clock, option: str, algorithm: HashAlgorithm, word: str
) -> None:
    adult = card("adult")
    issuer = load(adult.folder / "auth-ca.cer")
    if word == "revoked":
        revoke(database(data), adult.certificate.serial_number, x509.ReasonFlags.key_compromise, clock())
    answer = await ask(machine, request(adult.certificate, issuer, algorithm))
    done = openssl_reads(data, answer, issuer, adult.certificate, option)
    assert "Response verify OK" in done.stderr
    assert f"leaf.pem: {word}" in done.stdout


@pytest.mark.parametrize("kind", ["auth", "sign"])
async def test_each_ca_answers_for_its_own(machine: Machine, card: Cards, kind: str) -> None:
    folder = card("adult").folder
    leaf, issuer = load(folder / f"{kind}.cer"), load(folder / f"{kind}-ca.cer")
    answer = await ask(machine, request(leaf, issuer))
    assert answer.certificate_status is GOOD
    assert answer.serial_number == leaf.serial_number
    key = issuer.public_key()
    assert isinstance(key, RSAPublicKey)
    key.verify(answer.signature, answer.tbs_response_bytes, PKCS1v15(), SHA256())


async def test_a_serial_number_of_the_other_kind_is_unknown(machine: Machine, card: Cards) -> None:
    folder = card("adult").folder
    sign, auth_ca = load(folder / "sign.cer"), load(folder / "auth-ca.cer")
    of_ca = ocsp.load_der_ocsp_request(request(auth_ca, auth_ca))
    asked = ocsp.OCSPRequestBuilder().add_certificate_by_hash(
        of_ca.issuer_name_hash, of_ca.issuer_key_hash, sign.serial_number, SHA256()
    )
    answer = await ask(machine, asked.build().public_bytes(Encoding.DER))
    assert answer.certificate_status is UNKNOWN


async def test_the_nonce_comes_back_and_only_when_sent(machine: Machine, card: Cards) -> None:
    adult = card("adult")
    issuer = load(adult.folder / "auth-ca.cer")
    answer = await ask(machine, request(adult.certificate, issuer, nonce=b"n" * 32))
    assert answer.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce == b"n" * 32
    assert len((await ask(machine, request(adult.certificate, issuer))).extensions) == 0


async def test_revocation_says_when_and_why_and_is_for_good(
    machine: Machine, card: Cards, data: Path, clock: Clock
) -> None:
    adult = card("adult")
    serial, first = adult.certificate.serial_number, clock()
    revoke(database(data), serial, x509.ReasonFlags.key_compromise, first)
    clock.turn(hours=1)
    revoke(database(data), serial, x509.ReasonFlags.superseded, clock())
    answer = await ask(machine, request(adult.certificate, load(adult.folder / "auth-ca.cer")))
    assert answer.certificate_status is REVOKED
    assert (answer.revocation_time_utc, answer.revocation_reason) == (first, x509.ReasonFlags.key_compromise)


async def test_the_flaw_revoked_is_revoked_from_the_start(machine: Machine, card: Cards) -> None:
    flawed = card("revoked")
    answer = await ask(machine, request(flawed.certificate, load(flawed.folder / "auth-ca.cer")))
    assert answer.certificate_status is REVOKED


def test_what_was_never_issued_cannot_be_revoked(card: Cards, data: Path, clock: Clock) -> None:
    sign = load(card("adult").folder / "sign.cer")
    with pytest.raises(NeverIssued):
        revoke(database(data), sign.serial_number, x509.ReasonFlags.unspecified, clock())
    revoke(database(data), sign.serial_number, x509.ReasonFlags.unspecified, clock(), Kind.SIGNATURE)


@pytest.mark.parametrize("content", [b"", b"0", b"\x30\x03\x02\x01\x01", b"x" * 1000])
async def test_rubbish_is_malformed(machine: Machine, content: bytes) -> None:
    answer = await ask(machine, content)
    assert answer.response_status is ocsp.OCSPResponseStatus.MALFORMED_REQUEST


async def test_another_issuer_is_not_ours_to_answer_for(machine: Machine, card: Cards) -> None:
    adult = card("adult")
    answer = await ask(machine, request(adult.certificate, adult.certificate))
    assert answer.response_status is ocsp.OCSPResponseStatus.UNAUTHORIZED


async def test_only_registered_verifiers_may_ask(people: httpx.AsyncClient, machine: Machine, card: Cards) -> None:
    adult = card("adult")
    content = request(adult.certificate, load(adult.folder / "auth-ca.cer"))
    assert problem(await people.post("/authority/ocsp", content=content)) == (401, "machine_unknown")
    for body in ("midori-tax", "gateway"):
        assert problem(await machine(body).post("/authority/ocsp", content=content)) == (403, "not_allowed")
