"""What can be read from a card about its holder: text, face and birth date, each with what vouches for it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path

from drivers.card.certificate_cv import Anchors
from drivers.card.text import FourItems, Number, TextSupport
from drivers.card.visual import AgeRecord, FaceRecord, NumberRecord, Visual
from drivers.errors import Pin
from kiosk.card_deeds import AskPin, OurCard, application, verify
from kiosk.card_trust import Judgement, knows

_SHOWN = 4
"""Digits of an individual number that are shown when the whole is not."""


class TextKey(Enum):
    """What opens the text: the PIN both parts, match number A the individual number, B the four items."""

    PIN = "pin"
    A = "a"
    B = "b"


class FaceKey(Enum):
    """What opens the face: match number A or B; A the picture of the individual number, too."""

    A = "a"
    B = "b"


_TEXT_PIN = {TextKey.PIN: Pin.TEXT_SUPPORT, TextKey.A: Pin.MATCH_A, TextKey.B: Pin.MATCH_B}
_FACE_PIN = {FaceKey.A: Pin.MATCH_A, FaceKey.B: Pin.MATCH_B}


@dataclass(frozen=True, slots=True)
class TextRead:
    """What the key does not open is None."""

    reader: str
    number: str | None
    name: str | None
    address: str | None
    birth_date: date | None
    sex: str | None
    """JIS X 0303: 1 male, 2 female, 9 not applicable, 0 unknown."""
    integrity: Judgement


@dataclass(frozen=True, slots=True)
class FaceRead:
    reader: str
    birth_date: date
    sex: str
    valid_until: date
    expired: bool
    signatures: Judgement
    """Of birth date, sex, name, address and photo; valid_until and the security code are not signed by anybody."""
    holds_its_key: bool
    """The card signed a fresh challenge with the key that the face names."""
    pictures: tuple[str, ...]
    """Files written."""


@dataclass(frozen=True, slots=True)
class AgeRead:
    reader: str
    birth_date: date
    signature: Judgement
    holds_its_key: bool


async def text(card: OurCard, key: TextKey, whole_number: bool, ask: AskPin, anchors: Anchors) -> TextRead:
    """Read what `key` opens and check it. Raises NotGenuine; nothing is told of a text that was changed."""
    selected = await application(card, TextSupport)
    await verify(selected, _TEXT_PIN[key], ask)
    number = await selected.number() if key is not TextKey.B else None
    items = await selected.four_items() if key is not TextKey.A else None
    judgement = await _judge_text(selected, number, items, anchors)
    shown = None
    if number is not None:
        shown = number.number if whole_number else masked(number.number)
    if items is None:
        return TextRead(card.reader, shown, None, None, None, None, judgement)
    return TextRead(card.reader, shown, items.name, items.address, items.birth_date, items.sex.value, judgement)


async def _judge_text(
    selected: TextSupport, number: Number | None, items: FourItems | None, anchors: Anchors
) -> Judgement:
    evidence = await selected.evidence()
    if not knows(anchors, evidence.certificate):
        return Judgement.NOT_JUDGED
    evidence.check(anchors, number, items)
    return Judgement.GENUINE


async def face(
    card: OurCard, key: FaceKey, ask: AskPin, anchors: Anchors, nonce: bytes, today: date, out: Path | None
) -> FaceRead:
    """Read the face, check it, have the card sign `nonce`; pictures go to the folder `out`. Raises NotGenuine."""
    selected = await application(card, Visual)
    await verify(selected, _FACE_PIN[key], ask)
    record = await selected.face_record()
    number = await selected.number_record() if key is FaceKey.A else None
    judgement = await _judge_visual(selected, anchors, record, number)
    await selected.authenticate(nonce, record.card_key)
    return FaceRead(
        card.reader,
        birth_date=record.birth_date,
        sex=record.sex.value,
        valid_until=record.valid_until,
        expired=record.valid_until < today,
        signatures=judgement,
        holds_its_key=True,
        pictures=() if out is None else _save(out, _pictures(record, number)),
    )


async def age(card: OurCard, ask: AskPin, anchors: Anchors, nonce: bytes) -> AgeRead:
    """Read the birth date by the birth-date key, check it, have the card sign `nonce`. Raises NotGenuine."""
    selected = await application(card, Visual)
    await verify(selected, Pin.BIRTH_DATE, ask)
    record = await selected.age_record()
    judgement = await _judge_visual(selected, anchors, record)
    await selected.authenticate(nonce, record.card_key)
    return AgeRead(card.reader, record.birth_date, judgement, holds_its_key=True)


async def _judge_visual(
    selected: Visual, anchors: Anchors, *records: AgeRecord | FaceRecord | NumberRecord | None
) -> Judgement:
    certificate = await selected.certificate()
    if not knows(anchors, certificate):
        return Judgement.NOT_JUDGED
    issuer = certificate.checked(anchors)
    for record in records:
        if record is not None:
            record.check(issuer)
    return Judgement.GENUINE


def masked(number: str) -> str:
    """All but the last digits hidden."""
    return "*" * (len(number) - _SHOWN) + number[-_SHOWN:]


def _pictures(record: FaceRecord, number: NumberRecord | None) -> dict[str, bytes]:
    pictures = {
        "photo.jp2": record.photo_jp2,
        "name.png": record.name_png,
        "address.png": record.address_png,
        "security-code.png": record.security_code_png,
    }
    return pictures if number is None else {**pictures, "number.png": number.number_png}


def _save(folder: Path, pictures: dict[str, bytes]) -> tuple[str, ...]:
    """Files for their owner alone. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in pictures.items():
        with open(folder / name, "wb", opener=_owners_alone) as file:
            file.write(content)
    return tuple(str(folder / name) for name in pictures)


def _owners_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
