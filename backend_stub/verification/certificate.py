"""Checks on a citizen's certificate, without revocation (ocsp.py) and without asking who presents it.

For user authentication unless another policy is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID

from backend_stub.body import Refusal
from backend_stub.verification.grace import in_grace
from backend_stub.verification.policies import USER_AUTHENTICATION
from backend_stub.verification.schemes import PublicKey, Scheme, scheme_of

T = TypeVar("T", bound=x509.ExtensionType)

MALFORMED = (
    ValueError,
    TypeError,
    InvalidSignature,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)
"""What the library raises, at one time or another, over a certificate that is not what it should be."""
UNDERSTOOD = {ExtensionOID.KEY_USAGE, ExtensionOID.BASIC_CONSTRAINTS, ExtensionOID.CERTIFICATE_POLICIES}
"""The extensions that are checked here, and may therefore be critical."""


def parse(der: bytes) -> x509.Certificate:
    """Read a certificate, DER and nothing after it. Raises Refusal: certificate_untrusted."""
    try:
        certificate = x509.load_der_x509_certificate(der)
    except MALFORMED as exc:
        raise Refusal("certificate_untrusted") from exc
    # The library lets the count of unused bits before the signature differ from 0, which nothing signs.
    _require(der.endswith(b"\x00" + certificate.signature))
    return certificate


@dataclass(frozen=True, slots=True)
class Checked:
    """A certificate in order, but for revocation."""

    certificate: x509.Certificate
    ca: x509.Certificate
    """Who issued it, and answers for it."""
    key: PublicKey
    scheme: Scheme
    # The library reads these from the certificate's bytes each time, which costs more than the rest of a check.
    serial: int = field(init=False)
    begins: datetime = field(init=False)
    ends: datetime = field(init=False)
    ca_serial: int = field(init=False)
    ca_begins: datetime = field(init=False)
    ca_ends: datetime = field(init=False)

    def __post_init__(self) -> None:
        read = object.__setattr__  # frozen for everybody else
        read(self, "serial", self.certificate.serial_number)
        read(self, "begins", self.certificate.not_valid_before_utc)
        read(self, "ends", self.certificate.not_valid_after_utc)
        read(self, "ca_serial", self.ca.serial_number)
        read(self, "ca_begins", self.ca.not_valid_before_utc)
        read(self, "ca_ends", self.ca.not_valid_after_utc)

    def check_term(self, now: datetime, *, grace: bool = False) -> None:
        """Check the terms of CA and certificate; with `grace` one that has expired counts through its grace period.

        Raises Refusal: certificate_untrusted (the CA's term), certificate_not_yet_valid, certificate_expired.
        """
        _require(self.ca_begins <= now <= self.ca_ends)
        if now < self.begins:
            raise Refusal("certificate_not_yet_valid")
        if now > self.ends and not (grace and in_grace(self.ends, now)):
            raise Refusal("certificate_expired")


def check_certificate(
    certificate: x509.Certificate,
    cas: Sequence[x509.Certificate],
    now: datetime,
    policy: x509.ObjectIdentifier = USER_AUTHENTICATION,
) -> Checked:
    """Check chain, form, policy and term, in this order: the first thing that is wrong is named.

    `cas` are the CAs of all generations; they have one name, so a certificate's own is found by its key identifier.
    Raises Refusal: certificate_untrusted, certificate_policy, certificate_expired, certificate_not_yet_valid.
    """
    checked = check_lasting(certificate, cas, policy)
    checked.check_term(now)
    return checked


def check_lasting(
    certificate: x509.Certificate, cas: Sequence[x509.Certificate], policy: x509.ObjectIdentifier = USER_AUTHENTICATION
) -> Checked:
    """Check chain, form and policy: what stays as it is. The term is left to `Checked.check_term`.

    Nothing but the outer shape and the key identifier is read before the CA's signature has been checked.
    Raises Refusal: certificate_untrusted, certificate_policy.
    Source: RFC 5280, section 6.1, for a path of one CA; the checks that one published verifier had forgotten are
    dates, key usage, basic constraints and key identifiers (GHSA-58hw-cg5m-88rp).
    """
    ca = _issuer(certificate, cas)
    _check_chain(certificate, ca)
    _check_form(certificate)
    key, scheme = _key(certificate)
    _check_policy(certificate, policy)
    return Checked(certificate, ca, key, scheme)


def _issuer(certificate: x509.Certificate, cas: Sequence[x509.Certificate]) -> x509.Certificate:
    try:
        named = _extension(certificate, x509.AuthorityKeyIdentifier)
    except MALFORMED as exc:
        raise Refusal("certificate_untrusted") from exc
    for ca in cas:
        own = _extension(ca, x509.SubjectKeyIdentifier)
        if named is not None and own is not None and named.key_identifier == own.digest:
            _require(named.authority_cert_serial_number in (None, ca.serial_number))
            return ca
    raise Refusal("certificate_untrusted")


def _check_chain(certificate: x509.Certificate, ca: x509.Certificate) -> None:
    try:
        certificate.verify_directly_issued_by(ca)
    except MALFORMED as exc:
        raise Refusal("certificate_untrusted") from exc


def _check_form(certificate: x509.Certificate) -> None:
    _require(certificate.version is x509.Version.v3)
    _require(all(e.oid in UNDERSTOOD for e in certificate.extensions if e.critical))
    constraints = _extension(certificate, x509.BasicConstraints)
    _require(constraints is None or not constraints.ca)
    usage = _extension(certificate, x509.KeyUsage)
    _require(usage is not None and usage.digital_signature and not usage.key_cert_sign and not usage.crl_sign)
    purposes = _extension(certificate, x509.ExtendedKeyUsage)
    _require(purposes is None or ExtendedKeyUsageOID.CLIENT_AUTH in purposes)
    _require(_extension(certificate, x509.SubjectKeyIdentifier) is not None)


def _key(certificate: x509.Certificate) -> tuple[PublicKey, Scheme]:
    """The holder's key. A generation has one scheme, so the CA must have signed in the way in which the holder will."""
    try:
        key = certificate.public_key()
    except MALFORMED as exc:
        raise Refusal("certificate_untrusted") from exc
    scheme = scheme_of(key)
    if scheme is None or certificate.signature_algorithm_oid != scheme.oid:
        raise Refusal("certificate_untrusted")
    assert isinstance(key, PublicKey), "it has a scheme"  # noqa: S101
    return key, scheme


def _check_policy(certificate: x509.Certificate, policy: x509.ObjectIdentifier) -> None:
    policies = _extension(certificate, x509.CertificatePolicies)
    if policies is None or all(p.policy_identifier != policy for p in policies):
        raise Refusal("certificate_policy")


def _extension(certificate: x509.Certificate, kind: type[T]) -> T | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def _require(condition: bool) -> None:
    if not condition:
        raise Refusal("certificate_untrusted")
