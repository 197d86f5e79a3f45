"""A place where nothing is paid."""

from __future__ import annotations

import asyncio
from typing import Never

from backend_client import wire
from kiosk.desk import Due, Unsettled


class NoTill:
    """The till of a television and of a counter."""

    async def care(self) -> Never:
        await asyncio.get_running_loop().create_future()
        raise AssertionError("nobody ends it")

    async def remember(self, certificate: bytes, number: str) -> None: ...

    async def waiting(self) -> bool:
        return False

    async def due(self, certificate: bytes) -> Due | None:
        return None

    async def card(self, certificate: bytes) -> wire.RegisteredCard | None:
        return None

    async def challenge(self) -> wire.Challenge:
        raise Unsettled

    async def pay(self, due: Due, certificate: bytes, proof: wire.CashierProof | None) -> Due | None:
        raise Unsettled

    async def post_receipt(self, paid: Due, certificate: bytes, place: str) -> bool:
        return False

    async def given(self, paid: Due) -> None: ...

    async def settle(self) -> None: ...
