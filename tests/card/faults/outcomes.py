"""What comes of a fault at one command: by what the command was and how long its answer would have been."""

from __future__ import annotations

from drivers.errors import (
    BadAnswer,
    CardError,
    CardGone,
    CardMute,
    CardRefused,
    NoReader,
    NotOurCard,
    PinBlocked,
    PinWrong,
    ServiceDown,
)
from drivers.software_card.trace import Entry

Outcomes = set[type[CardError] | None]

ALWAYS: dict[str, type[CardError]] = {
    "remove": CardGone,
    "remove-during": CardGone,
    "remove-after": CardGone,
    "mute": CardMute,
    "delay=11s": CardMute,
    "unplug": NoReader,
    "stop-service": ServiceDown,
    "garbage": CardRefused,
    "truncate": BadAnswer,
    "truncate=0": BadAnswer,
}
"""Deed -> what comes of it, whatever the command."""

DEEDS = (
    *ALWAYS,
    "delay=9s",
    "truncate=4",
    "sw=6F00",
    "sw=6A82",
    "sw=6982",
    "sw=6983",
    "sw=63C1",
    "sw=6700",
    "sw=6110",
    "sw=6C10",
)

_EXTENDED = 14
"""Hexadecimal digits of GET DATA in the extended form."""


def outcomes(entry: Entry, deed: str, ends: type[CardError] | None) -> Outcomes:
    """`entry` is the command without a fault; `ends` how the whole operation then ends."""
    instruction = entry.command[2:4]
    by_name = entry.command.startswith("00A404")
    covered = entry.command.startswith("08")
    question = instruction == "20" and len(entry.command) == 8
    if deed == "garbage" and covered and instruction == "B0":
        return {BadAnswer}  # it cannot be deciphered
    if deed in ALWAYS:
        return {ALWAYS[deed]}
    match deed, instruction:
        case "delay=9s", _:
            return {ends}
        case "truncate=4", _:
            # Refused or senseless, as the bytes that stand where the status word was look.
            return {BadAnswer, CardRefused} if entry.bytes_out > 4 else {ends}
        case "sw=6F00", "A4" if by_name:
            return {ends}  # asked again, once: one card was measured to wake up like that
        case "sw=6A82", "A4" if by_name:
            return {NotOurCard}
        case "sw=6110", "A4" if by_name:
            return {NotOurCard}  # it announced an answer, and does not know GET RESPONSE
        case "sw=6983" | "sw=63C1", "20" if question:
            return {ends}  # an answer like any other to the question for the counter
        case "sw=6983", "20":
            return {PinBlocked}
        case "sw=63C1", "20":
            return {PinWrong}
        case "sw=6700", "CA" if len(entry.command) < _EXTENDED:
            return {ends}  # asked again in the extended form
        case "sw=6C10", "CA":
            return {ends, CardRefused}  # as many as asked for, or refused in the extended form as well
        case "sw=6C10", "B0" | "B2" | "84" if not covered:
            return {BadAnswer} if entry.bytes_out > 16 + 2 else {ends}  # asked again, for 16 bytes
        case "sw=6C10", "A4" | "A2" | "82" | "AE":
            return {ends}  # asked again for an answer that nobody needs
    return {CardRefused}
