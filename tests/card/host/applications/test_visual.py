"""The face application against the software card. Source: card reference, section 3.3."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from cryptography import x509

from drivers.card.certificate_cv import Anchors
from drivers.card.holder import Sex
from drivers.card.pinless import hold_over
from drivers.card.visual import Visual, parse_face
from drivers.errors import BadAnswer, CardRefused, NotGenuine, NotOurCard, Pin, PinWrong
from drivers.readers import CardConnection
from tests.card.host.applications.conftest import inserted, typed

RECORDS = ("age_record", "face_record", "number_record")


@pytest.fixture
async def visual(card: CardConnection) -> Visual:
    return await Visual.select(card)


@pytest.mark.parametrize(
    ("pin", "which", "opens"),
    [
        (Pin.BIRTH_DATE, "birth", {"age_record"}),
        (Pin.MATCH_B, "b", {"face_record"}),
        (Pin.MATCH_A, "a", {"face_record", "number_record"}),
    ],
)
async def test_what_each_secret_opens(visual: Visual, anchors: Anchors, pin: Pin, which: str, opens: set[str]) -> None:
    await visual.verify(pin, typed(which))
    for operation in RECORDS:
        if operation in opens:
            (await getattr(visual, operation)()).check(await visual.issuer(anchors))
            continue
        with pytest.raises(CardRefused) as refused:
            await getattr(visual, operation)()
        assert refused.value.sw == 0x6982


async def test_the_face(visual: Visual) -> None:
    await visual.verify(Pin.MATCH_B, typed("b"))
    face = await visual.face_record()
    assert (face.birth_date, face.sex, face.valid_until) == (date(1944, 5, 3), Sex.FEMALE, date(2035, 5, 3))
    assert all(
        png.startswith(b"\x89PNG\r\n\x1a\n") for png in (face.name_png, face.address_png, face.security_code_png)
    )
    assert face.security_code_png[16:25].hex() == "000000180000000c01", "24 by 12, one bit"
    assert face.photo_jp2[4:12] == b"jP  \r\n\x87\n"
    assert b"no photograph" in face.photo_jp2
    assert b"\xff\x4f\xff\x51" not in face.photo_jp2, "no code stream"


async def test_the_number_is_a_picture_of_72_by_12(visual: Visual) -> None:
    await visual.verify(Pin.MATCH_A, typed("a"))
    assert (await visual.number_record()).number_png[16:25].hex() == "000000480000000c01"


@pytest.mark.parametrize("segment", [0, 32, 64])
async def test_each_segment_of_the_face_is_signed(visual: Visual, anchors: Anchors, segment: int) -> None:
    await visual.verify(Pin.MATCH_B, typed("b"))
    face, issuer = await visual.face_record(), await visual.issuer(anchors)
    digests = bytearray(face.digests)
    digests[segment] ^= 1
    with pytest.raises(NotGenuine):
        replace(face, digests=bytes(digests)).check(issuer)
    with pytest.raises(NotGenuine):
        replace(face, signature=bytes(256)).check(issuer)


@pytest.mark.parametrize(
    ("old", "new", "genuine"),
    [
        (b"19440503", b"19450503", False),
        (b"no glyphs", b"no glyphz", False),
        (b"no photograph", b"no photogroph", False),
        (b"20350503", b"20360503", True),
    ],
    ids=["birth date", "name", "photo", "expiry, not covered"],
)
async def test_what_the_face_signature_covers(
    visual: Visual, anchors: Anchors, old: bytes, new: bytes, genuine: bool
) -> None:
    await visual.verify(Pin.MATCH_B, typed("b"))
    issuer = await visual.issuer(anchors)
    file = await visual._read_object("face record", 0x82, 0xFF20, 0x7FFF)
    assert old in file
    face = parse_face(file.replace(old, new, 1))
    if genuine:
        face.check(issuer)
        return
    with pytest.raises(NotGenuine):
        face.check(issuer)


async def test_a_face_file_cut_is_refused(visual: Visual) -> None:
    await visual.verify(Pin.MATCH_B, typed("b"))
    file = await visual._read_object("face record", 0x82, 0xFF20, 0x7FFF)
    for size in (0, 1, 20, len(file) // 2, len(file) - 1):
        with pytest.raises(BadAnswer):
            parse_face(file[:size])


async def test_all_records_hold_the_same_key_and_the_card_has_it(visual: Visual) -> None:
    await visual.verify(Pin.BIRTH_DATE, typed("birth"))
    await visual.verify(Pin.MATCH_A, typed("a"))
    keys = [(await getattr(visual, operation)()).card_key for operation in RECORDS]
    assert keys[0] == keys[1] == keys[2]
    await visual.authenticate(b"nonce", keys[0])


async def test_held_over_the_reader(card: CardConnection, anchors: Anchors) -> None:
    held = await hold_over(card, typed("birth"), b"nonce", anchors)
    assert held.birth_date == date(1944, 5, 3)
    assert "JPKI-EMU" in x509.load_der_x509_certificate(held.auth_certificate).issuer.rfc4514_string()


async def test_held_over_with_another_birth_date(card: CardConnection, anchors: Anchors) -> None:
    with pytest.raises(PinWrong) as wrong:
        await hold_over(card, typed("190504"), b"nonce", anchors)
    assert (wrong.value.pin, wrong.value.tries_left) == (Pin.BIRTH_DATE, 9)


async def test_held_over_with_nobody_to_vouch(card: CardConnection) -> None:
    with pytest.raises(NotGenuine):
        await hold_over(card, typed("birth"), b"nonce", {})
    assert await (await Visual.select(card)).tries_left(Pin.BIRTH_DATE) == 10


async def test_a_card_without_a_face(data, anchors: Anchors) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(NotOurCard):
        await hold_over(await inserted(data, "child"), typed("birth"), b"nonce", anchors)
