"""Certificates of all generations: who signs them, for how long, what a renewal leaves behind, and substitutes."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from backend_kit import START, CardKeys, Cards, Machine, write_requests
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from backend_stub.authority import issue_cards
from backend_stub.authority.generations import CURRENT, OLD, Generation
from backend_stub.authority.keys import open_keys
from backend_stub.authority.profile import Kind, holder_extensions
from backend_stub.authority.substitutes import substituted
from backend_stub.authority.tables import issued
from backend_stub.database import open_database
from backend_stub.people import Resident
from backend_stub.town import body_folder

GOOD, REVOKED = ocsp.OCSPCertStatus.GOOD, ocsp.OCSPCertStatus.REVOKED


def load(folder: Path, name: str) -> x509.Certificate:
    return x509.load_der_x509_certificate((folder / f"{name}.cer").read_bytes())


def openssl(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True, check=False)


def pem(folder: Path, *names: str) -> None:
    for name in names:
        (folder / f"{name}.pem").write_bytes(load(folder, name).public_bytes(Encoding.PEM))


@pytest.fixture
def coming(data: Path, residents: tuple[Resident, ...]) -> Path:
    """Folder of an issued P-384 card."""
    folder = data / "cards" / "p384"
    write_requests(folder, ec.generate_private_key(ec.SECP384R1()), "p384")
    issue_cards(data, body_folder(data, "authority"), residents, START)
    return folder


async def ask(machine: Machine, leaf: x509.Certificate, issuer: x509.Certificate) -> ocsp.OCSPResponse:
    request = ocsp.OCSPRequestBuilder().add_certificate(leaf, issuer, SHA256()).build().public_bytes(Encoding.DER)
    headers = {"content-type": "application/ocsp-request"}
    answer = await machine("portal").post("/authority/ocsp", content=request, headers=headers)
    return ocsp.load_der_ocsp_response(answer.content)


@pytest.mark.parametrize("kind", ["auth", "sign"])
def test_openssl_verifies_the_p384_chain(coming: Path, kind: str) -> None:
    pem(coming, kind, f"{kind}-ca")
    at = str(int((START + timedelta(days=1)).timestamp()))
    done = openssl(coming, "verify", "-x509_strict", "-attime", at, "-CAfile", f"{kind}-ca.pem", f"{kind}.pem")
    assert (done.returncode, done.stdout.strip()) == (0, f"{kind}.pem: OK"), done.stderr
    text = openssl(coming, "x509", "-in", f"{kind}.pem", "-noout", "-text").stdout
    assert "Signature Algorithm: ecdsa-with-SHA384" in text
    assert "ASN1 OID: secp384r1" in text
    assert "O = JPKI-EMU" in text


async def test_openssl_reads_the_p384_cas_answer(coming: Path, machine: Machine) -> None:
    leaf, issuer = load(coming, "auth"), load(coming, "auth-ca")
    answer = await ask(machine, leaf, issuer)
    assert answer.signature_hash_algorithm is not None
    assert (answer.certificate_status, answer.signature_hash_algorithm.name) == (GOOD, "sha384")
    pem(coming, "auth", "auth-ca")
    (coming / "answer.der").write_bytes(answer.public_bytes(Encoding.DER))
    done = openssl(
        coming, "ocsp", "-respin", "answer.der", "-issuer", "auth-ca.pem", "-sha256", "-cert", "auth.pem",
        "-CAfile", "auth-ca.pem", "-validity_period", "1000000000",
    )  # fmt: skip
    assert "Response verify OK" in done.stderr
    assert "auth.pem: good" in done.stdout


def test_a_p384_certificate_lasts_ten_years_and_no_ca_ends_before_its_own(coming: Path, card: Cards) -> None:
    assert load(coming, "auth").not_valid_after_utc.year == START.year + 10
    for folder in (coming, card("adult").folder, card("old").folder):
        for kind in ("auth", "sign"):
            assert load(folder, kind).not_valid_after_utc < load(folder, f"{kind}-ca").not_valid_after_utc


@pytest.mark.parametrize(("resident", "generation"), [("adult", CURRENT), ("old", OLD)])
def test_the_ca_goes_by_the_time_of_issue(
    card: Cards, authority_keys: Path, resident: str, generation: Generation
) -> None:
    keys = open_keys(authority_keys, START)
    folder = card(resident).folder
    for kind in Kind:
        ca = keys.ca(kind, generation).certificate
        assert load(folder, f"{kind.value}-ca") == ca
        load(folder, kind.value).verify_directly_issued_by(ca)


async def test_a_renewal_supersedes_what_was_before_and_links_it_to_the_same_person(
    data: Path, residents: tuple[Resident, ...], card_keys: CardKeys, machine: Machine
) -> None:
    folder = data / "cards" / "renewed"
    write_requests(folder, card_keys("before"), "renewed")
    for use in ("auth", "sign"):
        (folder / f"{use}.csr").rename(folder / f"{use}-before.csr")
    write_requests(folder, card_keys("renewed"), "renewed")
    for _ in range(2):
        issue_cards(data, body_folder(data, "authority"), residents, START)
        for use in ("auth", "sign"):
            before = await ask(machine, load(folder, f"{use}-before"), load(folder, f"{use}-before-ca"))
            assert (before.certificate_status, before.revocation_reason) == (REVOKED, x509.ReasonFlags.superseded)
            after = await ask(machine, load(folder, use), load(folder, f"{use}-ca"))
            assert after.certificate_status is GOOD
    engine = open_database(f"sqlite:///{body_folder(data, 'authority') / 'authority.db'}", issued.metadata)
    with engine.connect() as connection:
        rows = connection.execute(issued.select().where(issued.c.resident_id == "renewed")).all()
    serials = {str(load(folder, name).serial_number) for name in ("auth", "auth-before", "sign", "sign-before")}
    assert {row.serial for row in rows} == serials


async def test_only_verifiers_may_ask_about_p384_certificates_too(people: httpx.AsyncClient) -> None:
    assert (await people.post("/authority/ocsp", content=b"")).status_code == 401


# --- substitutes


@pytest.mark.parametrize(
    ("text", "carried", "places"),
    [
        ("見本 花子", "見本 花子", "00000"),
        ("髙﨑", "高崎", "11"),
        ("𠮷𡈽", "吉土", "11"),
        ("葛\U000e0100城", "葛城", "10"),
        ("辻\ufe00", "辻", "1"),
        ("鷗𩸽", "〓〓", "11"),
        ("", "", ""),
    ],
)
def test_characters_that_a_certificate_cannot_carry(text: str, carried: str, places: str) -> None:
    done = substituted(text)
    assert (done.text, done.places) == (carried, places)


def items(resident: Resident, authority_keys: Path) -> dict[str, str]:
    """What the signature certificate would say, by the last digit of each other name's type."""
    ca = open_keys(authority_keys, START).ca(Kind.SIGNATURE, CURRENT)
    extensions = holder_extensions(Kind.SIGNATURE, resident, ca.certificate.public_key(), ca.certificate)  # type: ignore[arg-type]
    (alternative,) = [e for e, _ in extensions if isinstance(e, x509.SubjectAlternativeName)]
    others = [name for name in alternative if isinstance(name, x509.OtherName)]
    return {o.type_id.dotted_string[-1]: o.value.split(b"\x0c", 1)[1].decode(errors="replace") for o in others}


def test_the_flags_are_as_long_as_what_they_flag(residents: tuple[Resident, ...], authority_keys: Path) -> None:
    people = {resident.id: resident for resident in residents}
    for resident in people.values():
        for text in (resident.full_name, resident.address):
            done = substituted(text)
            assert len(done.text) == len(done.places)
            done.text.encode("iso2022_jp")
    said = items(people["long-name"], authority_keys)
    assert said["1"].endswith("見本崎土 高吉之葛太郎左衛門")
    assert said["2"].endswith("00110110100000")
    assert said["6"].endswith("00000000000010000000000000000000100000000000000000000")


def test_an_alias_follows_the_name(residents: tuple[Resident, ...], authority_keys: Path) -> None:
    (foreigner,) = [resident for resident in residents if resident.alias]
    assert items(foreigner, authority_keys)["1"].endswith("MIHON ALEXANDRA（見本 有紗）")
    assert foreigner.items.name == "MIHON ALEXANDRA", "an alias is no item of its own, and people are found without it"
