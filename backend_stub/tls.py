"""TLS at localhost: a test CA of its own, that may name nothing else, and a server certificate that renews itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from backend_stub.keyfile import replace

CA_TERM = timedelta(days=3650)
SERVER_TERM = timedelta(days=90)
RENEW_BEFORE = timedelta(days=30)
CLOCK_SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """PEM files; the keys are readable by their owner alone."""

    ca: Path
    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True)
class _Pair:
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


def prepare_tls(folder: Path, now: datetime, server_folder: Path | None = None) -> TlsFiles:
    """Make what is missing, does not fit together or runs out within RENEW_BEFORE.

    The CA is in `folder`, the server's key and certificate too unless there is a `server_folder`; that also gets a copy
    of the CA's certificate.
    """
    ca = _read(folder, "ca")
    if ca is None or not _stands(ca, ca, now):
        ca = _make_ca(now)
        _write(folder, "ca", ca)
    server_folder = server_folder or folder
    server = _read(server_folder, "server")
    if server is None or not _stands(server, ca, now):
        _write(server_folder, "server", _make_server(ca, now))
    if server_folder != folder:
        replace(server_folder / "ca.pem", ca.certificate.public_bytes(Encoding.PEM))
    return tls_files(server_folder)


def tls_files(folder: Path) -> TlsFiles:
    """Where they are in a folder that was prepared."""
    return TlsFiles(folder / "ca.pem", folder / "server.pem", folder / "server.key")


def _stands(pair: _Pair, ca: _Pair, now: datetime) -> bool:
    certificate = pair.certificate
    try:
        certificate.verify_directly_issued_by(ca.certificate)
    except (ValueError, TypeError, InvalidSignature):
        return False
    in_term = certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc - RENEW_BEFORE
    return in_term and certificate.public_key() == pair.key.public_key()


def _make_ca(now: datetime) -> _Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("MADOGUCHI-TEST localhost CA")
    localhost = x509.NameConstraints([x509.DNSName("localhost"), x509.IPAddress(IPv4Network("127.0.0.1/32"))], None)
    builder = (
        _builder(name, name, key, now, CA_TERM)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(for_ca=True), critical=True)
        .add_extension(localhost, critical=True)
    )
    return _Pair(key, builder.sign(key, SHA256()))


def _make_server(ca: _Pair, now: datetime) -> _Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(IPv4Address("127.0.0.1"))])
    issuer_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(ca.key.public_key())
    builder = (
        _builder(_name("localhost"), ca.certificate.subject, key, now, SERVER_TERM)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(for_ca=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(names, critical=False)
        .add_extension(issuer_key, critical=False)
    )
    return _Pair(key, builder.sign(ca.key, SHA256()))


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime, term: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCK_SKEW)
        .not_valid_after(now + term)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, for_ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not for_ca,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=for_ca,
        crl_sign=for_ca,
        encipher_only=False,
        decipher_only=False,
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _read(folder: Path, name: str) -> _Pair | None:
    try:
        key = load_pem_private_key((folder / f"{name}.key").read_bytes(), password=None)
        certificate = x509.load_pem_x509_certificate((folder / f"{name}.pem").read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    return _Pair(key, certificate) if isinstance(key, ec.EllipticCurvePrivateKey) else None


def _write(folder: Path, name: str, pair: _Pair) -> None:
    pem = pair.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    replace(folder / f"{name}.key", pem)
    replace(folder / f"{name}.pem", pair.certificate.public_bytes(Encoding.PEM))
