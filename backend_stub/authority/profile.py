"""The shape of the authority's certificates: that of the real service, under names nobody can take for it.

Extensions stand in the real profile's order. All names have O=JPKI-EMU; policies and other-name types lie below the
example arc (verification/policies.py); the residents' prefecture does not exist. Source: card reference, section 6.
"""

from __future__ import annotations

from datetime import date

from cryptography import x509
from cryptography.x509.oid import NameOID

from backend_client.wire import CertificateKind
from backend_stub.authority.substitutes import substituted
from backend_stub.people import Flaw, Municipality, Resident
from backend_stub.verification.policies import ARC, DIGITAL_SIGNATURE, USER_AUTHENTICATION
from backend_stub.verification.schemes import PublicKey

CPS = "http://jpki-emu.example/cps.html"
SERVICE = "公的個人認証サービス（模擬）"
AGENCY = "Japan Agency for Local Authority Information Systems"
ERAS = ((date(2019, 5, 1), "5"), (date(1989, 1, 8), "4"), (date(1926, 12, 25), "3"), (date(1912, 7, 30), "2"))
"""First day and code of 令和, 平成, 昭和, 大正; 明治 is 1."""

Extensions = list[tuple[x509.ExtensionType, bool]]
"""Each with whether it is critical."""


Kind = CertificateKind

PURPOSES = {Kind.AUTHENTICATION: "JPKI for user authentication", Kind.SIGNATURE: "JPKI for digital signature"}
POLICIES = {Kind.AUTHENTICATION: USER_AUTHENTICATION, Kind.SIGNATURE: DIGITAL_SIGNATURE}


def ca_name(kind: Kind) -> x509.Name:
    return _name("JPKI-EMU", PURPOSES[kind], AGENCY)


def subject(kind: Kind, common_name: str, municipality: Municipality) -> x509.Name:
    """An opaque name; only the signature certificate says where the holder lives."""
    places = [municipality.prefecture_romaji, municipality.romaji] if kind is Kind.SIGNATURE else []
    country = x509.NameAttribute(NameOID.COUNTRY_NAME, "JP")
    localities = [x509.NameAttribute(NameOID.LOCALITY_NAME, place) for place in places]
    return x509.Name([country, *localities, x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def ca_extensions(kind: Kind, key: PublicKey) -> Extensions:
    return [
        (_key_usage(key_cert_sign=True, crl_sign=True), True),
        (x509.SubjectAlternativeName([x509.DirectoryName(_name(SERVICE))]), False),
        (x509.BasicConstraints(ca=True, path_length=None), True),
        (_crl_distribution(ca_name(kind)), False),
        (x509.SubjectKeyIdentifier.from_public_key(key), False),
    ]


def holder_extensions(kind: Kind, resident: Resident, key: PublicKey, ca: x509.Certificate) -> Extensions:
    signature = kind is Kind.SIGNATURE
    policy = DIGITAL_SIGNATURE if resident.flaw is Flaw.WRONG_POLICY else POLICIES[kind]
    return [
        (_authority_key(ca), False),
        (_key_usage(digital_signature=True, content_commitment=signature), True),
        *([(_personal_data(resident), False)] if signature else []),
        (x509.IssuerAlternativeName([x509.DirectoryName(_name(SERVICE))]), False),
        (_crl_distribution(_crl_name(kind, resident.municipality)), False),
        (x509.CertificatePolicies([x509.PolicyInformation(policy, [CPS])]), True),
        (x509.SubjectKeyIdentifier.from_public_key(key), False),
    ]


def _name(organization: str, *units: str) -> x509.Name:
    country = x509.NameAttribute(NameOID.COUNTRY_NAME, "JP")
    named = x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization)
    return x509.Name([country, named, *(x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, u) for u in units)])


def _crl_name(kind: Kind, municipality: Municipality) -> x509.Name:
    place = _name("JPKI-EMU", PURPOSES[kind], "CRL Distribution Points", municipality.prefecture_romaji)
    return x509.Name([*place, x509.NameAttribute(NameOID.COMMON_NAME, f"{municipality.romaji} CRLDP")])


def _crl_distribution(name: x509.Name) -> x509.CRLDistributionPoints:
    point = x509.DistributionPoint([x509.DirectoryName(name)], relative_name=None, reasons=None, crl_issuer=None)
    return x509.CRLDistributionPoints([point])


def _authority_key(ca: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    key_identifier = ca.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    return x509.AuthorityKeyIdentifier(key_identifier, [x509.DirectoryName(ca.subject)], ca.serial_number)


def _key_usage(
    *,
    digital_signature: bool = False,
    content_commitment: bool = False,
    key_cert_sign: bool = False,
    crl_sign: bool = False,
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=content_commitment,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )


def _personal_data(resident: Resident) -> x509.SubjectAlternativeName:
    """基本4情報 as six other names, in the real order 1, 4, 3, 5, 2, 6; the last two mark substitute characters."""
    name, address = substituted(resident.full_name), substituted(resident.address)
    texts = {
        1: name.text,
        4: era_date(resident.birth_date),
        3: resident.sex,
        5: address.text,
        2: name.places,
        6: address.places,
    }
    names = [x509.OtherName(x509.ObjectIdentifier(f"{ARC}.5.{n}"), _utf8(text)) for n, text in texts.items()]
    return x509.SubjectAlternativeName(names)


def era_date(day: date) -> str:
    """EYYYYMMDD: the code of the era, then the date in the common calendar."""
    era = next((code for first, code in ERAS if day >= first), "1")
    return f"{era}{day:%Y%m%d}"


def _utf8(text: str) -> bytes:
    """DER UTF8String."""
    content = text.encode()
    size = len(content)
    length = (
        bytes([size]) if size < 0x80 else bytes([0x81, size]) if size < 0x100 else b"\x82" + size.to_bytes(2, "big")
    )
    return b"\x0c" + length + content
