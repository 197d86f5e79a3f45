"""The authority's keys, made at the first start and kept in its own folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_bytes

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from backend_stub.authority.profile import Kind, ca_extensions, ca_name
from backend_stub.keyfile import keep

PAST = timedelta(days=6 * 365)
"""A CA's term begins before its making, so that it can have issued certificates that are expired today."""
FUTURE = timedelta(days=10 * 365)


@dataclass(frozen=True, slots=True)
class Ca:
    """One certification authority."""

    kind: Kind
    key: rsa.RSAPrivateKey = field(repr=False)
    certificate: x509.Certificate


@dataclass(frozen=True, slots=True)
class Keys:
    """All the authority's secrets."""

    cas: dict[Kind, Ca]
    pseudonym: bytes = field(repr=False)
    """Makes the pseudonyms of persons towards the gateway."""


def open_keys(folder: Path, now: datetime) -> Keys:
    """Read the keys of an authority's folder; make what is missing. Safe when two processes start at once."""
    cas = {kind: _open_ca(folder, kind, now) for kind in Kind}
    return Keys(cas, keep(folder / "pseudonym.key", lambda: token_bytes(32)))


def auth_ca(folder: Path, now: datetime) -> bytes:
    """The certificate (DER) of the CA for user authentication; makes the keys if this is the folder's first start."""
    return open_keys(folder, now).cas[Kind.AUTHENTICATION].certificate.public_bytes(Encoding.DER)


def _open_ca(folder: Path, kind: Kind, now: datetime) -> Ca:
    pem = keep(folder / f"{kind.value}-ca.pem", lambda: _new_ca(kind, now))
    key = load_pem_private_key(pem, password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ValueError(f"the key of the {kind.value} CA is not RSA")
    return Ca(kind, key, x509.load_pem_x509_certificate(pem))


def _new_ca(kind: Kind, now: datetime) -> bytes:
    """A new key and its self-signed certificate, both in one PEM file, so that they can never disagree."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    builder = (
        x509.CertificateBuilder()
        .subject_name(ca_name(kind))
        .issuer_name(ca_name(kind))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - PAST)
        .not_valid_after(now + FUTURE)
    )
    for extension, critical in ca_extensions(kind, key.public_key()):
        builder = builder.add_extension(extension, critical)
    certificate = builder.sign(key, SHA256())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + certificate.public_bytes(Encoding.PEM)
