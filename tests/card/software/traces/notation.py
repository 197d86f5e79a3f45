"""A kept trace: commands as they were sent, answers reduced to what every card of the kind must answer alike.

A line is `command answer`. A command is hexadecimal, but the Le of a READ BINARY up to the file's last byte is `..`:
how long a certificate is differs from issue to issue. An answer is the status word, before it `#` and the number of
data bytes, or `#..` where the command has `..`, or `3082#2` for the header of a certificate. Secrets in it are the test
card's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

Send = Callable[[bytes], bytes]

REST = ".."
_HEADER = bytes.fromhex("3082")
_READ = bytes.fromhex("00B0")


@dataclass(frozen=True, slots=True)
class Step:
    command: str
    answer: str

    def __str__(self) -> str:
        return f"{self.command} {self.answer}"


class _File:
    """The size of the certificate that is the current file, as its header said."""

    def __init__(self) -> None:
        self._size = 0

    def note(self, command: bytes, answer: bytes) -> None:
        if command[:2] == bytes.fromhex("00A4"):
            self._size = 0
        elif _is_header(command, answer):
            self._size = 4 + int.from_bytes(answer[2:4])

    def rest(self, command: bytes) -> int:
        """Bytes from the command's offset to the end; 0 for what is no READ BINARY of it."""
        return self._size - int.from_bytes(command[2:4]) if command[:2] == _READ else 0


def reduce(exchanges: Iterable[tuple[bytes, bytes]]) -> list[Step]:
    """What was said on the wire, as it is kept."""
    file, steps = _File(), []
    for command, answer in exchanges:
        asked, wanted = command.hex().upper(), (command[-1] or 256)
        is_rest = len(command) == 5 and 0 < file.rest(command) == wanted
        steps.append(Step(asked[:-2] + REST if is_rest else asked, _answer(command, answer, is_rest)))
        file.note(command, answer)
    return steps


def replay(steps: Iterable[Step], send: Send) -> list[Step]:
    """Send the kept commands to another card of the kind; what came of them, reduced likewise."""
    file, heard = _File(), []
    for step in steps:
        is_rest = step.command.endswith(REST)
        command = bytes.fromhex(step.command.removesuffix(REST))
        if is_rest:
            command += bytes((file.rest(command) & 0xFF,))
        answer = send(command)
        heard.append(Step(step.command, _answer(command, answer, is_rest)))
        file.note(command, answer)
    return heard


def _answer(command: bytes, answer: bytes, is_rest: bool) -> str:
    data, status = answer[:-2], answer[-2:].hex().upper()
    if _is_header(command, answer):
        return f"3082#2{status}"
    if is_rest:
        return f"#{REST}{status}" if len(data) == (command[-1] or 256) else f"#{len(data)}{status}"
    return f"#{len(data)}{status}" if data else status


def _is_header(command: bytes, answer: bytes) -> bool:
    return command == bytes.fromhex("00B0000004") and len(answer) == 6 and answer[:2] == _HEADER


def write(title: str, steps: Iterable[Step]) -> str:
    """A trace as text; `title` may have several lines."""
    head = [f"# {line}" for line in title.splitlines()]
    return "\n".join([*head, *map(str, steps)]) + "\n"


def read(text: str) -> list[Step]:
    return list(_steps(text))


def _steps(text: str) -> Iterator[Step]:
    for line in text.splitlines():
        if not line.startswith("#"):
            command, answer = line.split(" ")
            yield Step(command, answer)
