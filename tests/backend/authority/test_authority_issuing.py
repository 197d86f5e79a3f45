"""Certificates for the cards of a data folder: their shape, and who gets one."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from backend_kit import START, CardKeys, Cards, write_requests
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtensionOID as Oid
from cryptography.x509.oid import NameOID

from backend_stub.authority import auth_ca, issue_cards
from backend_stub.authority.certificates import birthday_ends
from backend_stub.authority.profile import era_date
from backend_stub.people import Resident
from backend_stub.town import body_folder
from backend_stub.verification.policies import DIGITAL_SIGNATURE, USER_AUTHENTICATION

FILES = ("auth", "sign", "auth-ca", "sign-ca")


def certificate(folder: Path, name: str) -> x509.Certificate:
    return x509.load_der_x509_certificate((folder / f"{name}.cer").read_bytes())


def pem(folder: Path, name: str) -> Path:
    path = folder / f"{name}.pem"
    path.write_bytes(certificate(folder, name).public_bytes(Encoding.PEM))
    return path


def issue(data: Path, residents: tuple[Resident, ...]) -> list[str]:
    return issue_cards(data, body_folder(data, "authority"), residents, START)


def openssl(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("kind", ["auth", "sign"])
def test_openssl_verifies_the_chain_and_the_signature(card: Cards, kind: str) -> None:
    folder = card("adult").folder
    at = int((START + timedelta(days=1)).timestamp())
    done = openssl("verify", "-x509_strict", "-attime", at, "-CAfile", pem(folder, f"{kind}-ca"), pem(folder, kind))
    assert (done.returncode, done.stdout.strip()) == (0, f"{folder / kind}.pem: OK"), done.stderr


def test_openssl_does_not_verify_one_kind_by_the_other_ca(card: Cards) -> None:
    folder = card("adult").folder
    done = openssl("verify", "-CAfile", pem(folder, "sign-ca"), pem(folder, "auth"))
    assert done.returncode != 0


@pytest.mark.parametrize(
    ("name", "oids"),
    [
        ("auth-ca", [Oid.KEY_USAGE, Oid.SUBJECT_ALTERNATIVE_NAME, Oid.BASIC_CONSTRAINTS, Oid.CRL_DISTRIBUTION_POINTS,
                     Oid.SUBJECT_KEY_IDENTIFIER]),
        ("auth", [Oid.AUTHORITY_KEY_IDENTIFIER, Oid.KEY_USAGE, Oid.ISSUER_ALTERNATIVE_NAME,
                  Oid.CRL_DISTRIBUTION_POINTS, Oid.CERTIFICATE_POLICIES, Oid.SUBJECT_KEY_IDENTIFIER]),
        ("sign", [Oid.AUTHORITY_KEY_IDENTIFIER, Oid.KEY_USAGE, Oid.SUBJECT_ALTERNATIVE_NAME,
                  Oid.ISSUER_ALTERNATIVE_NAME, Oid.CRL_DISTRIBUTION_POINTS, Oid.CERTIFICATE_POLICIES,
                  Oid.SUBJECT_KEY_IDENTIFIER]),
    ],
)  # fmt: skip
def test_extensions_stand_in_the_order_of_the_real_profile(
    card: Cards, name: str, oids: list[x509.ObjectIdentifier]
) -> None:
    extensions = certificate(card("adult").folder, name).extensions
    assert [e.oid for e in extensions] == oids
    critical = {Oid.KEY_USAGE, Oid.BASIC_CONSTRAINTS, Oid.CERTIFICATE_POLICIES}
    assert {e.oid for e in extensions if e.critical} == critical & set(oids)


def test_names_cannot_be_taken_for_the_real_service(card: Cards) -> None:
    folder = card("adult").folder
    for name in FILES:
        text = openssl("x509", "-inform", "DER", "-in", folder / f"{name}.cer", "-noout", "-text").stdout
        assert "O = JPKI-EMU" in text
        assert "1.2.392.200149" not in text.replace("2.999.392.200149", "")
        assert "jpki.go.jp" not in text


def test_the_authentication_certificate_says_nothing_about_its_holder(
    card: Cards, residents: tuple[Resident, ...]
) -> None:
    der = card("adult").der
    holder = next(r for r in residents if r.id == "adult")
    for text in (holder.name, holder.address, holder.id, "19440503"):
        assert text.encode() not in der
    assert [a.oid for a in card("adult").certificate.subject] == [NameOID.COUNTRY_NAME, NameOID.COMMON_NAME]


def test_the_signature_certificate_carries_the_four_items_in_the_real_order(card: Cards) -> None:
    extensions = certificate(card("adult").folder, "sign").extensions
    alternative = extensions.get_extension_for_class(x509.SubjectAlternativeName)
    names = [
        (name.type_id.dotted_string.rpartition(".")[2], name.value)
        for name in alternative.value
        if isinstance(name, x509.OtherName)
    ]
    assert [number for number, _ in names] == ["1", "4", "3", "5", "2", "6"]
    assert names[0][1] == b"\x0c\x0d" + "見本 花子".encode()
    assert names[1][1] == b"\x0c\x09319440503"
    assert names[2][1] == b"\x0c\x012"
    assert names[4][1] == b"\x0c\x0500000"


def test_key_usage_and_policy_tell_the_two_kinds_apart(card: Cards) -> None:
    folder = card("adult").folder
    for name, commits, policy in (("auth", False, USER_AUTHENTICATION), ("sign", True, DIGITAL_SIGNATURE)):
        extensions = certificate(folder, name).extensions
        usage = extensions.get_extension_for_class(x509.KeyUsage).value
        assert (usage.digital_signature, usage.content_commitment) == (True, commits)
        (stated,) = extensions.get_extension_for_class(x509.CertificatePolicies).value
        assert stated.policy_identifier == policy


def test_serial_numbers_are_random_and_long(card: Cards) -> None:
    serials = [int(card("adult").serial), int(card("first").serial)]
    assert len(set(serials)) == 2
    assert all(serial.bit_length() > 64 for serial in serials)


@pytest.mark.parametrize(
    ("born", "now", "ends"),
    [
        (date(1944, 5, 3), START, date(2031, 5, 3)),
        (date(1951, 11, 23), START, date(2030, 11, 23)),
        (date(1951, 11, 21), START, date(2031, 11, 21)),
        (date(1948, 2, 29), START, date(2031, 2, 28)),
        (date(1944, 1, 1), datetime(2026, 12, 31, 15, tzinfo=UTC), date(2032, 1, 1)),  # it is New Year in Japan
    ],
)
def test_a_term_ends_with_the_fifth_birthday_in_japan(born: date, now: datetime, ends: date) -> None:
    assert birthday_ends(born, now, 5) == datetime(ends.year, ends.month, ends.day, 14, 59, 59, tzinfo=UTC)


def test_a_coming_cards_term_ends_with_the_tenth_birthday() -> None:
    assert birthday_ends(date(1944, 5, 3), START, 10) == datetime(2036, 5, 3, 14, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2019, 5, 1), "520190501"),
        (date(2019, 4, 30), "420190430"),
        (date(1989, 1, 7), "319890107"),
        (date(1926, 12, 24), "219261224"),
        (date(1912, 7, 29), "119120729"),
    ],
)
def test_birth_dates_name_the_era(day: date, text: str) -> None:
    assert era_date(day) == text


def test_each_flaw_is_in_its_certificate(card: Cards) -> None:
    assert card("expired").certificate.not_valid_after_utc < START
    assert card("not-yet").certificate.not_valid_before_utc > START
    policies = card("wrong-policy").certificate.extensions.get_extension_for_class(x509.CertificatePolicies).value
    assert [p.policy_identifier for p in policies] == [DIGITAL_SIGNATURE]


def test_what_is_issued_stays(card: Cards, data: Path, residents: tuple[Resident, ...]) -> None:
    first = card("adult")
    assert issue(data, residents) == []
    assert card("adult").der == first.der


def test_a_card_without_a_signature_request_gets_the_authentication_certificate_only(
    data: Path, residents: tuple[Resident, ...], card_keys: CardKeys
) -> None:
    folder = data / "cards" / "adult"
    write_requests(folder, card_keys("adult"), "adult")
    (folder / "sign.csr").unlink()
    assert issue(data, residents) == ["adult"]
    assert sorted(path.name for path in folder.glob("*.cer")) == ["auth-ca.cer", "auth.cer"]


def test_a_certificate_of_another_authority_is_replaced(
    card: Cards, data: Path, residents: tuple[Resident, ...], tmp_path_factory: pytest.TempPathFactory
) -> None:
    card("adult")
    other = tmp_path_factory.mktemp("other")
    assert issue_cards(data, other, residents, START) == ["adult"]
    assert certificate(data / "cards" / "adult", "auth-ca") in x509.load_pem_x509_certificates(auth_ca(other, START))
    certificate(data / "cards" / "adult", "auth").verify_directly_issued_by(
        certificate(data / "cards" / "adult", "auth-ca")
    )


def test_a_certificate_of_another_key_is_replaced(
    card: Cards, data: Path, residents: tuple[Resident, ...], card_keys: CardKeys
) -> None:
    folder = card("adult").folder
    write_requests(folder, card_keys("new"), "adult")
    assert issue(data, residents) == ["adult"]
    assert certificate(folder, "auth").public_key() == card_keys("new").public_key()


def test_a_certificate_that_the_authority_has_forgotten_is_replaced(
    card: Cards, data: Path, residents: tuple[Resident, ...]
) -> None:
    before = card("adult").der
    for file in body_folder(data, "authority").glob("authority.db*"):
        file.unlink()
    assert issue(data, residents) == ["adult"]
    assert (data / "cards" / "adult" / "auth.cer").read_bytes() != before


@pytest.mark.parametrize("rubbish", [b"", b"\x30\x03", b"no certificate"])
def test_a_damaged_certificate_is_replaced(
    card: Cards, data: Path, residents: tuple[Resident, ...], rubbish: bytes
) -> None:
    folder = card("adult").folder
    (folder / "auth.cer").write_bytes(rubbish)
    assert issue(data, residents) == ["adult"]
    assert certificate(folder, "auth").issuer == certificate(folder, "auth-ca").subject


def _forged(key: RSAPrivateKey) -> bytes:
    """A request whose signature is spoiled."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "adult")])
    der = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, SHA256()).public_bytes(Encoding.DER)
    request = x509.load_der_x509_csr(der[:-1] + bytes([der[-1] ^ 1]))
    return request.public_bytes(Encoding.PEM)


