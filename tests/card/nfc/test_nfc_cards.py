"""Cards over NFC, through nfcpy's own driver: what works, and every way in which a card fails."""

from __future__ import annotations

import asyncio
import logging
import threading

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from drivers.card.jpki import Jpki
from drivers.errors import (
    BadAnswer,
    CardError,
    CardGone,
    CardMute,
    NoReader,
    Pin,
    PinWrong,
    ReaderBusy,
    ReaderFault,
)
from drivers.readers.nfc import NfcConnection, NfcReaders
from drivers.software_card.card import SoftwareCard
from drivers.software_card.folder import CardFolder
from drivers.software_card.links.isodep import TypeB
from tests.card.host.scripted import secret
from tests.card.nfc.conftest import QUICK, Field

SELECT = bytes.fromhex("00A4040C0AD392F000260100000001")
READ_CA = bytes.fromhex("00B08B0000")
VERIFY, WRONG = bytes.fromhex("002000980431323334"), bytes.fromhex("002000980439393939")
AUTH = Pin.USER_AUTHENTICATION
SMALL_FRAMES = TypeB(frame_size_code=5)


@pytest.fixture
async def connection(field: Field, readers: NfcReaders, card: SoftwareCard) -> NfcConnection:
    """To a card that is given up quickly, JPKI selected."""
    field.insert(card, QUICK)
    connection = await readers.connect(field.path)
    assert (await connection.transmit(SELECT)).hex() == "9000"
    return connection


@pytest.mark.parametrize("kind", [TypeB(), SMALL_FRAMES])
async def test_the_whole_sign_in(
    field: Field, readers: NfcReaders, card: SoftwareCard, folder: CardFolder, kind: TypeB
) -> None:
    field.insert(card, kind)
    jpki = await Jpki.select(await readers.connect(field.path))
    assert await jpki.tries_left(AUTH) == 3
    with pytest.raises(PinWrong) as wrong:
        await jpki.verify(AUTH, secret(b"9999"))
    assert wrong.value.tries_left == 2
    await jpki.verify(AUTH, secret(b"1234"))
    der = await jpki.auth_certificate()
    assert der == folder.certificate("auth").read_bytes()
    key = x509.load_der_x509_certificate(der).public_key()
    assert isinstance(key, RSAPublicKey)
    key.verify(await jpki.sign_for_authentication(b"nonce"), b"nonce", PKCS1v15(), SHA256())


@pytest.mark.parametrize("kind", [TypeB(), SMALL_FRAMES])
async def test_256_bytes_at_once(
    field: Field, readers: NfcReaders, card: SoftwareCard, folder: CardFolder, kind: TypeB
) -> None:
    field.insert(card, kind)
    connection = await readers.connect(field.path)
    await connection.transmit(SELECT)
    answer = await connection.transmit(READ_CA)
    assert answer == folder.ca_certificate("auth").read_bytes()[:256] + b"\x90\x00"


@pytest.mark.parametrize("kind", [TypeB(), SMALL_FRAMES])
async def test_an_extended_command_reaches_the_card_whole(
    field: Field, readers: NfcReaders, card: SoftwareCard, kind: TypeB
) -> None:
    field.insert(card, kind)
    connection = await readers.connect(field.path)
    command = bytes.fromhex("802A0080000400") + bytes(range(256)) * 4 + bytes.fromhex("0000")
    answer = await connection.transmit(command)
    assert field.exchange.commands[-1] == command
    assert len(answer) == 2


async def test_a_card_that_takes_its_time(connection: NfcConnection, field: Field) -> None:
    """Longer than all the reader's attempts together: it has to ask for more."""
    field.fail("delay=500ms")
    assert (await connection.transmit(VERIFY)).hex() == "9000"


async def test_a_card_that_takes_too_long(connection: NfcConnection, field: Field) -> None:
    field.fail("delay=60s")
    began = asyncio.get_running_loop().time()
    with pytest.raises(CardMute):
        await connection.transmit(VERIFY, deadline_s=0.5)
    assert asyncio.get_running_loop().time() - began < 2
    await connection.close()


