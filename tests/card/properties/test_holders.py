"""Whatever a holder is called and whenever born: what was issued is what the host reads, and finds genuine."""

from __future__ import annotations

from hypothesis import given

from drivers.card.certificate_cv import Anchors
from drivers.card.common import CardNumber, Common
from drivers.card.holder import birth_date_key, match_number_a, match_number_b
from drivers.card.manager import CardManager
from drivers.card.text import TextSupport
from drivers.card.visual import Visual
from drivers.errors import Pin
from drivers.readers import CardConnection
from drivers.software_card.links.inprocess import InProcessReaders
from drivers.software_card.profile import Holder
from tests.card.faults.operations import typed
from tests.card.properties.holders import PIN, Office, holders
from tests.flow.virtual_time import play


@given(holder=holders())
def test_what_was_issued_is_read(office: Office, holder: Holder) -> None:
    async def story() -> None:
        readers = InProcessReaders()
        readers.insert(office.card(holder))
        card, anchors = await readers.connect(readers.names[0]), office.authority.anchors()
        await reads_text(card, anchors, holder)
        await reads_face(card, anchors, holder)
        await reads_numbers(card, holder)
        await card.close()

    play(story())


async def reads_text(card: CardConnection, anchors: Anchors, holder: Holder) -> None:
    text = await TextSupport.select(card)
    await text.verify(Pin.TEXT_SUPPORT, typed(PIN))
    number, items = await text.number(), await text.four_items()
    (await text.evidence()).check(anchors, number, items)
    assert number.number == holder.number
    assert (items.name, items.address) == (holder.printed_name, holder.address)
    assert (items.birth_date, items.sex.value) == (holder.birth_date, holder.sex)


async def reads_face(card: CardConnection, anchors: Anchors, holder: Holder) -> None:
    """Opened with what is printed on the card, as the host works it out."""
    visual = await Visual.select(card)
    issuer = await visual.issuer(anchors)
    await visual.verify(Pin.BIRTH_DATE, birth_date_key(holder.birth_date))
    age = await visual.age_record()
    age.check(issuer)
    code = match_number_b(holder.birth_date, holder.valid_until.year, holder.security_code)
    await visual.verify(Pin.MATCH_B, code)
    face = await visual.face_record()
    face.check(issuer)
    await visual.authenticate(b"nonce", face.card_key)
    assert age.birth_date == face.birth_date == holder.birth_date
    assert (face.sex.value, face.valid_until) == (holder.sex, holder.valid_until)
    await visual.verify(Pin.MATCH_A, match_number_a(holder.number))
    (await visual.number_record()).check(issuer)


async def reads_numbers(card: CardConnection, holder: Holder) -> None:
    number = await (await Common.select(card)).card_number()
    assert number == CardNumber(holder.card_number, holder.municipality, holder.valid_until)
    data = await (await CardManager.select(card)).data()
    assert (data.municipality, data.valid_until) == (holder.municipality, holder.valid_until)
