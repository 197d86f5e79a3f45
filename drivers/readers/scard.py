"""pyscard's plain calls, with return codes translated into errors named by meaning. Everything here may block.

A context belongs to one thread: pcsc-lite locks it for as long as a call lasts, so a wait for a card would stop every
other call on it. Only `Context.cancel` comes from another thread.

Differences between pcsc-lite and Windows live here and nowhere else. Importing this module raises ImportError where
pyscard or the PC/SC library is missing.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

from smartcard import scard

from drivers.errors import CardError, CardGone, CardMute, NoReader, ReaderBusy, ReaderFault, ServiceCause, ServiceDown

KEEP_AWAKE_S = 2.0 if sys.platform == "win32" else None
"""How often to touch an idle card inside a transaction. Windows resets a card that is idle in one for 5 s; pcsc-lite
never does (1.9.9: none dropped after 7 s, other programs waited all that time)."""

GET_FEATURE_REQUEST: int = scard.SCARD_CTL_CODE(3400)
"""The control that asks a reader what it can do beyond cards. Source: PC/SC part 10."""

UNAWARE = 0
_READER_LIST = r"\\?PnP?\Notification"
"""A pseudo reader whose state changes when a reader comes or goes."""

_WINDOWS_INVALID_HANDLE = 6
_WINDOWS_BROKEN_PIPE = 109
"""What Windows returns, instead of the SCARD codes, from a context whose service was stopped."""

_SERVICE_DOWN = {
    scard.SCARD_E_NO_SERVICE,
    scard.SCARD_E_SERVICE_STOPPED,
    scard.SCARD_E_SERVER_TOO_BUSY,
    scard.SCARD_E_SYSTEM_CANCELLED,
    scard.SCARD_E_INVALID_HANDLE,
    scard.SCARD_F_COMM_ERROR,
    _WINDOWS_INVALID_HANDLE,
    _WINDOWS_BROKEN_PIPE,
}
_NOT_AUTHORISED = {scard.SCARD_W_SECURITY_VIOLATION, scard.SCARD_E_NO_ACCESS}
_NO_READER = {
    scard.SCARD_E_UNKNOWN_READER,
    scard.SCARD_E_READER_UNAVAILABLE,
    scard.SCARD_E_NO_READERS_AVAILABLE,
}
_CARD_GONE = {
    scard.SCARD_E_NO_SMARTCARD,
    scard.SCARD_W_REMOVED_CARD,
    # Another program reset the card: what was selected and verified is lost, as if it had been taken and put back.
    scard.SCARD_W_RESET_CARD,
}
_CARD_MUTE = {
    scard.SCARD_W_UNRESPONSIVE_CARD,
    scard.SCARD_W_UNPOWERED_CARD,
    scard.SCARD_W_UNSUPPORTED_CARD,
    scard.SCARD_E_CARD_UNSUPPORTED,
    scard.SCARD_E_PROTO_MISMATCH,
    scard.SCARD_E_NOT_TRANSACTED,
    scard.SCARD_E_COMM_DATA_LOST,
    scard.SCARD_E_TIMEOUT,
    scard.SCARD_E_NOT_READY,
}


def error(call: str, code: int) -> CardError:
    """The error that `call`'s return code means."""
    if code in _SERVICE_DOWN:
        return ServiceDown(ServiceCause.NOT_RUNNING)
    if code in _NOT_AUTHORISED:
        return ServiceDown(ServiceCause.NOT_AUTHORISED)
    text = f"{call}: {code:08X}"
    if code in _NO_READER:
        return NoReader(text)
    if code == scard.SCARD_E_SHARING_VIOLATION:
        return ReaderBusy(text)
    if code in _CARD_GONE:
        return CardGone(text)
    if code in _CARD_MUTE:
        return CardMute(text)
    return ReaderFault(text)


def _check(call: str, code: int) -> None:
    if code != scard.SCARD_S_SUCCESS:
        raise error(call, code)


def insertion(state: int) -> int | None:
    """The number of this insertion in a reader's state word, None without a card.

    The upper half counts insertions and removals, so a card that was replaced between two looks has another number.
    """
    return state >> 16 if state & scard.SCARD_STATE_PRESENT else None


def in_use(state: int) -> bool:
    """Whether any program, this one included, holds a connection to the card."""
    return bool(state & (scard.SCARD_STATE_INUSE | scard.SCARD_STATE_EXCLUSIVE))


