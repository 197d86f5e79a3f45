"""Sound in memory: 16-bit mono samples. Speech about a person exists only so, never in a file."""

from __future__ import annotations

import array
import io
import sys
import wave
from dataclasses import dataclass

LOUDEST = 32_000


@dataclass(frozen=True, slots=True, repr=False)
class Sound:
    rate: int
    """Samples a second."""
    samples: bytes
    """Signed, 16 bits each, little endian."""

    @property
    def seconds(self) -> float:
        return len(self.samples) / 2 / self.rate

    @property
    def loudness(self) -> float:
        """Root mean square, 0 to 1."""
        numbers = self._numbers()
        return float((sum(n * n for n in numbers) / max(1, len(numbers))) ** 0.5 / 32_768)

    def at(self, volume: int) -> Sound:
        """The same with its loudest sample at `volume` percent of what can be: voices differ, people's choice holds."""
        numbers = self._numbers()
        loudest = max(1, *map(abs, numbers)) if numbers else 1
        gain = LOUDEST * volume / 100 / loudest
        return Sound(self.rate, _bytes(array.array("h", (int(n * gain) for n in numbers))))

    def _numbers(self) -> array.array[int]:
        return _swapped(array.array("h", self.samples))

    def to_wav(self) -> bytes:
        file = io.BytesIO()
        with wave.open(file, "wb") as written:
            written.setparams((1, 2, self.rate, 0, "NONE", ""))
            written.writeframes(self.samples)
        return file.getvalue()

    @classmethod
    def from_wav(cls, data: bytes) -> Sound:
        """Raises wave.Error or EOFError for anything but a whole 16-bit mono file."""
        with wave.open(io.BytesIO(data)) as read:
            if (read.getnchannels(), read.getsampwidth()) != (1, 2):
                raise wave.Error("not 16-bit mono")
            return cls(read.getframerate(), read.readframes(read.getnframes()))


def _bytes(numbers: array.array[int]) -> bytes:
    return _swapped(numbers).tobytes()


def _swapped(numbers: array.array[int]) -> array.array[int]:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
