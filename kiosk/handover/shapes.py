"""Messages of the file exchange as `shapes.toml` describes them: values in, XML out, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from kiosk.handover.tree import Document, Element

FILE = Path(__file__).with_name("shapes.toml")
ROOT, HEADER, BODY = "XmlMsg", "MessageHeader", "MessageBody"
Fields = Mapping[str, Any]
"""Texts by field, and tuples of Fields for groups."""
_TIMES = {"day": 8, "moment": 14}
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_DIGITS = re.compile("[0-9]+")
_KANA = re.compile("[ -~｡-ﾟ●]+")  # half width


class ShapeWrong(Exception):
    """A message that is not as described; the text names elements and fields, never what is in them."""


@dataclass(frozen=True, slots=True)
class Part:
    """One element, or a group of elements as often as it comes."""

    path: tuple[str, ...]
    field: str
    kind: str
    most: int
    needed: bool
    group: tuple[Part, ...] = ()

    def checked(self, text: str) -> str:
        """Let pass what this element may hold. Raises ShapeWrong."""
        if len(text) > self.most or not _fits(self.kind, text) or _CONTROL.search(text):
            raise ShapeWrong(f"{self.path[-1]} is not {self.kind}")
        return text


@dataclass(frozen=True, slots=True)
class Message:
    """One message: the header's fields, and one or more bodies."""

    header: Fields
    bodies: tuple[Fields, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """What a message consists of."""

    header: tuple[Part, ...]
    body_path: tuple[str, ...]
    """Below MessageBody."""
    body: tuple[Part, ...]
    most: int

    def take(self, root: Element) -> Message:
        """Read a message out of a document. Raises ShapeWrong."""
        if root.name != ROOT or [child.name for child in root.children] != [HEADER, BODY]:
            raise ShapeWrong(f"{ROOT} with one {HEADER} and one {BODY}")
        header, body = root.children
        return Message(_take(self.header, header), self._bodies(body))

    def give(self, message: Message) -> Element:
        """Write a message. Raises ShapeWrong for fields or values that have no place in it."""
        header = Element(HEADER, "", _give(self.header, message.header))
        return Element(ROOT, "", (header, Element(BODY, "", self._given(message.bodies))))

    def _bodies(self, body: Element) -> tuple[Fields, ...]:
        if not self.body_path:
            return (_take(self.body, body),) if body.children else ()
        if any(child.name != self.body_path[0] for child in body.children) or len(body.children) > self.most:
            raise ShapeWrong(f"up to {self.most} of {self.body_path[0]}")
        return tuple(_take(self.body, child) for child in body.children)

    def _given(self, bodies: tuple[Fields, ...]) -> tuple[Element, ...]:
        if len(bodies) > self.most:
            raise ShapeWrong(f"up to {self.most} bodies")
        if not self.body_path:
            return _give(self.body, bodies[0]) if bodies else ()
        return tuple(Element(self.body_path[0], "", _give(self.body, one)) for one in bodies)


@dataclass(frozen=True, slots=True)
class FileKind:
    """A request by the beginning of its file's name."""

    message: Shape
    answer: Shape
    named: str
    """Beginning of the answer's name."""


class Shapes:
    """All messages and file names of one description."""

    def __init__(self, path: Path = FILE) -> None:
        file = msgspec.toml.decode(path.read_bytes(), type=_File)
        self.messages = {name: _shape(file, one) for name, one in file.messages.items()}
        self.files = {
            begin: FileKind(self.messages[one.message], self.messages[one.answer], one.named)
            for begin, one in file.files.items()
        }


@cache
def standard() -> Shapes:
    """The description that comes with the house."""
    return Shapes()


class _MessageEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    header: str
    body: str
    most: int


class _FileEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    message: str
    answer: str
    named: str


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    unverified: tuple[str, ...]
    header: dict[str, tuple[str, ...]]
    groups: dict[str, tuple[str, ...]]
    messages: dict[str, _MessageEntry]
    files: dict[str, _FileEntry]


def _shape(file: _File, entry: _MessageEntry) -> Shape:
    path, _, group = entry.body.partition(" ")
    parts = _parts(file, file.groups[group.rpartition("@")[2]])
    return Shape(_parts(file, file.header[entry.header]), (path,) if path else (), parts, entry.most)


def _parts(file: _File, lines: tuple[str, ...]) -> tuple[Part, ...]:
    return tuple(_part(file, line.split()) for line in lines)


def _part(file: _File, words: list[str]) -> Part:
    path, field, kind = words[0], words[1], words[2]
    if kind.startswith("@"):
        return Part(tuple(path.split("/")), field, kind, 0, False, _parts(file, file.groups[kind[1:]]))
    return Part(tuple(path.split("/")), field, kind, int(words[3]), words[4:] == ["!"])


def _take(parts: tuple[Part, ...], element: Element) -> dict[str, Any]:
    """Read the parts of one element, which must come in any order and at most once, and nothing else."""
    by_name = {part.path[0]: part for part in parts}
    fields: dict[str, Any] = {}
    for child in element.children:
        part = by_name.get(child.name)
        if part is None:
            raise ShapeWrong(f"{child.name if child.name.isascii() else 'an element'} is not known here"[:100])
        if part.field in fields and not (part.group and len(part.path) == 1):
            raise ShapeWrong(f"{child.name} comes twice")
        if part.group:
            fields[part.field] = (*fields.get(part.field, ()), *_take_group(part, child))
        elif child.children:
            raise ShapeWrong(f"{child.name} holds a text")
        elif child.text or part.needed:
            fields[part.field] = part.checked(child.text)
    for part in parts:
        if part.needed and not fields.get(part.field):
            raise ShapeWrong(f"{part.path[-1]} is missing")
    return fields


def _take_group(part: Part, element: Element) -> tuple[dict[str, Any], ...]:
    if len(part.path) == 1:
        return (_take(part.group, element),)
    if any(child.name != part.path[1] for child in element.children):
        raise ShapeWrong(f"{part.path[0]} holds {part.path[1]} only")
    return tuple(_take(part.group, child) for child in element.children)


def _give(parts: tuple[Part, ...], fields: Fields) -> tuple[Element, ...]:
    unknown = fields.keys() - {part.field for part in parts}
    missing = [part.field for part in parts if part.needed and not fields.get(part.field)]
    if unknown or missing:
        raise ShapeWrong(f"unknown fields {sorted(unknown)}, missing fields {missing}")
    return tuple(element for part in parts if fields.get(part.field) for element in _written(part, fields[part.field]))


def _written(part: Part, value: Any) -> tuple[Element, ...]:
    if not part.group:
        return (Element(part.path[0], part.checked(value)),)
    inner = tuple(Element(part.path[-1], "", _give(part.group, one)) for one in value)
    return inner if len(part.path) == 1 else (Element(part.path[0], "", inner),)


def _fits(kind: str, text: str) -> bool:
    if kind in _TIMES:
        return len(text) == _TIMES[kind] and bool(_DIGITS.fullmatch(text)) and _is_time(text)
    if kind == "digits":
        return text.isascii() and bool(_DIGITS.fullmatch(text))
    if kind == "kana":
        return bool(_KANA.fullmatch(text))
    return kind == "text" or text in kind.split("|")


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(f"{text[:8]}T{text[8:] or '00'}")
    except ValueError:
        return False
    return True


def document(shape: Shape, message: Message, encoding: str) -> Document:
    return Document(shape.give(message), encoding)
