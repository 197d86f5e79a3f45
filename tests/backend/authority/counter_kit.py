"""A municipality's counter in tests: keys, requests and what comes back."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from authority_kit import Office
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from backend_client.wire import (
    CertificateAct,
    CertificateApplication,
    CertificateKind,
    CertificateOrder,
    IssuedCertificate,
    ResidentChange,
    ResidentEvent,
    RevocationReason,
)
from backend_stub.people import Resident, load_residents

AUTH, SIGN = CertificateKind
ADULT, FIRST = (next(one for one in load_residents() if one.id == name) for name in ("adult", "first"))
Key = RSAPrivateKey | EllipticCurvePrivateKey


@dataclass(frozen=True)
class Leaf:
    """A certificate that a counter handed out, and who answers for it."""

    kind: CertificateKind
    certificate: x509.Certificate
    ca: x509.Certificate

    @property
    def serial(self) -> str:
        return str(self.certificate.serial_number)

    async def status(self, office: Office) -> tuple[ocsp.OCSPCertStatus, x509.ReasonFlags | None]:
        answer = await office.status(self.certificate, self.ca)
        return answer.certificate_status, answer.revocation_reason


def application(key: Key, kind: CertificateKind, reference: str = "adult", renews: str = "") -> CertificateApplication:
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, SHA256())
    content = b64encode(request.public_bytes(Encoding.DER)).decode()
    return CertificateApplication(reference=reference, kind=kind, request=content, renews=renews)


async def issue(office: Office, key: Key, kind: CertificateKind, reference: str = "adult", renews: str = "") -> Leaf:
    message = application(key, kind, reference, renews)
    issued: IssuedCertificate = await office.ask("midori-city", "/certificates", message, IssuedCertificate)
    return Leaf(kind, *(x509.load_der_x509_certificate(b64decode(der)) for der in (issued.certificate, issued.ca)))


def order(leaf: Leaf, act: CertificateAct, reason: RevocationReason = RevocationReason.UNSPECIFIED) -> CertificateOrder:
    return CertificateOrder(kind=leaf.kind, certificate_serial=leaf.serial, act=act, reason=reason)


def moved(at: datetime, resident: Resident = ADULT, **changes: Any) -> ResidentChange:
    """A change of the items; by default a move."""
    changes = changes or {"address": "みほん県みどり市例示台九丁目9番9号"}
    items = msgspec.structs.replace(resident.items, **changes)
    return ResidentChange(reference=resident.id, event=ResidentEvent.CHANGED, at=at, items=items)


def ended(at: datetime, event: ResidentEvent, reference: str = "adult") -> ResidentChange:
    return ResidentChange(reference=reference, event=event, at=at)
