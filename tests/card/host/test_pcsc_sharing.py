"""The card between this program and others, on a real pcscd."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from smartcard import scard

from drivers.errors import CardGone, ReaderBusy
from drivers.readers.pcsc import PcscReaders
from tests.card.host.threads import end_of_card_threads
from tests.card.host.vpcd_card import RESET, VpcdCard

COMMAND = bytes.fromhex("00200098")


async def test_another_program_lets_go_in_time(readers: PcscReaders, card: VpcdCard, slot: str) -> None:
    with another_program(slot, scard.SCARD_SHARE_SHARED) as let_go:
        connecting = asyncio.create_task(readers.connect(slot))
        asyncio.get_running_loop().call_later(0.5, let_go)
        connection = await connecting
    await connection.transmit(COMMAND)
    await connection.close()


@pytest.mark.parametrize("share", [scard.SCARD_SHARE_SHARED, scard.SCARD_SHARE_EXCLUSIVE])
async def test_another_program_keeps_the_card(readers: PcscReaders, card: VpcdCard, slot: str, share: int) -> None:
    """Busy after about 3 s; and when it lets go at last, its card is left as it is."""
    with another_program(slot, share):
        began = time.monotonic()
        with pytest.raises(ReaderBusy):
            await readers.connect(slot)
        assert 2.9 <= time.monotonic() - began < 5
        powered = len(card.power)
    end_of_card_threads()
    connection = await readers.connect(slot)
    await connection.transmit(COMMAND)
    assert card.power[powered:] == []
    await connection.close()


async def test_nobody_comes_between_two_commands(readers: PcscReaders, card: VpcdCard, slot: str) -> None:
    connection = await readers.connect(slot)
    await connection.transmit(COMMAND)
    came = asyncio.create_task(asyncio.to_thread(_come_and_go, slot))
    await asyncio.wait({came}, timeout=0.5)
    assert not came.done()
    await connection.close()
    assert await came == scard.SCARD_S_SUCCESS


async def test_another_program_resets_the_card_while_it_is_taken(
    readers: PcscReaders, card: VpcdCard, slot: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the connect and the transaction: the card still lies there, so it is simply taken once more."""
    begin, resets = scard.SCardBeginTransaction, iter([True])

    def reset_first(handle: int) -> int:
        if next(resets, False):
            _reset(slot)
        return int(begin(handle))

    monkeypatch.setattr(scard, "SCardBeginTransaction", reset_first)
    connection = await readers.connect(slot)
    assert await connection.transmit(COMMAND) == bytes.fromhex("9000")
    assert RESET in card.power
    await connection.close()


async def test_another_program_cannot_reset_a_card_in_use(readers: PcscReaders, card: VpcdCard, slot: str) -> None:
    connection = await readers.connect(slot)
    await connection.transmit(COMMAND)
    resetting = asyncio.create_task(asyncio.to_thread(_reset, slot))
    await asyncio.wait({resetting}, timeout=0.5)
    assert RESET not in card.power
    assert await connection.transmit(COMMAND) == bytes.fromhex("9000")
    await connection.close()
    await resetting


async def test_a_card_reset_all_the_same_counts_as_gone(
    readers: PcscReaders, card: VpcdCard, slot: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it had selected and verified is lost; the kiosk takes it up again on a new connection."""
    connection = await readers.connect(slot)
    with monkeypatch.context() as reset:
        reset.setattr(scard, "SCardTransmit", lambda *_: [scard.SCARD_W_RESET_CARD, []])
        with pytest.raises(CardGone):
            await connection.transmit(COMMAND)
    await connection.close()
    again = await readers.connect(slot)
    assert await again.transmit(COMMAND) == bytes.fromhex("9000")
    await again.close()


def _reset(slot: str) -> None:
    """Be another program that resets the card."""
    _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    code, handle, _ = scard.SCardConnect(context, slot, scard.SCARD_SHARE_SHARED, scard.SCARD_PROTOCOL_T1)
    assert code == scard.SCARD_S_SUCCESS
    scard.SCardReconnect(handle, scard.SCARD_SHARE_SHARED, scard.SCARD_PROTOCOL_T1, scard.SCARD_RESET_CARD)
    scard.SCardDisconnect(handle, scard.SCARD_LEAVE_CARD)
    scard.SCardReleaseContext(context)


def _come_and_go(slot: str) -> int:
    """Be another program that connects to the card; the return code."""
    _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    code, handle, _ = scard.SCardConnect(context, slot, scard.SCARD_SHARE_SHARED, scard.SCARD_PROTOCOL_T1)
    scard.SCardDisconnect(handle, scard.SCARD_LEAVE_CARD)
    scard.SCardReleaseContext(context)
    return int(code)


@contextmanager
def another_program(slot: str, share: int) -> Iterator[Callable[[], None]]:
    """Another program that holds the card in a transaction until the block ends, or the function is called."""
    _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    code, handle, _ = scard.SCardConnect(context, slot, share, scard.SCARD_PROTOCOL_T1)
    assert code == scard.SCARD_S_SUCCESS
    scard.SCardBeginTransaction(handle)

    def let_go() -> None:
        scard.SCardEndTransaction(handle, scard.SCARD_LEAVE_CARD)
        scard.SCardDisconnect(handle, scard.SCARD_LEAVE_CARD)

    yield let_go
    let_go()
    scard.SCardReleaseContext(context)
