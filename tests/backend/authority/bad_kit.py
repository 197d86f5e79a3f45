"""Certificates that are wrong in one way each, otherwise as the authority would have issued them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from asn1crypto import x509 as asn1
from backend_kit import START
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from backend_stub.authority.generations import CURRENT
from backend_stub.authority.keys import Ca, Keys
from backend_stub.authority.profile import Extensions, Kind, holder_extensions, subject
from backend_stub.people import Resident
from backend_stub.verification.policies import DIGITAL_SIGNATURE

DAY = timedelta(days=1)
CardKeys = Callable[[str], rsa.RSAPrivateKey]


@dataclass(frozen=True)
class Made:
    """A certificate under test, and what a verifier is handed along with it."""

    der: bytes
    between: tuple[x509.Certificate, ...] = ()


class Mint:
    """Makes them. `serial` is one that the authority has issued and that stands: nothing but the flaw is wrong."""

    def __init__(self, keys: Keys, resident: Resident, card_keys: CardKeys, serial: int) -> None:
        self.ca = keys.ca(Kind.AUTHENTICATION, CURRENT)
        self._resident = resident
        self._keys = card_keys
        self.serial = serial

    def certificate(self, **changes: Any) -> x509.Certificate:
        """In order but for `changes`: begins, ends, issuer, ca, key, signer, serial, without, instead, more."""
        ca: Ca = changes.get("ca", self.ca)
        key = changes.get("key", self._keys("adult").public_key())
        builder = (
            x509.CertificateBuilder()
            .subject_name(changes.get("subject", subject(Kind.AUTHENTICATION, "0A1B2C3DQWERTY99001001A", self._place)))
            .issuer_name(changes.get("issuer", ca.certificate.subject))
            .public_key(key)
            .serial_number(changes.get("serial", self.serial))
            .not_valid_before(changes.get("begins", START - DAY))
            .not_valid_after(changes.get("ends", START + 365 * DAY))
        )
        for extension, critical in self._extensions(ca, key, changes):
            builder = builder.add_extension(extension, critical)
        return builder.sign(changes.get("signer", ca.key), SHA256())

    def _extensions(self, ca: Ca, key: Any, changes: dict[str, Any]) -> Extensions:
        usual = holder_extensions(Kind.AUTHENTICATION, self._resident, key, changes.get("aki", ca.certificate))
        instead: dict[type, tuple[x509.ExtensionType, bool]] = changes.get("instead", {})
        return [*(instead.get(type(e), (e, c)) for e, c in usual), *changes.get("more", [])]

    @property
    def _place(self) -> Any:
        return self._resident.municipality

    def good(self) -> Made:
        return _made(self.certificate())

    def expired(self) -> Made:
        return _made(self.certificate(begins=START - 9 * DAY, ends=START - DAY))

    def not_yet_valid(self) -> Made:
        return _made(self.certificate(begins=START + DAY))

    def forged_signature(self) -> Made:
        der = self.good().der
        return Made(der[:-1] + bytes([der[-1] ^ 1]))

    def signed_by_another(self) -> Made:
        """By somebody who took the CA's name and key identifier."""
        return _made(self.certificate(signer=self._keys("impostor")))

    def another_issuer(self) -> Made:
        """The CA's own signature under a name that is not the CA's."""
        name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "JPKI-EMU-2")])
        return _made(self.certificate(issuer=name))

    def another_authority_key(self) -> Made:
        """The CA's own signature, but the identifier of a key that is not the CA's."""
        other = x509.AuthorityKeyIdentifier(b"\x01" * 20, None, None)
        return _made(self.certificate(instead={x509.AuthorityKeyIdentifier: (other, False)}))

    def wrong_key_usage(self) -> Made:
        names = ("content_commitment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign")
        usage = x509.KeyUsage(
            digital_signature=False, key_encipherment=True, encipher_only=False, decipher_only=False,
            **dict.fromkeys(names, False),
        )  # fmt: skip
        return _made(self.certificate(instead={x509.KeyUsage: (usage, True)}))

    def wrong_policy(self) -> Made:
        policies = x509.CertificatePolicies([x509.PolicyInformation(DIGITAL_SIGNATURE, None)])
        return _made(self.certificate(instead={x509.CertificatePolicies: (policies, True)}))

    def no_policy(self) -> Made:
        policies = x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier("2.999.1"), None)])
        return _made(self.certificate(instead={x509.CertificatePolicies: (policies, False)}))

    def is_a_ca(self) -> Made:
        return _made(self.certificate(more=[(x509.BasicConstraints(ca=True, path_length=None), True)]))

    def unknown_critical_extension(self) -> Made:
        unknown = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.999.7"), b"\x05\x00")
        return _made(self.certificate(more=[(unknown, True)]))

    def wrong_purpose(self) -> Made:
        purposes = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING])
        return _made(self.certificate(more=[(purposes, False)]))

    def weak_digest(self) -> Made:
        made = asn1.Certificate.load(self.good().der)
        for algorithm in (made["tbs_certificate"]["signature"], made["signature_algorithm"]):
            algorithm["algorithm"] = "sha1_rsa"
        # By hand: the library signs no certificate with SHA-1 any more.
        assert isinstance(self.ca.key, rsa.RSAPrivateKey)
        made["signature_value"] = self.ca.key.sign(made["tbs_certificate"].dump(force=True), PKCS1v15(), SHA1())  # noqa: S303
        return Made(made.dump(force=True))

    def weak_key(self) -> Made:
        key = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505
        return _made(self.certificate(key=key.public_key()))

    def signed_by_a_card(self) -> Made:
        """The chain goes on below a holder's certificate: no holder is an authority."""
        card = self.certificate()
        holder = Ca(Kind.AUTHENTICATION, CURRENT, self._keys("adult"), card)
        own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "0A1B2C3DQWERTY99001002A")])
        return _made(self.certificate(ca=holder, subject=own, serial=self.serial + 1), card)

    def under_another_ca(self) -> Made:
        """The chain is longer than ours is: a CA between, itself in order, that ours has signed."""
        key = self._keys("between")
        sub = _sub_ca(self.ca, key, self.serial)
        return _made(self.certificate(ca=Ca(Kind.AUTHENTICATION, CURRENT, key, sub), serial=self.serial + 1), sub)

    def malformed(self) -> Made:
        return Made(self.good().der[:-40])

    def more_behind_it(self) -> Made:
        return Made(self.good().der + b"\x05\x00")


def _made(certificate: x509.Certificate, *between: x509.Certificate) -> Made:
    return Made(certificate.public_bytes(Encoding.DER), between)


def _sub_ca(ca: Ca, key: rsa.RSAPrivateKey, serial: int) -> x509.Certificate:
    own = ca.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    kept = (x509.KeyUsage, x509.BasicConstraints)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "JPKI-EMU-BETWEEN")]))
        .issuer_name(ca.certificate.subject)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(START - DAY)
        .not_valid_after(START + DAY)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own), False)
    )
    for extension in ca.certificate.extensions:
        if isinstance(extension.value, kept):
            builder = builder.add_extension(extension.value, True)
    return builder.sign(ca.key, SHA256())
