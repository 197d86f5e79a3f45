"""Everything that reaches one visitor, held against what is the other's alone."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import msgspec

from backend_stub.inprocess import InProcess
from tests.flow.scripted_stage import Person, ScriptedStage

OWN = frozenset(
    {"session", "nonce", "ticket", "token", "transaction_number", "id", "number", "code", "check", "handle"}
)
"""Fields of answers whose contents, where nobody could guess them, are one visitor's."""
UNGUESSABLE = re.compile(r"[0-9a-f]{24,}|[A-Za-z0-9_\-+/]{32,}=*|[0-9A-Z]{4}(-[0-9A-Z]{4}){2,}")


class Leak(AssertionError):
    """Something of one visitor reached another."""


class Watch:
    """What is whose. Fields that name something are learnt from whoever is first told of them."""

    def __init__(self, marks: Mapping[str, tuple[str, ...]]) -> None:
        self._foreign = {
            whose: re.compile("|".join(re.escape(mark) for name in marks if name != whose for mark in marks[name]))
            for whose in marks
        }
        self._anybodys = re.compile("|".join(re.escape(mark) for some in marks.values() for mark in some))
        self._owner: dict[str, str] = {}
        self.own = {whose: re.compile("|".join(map(re.escape, some))) for whose, some in marks.items()}
        self._logged: list[str] = []
        self.looked = 0
        """Texts held against the marks."""

    def see(self, whose: str, where: str, text: str) -> None:
        """Raises Leak."""
        self.looked += 1
        found = self._foreign[whose].search(text)
        if found is not None:
            raise Leak(f"{where} of {whose}: {found.group()}")

    def answer(self, whose: str, where: str, body: bytes) -> None:
        """The same for an answer from the backend, with what it names. Raises Leak."""
        self.see(whose, where, body.decode("utf-8", "replace"))
        if not body.startswith(b"{"):
            return
        for name in _names(msgspec.json.decode(body)):
            if self._owner.setdefault(name, whose) != whose:
                raise Leak(f"{where} of {whose}: {name}")

    def file(self, whose: str, content: bytes) -> None:
        """The same for what is taken home. Raises Leak."""
        text = content.decode("utf-8", "replace")
        self.see(whose, "a file", text)
        for found in UNGUESSABLE.finditer(text):
            if self._owner.get(found.group(), whose) != whose:
                raise Leak(f"a file of {whose}: {found.group()}")

    def log(self, text: str) -> None:
        """Nothing of anybody belongs there. Kept for `check`: a body would take what is raised here for a fault."""
        self.looked += 1
        found = self._anybodys.search(text) or next((name for name in text.split() if name in self._owner), None)
        if found is not None:
            self._logged.append(text)

    def check(self) -> None:
        """Raises Leak for what the log was told."""
        if self._logged:
            raise Leak(f"in the log: {self._logged[0]}")


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for part in value:
            yield from _names(part)
    elif isinstance(value, dict):
        for key, part in value.items():
            if key in OWN and isinstance(part, str) and UNGUESSABLE.fullmatch(part):
                yield part
            else:
                yield from _names(part)


class WatchedLine(InProcess):
    """The way of one kiosk to the town."""

    def __init__(self, app: Any, watch: Watch, whose: str) -> None:
        super().__init__(app)
        self._watch, self._whose = watch, whose
        self.asked: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await super().handle_async_request(request)
        body = await answer.aread()
        self.asked.append(request.url.path)
        self._watch.answer(self._whose, f"the answer to {request.url.path}", body)
        return httpx.Response(answer.status_code, headers=answer.headers, stream=httpx.ByteStream(body))


class WatchedStage(ScriptedStage):
    """The screen of one kiosk, looked at whenever another one comes on top."""

    def __init__(self, person: Person, watch: Watch, whose: str) -> None:
        super().__init__(person)
        self._watch, self._whose, self._looked = watch, whose, 0

    def look(self) -> None:
        """Look at what has been shown since the last time. Raises Leak."""
        for screen in self.seen[self._looked :]:
            self._watch.see(self._whose, f"the screen {screen.name}", text_of(screen))
        self._looked = len(self.seen)
        self._watch.see(self._whose, "the line over all screens", self.acting)


def text_of(value: Any) -> str:
    """All that a screen says, and all that it gives to the window."""
    return "\n".join(_texts(value))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
        yield from _texts(tuple(getattr(value, "parts", {}).values()))
    elif isinstance(value, bytes):
        yield value.decode("utf-8", "replace")
    elif isinstance(value, (tuple, list, frozenset)):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, dict):
        yield from _texts([*value, *value.values()])
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _texts(getattr(value, field.name))
