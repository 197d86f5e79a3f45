"""Cards in PC/SC readers, on a real pcscd: powered, asked, taken away in every moment, mute, held by others."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest
from smartcard import scard

from drivers.card.jpki import Jpki
from drivers.errors import CardGone, CardMute, NoReader, NotOurCard, Pin, ReaderFault, ServiceDown
from drivers.readers import CardAway, CardHere, pcsc
from drivers.readers.pcsc import PcscReaders
from drivers.secret import Secret
from tests.card.host.threads import end_of_card_threads
from tests.card.host.told import DEADLINE_S, Told
from tests.card.host.vpcd_card import MUTE, OK, VpcdCard
from tests.pcsc import PrivatePcscd

COMMAND = bytes.fromhex("00200098")
VERIFY = bytes.fromhex("002000980431323334")


async def test_commands_and_answers_pass_unchanged(readers: PcscReaders, card: VpcdCard, slot: str) -> None:
    card.answer = lambda _: bytes(range(256)) + OK
    connection = await readers.connect(slot)
    assert connection.reader == slot
    assert await connection.transmit(bytearray(range(4, 24))) == bytes(range(256)) + OK
    assert card.commands == [bytes(range(4, 24))]
    await connection.close()


async def test_close_leaves_the_card_without_power(readers: PcscReaders, card: VpcdCard, slot: str) -> None:
    connection = await readers.connect(slot)
    await connection.transmit(COMMAND)
    await connection.close()
    assert card.is_off()


async def test_closing_the_readers_closes_what_is_open(pcscd: PrivatePcscd, card: VpcdCard, slot: str) -> None:
    threads = threading.active_count()
    readers = PcscReaders()
    connection = await readers.connect(slot)
    await connection.transmit(COMMAND)
    await readers.close()
    assert card.is_off()
    assert threading.active_count() == threads
    with pytest.raises(ReaderFault):
        await connection.transmit(COMMAND)


async def test_closing_twice_is_quiet(readers: PcscReaders, card: VpcdCard, slot: str) -> None:
    connection = await readers.connect(slot)
    await connection.close()
    await connection.close()


async def test_a_hundred_connections_leave_no_thread(readers: PcscReaders, card: VpcdCard, slot: str) -> None:
    threads = threading.active_count()
    for _ in range(100):
        connection = await readers.connect(slot)
        await connection.close()
    assert threading.active_count() == threads


async def test_no_card(readers: PcscReaders, told: Told, slot: str) -> None:
    with pytest.raises(CardGone):
        await readers.connect(slot)


async def test_no_such_reader(readers: PcscReaders, told: Told) -> None:
    with pytest.raises(NoReader):
        await readers.connect("No such reader")


async def test_no_service(pcscd: PrivatePcscd, readers: PcscReaders, slot: str) -> None:
    pcscd.stop()
    with pytest.raises(ServiceDown):
        await readers.connect(slot)


async def test_a_foreign_card(readers: PcscReaders, card: VpcdCard, slot: str) -> None:
    card.answer = lambda _: bytes.fromhex("6A82")
    connection = await readers.connect(slot)
    with pytest.raises(NotOurCard):
        await Jpki.select(connection)
    await connection.close()


async def test_removed_while_idle(readers: PcscReaders, told: Told, card: VpcdCard, slot: str) -> None:
    connection = await readers.connect(slot)
    card.remove()
    with pytest.raises(CardGone):
        await connection.transmit(COMMAND)
    await told.hear(CardAway(slot))
    with pytest.raises(CardGone):
        await connection.transmit(COMMAND)
    await connection.close()


async def test_removed_in_the_middle_of_verify(readers: PcscReaders, card: VpcdCard, slot: str) -> None:
    """Not a wrong PIN, and asked only once."""
    connection = await readers.connect(slot)
    jpki = await Jpki.select(connection)
    card.answer = lambda _: None
    with Secret() as pin:
        pin.add(0x31)
        with pytest.raises(CardGone):
            await jpki.verify(Pin.USER_AUTHENTICATION, pin)
    assert card.commands[1:] == [bytes.fromhex("002000980131")]
    await connection.close()


async def test_replaced_under_a_connection(
    pcscd: PrivatePcscd, readers: PcscReaders, told: Told, card: VpcdCard, slot: str
) -> None:
    """The next card never gets a command that was meant for the one before."""
    connection = await readers.connect(slot)
    await connection.transmit(COMMAND)
    card.remove()
    with VpcdCard(pcscd.slot(0)) as another:
        await told.hear(CardAway(slot), CardHere(slot))
        with pytest.raises(CardGone):
            await connection.transmit(COMMAND)
        assert another.commands == []
        await connection.close()
        fresh = await readers.connect(slot)
        await fresh.transmit(COMMAND)
        assert another.commands == [COMMAND]
        await fresh.close()


async def test_the_service_dies_under_a_connection(
    pcscd: PrivatePcscd, readers: PcscReaders, slot: str, card: VpcdCard
) -> None:
    connection = await readers.connect(slot)
    pcscd.kill()
    with pytest.raises(ServiceDown):
        await connection.transmit(COMMAND)
    await connection.close()


async def test_a_card_that_cannot_be_powered(pcscd: PrivatePcscd, readers: PcscReaders, told: Told, slot: str) -> None:
    with VpcdCard(pcscd.slot(0), atr=bytes.fromhex("FFFF")):
        await told.hear(CardHere(slot))
        with pytest.raises(CardMute):
            await readers.connect(slot)


async def test_a_mute_card(
    pcscd: PrivatePcscd, readers: PcscReaders, told: Told, card: VpcdCard, slot: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The deadline holds, the other reader works meanwhile, and the thread left behind ends when the card leaves."""
    card.answer = lambda _: MUTE
    connection = await readers.connect(slot)
    began = time.monotonic()
    with pytest.raises(CardMute):
        await connection.transmit(COMMAND, deadline_s=0.3)
    assert 0.3 <= time.monotonic() - began < 2
    await _use(pcscd, readers, told)
    with monkeypatch.context() as hurried:
        hurried.setattr(pcsc, "_PATIENCE_S", 0.2)
        await connection.close()
        hurried.setattr(pcsc, "_BUSY_WAIT_S", 0.2)
        with pytest.raises(CardMute):  # not ReaderBusy: no other program is to blame
            await readers.connect(slot)
    card.remove()
    await told.hear(CardAway(slot))
    end_of_card_threads()


