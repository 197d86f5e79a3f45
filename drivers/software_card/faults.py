"""What goes wrong between a card and its reader, by rules that a person can write.

A rule is `[apdu=N:][ins=XX:]DEED`. N counts commands from 0, XX is an instruction byte in hexadecimal; a rule that
names neither is about every command. The deeds are the values of `Deed`, and `sw=XXXX`, `truncate=N` and `delay=2s` or
`delay=50ms`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

from drivers.software_card.errors import SoftwareCardError

_NUMBER = r"\d{1,9}"
"""More digits than anybody needs, and fewer than Python refuses to read."""


class BadRule(SoftwareCardError):
    """A rule that cannot be read; says which part of it and what could stand there."""

    def __init__(self, rule: str, part: str, wanted: str) -> None:
        super().__init__(f"fault rule {rule!r}: {part!r} is not {wanted}")


class NotOfACard(SoftwareCardError):
    """A fault that no card can make happen, only a reader that is an object."""

    def __init__(self, deed: Deed) -> None:
        super().__init__(f"A box of cards cannot do {deed.value!r}: that is up to the reader or its service.")


class Deed(Enum):
    """A fault that needs no value."""

    REMOVE = "remove"
    """The card leaves before it gets the command."""
    REMOVE_DURING = "remove-during"
    """The card leaves in the middle of its work: nothing is done, but a VERIFY that had begun has used its try."""
    REMOVE_AFTER = "remove-after"
    """The card carries the command out and leaves before the answer is heard."""
    MUTE = "mute"
    """The card carries the command out and never answers. It stays in the reader, silent until powered again."""
    GARBAGE = "garbage"
    """The card carries the command out; every bit of the answer arrives inverted."""
    UNPLUG = "unplug"
    """The reader leaves, and the card in it, before the command."""
    STOP_SERVICE = "stop-service"
    """The service that owns the readers ends before the command."""


@dataclass(frozen=True, slots=True)
class Status:
    """The card does nothing and answers with this status word."""

    sw: int


@dataclass(frozen=True, slots=True)
class Truncate:
    """The card carries the command out; only this many bytes of the answer arrive."""

    length: int = 1


@dataclass(frozen=True, slots=True)
class Delay:
    """The card takes longer by `seconds`. Comes on top of any other deed."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Rule:
    deed: Deed | Status | Truncate | Delay
    index: int | None = None
    """Of the command, counted from 0; None is every one."""
    ins: int | None = None
    """The command's instruction; None is every one."""

    def fits(self, index: int, command: bytes) -> bool:
        return self.index in (None, index) and (self.ins is None or command[1:2] == bytes([self.ins]))


@dataclass(frozen=True, slots=True)
class Hit:
    """What happens to one command."""

    deed: Deed | Status | Truncate | None = None
    delay_s: float = 0.0


class Faults:
    """Rules, and the count of the commands they look at."""

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        self.commands = 0
        """Looked at so far."""
        self._rules = tuple(rules)

    def next(self, command: bytes) -> Hit:
        """Count one command; of several deeds the first happens, delays add up."""
        index, self.commands = self.commands, self.commands + 1
        deeds = [rule.deed for rule in self._rules if rule.fits(index, command)]
        delay_s = sum(deed.seconds for deed in deeds if isinstance(deed, Delay))
        return Hit(next((deed for deed in deeds if not isinstance(deed, Delay)), None), delay_s)


def parse(text: str) -> Rule:
    """Read one rule, such as `apdu=7:remove` or `ins=2A:sw=6F00`. Raises BadRule."""
    *wheres, what = text.split(":")
    places = {"apdu": (_NUMBER, 10, "an index, 0 or more"), "ins": ("[0-9A-F]{2}", 16, "two hexadecimal digits")}
    found: dict[str, int] = {}
    for where in wheres:
        name, _, value = where.partition("=")
        if name not in places or name in found:
            raise BadRule(text, where, "one apdu=N or one ins=XX")
        pattern, base, wanted = places[name]
        found[name] = int(_checked(text, value, pattern, wanted), base)
    return Rule(_deed(text, what), found.get("apdu"), found.get("ins"))


def _deed(rule: str, what: str) -> Deed | Status | Truncate | Delay:
    name, equals, value = what.partition("=")
    if equals and name in _WITH_VALUE:
        return _WITH_VALUE[name](rule, value)
    if what == "truncate":
        return Truncate()
    try:
        return Deed(what)
    except ValueError as exc:
        deeds = (*(deed.value for deed in Deed), "truncate", "truncate=N", "sw=XXXX", "delay=2s")
        raise BadRule(rule, what, "one of " + ", ".join(deeds)) from exc


def _status(rule: str, value: str) -> Status:
    return Status(int(_checked(rule, value, "[0-9A-F]{4}", "a status word, four hexadecimal digits"), 16))


def _truncate(rule: str, value: str) -> Truncate:
    return Truncate(int(_checked(rule, value, _NUMBER, "a number of bytes")))


def _delay(rule: str, value: str) -> Delay:
    value = _checked(rule, value, _NUMBER + r"(\.\d{1,9})?(s|ms)", "a time such as 2s or 50ms").lower()
    return Delay(float(value[:-2]) / 1000 if value.endswith("ms") else float(value[:-1]))


def _checked(rule: str, value: str, pattern: str, wanted: str) -> str:
    if not re.fullmatch(pattern, value, re.ASCII | re.IGNORECASE):
        raise BadRule(rule, value, wanted)
    return value


_WITH_VALUE: dict[str, Callable[[str, str], Status | Truncate | Delay]] = {
    "sw": _status,
    "truncate": _truncate,
    "delay": _delay,
}
