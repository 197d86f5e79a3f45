"""What is told of cards that come, go and wobble, and of readers that are plugged in and out."""

from __future__ import annotations

import errno
import os
from typing import Any

import nfc.clf.udp
import pytest

from drivers.errors import CardGone, NoReader
from drivers.readers import CardAway, CardHere, CardSteady, CardWobbles, ReaderAway, ReaderHere, nfc_watch, wobble
from drivers.readers.nfc import NfcReaders
from drivers.readers.wobble import GRACE_S, MANY
from drivers.software_card.card import SoftwareCard
from tests.card.host.told import Told, listening
from tests.card.nfc.conftest import QUICK, Field

SELECT = bytes.fromhex("00A4040C0AD392F000260100000001")


async def test_the_first_events_tell_the_state_found(field: Field, readers: NfcReaders, card: SoftwareCard) -> None:
    field.insert(card)
    async with listening(readers) as told:
        await told.hear(ReaderHere(field.path), CardHere(field.path))


async def test_a_card_comes_and_goes_and_comes(field: Field, told: Told, card: SoftwareCard) -> None:
    for _ in range(2):
        field.insert(card)
        await told.hear(CardHere(field.path))
        field.remove()
        await told.hear(CardAway(field.path))


async def test_a_card_in_use_goes(field: Field, readers: NfcReaders, told: Told, card: SoftwareCard) -> None:
    field.insert(card, QUICK)
    await told.hear(CardHere(field.path))
    connection = await readers.connect(field.path)
    field.remove()
    await told.hear(CardAway(field.path))
    with pytest.raises(CardGone):
        await connection.transmit(SELECT)


async def test_two_readers(field: Field, card: SoftwareCard) -> None:
    other = Field()
    other.path = await other.open("127.0.0.1")
    readers = NfcReaders(field.path, other.path)
    other.insert(card)
    connection = await readers.connect(other.path)
    assert (await connection.transmit(SELECT)).hex() == "9000"
    with pytest.raises(CardGone):
        await readers.connect(field.path)
    await readers.close()
    await other.close()


async def test_a_wobble_ends_the_connection_but_is_not_told(
    field: Field, readers: NfcReaders, told: Told, card: SoftwareCard
) -> None:
    field.insert(card, QUICK)
    await told.hear(CardHere(field.path))
    connection = await readers.connect(field.path)
    _wobble(field, card)
    with pytest.raises(CardGone):
        await connection.transmit(SELECT)
    await connection.close()
    connection = await readers.connect(field.path)
    assert (await connection.transmit(SELECT)).hex() == "9000"
    field.remove()
    await told.hear(CardAway(field.path))


async def test_connect_waits_for_a_card_that_is_away_for_a_moment(
    field: Field, readers: NfcReaders, told: Told, card: SoftwareCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    field.insert(card, QUICK)
    await told.hear(CardHere(field.path))
    looks = 0

    def back_at_the_third_look(_: float) -> None:
        nonlocal looks
        looks += 1
        if looks == 3:
            field.insert(card, QUICK)

    monkeypatch.setattr(nfc_watch, "sleep", back_at_the_third_look)
    field.remove()
    connection = await readers.connect(field.path)
    assert looks == 3
    await connection.close()


async def test_connect_gives_up_on_a_card_that_stays_away(
    field: Field, readers: NfcReaders, told: Told, card: SoftwareCard
) -> None:
    field.insert(card)
    await told.hear(CardHere(field.path))
    field.remove()
    with pytest.raises(CardGone):
        await readers.connect(field.path)
    await told.hear(CardAway(field.path), within_s=GRACE_S)


async def test_ten_wobbles_in_a_row_are_told_and_when_it_lies_still_again(
    field: Field, readers: NfcReaders, told: Told, card: SoftwareCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wobble, "STILL_S", 0.3)
    field.insert(card, QUICK)
    await told.hear(CardHere(field.path))
    for _ in range(MANY):
        connection = await readers.connect(field.path)
        _wobble(field, card)
        with pytest.raises(CardGone):
            await connection.transmit(SELECT)
        await connection.close()
    await told.hear(CardWobbles(field.path), CardSteady(field.path))
    field.remove()
    await told.hear(CardAway(field.path))


def _wobble(field: Field, card: SoftwareCard) -> None:
    field.remove()
    field.insert(card, QUICK)


class Usb:
    """nfcpy's device as a plug that a test pulls."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.plugged = True
        self.attempts = 0
        device = nfc.clf.udp.Device
        self._init, self._sense, self._send = nfc.clf.udp.init, device.sense_ttb, device.send_cmd_recv_rsp
        monkeypatch.setattr(nfc.clf.udp, "init", self._find)
        monkeypatch.setattr(device, "sense_ttb", lambda this, target: self._through(self._sense, this, target))
        monkeypatch.setattr(device, "send_cmd_recv_rsp", lambda this, *args: self._through(self._send, this, *args))

    def _find(self, host: str, port: int) -> Any:
        self.attempts += 1
        return self._through(self._init, host, port)

    def _through(self, call: Any, *args: Any) -> Any:
        if not self.plugged:
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
        return call(*args)


@pytest.fixture
def usb(monkeypatch: pytest.MonkeyPatch) -> Usb:
    return Usb(monkeypatch)


async def test_a_reader_that_is_unplugged_and_plugged_in_again(
    usb: Usb, field: Field, readers: NfcReaders, told: Told, card: SoftwareCard
) -> None:
    field.insert(card, QUICK)
    await told.hear(CardHere(field.path))
    connection = await readers.connect(field.path)
    usb.plugged = False
    with pytest.raises(NoReader):
        await connection.transmit(SELECT)
    await told.hear(CardAway(field.path), ReaderAway(field.path))
    with pytest.raises(NoReader):
        await connection.transmit(SELECT)
    await connection.close()
    usb.plugged = True
    await told.hear(ReaderHere(field.path), CardHere(field.path))
    connection = await readers.connect(field.path)
    assert (await connection.transmit(SELECT)).hex() == "9000"


async def test_a_reader_that_is_unplugged_while_nobody_uses_it(usb: Usb, field: Field, told: Told) -> None:
    usb.plugged = False
    await told.hear(ReaderAway(field.path))
    usb.plugged = True
    await told.hear(ReaderHere(field.path))


async def test_a_reader_that_comes_late(usb: Usb, field: Field, readers: NfcReaders, card: SoftwareCard) -> None:
    usb.plugged = False
    with pytest.raises(NoReader):
        await readers.connect(field.path)
    async with listening(readers) as told:
        usb.plugged = True
        field.insert(card)
        await told.hear(ReaderHere(field.path), CardHere(field.path))


async def test_attempts_to_open_become_rarer(usb: Usb, field: Field, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks at a clock of the test's own, at every quarter of a second for ten seconds."""
    usb.plugged = False
    now = 0.0
    monkeypatch.setattr(nfc_watch, "monotonic", lambda: now)
    watch = nfc_watch.Watch(field.path)
    tried: list[float] = []
    for quarter in range(40):
        now = quarter / 4
        before = usb.attempts
        watch.look()
        tried += [now] * (usb.attempts - before)
    assert tried == [0, 0.5, 1.5, 3.5, 7.5]
