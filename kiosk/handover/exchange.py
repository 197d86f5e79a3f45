"""Requests of the practice's computer, answered one after the other; and what a card brought, pushed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from kiosk.handover.folders import Folders, Look, NoLongerThere
from kiosk.handover.shapes import Fields, FileKind, Message, Shapes, ShapeWrong, document, standard
from kiosk.handover.tree import LARGEST, Document, XmlRefused, read, write

_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_ENCODINGS = {"utf-8": "0", "shift_jis": "1"}
"""CharacterCodeIdentifier."""
ANSWERED, WRONG = "1", "9"
"""SegmentOfResult; 2 is: being processed."""
FACE = "OQSsiquc01res_face_"


class Unanswered(Exception):
    """Nobody can say now. `code` (MDG…) and text go into the error file."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


class Insurance(Protocol):
    """Who knows the answers."""

    async def answer(self, begin: str, message: Message) -> Message:
        """Answer one request, by the beginning of its file's name; the header's own fields are filled in here.

        It may be asked again after a kill, so it only looks. Raises Unanswered.
        """
        ...


@dataclass(frozen=True, slots=True)
class _Name:
    """A file name taken apart."""

    begin: str
    id: str
    kind: FileKind

    @property
    def answer(self) -> str:
        return f"{self.kind.named}{self.id}.xml"


class Exchange:
    """Works through the folders. One step at a time; methods raise FolderTrouble, and the next step goes on there."""

    def __init__(
        self, folders: Folders, insurance: Insurance, now: Callable[[], datetime], shapes: Shapes | None = None
    ) -> None:
        self._folders = folders
        self._insurance = insurance
        self._now = now
        self._shapes = shapes or standard()
        self._seen: dict[str, Look] = {}

    async def step(self) -> int:
        """Do all that can be done now; says how many requests were answered. New ones must rest for one step first."""
        done = 0
        for request in await asyncio.to_thread(self._folders.placed):
            name = self._name(request)
            if name is not None:
                done += await asyncio.to_thread(self._folders.hand_over, request, name.answer)
        await asyncio.to_thread(self._take)
        for request in await asyncio.to_thread(self._folders.taken):
            name = self._name(request)
            if name is not None:
                done += await self._answer(request, name)
        return done

    async def push(self, visit: str, message: Message, encoding: str = "utf-8") -> str:
        """Put into `face` what a card brought; gives the file's name. `visit` is in it, and is never used again."""
        name = f"{FACE}{visit}_{self._now():%Y%m%d%H%M%S}.xml"
        shape = self._shapes.messages["answer"]
        content = write(document(shape, self._headed(message, encoding, "1"), encoding))
        await asyncio.to_thread(self._folders.push, name, content)
        return name

    def _name(self, request: str) -> _Name | None:
        """None for what is none of the exchange's files: it is left alone."""
        for begin, kind in self._shapes.files.items():
            id_ = request.removeprefix(begin).removesuffix(".xml")
            if request == f"{begin}{id_}.xml" and _ID.fullmatch(id_):
                return _Name(begin, id_, kind)
        return None

    def _take(self) -> None:
        """Take what has not changed since the last step. No clock is asked: the server's may be wrong."""
        found = {name: look for name, look in self._folders.requests().items() if self._name(name)}
        for name, look in sorted(found.items()):
            if self._seen.get(name) == look:
                try:
                    self._folders.take(name)
                except NoLongerThere:
                    continue
        self._seen = found

    async def _answer(self, request: str, name: _Name) -> bool:
        content = await asyncio.to_thread(self._folders.content, request, LARGEST)
        answer = await self._answered(name, content)
        await asyncio.to_thread(self._folders.place, request, name.answer, write(answer))
        return await asyncio.to_thread(self._folders.hand_over, request, name.answer)

    async def _answered(self, name: _Name, content: bytes) -> Document:
        try:
            asked = read(content)
        except XmlRefused as exc:
            return self._error(name, {}, "utf-8", Unanswered("MDG001", str(exc)))
        try:
            message = name.kind.message.take(asked.root)
        except ShapeWrong as exc:
            return self._error(name, {}, asked.encoding, Unanswered("MDG002", str(exc)))
        try:
            answer = await self._insurance.answer(name.begin, message)
            header = {**_returned(name, message.header), **answer.header}
            headed = self._headed(Message(header, answer.bodies), asked.encoding, "2")
            return document(name.kind.answer, headed, asked.encoding)
        except Unanswered as exc:
            return self._error(name, message.header, asked.encoding, exc)
        except ShapeWrong as exc:
            return self._error(name, message.header, asked.encoding, Unanswered("MDG003", str(exc)))

    def _error(self, name: _Name, header: Fields, encoding: str, why: Unanswered) -> Document:
        failed = {**_returned(name, header), "segment": WRONG, "error_code": why.code, "error_message": why.text[:200]}
        return document(name.kind.answer, self._headed(Message(failed, ()), encoding, "2"), encoding)

    def _headed(self, message: Message, encoding: str, reference: str) -> Message:
        """Fill in what every answer's header says. `reference`: 1 by card, 2 by insurance number."""
        header = {
            "executed": f"{self._now():%Y%m%d%H%M%S}",
            "reference": reference,
            "segment": ANSWERED,
            **message.header,
            "characters": _ENCODINGS[encoding],
        }
        return Message(header, message.bodies)


def _returned(name: _Name, header: Fields) -> dict[str, str]:
    """What an answer repeats of its request."""
    kept: dict[str, str] = {field: header[field] for field in ("day", "facility") if field in header}
    return {**kept, "file": header.get("file", name.id)}
