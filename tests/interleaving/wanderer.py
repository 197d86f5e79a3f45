"""Somebody who goes through My Portal by chance, as far as there is to go, and then goes home."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from kiosk.screens import (
    CardAway,
    Confirm,
    Digits,
    Menu,
    PasswordEntry,
    PinEntry,
    PinOnReader,
    PlaceCard,
    Screen,
    TakeCard,
    Working,
)
from stb_profile.keymap import Action
from tests.flow.fakes import FakeReaders
from tests.flow.scripted_stage import BACK, NOTHING, possible_answers
from tests.interleaving.neighbours import Neighbour, OwnCard
from tests.interleaving.stepper import pause
from tests.interleaving.watch import WatchedStage

NEVER = frozenset({"sign_ins.sure"})
"""Blocks the folder until the counter opens it again; that would be the end of the visits to come."""
MOST_PAUSES = 6
ELSEWHERE = frozenset({"over"})
"""Out, which is taken when there is no goal any more."""
LOOKED_AT = (Working, PinOnReader)
GOES_BACK = 0.05
TIRED_OF = 3
"""So often the same screen is answered; then it is left by 戻る."""
POSTCODES = ("9900001", "9900011", "9900022")


class Wanderer:
    """`goals` are menu entries that are taken when they are offered, each once; `most` answers in all."""

    stage: WatchedStage

    def __init__(
        self, one: Neighbour, readers: FakeReaders, card: OwnCard, chance: Random, goals: list[str], most: int
    ) -> None:
        self._one, self._readers, self._card = one, readers, card
        self._chance, self._goals, self._left = chance, goals, most
        self._met: dict[str, int] = {}

    async def meet(self, screen: Screen[Any]) -> object:
        self.stage.look()
        for _ in range(self._chance.randint(0, MOST_PAUSES)):
            await pause()
        deed = self._deed(screen)
        if deed is not None:
            deed()
            return NOTHING
        if self._left <= 0 or (screen.name == "home" and not self._goals):
            self.stage.press(Action.RED)
            return NOTHING
        self._left -= 1
        return self._answer(screen)

    def _deed(self, screen: Screen[Any]) -> Callable[[], object] | None:
        """What is done without a key."""
        if screen.name == "attract" or isinstance(screen, (CardAway, PlaceCard)):
            return lambda: self._readers.insert(self._card)
        if isinstance(screen, TakeCard):
            return self._readers.remove
        return _look_on if isinstance(screen, LOOKED_AT) else None

    def _answer(self, screen: Screen[Any]) -> object:
        if isinstance(screen, PinEntry):
            return self._card.pin
        if isinstance(screen, PasswordEntry):
            return self._card.password
        if isinstance(screen, Digits):
            return self._digits(screen)
        if isinstance(screen, Confirm):
            return screen.name not in NEVER and self._chance.random() < 0.8
        answers = [answer for answer in possible_answers(screen) if answer not in ELSEWHERE]
        if isinstance(screen, Menu) and (wanted := [key for key in answers if key in self._goals]):
            self._goals.remove(str(wanted[0]))
            return wanted[0]
        self._met[screen.name] = self._met.get(screen.name, 0) + 1
        if not answers or self._met[screen.name] > TIRED_OF or self._chance.random() < GOES_BACK:
            return BACK
        return self._chance.choice(answers)

    def _digits(self, screen: Digits) -> str:
        if screen.name == "bills.account":
            return self._one.account
        if screen.name == "move.postcode":
            return self._chance.choice(POSTCODES)
        return str(self._chance.randint(10 ** (screen.length_min - 1), 10**screen.length_min - 1))


def _look_on() -> None:
    pass
