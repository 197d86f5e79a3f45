"""A voice that writes down what it would say."""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.voice.voice import Saying, State
from kiosk.words import plain


class RecordingVoice:
    """`said` has one entry for each thing said, `None` for each silence that cut it off."""

    def __init__(self, languages: frozenset[str] = frozenset({"ja", "ja_easy", "en"})) -> None:
        self.speed = 1.0
        self.volume = 50
        self.said: list[tuple[Saying, ...] | None] = []
        self.manners: list[tuple[float, int]] = []
        self._languages = languages

    @property
    def state(self) -> State:
        return State.SPEAKING if self.said and self.said[-1] else State.SILENT

    def speaks(self, language: str) -> bool:
        return language in self._languages

    def say(self, sayings: Sequence[Saying]) -> None:
        self.said.append(tuple(sayings))
        self.manners.append((self.speed, self.volume))

    def stop(self) -> None:
        if self.said and self.said[-1] is not None:
            self.said.append(None)

    def close(self) -> None:
        self.stop()

    @property
    def sayings(self) -> list[Saying]:
        return [saying for talk in self.said if talk for saying in talk]

    @property
    def heard(self) -> list[str]:
        """Everything said, as text."""
        return [plain(saying.text) for saying in self.sayings]

    @property
    def last(self) -> list[str]:
        """The last thing said, whether it was cut off or not."""
        return next(([plain(each.text) for each in talk] for talk in reversed(self.said) if talk), [])
