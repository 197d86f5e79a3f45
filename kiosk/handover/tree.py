"""Reading XML that anybody may have put into a folder, and writing it.

What a message never needs is refused where it begins, before anything of it is kept: document types (and with them all
entities), attributes, processing instructions, other encodings, sizes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.parsers import expat
from xml.sax.saxutils import escape

LARGEST = 4 * 1024 * 1024
"""Bytes; a bulk query of 2,000 people has a quarter of it."""
DEEPEST = 8
MOST_ELEMENTS = 100_000
SUBSTITUTE = "●"
"""What stands for a character that the encoding has not got. Source: ux reference, section 4.1."""
CHUNK = 65_536

_DECLARED = re.compile(
    rb"""^<\?xml[ \t\r\n]+version=["']1\.0["'](?:[ \t\r\n]+encoding=["']([A-Za-z0-9_-]{1,20})["'])?[^<>]*\?>"""
)
_CODECS = {"utf-8": "utf-8", "shift_jis": "cp932"}
"""By which declared encodings are read. CP932 is what programs on Windows mean by Shift_JIS."""
BOM = b"\xef\xbb\xbf"


class XmlRefused(Exception):
    """Not a document that is taken here; the text says why, and nothing of the content."""


@dataclass(frozen=True, slots=True)
class Element:
    """An element with either text or children."""

    name: str
    text: str = ""
    children: tuple[Element, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A document and the encoding it came in, or goes out in: `utf-8` or `shift_jis`."""

    root: Element
    encoding: str = "utf-8"


def read(content: bytes) -> Document:
    """Read a whole document. Raises XmlRefused."""
    if len(content) > LARGEST:
        raise XmlRefused("larger than any message")
    text, encoding = _decode(content)
    building = _Building()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = building.refuse_doctype
    parser.ProcessingInstructionHandler = building.refuse_instruction
    parser.StartElementHandler = building.start
    parser.EndElementHandler = building.end
    parser.CharacterDataHandler = building.characters
    try:
        raw = text.encode()
        for begin in range(0, len(raw), CHUNK):
            parser.Parse(raw[begin : begin + CHUNK], False)
        parser.Parse(b"", True)
    except expat.ExpatError as exc:
        raise XmlRefused(f"not well-formed: {expat.errors.messages.get(exc.code, 'error')}") from exc
    return Document(building.root(), encoding)


def write(document: Document) -> bytes:
    """Write a document. What Shift_JIS cannot say becomes ●."""
    parts = [f'<?xml version="1.0" encoding="{"UTF-8" if document.encoding == "utf-8" else "Shift_JIS"}"?>\n']
    _write(document.root, parts)
    parts.append("\n")
    text = "".join(parts)
    return text.encode() if document.encoding == "utf-8" else _in_shift_jis(text)


def _decode(content: bytes) -> tuple[str, str]:
    """The text behind its declaration, and its encoding."""
    marked = content.startswith(BOM)
    content = content.removeprefix(BOM)
    declared = _DECLARED.match(content)
    encoding = "utf-8" if declared is None else (declared[1] or b"utf-8").decode().lower()
    if encoding not in _CODECS or (marked and encoding != "utf-8"):
        raise XmlRefused("an encoding that is not taken here")
    begin = declared.end() if declared else 0
    try:
        return content[begin:].decode(_CODECS[encoding]), encoding
    except UnicodeDecodeError as exc:
        raise XmlRefused("not in the encoding it declares") from exc


def _write(element: Element, parts: list[str]) -> None:
    if element.children:
        parts.append(f"<{element.name}>")
        for child in element.children:
            _write(child, parts)
        parts.append(f"</{element.name}>")
    else:
        # A bare CR would come back as LF.
        parts.append(f"<{element.name}>{escape(element.text, {chr(13): '&#13;'})}</{element.name}>")


def _in_shift_jis(text: str) -> bytes:
    try:
        return text.encode("shift_jis")
    except UnicodeEncodeError:
        return "".join(one if _has(one) else SUBSTITUTE for one in text).encode("shift_jis")


def _has(character: str) -> bool:
    try:
        # Those that two tables read differently (a wave dash, a backslash) are not said either.
        return character.encode("shift_jis").decode("cp932") == character
    except UnicodeError:
        return False


class _Open:
    """An element whose end has not come."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.texts: list[str] = []
        self.children: list[Element] = []


class _Building:
    """What expat calls."""

    def __init__(self) -> None:
        self._open: list[_Open] = [_Open("")]
        self._elements = 0

    def root(self) -> Element:
        return self._open[0].children[0]

    def refuse_doctype(self, *_: object) -> None:
        raise XmlRefused("a document type, and with it entities, is not taken here")

    def refuse_instruction(self, *_: object) -> None:
        raise XmlRefused("a processing instruction is not taken here")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if attributes:
            raise XmlRefused("no element has attributes")
        if len(self._open) > DEEPEST or self._elements > MOST_ELEMENTS:
            raise XmlRefused("deeper or more than any message")
        self._open.append(_Open(name))

    def end(self, name: str) -> None:
        done = self._open.pop()
        text = "".join(done.texts)
        if done.children and text.strip():
            raise XmlRefused("text between elements")
        element = Element(name, "" if done.children else text, tuple(done.children))
        self._open[-1].children.append(element)

    def characters(self, text: str) -> None:
        self._open[-1].texts.append(text)
