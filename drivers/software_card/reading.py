"""READ BINARY, READ RECORD and GET DATA. Source: card reference, section 4."""

from __future__ import annotations

from typing import Final

from drivers.software_card import status
from drivers.software_card.command import Command
from drivers.software_card.files import DataFile, RecordFile
from drivers.software_card.selection import BY_SHORT_ID, Selection
from drivers.software_card.status import Refusal

_ONE_RECORD: Final = 0x04
_TO_THE_LAST: Final = 0x05


def read_binary(selection: Selection, command: Command) -> bytes:
    """Bytes of the current file, or of the short id in P1; fewer at its end."""
    if command.data or command.le is None:
        raise Refusal(status.WRONG_LENGTH)
    if command.p1 & BY_SHORT_ID:
        file, offset = selection.addressed(command.p1), command.p2
    else:
        file, offset = selection.current(), command.p1 << 8 | command.p2
    if not isinstance(file, DataFile):
        raise Refusal(status.WRONG_FILE_KIND)
    selection.security.need(file.opened_by)
    if offset >= len(file.content):
        raise Refusal(status.OFFSET_PAST_END)
    return file.content[offset : offset + command.le]


def read_record(selection: Selection, command: Command) -> bytes:
    """One record (P2 4), or all from it on (P2 5), of the current file or of the short id in P2."""
    if command.data or command.le is None:
        raise Refusal(status.WRONG_LENGTH)
    short_id, mode = command.p2 >> 3, command.p2 & 0x07
    if mode not in (_ONE_RECORD, _TO_THE_LAST):
        raise Refusal(status.WRONG_P1P2)
    file = selection.make_current(short_id) if short_id else selection.current()
    if not isinstance(file, RecordFile):
        raise Refusal(status.WRONG_FILE_KIND)
    if not 1 <= command.p1 <= len(file.records):
        raise Refusal(status.NO_SUCH_RECORD)
    last = command.p1 if mode == _ONE_RECORD else len(file.records)
    return b"".join(file.records[command.p1 - 1 : last])[: command.le]


def get_data(selection: Selection, command: Command) -> bytes:
    """An object of the selected application, whole or not at all."""
    found = selection.application.objects.get(command.p1 << 8 | command.p2)
    if found is None:
        raise Refusal(status.NO_SUCH_OBJECT)
    if command.le is None or command.le < len(found):
        raise Refusal(status.WRONG_LENGTH)
    return found
