"""What can be read from a card without naming its holder: certificates, numbers of the card, its data objects."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from enum import Enum

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import InvalidVersion, load_der_x509_certificate

from drivers.card.certificate_cv import Anchors, CvCertificate
from drivers.card.common import Common
from drivers.card.jpki import Availability, TokenInfo
from drivers.card.juki import Juki
from drivers.card.manager import CardManager
from drivers.card.text import TextSupport
from drivers.card.visual import Visual
from drivers.errors import BadAnswer, Pin
from kiosk.card_deeds import AskPin, NotOnCard, OurCard, application, verify
from kiosk.card_trust import Judgement, knows


class CertificateName(Enum):
    AUTH = "auth"
    AUTH_CA = "auth-ca"
    SIGN = "sign"
    SIGN_CA = "sign-ca"


@dataclass(frozen=True, slots=True)
class CertificateRead:
    reader: str
    certificate: str
    pem: str


@dataclass(frozen=True, slots=True)
class TokenRead:
    reader: str
    token: TokenInfo


@dataclass(frozen=True, slots=True)
class AvailabilityRead:
    reader: str
    certificates: Availability


@dataclass(frozen=True, slots=True)
class CommonRead:
    reader: str
    number: str
    municipality: str
    valid_until: date
    key_id: str
    register_tries: int


@dataclass(frozen=True, slots=True)
class ResidentRead:
    reader: str
    key_id: str
    register_tries: int


@dataclass(frozen=True, slots=True)
class ManagerRead:
    """Objects that a card does not have are None; those not understood are hexadecimal."""

    reader: str
    card_id: str | None
    issuer: str | None
    recognition: str | None
    municipality: str | None
    valid_until: date | None
    key_id: str | None
    contact_atr: str | None


@dataclass(frozen=True, slots=True)
class CvLine:
    """One card-verifiable certificate: that `issuer` says whose key it is."""

    place: str
    issuer: str
    subject: str
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class CvRead:
    reader: str
    certificates: tuple[CvLine, ...]


async def certificate(card: OurCard, name: CertificateName, ask: AskPin) -> CertificateRead:
    """One certificate; the 署名用電子証明書 names its holder and needs the password."""
    if name is CertificateName.SIGN:
        await verify(card.jpki, Pin.DIGITAL_SIGNATURE, ask)
    files = {
        CertificateName.AUTH: card.jpki.auth_certificate,
        CertificateName.AUTH_CA: card.jpki.auth_ca_certificate,
        CertificateName.SIGN: card.jpki.sign_certificate,
        CertificateName.SIGN_CA: card.jpki.sign_ca_certificate,
    }
    return CertificateRead(card.reader, name.value, _pem(await files[name]()))


async def token(card: OurCard) -> TokenRead:
    return TokenRead(card.reader, await card.jpki.token_info())


async def availability(card: OurCard) -> AvailabilityRead:
    return AvailabilityRead(card.reader, await card.jpki.availability())


async def common(card: OurCard) -> CommonRead:
    selected = await application(card, Common)
    number, key = await selected.card_number(), await selected.key_id()
    left = await selected.tries_left(Pin.REGISTER)
    return CommonRead(card.reader, number.number, number.municipality, number.valid_until, str(key), left)


async def resident(card: OurCard) -> ResidentRead:
    selected = await application(card, Juki)
    return ResidentRead(card.reader, str(await selected.key_id()), await selected.tries_left(Pin.REGISTER))


async def manager(card: OurCard) -> ManagerRead:
    data = await (await application(card, CardManager)).data()
    return ManagerRead(
        card.reader,
        card_id=data.card_id,
        issuer=_hex(data.issuer),
        recognition=_hex(data.recognition),
        municipality=data.municipality,
        valid_until=data.valid_until,
        key_id=None if data.key_id is None else str(data.key_id),
        contact_atr=_hex(data.contact_atr),
    )


async def cv_certificates(card: OurCard, anchors: Anchors) -> CvRead:
    """All that can be read without a secret, each judged. Raises NotGenuine."""
    lines, believed = [], dict(anchors)
    async for place, found in _cv_certificates(card):
        judgement = Judgement.NOT_JUDGED
        if knows(believed, found):
            believed[found.subject.raw] = found.checked(believed)
            judgement = Judgement.GENUINE
        lines.append(CvLine(place, str(found.issuer), str(found.subject), judgement))
    return CvRead(card.reader, tuple(lines))


async def _cv_certificates(card: OurCard) -> AsyncIterator[tuple[str, CvCertificate]]:
    """Each before those that its key may have signed."""
    data = await (await application(card, CardManager)).data()
    for place, found in (("card manager", data.certificate), ("card manager, lower", data.lower_certificate)):
        if found is not None:
            yield place, found
    with suppress(NotOnCard):
        yield "text", await (await application(card, TextSupport)).certificate()
    with suppress(NotOnCard):
        yield "face", await (await application(card, Visual)).certificate()


def _pem(der: bytes) -> str:
    try:
        return load_der_x509_certificate(der).public_bytes(Encoding.PEM).decode("ascii")
    except (ValueError, InvalidVersion) as exc:
        raise BadAnswer("no certificate") from exc


def _hex(value: bytes | None) -> str | None:
    return None if value is None else value.hex().upper()
