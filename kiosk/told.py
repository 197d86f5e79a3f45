"""Results of the operator's deeds, as text for a terminal or as one JSON object."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import Enum

import msgspec

from backend_client.errors import BackendError
from drivers.card.jpki import Availability, TokenInfo
from drivers.errors import CardError
from kiosk import advice
from kiosk.card_certificate import CertificateFacts
from kiosk.card_deeds import Shown, Signed, Verified
from kiosk.card_list import CardList
from kiosk.card_person import AgeRead, FaceRead, TextRead
from kiosk.card_proofs import Challenged, HeldOver, Simulated
from kiosk.card_reads import (
    AvailabilityRead,
    CertificateRead,
    CommonRead,
    CvLine,
    CvRead,
    ManagerRead,
    ResidentRead,
    TokenRead,
)
from kiosk.card_secrets import Changed, ChangeFailed


@dataclass(frozen=True, slots=True)
class Failure:
    error: str
    """The error's name in the code, for programs."""
    detail: str
    next_step: str


@dataclass(frozen=True, slots=True)
class Done:
    """Something of which no more is to be said."""

    done: str


@dataclass(frozen=True, slots=True)
class Traced:
    """Commands to a software card, oldest first: session, status word, bytes, time, APDU with its secret masked."""

    commands: Sequence[str]


Facts = (
    TokenRead | AvailabilityRead | CommonRead | ResidentRead | ManagerRead | TextRead | FaceRead | AgeRead | HeldOver
)
"""What is told field by field."""
Told = (Facts | Shown | Verified | Changed | Signed | Challenged | Simulated | CertificateRead | CvRead | CardList) | (
    Done | Traced | Failure
)


def failure(error: Exception) -> Failure:
    name = type(error).__name__
    match error:
        case CardError() | BackendError():
            told = advice.on(error)
            return Failure(name, told.detail, told.next_step)
        case ChangeFailed():
            return Failure(name, *_change_failed(error))
    return Failure(name, str(error), "")


def _change_failed(error: ChangeFailed) -> tuple[str, str]:
    """What was changed, what was not, and how to go on."""
    cause, failed = advice.on(error.cause), error.failed.value
    done = "".join(f"{which.value} has the new secret. " for which in error.done)
    if error.unknown:
        detail = f"{done}{cause.detail} Whether {failed} has the new secret cannot be told."
        return detail, f"Try the new one: madoguchi card verify-pin {failed}"
    detail = f"{done}{failed} still has the old one: {cause.detail}"
    return detail, f"Then: madoguchi card change-pin {failed}" if error.done else cause.next_step


def as_json(result: Told) -> str:
    """Bytes are base64, times ISO 8601."""
    return msgspec.json.encode(result).decode()


def as_text(result: Told) -> str:
    match result:
        case Shown():
            return _shown(result)
        case Verified():
            return f"The card in {result.reader} accepted the secret for {result.secret}."
        case Changed():
            return f"The card in {result.reader} has the new secret for {' and '.join(result.changed)}."
        case Signed() | Challenged():
            return base64.b64encode(result.signature).decode("ascii")
        case Simulated():
            return f"{as_text(result.signed)}\nSIMULATION: {result.simulation}"
        case CertificateRead():
            return result.pem.rstrip("\n")
        case CvRead():
            return "\n".join(
                f"{c.place}: {c.issuer} vouches for {c.subject}, {c.judgement.value}" for c in result.certificates
            )
        case CardList():
            return "\n".join(_listed(result))
        case Traced():
            return "\n".join(result.commands) or "The card was asked nothing yet."
        case Done():
            return result.done
        case Failure():
            return f"✗ {result.detail}" + (f"\n  → {result.next_step}" if result.next_step else "")
    return _table(dict(_facts(result)))


def _shown(card: Shown) -> str:
    lines = {"reader": card.reader, "application": card.label, **dict(_certificate(card.certificate))}
    return _table(lines | {"PIN": _tries(card.tries.pin), "password": _tries(card.tries.password)})


def _facts(result: Facts | TokenInfo | Availability) -> Iterator[tuple[str, str]]:
    for field in fields(result):
        value = getattr(result, field.name)
        if isinstance(value, CertificateFacts):
            yield from _certificate(value)
        elif isinstance(value, (TokenInfo, Availability)):
            yield from _facts(value)
        else:
            yield field.name.replace("_", " "), _plain(value)


def _plain(value: object) -> str:
    match value:
        case None:
            return "-"
        case bool():
            return "yes" if value else "no"
        case Enum():
            return str(value.value)
        case date():
            return value.isoformat()
        case tuple():
            return ", ".join(map(str, value)) or "-"
    return str(value)


def _certificate(certificate: CertificateFacts) -> Iterator[tuple[str, str]]:
    yield "certificate", certificate.subject
    yield "issuer", certificate.issuer
    yield "serial", certificate.serial
    yield "key", certificate.key
    dates = f"{certificate.not_before:%Y-%m-%d} to {certificate.not_after:%Y-%m-%d}"
    yield "valid", f"{dates}: {certificate.validity.value}"


def _vouching(line: CvLine) -> str:
    return f"{line.place}: {line.issuer} vouches for {line.subject}, {line.judgement.value}"


def _listed(listed: CardList) -> Iterator[str]:
    yield from (f"{line.reader}: {line.holds}" for line in listed.readers)
    if listed.problem:
        yield f"✗ {listed.problem.detail}\n  → {listed.problem.next_step}"
    for card in listed.cards:
        slot = card["inserted"]
        tries = " ".join(f"{pin}:{card['tries'][pin]}" for pin in ("auth", "sign") if pin in card["tries"])
        yield f"{card['name']:16} {'' if slot is None else f'in reader {slot}':12} {tries}".rstrip()


def _table(lines: dict[str, str]) -> str:
    width = max(map(len, lines))
    return "\n".join(f"{name:{width}} {value}" for name, value in lines.items())


def _tries(left: int | None) -> str:
    if left is None:
        return "not on this card"
    return f"tries left {left}" if left else "blocked"
