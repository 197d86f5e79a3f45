"""Which application and which file commands are about, and what has been earned there.

Source: card reference, sections 3, 4 and 11.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from drivers.software_card import status
from drivers.software_card.command import Command
from drivers.software_card.files import Application, File
from drivers.software_card.security import SecurityStatus
from drivers.software_card.status import Refusal

BY_SHORT_ID: Final = 0x80
_SHORT_ID: Final = 0x1F
_BY_AID, _BY_FID, _MASTER_FILE = 0x04, 0x02, 0x00
_FCI, _NO_FCI, _NEXT_FCI, _NEXT_NO_FCI = 0x00, 0x0C, 0x02, 0x0E
_SHORTEST_PREFIX: Final = 5
"""A prefix is legal; how short it may be is inferred: the part of an AID that names who registered it. Anything shorter
could match another card's application, and a client that tries those first would take this card for that one."""


class Selection:
    """Where a powered card stands."""

    def __init__(self, applications: Sequence[Application], keeps_on_reselect: bool) -> None:
        """The first application is the one that power-up selects."""
        self._applications = applications
        self._keeps_on_reselect = keeps_on_reselect
        self.start()

    def start(self) -> None:
        """As after power-up."""
        self.application = self._applications[0]
        self.file: File | None = None
        self.security = SecurityStatus()

    def select(self, command: Command) -> bytes:
        """SELECT. A refused one changes nothing."""
        if command.p1 == _BY_AID:
            return self._select_application(command)
        if command.p2 not in (_FCI, _NO_FCI):
            raise Refusal(status.WRONG_P1P2)
        if command.p1 == _BY_FID:
            return self._select_file(command)
        if command.p1 == _MASTER_FILE:
            return self._select_master_file(command)
        raise Refusal(status.WRONG_P1P2)

    def make_current(self, fid: int) -> File:
        """Raises Refusal 6A82."""
        file = self.application.files.get(fid)
        if file is None:
            raise Refusal(status.NOT_FOUND)
        self.file = file
        return file

    def current(self) -> File:
        """Raises Refusal 6986."""
        if self.file is None:
            raise Refusal(status.NO_CURRENT_FILE)
        return self.file

    def addressed(self, p2: int) -> File:
        """The file that 80 (the current one) or 80 + short id in a parameter means; it becomes the current one."""
        if p2 & ~_SHORT_ID != BY_SHORT_ID:
            raise Refusal(status.WRONG_P1P2)
        if p2 & _SHORT_ID:
            return self.make_current(p2 & _SHORT_ID)
        return self.current()

    def _select_application(self, command: Command) -> bytes:
        if command.p2 in (_FCI, _NO_FCI):
            application = self._first(command.data, self._applications)
        elif command.p2 in (_NEXT_FCI, _NEXT_NO_FCI):
            place = self._applications.index(self.application)
            application = self._first(command.data, self._applications[place + 1 :])
        else:
            raise Refusal(status.WRONG_P1P2)
        if application is not self.application or not self._keeps_on_reselect:
            self.security = SecurityStatus()
        self.application, self.file = application, None
        return _fci(application.aid) if command.p2 in (_FCI, _NEXT_FCI) and command.le else b""

    def _first(self, name: bytes, among: Sequence[Application]) -> Application:
        """That "next" counts on from the selected one, in the order the card was made with, is inferred."""
        found = (each for each in among if each.aid.startswith(name)) if len(name) >= _SHORTEST_PREFIX else iter(())
        application = next(found, None)
        if application is None:
            raise Refusal(status.NOT_FOUND)
        return application

    def _select_file(self, command: Command) -> bytes:
        if len(command.data) != 2:
            raise Refusal(status.WRONG_LENGTH)
        self.make_current(int.from_bytes(command.data, "big"))
        return b""

    def _select_master_file(self, command: Command) -> bytes:
        """There is no ISO master file. Measured: 6A86 when cold, 9000 without effect inside an application."""
        if command.data:
            raise Refusal(status.NOT_FOUND)
        if self.application is self._applications[0]:
            raise Refusal(status.WRONG_P1P2)
        return b""


def _fci(aid: bytes) -> bytes:
    """Control information with the name alone: what the hardware says here is not published, and no client reads it."""
    name = bytes([0x84, len(aid)]) + aid
    return bytes([0x6F, len(name)]) + name
