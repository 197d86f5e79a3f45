"""Return codes and state words of PC/SC, and what they mean here."""

from __future__ import annotations

from typing import Any

import pytest
from smartcard import scard

from drivers.errors import (
    CardError,
    CardGone,
    CardMute,
    NoReader,
    ReaderBusy,
    ReaderFault,
    ServiceCause,
    ServiceDown,
)
from drivers.readers.scard import Context, error, in_use, insertion

MEANINGS: list[tuple[int, type[CardError]]] = [
    (0x80100009, NoReader),  # unknown reader
    (0x80100017, NoReader),  # reader unavailable
    (0x8010002E, NoReader),  # no readers available
    (0x8010000B, ReaderBusy),  # sharing violation
    (0x8010000C, CardGone),  # no smart card
    (0x80100069, CardGone),  # removed
    (0x80100068, CardGone),  # reset by another program
    (0x80100066, CardMute),  # unresponsive
    (0x80100067, CardMute),  # unpowered
    (0x80100065, CardMute),  # unsupported
    (0x8010001C, CardMute),  # card unsupported
    (0x8010000F, CardMute),  # protocol mismatch
    (0x80100016, CardMute),  # not transacted
    (0x8010002F, CardMute),  # communication data lost
    (0x80100008, ReaderFault),  # insufficient buffer: no meaning of its own
]
SERVICE_DOWN = [0x8010001D, 0x8010001E, 0x80100003, 0x80100012, 0x80100013, 6, 109]
NOT_AUTHORISED = [0x8010006A, 0x80100027]


@pytest.mark.parametrize(("code", "meaning"), MEANINGS, ids=lambda value: f"{value:08X}" if value is int else None)
def test_codes(code: int, meaning: type[CardError]) -> None:
    assert type(error("call", code)) is meaning
    assert f"{code:08X}" in str(error("call", code))


@pytest.mark.parametrize("code", SERVICE_DOWN, ids=hex)
def test_service_down(code: int) -> None:
    fault = error("call", code)
    assert isinstance(fault, ServiceDown)
    assert fault.cause is ServiceCause.NOT_RUNNING


@pytest.mark.parametrize("code", NOT_AUTHORISED, ids=hex)
def test_not_authorised(code: int) -> None:
    fault = error("call", code)
    assert isinstance(fault, ServiceDown)
    assert fault.cause is ServiceCause.NOT_AUTHORISED


@pytest.mark.parametrize(
    ("state", "number"), [(0, None), (0x00020010, None), (0x00010020, 1), (0x00000020, 0), (0x00030220, 3)]
)
def test_insertion(state: int, number: int | None) -> None:
    assert insertion(state) == number


@pytest.mark.parametrize(("state", "used"), [(0x10020, False), (0x10120, True), (0x100A0, True), (0x10, False)])
def test_in_use(state: int, used: bool) -> None:
    assert in_use(state) is used


def test_the_list_of_readers_is_watched_and_its_state_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows, and pcsc-lite since version 2, count the changes of the list in it."""
    asked: list[Any] = []

    def change(context: Any, timeout: int, states: Any) -> Any:
        asked.append((timeout, states))
        return 0, [("A", 0x00010022, []), (states[-1][0], 0x00020002, [])]

    monkeypatch.setattr(scard, "SCardEstablishContext", lambda _: [0, 7])
    monkeypatch.setattr(scard, "SCardGetStatusChange", change)
    context = Context()
    known = context.wait({"A": 0}, 0.5)
    assert known == {"A": 0x00010020}
    context.wait(known, 0.5)
    assert asked == [
        (500, [("A", 0), (r"\\?PnP?\Notification", 0)]),
        (500, [("A", 0x00010020), (r"\\?PnP?\Notification", 0x00020000)]),
    ]


def test_a_reader_that_is_only_unknown_is_no_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Windows answers instead of an error."""
    unknown = [("A", scard.SCARD_STATE_UNKNOWN | scard.SCARD_STATE_CHANGED, [])]
    monkeypatch.setattr(scard, "SCardEstablishContext", lambda _: [0, 7])
    monkeypatch.setattr(scard, "SCardGetStatusChange", lambda *_: [0, unknown])
    with pytest.raises(NoReader):
        Context().state("A")
