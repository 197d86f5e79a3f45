"""Certificates for holders nobody has thought of: X.509 with any characters, and card-verifiable ones."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from backend_stub.authority.certificates import new_certificate
from backend_stub.authority.keys import Ca, Keys, open_keys
from backend_stub.authority.profile import Kind, era_date
from backend_stub.authority.substitutes import substituted
from backend_stub.people import Municipality, Resident
from backend_stub.verification.certificate import check_certificate, parse
from drivers import tlv
from drivers.card.algorithm import Algorithm, algorithm_of
from drivers.card.certificate_cv import parse_certificate
from drivers.errors import BadAnswer, NotGenuine
from drivers.software_card.cv_authority import FACE, MANAGER, TERMINALS, TEXT, key_id
from tests.card.properties.holders import Office, texts

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
MIDORI = Municipality("990019", "みほん県", "みどり市", "Mihon-ken", "Midori-shi", "midori-city")

RESIDENTS = st.builds(
    lambda name, alias, address, born, sex: Resident(
        "random", name, "", born, sex, address, MIDORI, None, False, (), alias, False
    ),
    texts(60),
    st.just("") | texts(20),
    texts(200),
    st.dates(date(1912, 7, 30), date(2026, 11, 21)),
    st.sampled_from("0129"),
)


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return open_keys(tmp_path_factory.mktemp("authority"), NOW)


@given(resident=RESIDENTS)
def test_a_signature_certificate_says_who_the_holder_is(office: Office, keys: Keys, resident: Resident) -> None:
    certificate = issued(resident, office, keys.cas[Kind.SIGNATURE])
    name, address = substituted(resident.full_name), substituted(resident.address)
    assert personal_data(certificate) == {
        1: name.text,
        2: name.places,
        3: resident.sex,
        4: era_date(resident.birth_date),
        5: address.text,
        6: address.places,
    }
    assert len(name.text) == len(name.places)


@given(resident=RESIDENTS)
def test_an_authentication_certificate_does_not(office: Office, keys: Keys, resident: Resident) -> None:
    ca = keys.cas[Kind.AUTHENTICATION]
    certificate = issued(resident, office, ca)
    assert check_certificate(certificate, [ca.certificate], NOW).key == office.key.public_key()
    assert algorithm_of(certificate.public_bytes(Encoding.DER)) is Algorithm.RS256
    with pytest.raises(x509.ExtensionNotFound):
        personal_data(certificate)


def issued(resident: Resident, office: Office, ca: Ca) -> x509.Certificate:
    """Through its bytes, as a card carries it."""
    certificate = new_certificate(resident, office.key.public_key(), ca, NOW)
    return parse(certificate.public_bytes(Encoding.DER))


def personal_data(certificate: x509.Certificate) -> dict[int, str]:
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return {
        int(name.type_id.dotted_string.rpartition(".")[2]): tlv.parse(name.value)[0].value.decode()
        for name in names
        if isinstance(name, x509.OtherName)
    }


# --- card-verifiable certificates


@given(subject=st.integers(9000000, 9999999).map(str), issuer=st.sampled_from([FACE, MANAGER, TERMINALS, TEXT]))
def test_a_cv_certificate_is_read_as_it_was_written(office: Office, subject: str, issuer: str) -> None:
    encoded = office.authority.certificate(issuer, subject, office.key.public_key())
    certificate = parse_certificate(encoded)
    assert (certificate.issuer.raw, certificate.subject.raw) == (key_id(issuer), key_id(subject))
    assert certificate.checked(office.authority.anchors()) == office.key.public_key()


@given(place=st.integers(0, 567), change=st.integers(1, 255))
def test_no_changed_byte_of_a_cv_certificate_goes_unnoticed(office: Office, place: int, change: int) -> None:
    encoded = bytearray(office.authority.certificate(FACE))
    encoded[place] ^= change
    with pytest.raises((BadAnswer, NotGenuine)):
        parse_certificate(bytes(encoded)).checked(office.authority.anchors())