@pytest.mark.parametrize(
    ("rule", "error", "tries_left"),
    [
        ("remove", CardGone, 3),
        ("remove-during", CardGone, 2),
        ("remove-after", CardGone, 2),
        ("mute", CardMute, 2),
        ("garbage", None, 2),
        ("truncate", BadAnswer, 2),
        ("truncate=0", BadAnswer, 2),
    ],
)
async def test_a_fault_costs_one_try_at_most_and_a_fresh_card_works(
    connection: NfcConnection,
    field: Field,
    readers: NfcReaders,
    card: SoftwareCard,
    rule: str,
    error: type[CardError] | None,
    tries_left: int,
) -> None:
    field.fail(f"apdu=0:{rule}")
    if error is None:
        assert (await connection.transmit(WRONG)).hex() == "9c3d"
    else:
        with pytest.raises(error):
            await connection.transmit(WRONG)
    assert card.counters.left("auth") == tries_left
    assert [command for command in field.exchange.commands if command == WRONG] == [WRONG], "never sent again"
    await connection.close()
    if error is CardGone:
        field.insert(card)
    again = await readers.connect(field.path)
    assert await (await Jpki.select(again)).tries_left(AUTH) == tries_left


@pytest.mark.parametrize(("rule", "error"), [("remove", CardGone), ("mute", CardMute)])
async def test_a_lost_connection_stays_lost(
    connection: NfcConnection, field: Field, card: SoftwareCard, rule: str, error: type[CardError]
) -> None:
    field.fail(f"apdu=0:{rule}")
    for _ in range(2):
        with pytest.raises(error):
            await connection.transmit(SELECT)
        if error is CardGone:
            field.insert(card)
    assert len(field.exchange.commands) == 2


async def test_a_card_lifted_and_put_back_has_forgotten_everything(
    connection: NfcConnection, field: Field, readers: NfcReaders, card: SoftwareCard
) -> None:
    await connection.transmit(VERIFY)
    field.remove()
    field.insert(card, QUICK)
    with pytest.raises(CardGone):
        await connection.transmit(READ_CA)
    await connection.close()
    again = await readers.connect(field.path)
    assert (await again.transmit(READ_CA)).hex() != "9000", "no application is selected"


async def test_closing_takes_the_power(connection: NfcConnection, field: Field, card: SoftwareCard) -> None:
    assert card.powered
    await connection.close()
    await connection.close()
    assert not card.powered
    with pytest.raises(ReaderFault):
        await connection.transmit(SELECT)


async def test_closing_in_the_middle_of_a_command(
    connection: NfcConnection, field: Field, readers: NfcReaders, card: SoftwareCard
) -> None:
    """As a visit does that is cancelled: the card asks for more time and is not given it."""
    field.fail("apdu=0:delay=60s")
    field.exchange.heard.clear()
    command = asyncio.create_task(connection.transmit(VERIFY))
    await field.exchange.heard.wait()
    command.cancel()
    await connection.close()
    assert not card.powered
    assert (await (await readers.connect(field.path)).transmit(SELECT)).hex() == "9000"


async def test_nothing_to_connect_to(field: Field, readers: NfcReaders) -> None:
    with pytest.raises(NoReader):
        await readers.connect("udp:elsewhere:1")
    with pytest.raises(CardGone):
        await readers.connect(field.path)


async def test_one_connection_at_a_time(connection: NfcConnection, field: Field, readers: NfcReaders) -> None:
    with pytest.raises(ReaderBusy):
        await readers.connect(field.path)
    await connection.close()
    await readers.connect(field.path)


async def test_the_caller_may_wipe_its_command_at_once(connection: NfcConnection, field: Field) -> None:
    command = bytearray(VERIFY)
    task = asyncio.create_task(connection.transmit(command))
    await asyncio.sleep(0)  # lets the task begin: it has its copy now
    command[:] = bytes(len(command))
    assert (await task).hex() == "9000"
    assert field.exchange.commands[-1] == VERIFY


async def test_no_pin_in_any_log(connection: NfcConnection, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(1):
        await connection.transmit(VERIFY)
    assert not [record for record in caplog.records if "31323334" in record.getMessage()]
    assert logging.getLogger("nfc.tag.tt4").getEffectiveLevel() >= logging.CRITICAL


async def test_close_ends_connections_and_threads(field: Field, card: SoftwareCard) -> None:
    threads = threading.active_count()
    readers = NfcReaders(field.path)
    field.insert(card)
    connection = await readers.connect(field.path)
    await connection.transmit(SELECT)
    await readers.close()
    assert not card.powered
    assert threading.active_count() == threads
