"""A place without a reception: nobody is called, nothing is kept, no paper comes out."""

from __future__ import annotations

from backend_client import wire
from kiosk.desk import Card, Due, NotApproved


class NobodyBeside:
    """The front desk of a television and of a counter."""

    @property
    def staffed(self) -> bool:
        return False

    @property
    def disaster(self) -> bool:
        return False

    def begin(self) -> None: ...

    def over(self) -> None: ...

    def call(self) -> None: ...

    async def compare(self, certificate: bytes) -> None:
        raise NotApproved

    async def open_key(self, card: Card) -> None:
        raise NotApproved

    def asking(self, *, by_sight: bool) -> None: ...

    def answered(self, answer: wire.Eligibility) -> None: ...

    def unanswered(self) -> None: ...

    def stated(self, certificate: bytes) -> None: ...

    def choose(self, *, electronic: bool) -> None: ...

    def paid(self, due: Due) -> None: ...

    async def print(self, name: str, lines: tuple[str, ...]) -> bool:
        return False
