"""A tiny issuer in the real profile's shape, for these tests alone. Source: card reference, section 6.

The test authority proper is another program; here the card is judged without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from inspect import signature
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from drivers.software_card.folder import CardFolder

BEGIN, END = datetime(2026, 4, 1, tzinfo=UTC), datetime(2031, 5, 3, tzinfo=UTC)
POLICIES = {"auth": "1.2.392.200149.8.5.1.3.30", "sign": "1.2.392.200149.8.5.1.1.20"}
UNITS = {"auth": "JPKI-EMU for user authentication", "sign": "JPKI-EMU for digital signature"}
ITEMS = {1: "見本 花子", 4: "319440503", 3: "2", 5: "みほん県みどり市見本町一丁目2番3号", 2: "00000", 6: "0" * 19}


def name(*parts: tuple[x509.ObjectIdentifier, str]) -> x509.Name:
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts])


def authority_name(use: str) -> x509.Name:
    return name(
        (NameOID.COUNTRY_NAME, "JP"),
        (NameOID.ORGANIZATION_NAME, "JPKI-EMU"),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, UNITS[use]),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, "Nobody's Agency"),
    )


@dataclass(frozen=True, slots=True)
class Ca:
    use: str
    key: RSAPrivateKey
    certificate: x509.Certificate

    @classmethod
    def make(cls, use: str) -> Ca:
        key = generate_private_key(65537, 2048)
        builder = _builder(authority_name(use), use, key.public_key())
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        builder = builder.add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        return cls(use, key, builder.sign(key, SHA256()))

    def issue(self, folder: CardFolder) -> None:
        """Answer one request, as the authority does: the certificate and its CA's, DER, beside the request."""
        request = x509.load_pem_x509_csr(folder.request(self.use).read_bytes())
        assert request.is_signature_valid
        key = request.public_key()
        assert isinstance(key, RSAPublicKey | EllipticCurvePublicKey)
        certificate = self._certificate(key)
        folder.certificate(self.use).write_bytes(certificate.public_bytes(Encoding.DER))
        folder.ca_certificate(self.use).write_bytes(self.certificate.public_bytes(Encoding.DER))

    def _certificate(self, key: RSAPublicKey | EllipticCurvePublicKey) -> x509.Certificate:
        places = ((NameOID.LOCALITY_NAME, "Mihon-ken"), (NameOID.LOCALITY_NAME, "Midori-shi"))
        subject = name(
            (NameOID.COUNTRY_NAME, "JP"),
            *(places if self.use == "sign" else ()),
            (NameOID.COMMON_NAME, "997794E9AGCIEG99001003A"),
        )
        point = name((NameOID.COUNTRY_NAME, "JP"), (NameOID.COMMON_NAME, "Midori-shi CRLDP"))
        builder = _builder(subject, self.use, key)
        own = x509.SubjectKeyIdentifier.from_public_key(self.key.public_key())
        issuer = [x509.DirectoryName(authority_name(self.use))]
        builder = builder.add_extension(
            x509.AuthorityKeyIdentifier(own.digest, issuer, self.certificate.serial_number), False
        )
        builder = builder.add_extension(_usage(digital_signature=True, content_commitment=self.use == "sign"), True)
        if self.use == "sign":
            builder = builder.add_extension(x509.SubjectAlternativeName([_item(n, ITEMS[n]) for n in ITEMS]), False)
        builder = builder.add_extension(
            x509.CRLDistributionPoints([x509.DistributionPoint([x509.DirectoryName(point)], None, None, None)]), False
        )
        policy = x509.PolicyInformation(x509.ObjectIdentifier(POLICIES[self.use]), ["http://localhost/cps.html"])
        builder = builder.add_extension(x509.CertificatePolicies([policy]), True)
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), False)
        return builder.sign(self.key, SHA256())


def issue_all(folders: list[CardFolder]) -> None:
    """Issue every request there is."""
    for use in ("auth", "sign"):
        ca = Ca.make(use)
        for folder in folders:
            if folder.request(use).exists():
                ca.issue(folder)


def opened(signed: bytes, certificate: Path) -> bytes:
    """What was signed, with its padding: RSA's public operation with the certificate's key."""
    key = x509.load_der_x509_certificate(certificate.read_bytes()).public_key()
    assert isinstance(key, RSAPublicKey)
    numbers = key.public_numbers()
    return pow(int.from_bytes(signed, "big"), numbers.e, numbers.n).to_bytes(256, "big")


def _builder(subject: x509.Name, use: str, key: RSAPublicKey | EllipticCurvePublicKey) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(authority_name(use))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(BEGIN)
        .not_valid_after(END)
    )


def _usage(**on: bool) -> x509.KeyUsage:
    off = dict.fromkeys(signature(x509.KeyUsage).parameters, False)
    return x509.KeyUsage(**off | on)


def _item(number: int, text: str) -> x509.OtherName:
    value = text.encode()
    assert len(value) < 128
    oid = x509.ObjectIdentifier(f"1.2.392.200149.8.5.5.{number}")
    return x509.OtherName(oid, bytes([0x0C, len(value)]) + value)