class Card:
    """One powered card, held in a transaction, so that nobody can select or sign between this program's commands."""

    def __init__(self, handle: int, protocol: int) -> None:
        self._handle = handle
        self._header = scard.SCARD_PCI_T0 if protocol == scard.SCARD_PROTOCOL_T0 else scard.SCARD_PCI_T1

    def transmit(self, apdu: list[int]) -> bytes:
        """Send one command; return at least 2 bytes. Raises CardGone, CardMute, ReaderFault."""
        code, answer = scard.SCardTransmit(self._handle, self._header, apdu)
        _check("transmit", code)
        if len(answer) < 2:
            raise CardMute("transmit: no answer")  # vpcd calls a card that left in mid-command a success
        return bytes(answer)

    def control(self, code: int, data: bytes = b"") -> bytes:
        """Send one command to the reader itself. Raises CardError, ReaderFault where it knows no such command."""
        result, answer = scard.SCardControl(self._handle, code, list(data))
        _check("control", result)
        return bytes(answer)

    def touch(self) -> None:
        """Count as an operation on the card, without one."""
        scard.SCardStatus(self._handle)

    def leave(self) -> None:
        """Let the card go untouched, for a caller that came too late to use it. Never raises."""
        scard.SCardEndTransaction(self._handle, scard.SCARD_LEAVE_CARD)
        scard.SCardDisconnect(self._handle, scard.SCARD_LEAVE_CARD)

    def release(self) -> None:
        """Power the card off and let it go. Never raises.

        The transaction's end takes the power off, not the disconnect after it: a program that waits for its turn
        would else find the card still verified in between.
        """
        scard.SCardEndTransaction(self._handle, scard.SCARD_UNPOWER_CARD)
        scard.SCardDisconnect(self._handle, scard.SCARD_UNPOWER_CARD)


class Context:
    """One connection to the smart-card service. Raises ServiceDown where it is made or used without a service."""

    def __init__(self) -> None:
        code, self._handle = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        _check("context", code)
        self._reader_list = UNAWARE

    def release(self) -> None:
        """Give it back, also when the service has gone. Never raises."""
        scard.SCardReleaseContext(self._handle)

    def readers(self) -> list[str]:
        code, names = scard.SCardListReaders(self._handle, [])
        if code == scard.SCARD_E_NO_READERS_AVAILABLE:
            return []
        _check("list readers", code)
        return list(names)

    def state(self, reader: str) -> int:
        """The state word of one reader, now. Raises NoReader."""
        code, states = scard.SCardGetStatusChange(self._handle, 0, [(reader, UNAWARE)])
        _check("status", code)
        state = int(states[0][1])
        if state & scard.SCARD_STATE_UNKNOWN:
            raise NoReader(reader)
        return state

    def wait(self, known: Mapping[str, int], timeout_s: float) -> dict[str, int]:
        """Block until a reader's state word differs from the one in `known`, readers come or go, or time is up.

        Returns the state words now. Raises NoReader when a reader of `known` has gone before the wait began.
        """
        before = [*known.items(), (_READER_LIST, self._reader_list)]
        code, states = scard.SCardGetStatusChange(self._handle, int(timeout_s * 1000), before)
        if code in (scard.SCARD_E_TIMEOUT, scard.SCARD_E_CANCELLED):
            return dict(known)
        _check("status", code)
        now = {reader: state & ~scard.SCARD_STATE_CHANGED for reader, state, _ in states}
        self._reader_list = now.pop(_READER_LIST)
        return now

    def cancel(self) -> None:
        """End another thread's `wait` on this context; does nothing when none is under way."""
        scard.SCardCancel(self._handle)

    def connect(self, reader: str) -> Card:
        """Power the card and take the transaction. Raises NoReader, ReaderBusy, CardGone, CardMute.

        Blocks for as long as another program holds the card in a transaction: pcsc-lite has no time limit for it.
        """
        protocols = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
        code, handle, protocol = scard.SCardConnect(self._handle, reader, scard.SCARD_SHARE_SHARED, protocols)
        _check("connect", code)
        code = scard.SCardBeginTransaction(handle)
        if code != scard.SCARD_S_SUCCESS:
            scard.SCardDisconnect(handle, scard.SCARD_LEAVE_CARD)
            if code == scard.SCARD_W_RESET_CARD:  # between the two calls, by another program: the card still lies there
                raise ReaderBusy("transaction: just reset")
            raise error("transaction", code)
        return Card(handle, protocol)