def _request(key: RSAPrivateKey | EllipticCurvePrivateKey, *names: str) -> bytes:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name) for name in names])
    return x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, SHA256()).public_bytes(Encoding.PEM)


@pytest.mark.logs("no certificate, the request")
@pytest.mark.logs("no certificate, the key")
@pytest.mark.parametrize(
    "make",
    [
        _forged,
        lambda key: _request(key, "nobody"),
        lambda key: _request(key),
        lambda key: _request(key, "adult", "first"),
        lambda key: _request(ec.generate_private_key(ec.SECP256R1()), "adult"),
        lambda key: b"-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----\n",
        lambda key: b"",
    ],
    ids=["forged", "nobody", "no name", "two names", "P-256", "not DER", "empty"],
)
def test_a_request_out_of_order_gets_nothing_and_stops_nobody_else(
    data: Path, residents: tuple[Resident, ...], card_keys: CardKeys, make: Callable[[RSAPrivateKey], bytes]
) -> None:
    write_requests(data / "cards" / "adult", card_keys("adult"), "adult")
    bad = data / "cards" / "bad"
    bad.mkdir()
    (bad / "auth.csr").write_bytes(make(card_keys("bad")))
    assert issue(data, residents) == ["adult"]
    assert not (bad / "auth.cer").exists()


def test_keys_are_their_owners_alone(data: Path, residents: tuple[Resident, ...], card: Cards) -> None:
    card("adult")
    folder = body_folder(data, "authority")
    for name in ("auth-ca.pem", "sign-ca.pem", "pseudonym.key"):
        assert (folder / name).stat().st_mode & 0o777 == 0o600
