"""A desk whose screens lie over whatever stands: for pages that belong to no service."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Never, TypeVar

from kiosk.desk import Back, Desk, Phone
from kiosk.race import first
from kiosk.screens import PhoneCode, PinOnReader, Screen, Stage, Working
from kiosk.words import Words
from stb_profile.profile import Profile

A = TypeVar("A")
T = TypeVar("T")


class Over:
    """`kiosk.desk.Shows` by covers. What stands below is there again afterwards; what was typed there is wiped."""

    def __init__(self, desk: Desk, stage: Stage) -> None:
        self.profile: Profile = desk.profile
        self.words: Words = desk.words
        self.phone: Phone = desk.phone
        self._stage = stage

    async def show(self, screen: Screen[A]) -> A:
        return await self._stage.cover(screen)

    async def during(self, screen: Working | PinOnReader | PhoneCode, work: Awaitable[T]) -> T:
        return await first(work, self._until_stopped(screen))

    async def _until_stopped(self, screen: Working | PinOnReader | PhoneCode) -> Never:
        await self.show(screen)
        raise Back
