"""SET SESSION KEY, and commands of the classes for secure messaging. Source: card reference, section 4."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from drivers.software_card import secure_messaging as sm
from drivers.software_card import status
from drivers.software_card.command import Command
from drivers.software_card.files import KeyFile
from drivers.software_card.selection import Selection
from drivers.software_card.status import Refusal

CONFIDENTIAL: Final = 0x08
WITH_INTEGRITY: Final = 0x0C
_DELIVERED: Final = 256
_OAEP: Final = OAEP(MGF1(SHA256()), SHA256(), label=None)


def set_session_key(selection: Selection, command: Command) -> bytes:
    """Open a session; one before it is forgotten. Whether it may be opened is asked before anything is decrypted."""
    delivery = selection.application.delivery
    if not isinstance(delivery, KeyFile):
        raise Refusal(status.UNKNOWN_INS if delivery is None else delivery)
    if (command.p1, command.p2) != (0, 0):
        raise Refusal(status.WRONG_P1P2)
    selection.security.need(delivery.opened_by)
    if len(command.data) != _DELIVERED:
        raise Refusal(status.WRONG_LENGTH)
    selection.security.session = sm.delivered(_decrypted(delivery.key, command.data))
    return b""


def carry_out(selection: Selection, command: Command, plainly: Callable[[Command], bytes]) -> bytes:
    """Take a secured command's cover off, have it carried out, and cover the answer.

    What the application refuses counts as a command all the same; what cannot be uncovered ends the session.
    """
    if not isinstance(selection.application.delivery, KeyFile):
        raise Refusal(_refused_elsewhere(selection.application.delivery, command))
    if command.cla == WITH_INTEGRITY:
        raise Refusal(status.SECURED_OBJECTS_MISSING)
    if not sm.takes(command.ins):
        raise Refusal(status.UNKNOWN_INS)
    session = selection.security.session
    if session is None:
        raise Refusal(status.NO_SESSION)
    iv = session.next_iv()
    try:
        plain = sm.plain_command(command, session.key, iv)
    except Refusal:
        selection.security.session = None
        raise
    covered = sm.secured_answer(plainly(plain), session.key, iv)
    if covered and (command.le is None or len(covered) > command.le):
        raise Refusal(status.WRONG_LENGTH)
    return covered


def _refused_elsewhere(delivery: int | None, command: Command) -> int:
    """6882 and 69FC are measured on other applications; which of the two answers which class is inferred."""
    if delivery is None:
        return status.UNKNOWN_CLA
    return status.NOT_SECURED if command.cla == WITH_INTEGRITY else status.NO_SESSION


def _decrypted(key: object, message: bytes) -> bytes:
    """Measured: 6F00 for a number above the modulus, 6A80 for what was encrypted to another key."""
    if not isinstance(key, RSAPrivateKey):
        raise Refusal(status.CONDITIONS_NOT_MET)
    if int.from_bytes(message) >= key.private_numbers().public_numbers.n:
        raise Refusal(status.NO_PRECISE_REASON)
    try:
        return key.decrypt(message, _OAEP)
    except ValueError as exc:
        raise Refusal(status.WRONG_DATA) from exc
