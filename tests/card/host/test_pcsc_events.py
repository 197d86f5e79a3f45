"""What PC/SC readers tell, on a real pcscd."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest
from smartcard import scard

from drivers.errors import ServiceCause, ServiceDown
from drivers.readers import (
    CardAway,
    CardHere,
    ReaderAway,
    ReaderEvent,
    ReaderHere,
    ServiceAway,
    ServiceHere,
    pcsc,
    pcsc_watch,
)
from drivers.readers.pcsc import PcscReaders
from drivers.readers.scard import Context, insertion
from tests.card.host.restarts import SEEN_AGAIN_S, restart
from tests.card.host.threads import end_of_card_threads
from tests.card.host.told import DEADLINE_S, Told, listening
from tests.card.host.vpcd_card import VpcdCard
from tests.pcsc import PrivatePcscd

RESTARTS = 20


async def test_the_first_events_tell_the_state_found(pcscd: PrivatePcscd, readers: PcscReaders) -> None:
    first, second = pcscd.readers
    with VpcdCard(pcscd.slot(1)):
        async with listening(readers) as told:
            await told.hear(ServiceHere(), ReaderHere(first), ReaderHere(second), CardHere(second))


async def test_a_card_comes_and_goes(pcscd: PrivatePcscd, told: Told, slot: str) -> None:
    with VpcdCard(pcscd.slot(0)):
        await told.hear(CardHere(slot))
    await told.hear(CardAway(slot))


async def test_two_readers(pcscd: PrivatePcscd, told: Told) -> None:
    first, second = pcscd.readers
    with VpcdCard(pcscd.slot(0)):
        await told.hear(CardHere(first))
        with VpcdCard(pcscd.slot(1)):
            await told.hear(CardHere(second))
        await told.hear(CardAway(second))
    await told.hear(CardAway(first))


async def test_a_reader_away_and_back_by_restarts(pcscd: PrivatePcscd, told: Told) -> None:
    first, second = pcscd.readers
    with VpcdCard(pcscd.slot(0)):
        await told.hear(CardHere(first))
        pcscd.stop()
        gone = CardAway(first), ReaderAway(first), ReaderAway(second), ServiceAway(ServiceCause.NOT_RUNNING)
        await told.hear(*gone)
        pcscd.detach()
        pcscd.start()
        await told.hear(ServiceHere())
        pcscd.stop()
        await told.hear(ServiceAway(ServiceCause.NOT_RUNNING))
        pcscd.attach()
        pcscd.start()
        await told.hear(ServiceHere(), ReaderHere(first), ReaderHere(second), CardHere(first))


async def test_a_reader_that_leaves_and_comes_back(
    pcscd: PrivatePcscd, readers: PcscReaders, monkeypatch: pytest.MonkeyPatch
) -> None:
    """pcscd never takes a vpcd reader away while it runs, so it is hidden from its client, as if unplugged."""
    monkeypatch.setattr(pcsc_watch, "_LOOK_AGAIN_S", 0.1)  # nothing announces a reader that is only hidden
    first, second = pcscd.readers
    with VpcdCard(pcscd.slot(0)):
        async with listening(readers) as told:
            await told.hear(ServiceHere(), ReaderHere(first), ReaderHere(second), CardHere(first))
            with monkeypatch.context() as hidden:
                _hide(hidden, first)
                await told.hear(CardAway(first), ReaderAway(first))
            await told.hear(ReaderHere(first), CardHere(first))


def _hide(monkeypatch: pytest.MonkeyPatch, reader: str) -> None:
    list_readers, status_change = scard.SCardListReaders, scard.SCardGetStatusChange

    def fewer(context: Any, groups: Any) -> Any:
        code, names = list_readers(context, groups)
        return code, [name for name in names if name != reader]

    def unknown(context: Any, timeout: int, states: Any) -> Any:
        if any(name == reader for name, _ in states):
            return scard.SCARD_E_UNKNOWN_READER, []
        return status_change(context, timeout, states)

    monkeypatch.setattr(scard, "SCardListReaders", fewer)
    monkeypatch.setattr(scard, "SCardGetStatusChange", unknown)


async def test_a_card_replaced_between_two_looks(
    pcscd: PrivatePcscd, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before and after there is a card; only the event counter knows."""
    first, second = pcscd.readers
    with VpcdCard(pcscd.slot(0)) as card:
        await told.hear(CardHere(first))
        look = _hold_watch_after_card_in(second, monkeypatch)
        with VpcdCard(pcscd.slot(1)):
            await told.hear(CardHere(second))
            card.remove()
            _wait_until(first, None)
            with VpcdCard(pcscd.slot(0)):
                _wait_until(first, 3)
                look.set()
                await told.hear(CardAway(first), CardHere(first))


