"""One client of the card service, on plain PC/SC calls."""

from __future__ import annotations

from time import monotonic
from typing import Any

from smartcard import scard

DEADLINE_S = 10.0


class Pcsc:
    """One client of the service. Codes are PC/SC's own, as pyscard gives them."""

    def __init__(self, readers: list[str]) -> None:
        self._readers = readers
        code, self._context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        assert code == scard.SCARD_S_SUCCESS

    def has_card(self, slot: int, wanted: bool) -> bool:
        """Wait until the slot has a card, or has none."""
        state, end = scard.SCARD_STATE_UNAWARE, monotonic() + DEADLINE_S
        while monotonic() < end:
            code, [(_, state, _)] = scard.SCardGetStatusChange(self._context, 500, [(self._readers[slot], state)])
            if code == scard.SCARD_S_SUCCESS and bool(state & scard.SCARD_STATE_PRESENT) == wanted:
                return True
        return False

    def connect(self, slot: int = 0) -> Any:
        """Connect to the card there is, or that is just being put in."""
        assert self.has_card(slot, True)
        protocols = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
        code, handle, protocol = scard.SCardConnect(
            self._context, self._readers[slot], scard.SCARD_SHARE_SHARED, protocols
        )
        assert (code, protocol) == (scard.SCARD_S_SUCCESS, scard.SCARD_PROTOCOL_T1)
        return handle

    def close(self) -> None:
        scard.SCardReleaseContext(self._context)


def transmit(handle: Any, command: str) -> tuple[int, str]:
    code, answer = scard.SCardTransmit(handle, scard.SCARD_PCI_T1, list(bytes.fromhex(command)))
    return code, bytes(answer).hex().upper()


def answer(handle: Any, command: str) -> str:
    code, answer = transmit(handle, command)
    assert code == scard.SCARD_S_SUCCESS
    return answer
