"""The box's own certificate, made anew for each pairing page. No authority vouches for it: phones warn, and the QR says
its hash.
"""

from __future__ import annotations

import ssl
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

SLACK = timedelta(days=1)
"""Either way: the clock of a phone may be wrong."""


@dataclass(frozen=True, slots=True, repr=False)
class BoxCertificate:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def sha256(self) -> bytes:
        return sha256(self.certificate.public_bytes(Encoding.DER)).digest()

    def server_context(self) -> ssl.SSLContext:
        """The key is on the disk for a moment, in a folder nobody else can read: OpenSSL takes it from files only."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        key = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "box.pem")
            path.write_bytes(key + self.certificate.public_bytes(Encoding.PEM))
            context.load_cert_chain(path)
        return context


def make(address: str, now: datetime) -> BoxCertificate:
    """For the box at `address`; two days are more than a visit needs."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "madoguchi")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - SLACK)
        .not_valid_after(now + SLACK)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address(address))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    )
    return BoxCertificate(builder.sign(key, hashes.SHA256()), key)
