"""だれかといっしょ: a screen without what is private, and the action that shows it. No Qt here.

Source: ux reference, section 6 rule 7.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from kiosk.screens import Chart, Choice, Detail, Problem, Result, Row, Screen
from kiosk.words import WHOLE, Private, Text, Words, is_private

SHOW = "together.show"
"""Key of the action that shows what is hidden, on this screen only. The flow never receives it."""


def hidden(screen: Screen[Any], words: Words) -> Screen[Any]:
    """The screen as others may see it; the same where nothing is private. `words` are in the screen's language.

    Where a screen has actions, the last is then SHOW: a flow's own are at most three where something is private.
    """
    if not any(map(is_private, texts(screen))):
        return screen
    veiled: Screen[Any] = _hidden(_closed(screen, words), words)
    if isinstance(veiled, Detail | Result | Problem | Chart):
        return dataclasses.replace(veiled, actions=(*veiled.actions, Choice(SHOW, words(SHOW))))
    return veiled


def texts(value: object) -> Iterator[str]:
    """Every string of a screen or a part of one."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from texts(part)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from texts(getattr(value, field.name))


def _closed(screen: Screen[Any], words: Words) -> Screen[Any]:
    """A letter or a chart with kind sentences in the place of what is read there; anything else as it is."""
    if isinstance(screen, Detail):
        return _letter(screen, words)
    if isinstance(screen, Chart):
        lines = words.lines("together.lines")
        return dataclasses.replace(screen, sentences=lines, points=(), ticks=(), bands=(), lines=(), band="")
    return screen


def _letter(screen: Detail, words: Words) -> Detail:
    """One kind sentence in the place of all that can be read."""
    open_lines = tuple(line for line in screen.summary if not is_private(line))
    return dataclasses.replace(
        screen,
        title=words("together.title") if is_private(screen.title) else screen.title,
        subtitle="" if is_private(screen.subtitle) else screen.subtitle,
        summary=(*open_lines, *words.lines("together.lines")),
        body="" if is_private(screen.body) else screen.body,
    )


def _hidden(value: Any, words: Words) -> Any:
    if isinstance(value, str):
        return _text(value, words) if is_private(value) else value
    if isinstance(value, tuple):
        return tuple(_hidden(part, words) for part in value)
    if isinstance(value, Row):
        value = _row(value, words)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = (field.name for field in dataclasses.fields(value))
        return dataclasses.replace(value, **{name: _hidden(getattr(value, name), words) for name in fields})
    return value


def _row(row: Row, words: Words) -> Row:
    return dataclasses.replace(
        row,
        title=(row.public or words("together.hidden")) if is_private(row.title) else row.title,
        below="" if is_private(row.below) else row.below,
    )


def _text(text: str, words: Words) -> Text:
    """The sentence with its private parts left out; all of it where it is private as a whole."""
    mask = words("together.hidden")
    if not isinstance(text, Text) or WHOLE in text.parts:
        return mask
    parts = {name: _part(part, words) for name, part in text.parts.items()}
    return words(text.key, **parts) if text.line < 0 else words.lines(text.key, **parts)[text.line]


def _part(part: object, words: Words) -> object:
    return _text(part, words) if isinstance(part, Text | Private) and is_private(part) else part