def _hold_watch_after_card_in(reader: str, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Once it knows of a card in `reader`, let the watching thread not look again before the event is set."""
    status_change, look = scard.SCardGetStatusChange, threading.Event()

    def held(context: Any, timeout: int, states: Any) -> Any:
        if threading.current_thread() is not threading.main_thread() and insertion(dict(states)[reader]) is not None:
            look.wait()
        return status_change(context, timeout, states)

    monkeypatch.setattr(scard, "SCardGetStatusChange", held)
    return look


def _wait_until(reader: str, expected: int | None) -> None:
    """Wait until the service counts this insertion, None for no card."""
    context = Context()
    state = context.state(reader)
    while insertion(state) != expected:
        state = context.wait({reader: state}, SEEN_AGAIN_S)[reader]
    context.release()


async def test_the_service_stops_and_comes_back(pcscd: PrivatePcscd, told: Told) -> None:
    first, second = pcscd.readers
    here = ServiceHere(), ReaderHere(first), ReaderHere(second)
    away = CardAway(first), ReaderAway(first), ReaderAway(second), ServiceAway(ServiceCause.NOT_RUNNING)
    with VpcdCard(pcscd.slot(0)):
        await told.hear(CardHere(first))
        for end in (pcscd.stop, pcscd.kill):
            end()
            await told.hear(*away)
            pcscd.start()
            await told.hear(*here, CardHere(first), within_s=SEEN_AGAIN_S)


async def test_restarts_again_and_again(pcscd: PrivatePcscd, told: Told) -> None:
    """As many as fit here; `script/soak restarts` does a hundred."""
    with VpcdCard(pcscd.slot(0)):
        await told.hear(CardHere(pcscd.readers[0]))
        took = await restart(pcscd, told, RESTARTS)
    assert len(took) == RESTARTS
    assert max(took) <= SEEN_AGAIN_S


async def test_started_before_the_service(tmp_path: Path) -> None:
    readers = PcscReaders()
    with PrivatePcscd(tmp_path) as pcscd:
        async with listening(readers) as told:
            await told.hear(ServiceAway(ServiceCause.NOT_RUNNING))
            pcscd.start()
            await told.hear(ServiceHere(), *map(ReaderHere, pcscd.readers))
        await readers.close()


async def test_not_authorised_is_told_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """What pcscd answers a client whom polkit does not let in."""
    monkeypatch.setattr(scard, "SCardEstablishContext", lambda _: [scard.SCARD_W_SECURITY_VIOLATION, 0])
    readers = PcscReaders()
    async with listening(readers) as told:
        await told.hear(ServiceAway(ServiceCause.NOT_AUTHORISED))
    await readers.close()


async def test_close_ends_the_thread_and_the_stream(pcscd: PrivatePcscd) -> None:
    threads = threading.active_count()
    readers = PcscReaders()
    told: list[ReaderEvent] = []
    async for event in readers.events():
        told.append(event)
        if len(told) == 3:
            await readers.close()
            assert threading.active_count() == threads
    assert told == [ServiceHere(), *map(ReaderHere, pcscd.readers)]


@pytest.mark.logs("following the readers failed")
async def test_a_fault_of_the_binding_does_not_end_the_watch(
    pcscd: PrivatePcscd, readers: PcscReaders, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What pyscard itself raises, a SystemError say, is nobody's return code."""
    with monkeypatch.context() as broken:
        broken.setattr(scard, "SCardListReaders", lambda *_: 1 // 0)
        async with listening(readers) as told:
            await told.hear(ServiceAway(ServiceCause.NOT_RUNNING))
            broken.undo()
            await told.hear(ServiceHere(), *map(ReaderHere, pcscd.readers))


async def test_a_loop_that_ended_without_close_ends_the_thread(pcscd: PrivatePcscd) -> None:
    def tell(event: ReaderEvent) -> None:
        raise RuntimeError("Event loop is closed")

    watch = pcsc_watch.Watch(tell)
    watch._thread.join(DEADLINE_S)
    assert not watch._thread.is_alive()


async def test_a_service_that_hangs_holds_up_nobody(
    pcscd: PrivatePcscd, told: Told, readers: PcscReaders, slot: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a connect nor the end of the program; the threads left behind end when it goes on."""
    monkeypatch.setattr(pcsc, "DEADLINE_S", 0.2)
    monkeypatch.setattr(pcsc, "_PATIENCE_S", 0.2)
    with pcscd.hanging():
        with pytest.raises(ServiceDown):
            await readers.connect(slot)
        began = time.monotonic()
        await readers.close()
        assert time.monotonic() - began < 2
    end_of_card_threads()
