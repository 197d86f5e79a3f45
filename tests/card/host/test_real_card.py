"""The whole host side with the real software card: one sign-in behind pcscd, one over the control socket."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from drivers.card.jpki import Jpki
from drivers.errors import CardGone, CardRefused, NotOurCard, Pin, PinBlocked, PinWrong
from drivers.readers import CardAway, CardHere, ReaderHere, Readers, ServiceHere
from drivers.readers.direct import find
from drivers.readers.pcsc import PcscReaders
from drivers.software_card.blank import make_blank
from drivers.software_card.control_client import CardBox
from tests.card.host.scripted import secret
from tests.card.host.told import Told, listening
from tests.card.software.issuer import issue_all
from tests.card.software.running import running_box
from tests.pcsc import PrivatePcscd

AUTH = Pin.USER_AUTHENTICATION
MESSAGE = b"origin and nonce"
MOST_APDUS = 12


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("issued")
    issue_all([make_blank(data, "adult")])
    make_blank(data, "other-card")
    return data


@pytest.fixture
def data(issued: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(issued, tmp_path / "data"))


@pytest.fixture
def direct(data: Path) -> Iterator[CardBox]:
    with running_box(data):
        yield CardBox(data)


async def test_sign_in_over_pcsc(data: Path, pcscd: PrivatePcscd, readers: PcscReaders, told: Told, slot: str) -> None:
    with running_box(data, "--vpcd", pcscd.vpcd):
        await _visit(CardBox(data), readers, told, slot)


async def test_sign_in_without_a_card_service(data: Path, direct: CardBox) -> None:
    readers = find(data)
    async with listening(readers) as told:
        await told.hear(ServiceHere(), ReaderHere("Direct 0"), ReaderHere("Direct 1"))
        await _visit(direct, readers, told, "Direct 0")
    await readers.close()


async def _visit(box: CardBox, readers: Readers, told: Told, slot: str) -> None:
    box.insert("adult")
    await told.hear(CardHere(slot))
    connection = await readers.connect(slot)
    jpki = await Jpki.select(connection)
    assert await jpki.tries_left(AUTH) == 3
    certificate = x509.load_der_x509_certificate(await jpki.auth_certificate())
    await jpki.verify(AUTH, secret())
    signature = await jpki.sign_for_authentication(MESSAGE)
    key = certificate.public_key()
    assert isinstance(key, RSAPublicKey)
    key.verify(signature, MESSAGE, PKCS1v15(), SHA256())
    assert box.trace()["apdus"] <= MOST_APDUS
    box.remove()
    await told.hear(CardAway(slot))
    with pytest.raises(CardGone):
        await jpki.tries_left(AUTH)
    await connection.close()


async def test_tries_are_counted_down_to_the_block(data: Path, direct: CardBox) -> None:
    readers = find(data)
    direct.insert("adult")
    connection = await readers.connect("Direct 0")
    jpki = await Jpki.select(connection)
    for left in (2, 1):
        with pytest.raises(PinWrong) as wrong:
            await jpki.verify(AUTH, secret(b"0000"))
        assert wrong.value.tries_left == left == await jpki.tries_left(AUTH)
    with pytest.raises(PinBlocked):
        await jpki.verify(AUTH, secret(b"0000"))
    with pytest.raises(PinBlocked):
        await jpki.verify(AUTH, secret())
    assert await jpki.tries_left(AUTH) == 0
    assert await jpki.tries_left(Pin.DIGITAL_SIGNATURE) == 5
    await connection.close()
    await readers.close()


async def test_nothing_stays_verified_after_close(data: Path, direct: CardBox) -> None:
    readers = find(data)
    direct.insert("adult")
    connection = await readers.connect("Direct 0")
    await (await Jpki.select(connection)).verify(AUTH, secret())
    await connection.close()
    again = await readers.connect("Direct 0")
    with pytest.raises(CardRefused):
        await (await Jpki.select(again)).sign_for_authentication(MESSAGE)
    await again.close()
    await readers.close()


async def test_a_foreign_card(data: Path, direct: CardBox) -> None:
    readers = find(data)
    direct.insert("other-card", 1)
    connection = await readers.connect("Direct 1")
    with pytest.raises(NotOurCard):
        await Jpki.select(connection)
    await connection.close()
    await readers.close()
