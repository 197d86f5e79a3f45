"""Results of the operator's deeds, as text for a terminal or as one JSON object."""

from __future__ import annotations

import base64
from dataclasses import dataclass

import msgspec

from backend_client.errors import BackendError
from drivers.errors import CardError
from kiosk import advice
from kiosk.card_deeds import CertificateRead, Shown, Signed, Verified


@dataclass(frozen=True, slots=True)
class Failure:
    error: str
    """The error's name in the code, for programs."""
    detail: str
    next_step: str


Told = Shown | Verified | Signed | CertificateRead | Failure


def failure(error: Exception) -> Failure:
    if isinstance(error, (CardError, BackendError)):
        told = advice.on(error)
        return Failure(type(error).__name__, told.detail, told.next_step)
    return Failure(type(error).__name__, str(error), "")


def as_json(result: Told) -> str:
    """Bytes are base64, times ISO 8601."""
    return msgspec.json.encode(result).decode()


def as_text(result: Told) -> str:
    match result:
        case Shown():
            return _shown(result)
        case Verified():
            return f"The card in {result.reader} accepted the secret for {result.secret}."
        case Signed():
            return base64.b64encode(result.signature).decode("ascii")
        case CertificateRead():
            return result.pem.rstrip("\n")
        case Failure():
            return f"✗ {result.detail}" + (f"\n  → {result.next_step}" if result.next_step else "")


def _shown(card: Shown) -> str:
    certificate = card.certificate
    lines = {
        "reader": card.reader,
        "application": card.label,
        "certificate": certificate.subject,
        "issuer": certificate.issuer,
        "serial": certificate.serial,
        "key": certificate.key,
        "valid": f"{certificate.not_before:%Y-%m-%d} to {certificate.not_after:%Y-%m-%d}: {certificate.validity.value}",
        "PIN": _tries(card.tries.pin),
        "password": _tries(card.tries.password),
    }
    return "\n".join(f"{name:12} {value}" for name, value in lines.items())


def _tries(left: int | None) -> str:
    if left is None:
        return "not on this card"
    return f"tries left {left}" if left else "blocked"
