"""Common and resident application, card manager, terminal authentication, against the software card."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from drivers.card.application import CardApplication
from drivers.card.certificate_cv import Anchors, KeyId, check_signature, parse_certificate
from drivers.card.common import CardNumber, Common
from drivers.card.jpki import Jpki
from drivers.card.juki import Juki
from drivers.card.manager import CardManager
from drivers.card.terminal import SimulatedTerminalAuthentication, TerminalAuthentication
from drivers.errors import BadAnswer, CardRefused, NotGenuine, Pin, PinWrong
from drivers.readers import CardConnection
from drivers.software_card.cv_authority import FACE, TERMINALS, CvAuthority, read_key
from drivers.software_card.folder import card_folder
from drivers.software_card.profile import ATRS, Atr
from tests.card.host.applications.conftest import inserted, typed

TERMINAL_KEY = generate_private_key(65537, 2048)


async def test_the_card_number(card: CardConnection) -> None:
    common = await Common.select(card)
    assert await common.card_number() == CardNumber("900000000000001", "99001", date(2035, 5, 3))
    assert (await common.key_id()).authority == "9000020"


async def test_the_common_key_signs_for_anybody(card: CardConnection, data: Path) -> None:
    signature = await (await Common.select(card)).internal_authenticate(b"challenge")
    key = read_key(card_folder(data, "adult").key("common")).public_key()
    check_signature("common", key, signature, b"challenge")


@pytest.mark.parametrize("application", [Common, Juki])
async def test_the_register_pin_is_kept_twice(data: Path, application: type[CardApplication]) -> None:
    await (await application.select(await inserted(data))).change(Pin.REGISTER, typed("1234"), typed("5678"))
    for each in (Common, Juki):
        selected = await each.select(await inserted(data))
        await selected.verify(Pin.REGISTER, typed("5678" if each is application else "1234"))
        with pytest.raises(PinWrong) as wrong:
            await selected.verify(Pin.REGISTER, typed("0000"))
        assert wrong.value.pin is Pin.REGISTER


async def test_the_resident_application_has_a_key_id(card: CardConnection) -> None:
    assert str(await (await Juki.select(card)).key_id()) == "9000020-001-00000001"


async def test_the_manager(card: CardConnection, anchors: Anchors) -> None:
    data = await (await CardManager.select(card)).data()
    assert (data.card_id, data.municipality, data.valid_until) == ("JPKI-EMU-adult", "99001", date(2035, 5, 3))
    assert data.contact_atr == ATRS[Atr.CONTACT]
    assert data.certificate is not None
    assert data.certificate.subject == data.key_id
    assert (data.issuer, data.recognition) == (None, None)


async def test_the_managers_chain(card: CardConnection, data: Path, anchors: Anchors) -> None:
    found = await (await CardManager.select(card)).data()
    assert found.certificate is not None
    assert found.lower_certificate is not None
    assert found.lower_certificate.issuer == found.key_id
    common = read_key(card_folder(data, "adult").key("common")).public_key()
    assert found.checked(anchors) == found.lower_certificate.key == common
    older = replace(found, lower_certificate=None)
    assert older.checked(anchors) == found.certificate.key
    assert replace(older, certificate=None).checked(anchors) is None
    for broken in (
        replace(found, certificate=replace(found.certificate, signature=bytes(256))),
        replace(found, lower_certificate=replace(found.lower_certificate, signature=bytes(256))),
        replace(found, lower_certificate=replace(found.lower_certificate, issuer=KeyId(bytes(16)))),
    ):
        with pytest.raises(NotGenuine):
            broken.checked(anchors)


async def test_a_bare_card_has_fewer_objects(data: Path) -> None:
    found = await (await CardManager.select(await inserted(data, "child"))).data()
    assert (found.municipality, found.certificate, found.key_id) == ("99999", None, None)


# --- CV certificates


def test_a_certificate_is_568_bytes_in_the_known_layout(authority: CvAuthority) -> None:
    encoded = authority.certificate(FACE)
    assert (len(encoded), encoded[:5].hex(), encoded[5:10].hex()) == (568, "7f21820233", "5f4e820129")
    certificate = parse_certificate(encoded)
    assert (len(certificate.signed), certificate.issuer.authority, certificate.subject.authority) == (
        297, "9000023", "9000100",
    )  # fmt: skip


def test_certificates_that_are_none(authority: CvAuthority, anchors: Anchors) -> None:
    encoded = authority.certificate(FACE)
    for wrong in (b"", encoded[:-1], encoded + b"\0", b"\x30" + encoded[1:]):
        with pytest.raises(BadAnswer):
            parse_certificate(wrong)
    certificate = parse_certificate(encoded)
    for forged in (
        replace(certificate, signature=bytes(256)),
        replace(certificate, signed=certificate.signed[:-1] + b"\0"),
        replace(certificate, issuer=KeyId(b"5" + certificate.issuer.raw[1:])),
    ):
        with pytest.raises(NotGenuine):
            forged.checked(anchors)


# --- the simulated terminal


async def test_a_known_terminal_signs_without_the_pin(card: CardConnection, authority: CvAuthority) -> None:
    certificate = authority.certificate(TERMINALS, "9000200", TERMINAL_KEY.public_key())
    terminal: TerminalAuthentication = SimulatedTerminalAuthentication(certificate, TERMINAL_KEY)
    jpki = await Jpki.select(card)
    await terminal.authenticate(jpki)
    assert len(await jpki.sign_for_authentication(b"m")) == 256
    with pytest.raises(CardRefused):
        await jpki.sign_document(b"m")
    jpki = await Jpki.select(card)
    with pytest.raises(CardRefused) as refused:
        await jpki.sign_for_authentication(b"m")
    assert refused.value.sw == 0x6982


@pytest.mark.parametrize("issuer", [FACE, TERMINALS], ids=["another authority", "another key"])
async def test_a_terminal_nobody_vouched_for(card: CardConnection, authority: CvAuthority, issuer: str) -> None:
    key = authority.office if issuer == TERMINALS else TERMINAL_KEY
    certificate = authority.certificate(issuer, "9000200", TERMINAL_KEY.public_key())
    jpki = await Jpki.select(card)
    with pytest.raises(CardRefused):
        await SimulatedTerminalAuthentication(certificate, key).authenticate(jpki)
    with pytest.raises(CardRefused):
        await jpki.sign_for_authentication(b"m")
