"""A printer and a stick in memory."""

from __future__ import annotations

from kiosk.desk import NotHandedOut


class FakeTray:
    """`printed` and `kept` have what came out; `jams` counts down the times it does not."""

    def __init__(self, *, prints: bool = True, has_stick: bool = True) -> None:
        self.prints = prints
        self.has_stick = has_stick
        self.jams = 0
        self.printed: list[bytes] = []
        self.kept: dict[str, bytes] = {}

    async def print_pdf(self, pdf: bytes) -> None:
        self._jam()
        self.printed.append(pdf)

    async def keep(self, name: str, content: bytes) -> None:
        self._jam()
        self.kept[name] = content

    def _jam(self) -> None:
        if self.jams:
            self.jams -= 1
            raise NotHandedOut