async def _use(pcscd: PrivatePcscd, readers: PcscReaders, told: Told) -> None:
    """The second reader works."""
    with VpcdCard(pcscd.slot(1)) as card:
        await told.hear(CardHere(pcscd.readers[1]))
        connection = await readers.connect(pcscd.readers[1])
        await connection.transmit(COMMAND)
        await connection.close()
        assert card.commands == [COMMAND]
    await told.hear(CardAway(pcscd.readers[1]))


async def test_a_card_that_fails_and_stays_is_mute(
    readers: PcscReaders, card: VpcdCard, slot: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = await readers.connect(slot)
    monkeypatch.setattr(scard, "SCardTransmit", lambda *_: [scard.SCARD_E_NOT_TRANSACTED, []])
    with pytest.raises(CardMute):
        await connection.transmit(COMMAND)
    await connection.close()


class Slow:
    """A card's answer that takes until `go_on`."""

    def __init__(self) -> None:
        self.asked, self.go_on = threading.Event(), threading.Event()

    def __call__(self, _: bytes) -> bytes:
        self.asked.set()
        self.go_on.wait(DEADLINE_S)
        return OK


async def test_a_command_given_up_before_its_turn_is_never_sent(
    readers: PcscReaders, card: VpcdCard, slot: str
) -> None:
    card.answer = slow = Slow()
    connection = await readers.connect(slot)
    first = asyncio.create_task(connection.transmit(COMMAND))
    await asyncio.to_thread(slow.asked.wait)
    second = asyncio.create_task(connection.transmit(VERIFY))
    await asyncio.sleep(0)  # the second waits for its turn now
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    slow.go_on.set()
    assert await first == OK
    assert await connection.transmit(COMMAND) == OK
    assert card.commands == [COMMAND, COMMAND]
    await connection.close()


async def test_a_command_is_sent_as_it_was_when_it_was_given(readers: PcscReaders, card: VpcdCard, slot: str) -> None:
    """A caller that gives up wipes its PIN; what the card hears must not be the zeros."""
    card.answer = slow = Slow()
    connection = await readers.connect(slot)
    first = asyncio.create_task(connection.transmit(COMMAND))
    await asyncio.to_thread(slow.asked.wait)
    buffer = bytearray(VERIFY)
    second = asyncio.create_task(connection.transmit(buffer))
    await asyncio.sleep(0)
    buffer[5:] = bytes(4)
    slow.go_on.set()
    await asyncio.gather(first, second)
    assert card.commands == [COMMAND, VERIFY]
    await connection.close()


async def test_giving_up_a_connect_leaves_nothing(readers: PcscReaders, card: VpcdCard, slot: str) -> None:
    connecting = asyncio.create_task(readers.connect(slot))
    await asyncio.sleep(0)
    connecting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await connecting
    connection = await readers.connect(slot)
    await connection.transmit(COMMAND)
    await connection.close()
    end_of_card_threads()
