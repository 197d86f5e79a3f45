"""会員証 without its body: one that counts, and one whose term is over."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

from backend_client import wire

COUNTER, CODE = "4711", "signed-code"


def held(name: str, valid_until: date) -> wire.HeldCard:
    return wire.HeldCard(
        id=name,
        issuer="みほん生命",
        number="0123456789",
        title="みほん生命 友の会 会員証",
        holder="見本 花子",
        valid_until=valid_until,
    )


HELD = (held("now", date(2028, 3, 31)), held("over", date(2026, 3, 31)))


class FakeCards:
    """`asked` takes its time, and fails when told to. `shown` has what was signed."""

    def __init__(self, asked: Callable[[str, object], Awaitable[None]]) -> None:
        self._asked = asked
        self.held = HELD
        self.shown: list[wire.ShowingRequest] = []

    async def get(self, path: str, _kind: object) -> wire.HeldCards:
        await self._asked(f"cards {path[1:]}", path)
        return wire.HeldCards(cards=self.held)

    async def post(self, path: str, message: Any, _kind: object) -> wire.ShowingCode:
        await self._asked(f"cards {path[1:]}", message)
        self.shown.append(message)
        return wire.ShowingCode(code=CODE)
