"""Readers with keys of their own for a PIN: what PC/SC part 10 says, in bytes. Nothing here talks to a reader.

Source: PC/SC Workgroup, "Interoperability Specification for ICCs and Personal Computer Systems", part 10, version 2.02.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Self

from drivers.errors import BadAnswer


class Feature(IntEnum):
    """Tags in the answer to GET_FEATURE_REQUEST, those used here."""

    VERIFY_PIN_DIRECT = 0x06
    MODIFY_PIN_DIRECT = 0x07
    IFD_PIN_PROPERTIES = 0x0A
    GET_TLV_PROPERTIES = 0x12


ASCII_FROM_LEFT = 0x82
"""bmFormatString: digits in ASCII, left-justified, from byte 0 of the command's data."""

OK_KEY = 0x02
"""bEntryValidationCondition: a confirm key ends the entry, so that nobody is surprised by the fourth digit."""

JAPANESE = 0x0411
_SHORTEST, _LONGEST, _ENDS = 0x06, 0x07, 0x02
"""Tags of the TLV properties: bMinPINSize, bMaxPINSize, bEntryValidationCondition."""

_NEW_PIN, _NEW_PIN_AGAIN = 1, 2
"""bMsgIndex: the reader's own sentences for the two entries of a new PIN."""
_NEW_PIN_TWICE = 0x01
"""bConfirmPIN: ask for the new one twice, and not for the old one, which this card has verified before."""

_HEADER = 5
"""CLA INS P1 P2 Lc; what follows is overwritten by what is typed."""


def features(answer: bytes) -> dict[int, int]:
    """Tag -> control code, from entries of tag, length 4 and a big-endian code. Raises BadAnswer."""
    if len(answer) % 6 or any(answer[at + 1] != 4 for at in range(0, len(answer), 6)):
        raise BadAnswer("list of features")
    return {answer[at]: int.from_bytes(answer[at + 2 : at + 6]) for at in range(0, len(answer), 6)}


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a reader says of its keys. What it does not say it is trusted to do."""

    shortest: int = 0
    longest: int = 255
    ends: int = OK_KEY
    """The ways an entry can end, as bits."""

    @classmethod
    def of_tlv(cls, answer: bytes) -> Self:
        """From GET_TLV_PROPERTIES: tag, length, little-endian value. Raises BadAnswer."""
        said: dict[int, int] = {}
        at = 0
        while at < len(answer):
            value = answer[at + 2 :][: answer[at + 1]] if at + 1 < len(answer) else b""
            if at + 2 > len(answer) or len(value) != answer[at + 1]:
                raise BadAnswer("properties of the reader")
            said[answer[at]] = int.from_bytes(value, "little")
            at += 2 + len(value)
        return cls._of(said)

    @classmethod
    def of_properties(cls, answer: bytes) -> Self:
        """From IFD_PIN_PROPERTIES: wLcdLayout, bEntryValidationCondition, bTimeOut2. Raises BadAnswer."""
        if len(answer) < 4:
            raise BadAnswer("properties of the reader")
        return cls._of({_ENDS: answer[2]})

    @classmethod
    def _of(cls, said: Mapping[int, int]) -> Self:
        return cls(said.get(_SHORTEST) or 0, said.get(_LONGEST) or 255, said.get(_ENDS) or OK_KEY)

    def takes(self, digits: int) -> bool:
        return self.shortest <= digits <= self.longest

    @property
    def end(self) -> int:
        """By the confirm key where the reader can, else in whatever way it can."""
        return self.ends & OK_KEY or self.ends


def verify_structure(template: bytes, timeout_s: int, abilities: Abilities) -> bytes:
    """PIN_VERIFY_STRUCTURE for a PIN of fixed length; `template` is the whole command, 1-15 bytes of it the PIN.

    Fields are little-endian. `timeout_s` is 1-255.
    """
    return _entry(template, timeout_s) + struct.pack(
        "<HBBHB3sI",
        _fixed_length(template),
        abilities.end,
        1,  # bNumberMessage: one sentence,
        JAPANESE,
        0,  # bMsgIndex: the first, which asks for a PIN
        bytes(3),  # bTeoPrologue: for T=1 the driver's own
        len(template),
    ) + template  # fmt: skip


def modify_structure(template: bytes, timeout_s: int, abilities: Abilities) -> bytes:
    """PIN_MODIFY_STRUCTURE for a new PIN of fixed length, typed twice; the command carries the new one only."""
    return _entry(template, timeout_s) + struct.pack(
        "<BBHBBBHBBB3sI",
        0,  # bInsertionOffsetOld: none
        0,  # bInsertionOffsetNew
        _fixed_length(template),
        _NEW_PIN_TWICE,
        abilities.end,
        2,  # bNumberMessage
        JAPANESE,
        _NEW_PIN,
        _NEW_PIN_AGAIN,
        0,
        bytes(3),
        len(template),
    ) + template  # fmt: skip


def _entry(template: bytes, timeout_s: int) -> bytes:
    """bTimeOut, bTimeOut2 (after the first key), bmFormatString, bmPINBlockString, bmPINLengthFormat."""
    return bytes((timeout_s, timeout_s, ASCII_FROM_LEFT, _digits(template), 0))


def _fixed_length(template: bytes) -> int:
    """wPINMaxExtraDigit: the shortest PIN in the high byte, the longest in the low one."""
    return _digits(template) << 8 | _digits(template)


def _digits(template: bytes) -> int:
    digits = len(template) - _HEADER
    if not 1 <= digits <= 15 or template[4] != digits:
        raise ValueError("a template is header, Lc and 1-15 bytes to be overwritten")
    return digits
