"""The authority's keys, made at the first start and kept in its own folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from secrets import token_bytes

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from backend_stub.authority.generations import CURRENT, GENERATIONS, Generation
from backend_stub.authority.profile import Kind, ca_extensions, ca_name
from backend_stub.keyfile import keep
from backend_stub.verification.schemes import RS256, scheme_of

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class Ca:
    """One certification authority."""

    kind: Kind
    generation: Generation
    key: PrivateKey = field(repr=False)
    certificate: x509.Certificate


@dataclass(frozen=True, slots=True)
class Keys:
    """All the authority's secrets."""

    every_ca: tuple[Ca, ...]
    """Of all generations."""
    pseudonym: bytes = field(repr=False)
    """Makes the pseudonyms of persons towards the gateway."""
    register: bytes = field(repr=False)
    """Seals what is kept of persons, and makes their handles."""
    numbers: bytes = field(repr=False)
    """Makes the Individual Numbers: a new one would be another number for everybody."""

    @property
    def cas(self) -> dict[Kind, Ca]:
        """Of the generation in use."""
        return {kind: self.ca(kind, CURRENT) for kind in Kind}

    def ca(self, kind: Kind, generation: Generation) -> Ca:
        return next(ca for ca in self.every_ca if (ca.kind, ca.generation) == (kind, generation))


def open_keys(folder: Path, now: datetime) -> Keys:
    """Read the keys of an authority's folder; make what is missing. Safe when two processes start at once."""
    cas = tuple(_open_ca(folder, kind, generation, now) for generation in GENERATIONS for kind in Kind)
    secrets = [keep(folder / f"{name}.key", lambda: token_bytes(32)) for name in ("pseudonym", "register", "numbers")]
    return Keys(cas, *secrets)


def auth_ca(folder: Path, now: datetime) -> bytes:
    """The certificates of the CAs for user authentication of all generations, PEM, one after the other.

    Makes them if this is the folder's first start.
    """
    return _every_generation(folder, Kind.AUTHENTICATION, now)


def sign_ca(folder: Path, now: datetime) -> bytes:
    """The same of the CAs for digital signatures."""
    return _every_generation(folder, Kind.SIGNATURE, now)


def _every_generation(folder: Path, kind: Kind, now: datetime) -> bytes:
    pems = [_kept_ca(folder, kind, generation, now) for generation in GENERATIONS]
    return b"".join(x509.load_pem_x509_certificate(pem).public_bytes(Encoding.PEM) for pem in pems)


def _kept_ca(folder: Path, kind: Kind, generation: Generation, now: datetime) -> bytes:
    return keep(folder / f"{kind.value}-ca{generation.suffix}.pem", lambda: _new_ca(kind, generation, now))


def _open_ca(folder: Path, kind: Kind, generation: Generation, now: datetime) -> Ca:
    pem = _kept_ca(folder, kind, generation, now)
    # Not tried for primality again: it was made here, and the trial takes 40 ms a key.
    key = load_pem_private_key(pem, password=None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, PrivateKey) or scheme_of(key.public_key()) is not generation.scheme:
        raise ValueError(f"the key of the {kind.value} CA {generation.number} is of another kind")
    return Ca(kind, generation, key, x509.load_pem_x509_certificate(pem))


def _new_ca(kind: Kind, generation: Generation, now: datetime) -> bytes:
    """A new key and its self-signed certificate, both in one PEM file, so that they can never disagree."""
    key = _new_key(generation)
    builder = (
        x509.CertificateBuilder()
        .subject_name(ca_name(kind))
        .issuer_name(ca_name(kind))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - generation.past)
        .not_valid_after(now + generation.future)
    )
    for extension, critical in ca_extensions(kind, key.public_key()):
        builder = builder.add_extension(extension, critical)
    certificate = builder.sign(key, generation.scheme.digest)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + certificate.public_bytes(Encoding.PEM)


def _new_key(generation: Generation) -> PrivateKey:
    if generation.scheme is RS256:
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return ec.generate_private_key(ec.SECP384R1())
