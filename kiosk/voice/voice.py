"""The border of the voice: what is said, and who can say it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol


@dataclass(frozen=True, slots=True, repr=False)
class Saying:
    """A few words in one language. Never repr'd: they may be about a person."""

    text: str
    """As shown; readings above words are still marked in it (`kiosk.words`)."""
    language: str
    """File name in `assets/words`."""
    personal: bool = False
    """Not the kiosk's own words: said only into earphones, or when the person wants it said."""


class State(Enum):
    """What the voice does."""

    SILENT = "silent"
    PREPARING = "preparing"
    SPEAKING = "speaking"


class Voice(Protocol):
    """Says one thing at a time. No call waits: a window's thread may make them all."""

    speed: float
    """1.0 is normal; from the next `say` on."""
    volume: int
    """Percent; from the next `say` on."""

    @property
    def state(self) -> State: ...

    def speaks(self, language: str) -> bool:
        """Whether there is an engine for it here."""
        ...

    def say(self, sayings: Sequence[Saying]) -> None:
        """Say this instead of anything that is being said. Sayings in a language it does not speak are left out."""
        ...

    def stop(self) -> None:
        """Be silent within 100 ms."""
        ...

    def close(self) -> None:
        """Be silent for good, and let go of every process and thread."""
        ...


class NoVoice:
    """Where nothing can speak: no engine, no sound device, or nobody set it up."""

    speed = 1.0
    volume = 50
    state = State.SILENT

    def speaks(self, language: str) -> bool:
        return False

    def say(self, sayings: Sequence[Saying]) -> None: ...

    def stop(self) -> None: ...

    def close(self) -> None: ...
