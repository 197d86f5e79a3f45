"""A PC/SC reader with keys of its own, at the boundary of pyscard's calls, up to the JPKI application."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from smartcard import scard

from drivers.card.jpki import Jpki
from drivers.errors import (
    CardError,
    CardGone,
    CardMute,
    CardRefused,
    EntryEnd,
    Pin,
    PinBlocked,
    PinNotEntered,
    PinWrong,
    ReaderFault,
)
from drivers.readers import pcsc, pcsc_pin_pad
from drivers.readers.pcsc import PcscReaders
from tests.card.host.scard_boundary import (
    FEATURES,
    MODIFY_CODE,
    PROPERTIES_CODE,
    READER,
    TLV_CODE,
    VERIFY_CODE,
    Keys,
)
from tests.card.host.threads import end_of_card_threads

AUTH = Pin.USER_AUTHENTICATION
ENTRY_S = 60.0

Opened = Callable[..., Awaitable[Jpki]]


@pytest.fixture
async def opened(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Opened]:
    """`opened(keys)`: the card in a reader with these keys."""
    readers = PcscReaders()

    async def open_card(keys: Keys) -> Jpki:
        keys.install(monkeypatch)
        jpki = await Jpki.select(await readers.connect(READER))
        keys.commands.clear()
        return jpki

    yield open_card
    await readers.close()
    end_of_card_threads()


async def test_a_pin_typed_on_the_reader_never_enters_this_machine(opened: Opened) -> None:
    keys = Keys(FEATURES)
    keys.typed = [b"\x90\x00"]
    jpki = await opened(keys)
    assert jpki.reader_has_keys
    await jpki.verify_on_reader(AUTH, ENTRY_S)
    assert keys.commands == [], "no VERIFY of ours"
    assert [code for code, _ in keys.controls] == [VERIFY_CODE]
    assert keys.controls[0][1].endswith(bytes.fromhex("09000000 0020009804FFFFFFFF"))
    assert keys.controls[0][1][0] == ENTRY_S


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        (b"\x63\xc2", PinWrong(AUTH, 2)),
        (b"\x63\xc0", PinBlocked(AUTH)),
        (b"\x69\x83", PinBlocked(AUTH)),
        (b"\x69\x84", PinBlocked(AUTH)),
        (b"\x64\x00", PinNotEntered(EntryEnd.TIME_OVER)),
        (b"\x64\x01", PinNotEntered(EntryEnd.CANCELLED)),
        (b"\x64\x02", PinNotEntered(EntryEnd.DIFFERENT)),
        (b"\x64\x03", PinNotEntered(EntryEnd.WRONG_LENGTH)),
        (b"\x6b\x80", CardRefused("verify", 0x6B80)),
        (scard.SCARD_W_REMOVED_CARD, CardGone()),
        (scard.SCARD_E_NOT_TRANSACTED, CardMute()),
    ],
    ids=lambda value: type(value).__name__,
)
async def test_what_the_reader_says_is_named_by_meaning_and_asked_once(
    opened: Opened, typed: bytes | int, error: CardError, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pcsc, "_LEAVING_S", 0.05)
    keys = Keys(FEATURES)
    keys.typed = [typed, b"\x90\x00"]
    jpki = await opened(keys)
    with pytest.raises(type(error)) as raised:
        await jpki.verify_on_reader(AUTH, ENTRY_S)
    for name in ("tries_left", "end", "sw"):
        assert getattr(raised.value, name, None) == getattr(error, name, None)
    assert len(keys.controls) == 1


async def test_a_card_lifted_while_the_reader_asks_is_gone_and_not_mute(opened: Opened) -> None:
    keys = Keys(FEATURES)
    keys.typed = [scard.SCARD_E_NOT_TRANSACTED]
    jpki = await opened(keys)
    keys.lies_there = False
    with pytest.raises(CardGone):
        await jpki.verify_on_reader(AUTH, ENTRY_S)


async def test_giving_up_returns_at_once_and_the_card_is_out_of_reach_until_the_reader_is_done(opened: Opened) -> None:
    keys = Keys(FEATURES)
    keys.hold = True
    jpki = await opened(keys)
    entering = asyncio.create_task(jpki.verify_on_reader(AUTH, ENTRY_S))
    await asyncio.to_thread(keys.asked.wait)
    began = time.monotonic()
    entering.cancel()
    with pytest.raises(asyncio.CancelledError):
        await entering
    with pytest.raises(CardMute):
        await jpki.tries_left(AUTH)
    assert time.monotonic() - began < 0.5
    assert keys.asked.is_set(), "the reader is still asking"
    keys.go_on.set()
    await jpki.connection._worker.call(lambda: None, ENTRY_S)  # type: ignore[attr-defined]  # after it, in its turn
    await jpki.exchange(bytes.fromhex("00200098"))
    assert len(keys.controls) == 1


async def test_a_reader_that_outlasts_its_own_time_is_mute(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pcsc_pin_pad, "GRACE_S", 0.05)
    keys = Keys(FEATURES)
    keys.hold = True
    jpki = await opened(keys)
    with pytest.raises(CardMute):
        await jpki.verify_on_reader(AUTH, 0.05)
    keys.go_on.set()


async def test_a_new_pin_is_typed_there_too(opened: Opened) -> None:
    keys = Keys(FEATURES)
    keys.typed = [b"\x90\x00", b"\x90\x00"]
    jpki = await opened(keys)
    await jpki.change_on_reader(AUTH, ENTRY_S)
    assert [code for code, _ in keys.controls] == [VERIFY_CODE, MODIFY_CODE]
    assert keys.controls[1][1].endswith(bytes.fromhex("0024018004FFFFFFFF"))


async def test_two_different_new_pins_change_nothing(opened: Opened) -> None:
    keys = Keys(FEATURES)
    keys.typed = [b"\x90\x00", b"\x64\x02"]
    jpki = await opened(keys)
    with pytest.raises(PinNotEntered) as none:
        await jpki.change_on_reader(AUTH, ENTRY_S)
    assert none.value.end is EntryEnd.DIFFERENT


async def test_a_wrong_old_pin_asks_for_no_new_one(opened: Opened) -> None:
    keys = Keys(FEATURES)
    keys.typed = [b"\x63\xc1"]
    jpki = await opened(keys)
    with pytest.raises(PinWrong):
        await jpki.change_on_reader(AUTH, ENTRY_S)
    assert len(keys.controls) == 1


async def test_keys_that_only_verify(opened: Opened) -> None:
    keys = Keys({0x06: VERIFY_CODE})
    keys.typed = [b"\x90\x00"]
    jpki = await opened(keys)
    with pytest.raises(ReaderFault):
        await jpki.change_on_reader(AUTH, ENTRY_S)


async def test_the_password_has_letters_and_is_never_asked_there(opened: Opened) -> None:
    keys = Keys(FEATURES)
    jpki = await opened(keys)
    with pytest.raises(ValueError, match="letters"):
        await jpki.verify_on_reader(Pin.DIGITAL_SIGNATURE, ENTRY_S)
    assert keys.controls == []


@pytest.mark.parametrize(
    "keys",
    [
        Keys({}),
        Keys({0x07: MODIFY_CODE}),
        Keys({**FEATURES, 0x12: TLV_CODE}, tlv=bytes.fromhex("060106")),
        Keys({**FEATURES, 0x12: TLV_CODE}, tlv=bytes.fromhex("0604")),
        Keys({**FEATURES, 0x0A: PROPERTIES_CODE}, properties=b"\x00"),
    ],
    ids=["none", "no verify", "six digits at least", "senseless", "too short"],
)
async def test_readers_without_keys_that_can_be_used(opened: Opened, keys: Keys) -> None:
    jpki = await opened(keys)
    assert not jpki.reader_has_keys
    with pytest.raises(ReaderFault):
        await jpki.verify_on_reader(AUTH, ENTRY_S)


async def test_a_list_of_features_that_makes_no_sense(opened: Opened) -> None:
    keys = Keys(FEATURES)
    keys.features = keys.features[:-1]
    assert not (await opened(keys)).reader_has_keys


async def test_a_reader_says_how_an_entry_ends(opened: Opened) -> None:
    keys = Keys({**FEATURES, 0x0A: PROPERTIES_CODE}, properties=bytes.fromhex("00000100"))
    keys.typed = [b"\x90\x00"]
    await (await opened(keys)).verify_on_reader(AUTH, ENTRY_S)
    assert keys.controls[0][1][7] == 0x01
