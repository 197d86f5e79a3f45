"""A whole visit in virtual time: kiosk, readers, cards, backend and a person with a script."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any

from backend_client import wire
from kiosk import words
from kiosk.box_memory import BoxMemory
from kiosk.desk import EndReason
from kiosk.race import first
from kiosk.screens import Screen
from kiosk.visit import Visit
from kiosk.voice.voice import Voice
from stb_profile.profile import Profile, load
from tests.flow.fake_till import FakeTill
from tests.flow.fake_tray import FakeTray
from tests.flow.fakes import NOON, FakeBackend, FakeCard, FakeReaders, select
from tests.flow.front_desk import FrontOffice
from tests.flow.scripted_stage import Person, ScriptedPerson, ScriptedStage
from tests.flow.virtual_time import play

WORDS = words.load()


@dataclass
class Scene:
    """What is there before the person comes. `play` may be called once."""

    profile: Profile = field(default_factory=lambda: load("stb"))
    readers: FakeReaders = field(default_factory=lambda: FakeReaders("R1"))
    card: FakeCard = field(default_factory=FakeCard)
    other: FakeCard = field(default_factory=lambda: FakeCard("taro"))
    backend: FakeBackend = field(default_factory=FakeBackend)
    voice: Voice | None = None
    earphones: bool = False
    """Plugged in."""
    office: FrontOffice | None = None
    """The reception of a hospital, where there is one."""
    kept: list[tuple[int, int, int, int]] = field(default_factory=list)
    """Margins that were kept for the box."""
    till: FakeTill | None = None
    """What pays bills, where something does."""
    tray: FakeTray = field(default_factory=FakeTray)
    states: asyncio.Queue[wire.EmergencyState] = field(default_factory=asyncio.Queue)
    """What the emergency body tells."""
    memory: BoxMemory = field(default_factory=BoxMemory)
    stage: ScriptedStage = field(init=False, repr=False)
    took_s: float = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.backend.cards = [self.card, self.other]

    @classmethod
    def of(cls, profile: str, **changes: Any) -> Scene:
        """`office` and whatever is to be otherwise than in the profile."""
        office = changes.pop("office", None)
        return cls(profile=replace(load(profile), **changes), office=office)

    def insert(self) -> None:
        self.readers.insert(self.card)

    def remove(self) -> None:
        self.readers.remove()

    def begin(self, pin: str = "1234") -> list[tuple[Any, ...]]:
        """The script from the invitation to home."""
        return [("attract", self.insert), ("sign_in.pin", pin)]

    def end(self) -> list[tuple[Any, ...]]:
        """The script from home to the cleared screen."""
        return [("home", "over"), ("take_card", self.remove), ("cleared",)]

    def play(self, *script: tuple[Any, ...]) -> EndReason:
        """Run the visit with a person who follows the script to its end."""
        person = ScriptedPerson(*script)
        reason = self.run(person)
        assert person.left == []
        return reason

    def run(self, person: Person) -> EndReason:
        """Run the visit and check what holds for every visit that came to its end."""
        reason = play(self._visit(person))
        assert self.stage.seen[-1].name == "cleared"
        assert self.readers.left_open == []
        return reason

    async def _visit(self, person: Person) -> EndReason:
        self.stage = ScriptedStage(person)
        visit = Visit(
            stage=self.stage,
            readers=self.readers,
            backend=self.backend,
            words=WORDS,
            profile=self.profile,
            now=lambda: NOON,
            select=select,
            voice=self.voice,
            earphones=lambda: self.earphones,
            keep_margin=self.kept.append,
            reception=None if self.office is None else self.office.beside(),
            tray=self.tray,
            till=self.till,
            health=self.backend.health,
            states=self._states,
            memory=self.memory,
        )
        start = asyncio.get_running_loop().time()
        try:
            return await first(asyncio.create_task(visit.run(), name="visit"), self.stage.person_failed())
        finally:
            self.took_s = asyncio.get_running_loop().time() - start
            self.stage.close()  # raises, even when the visit was over in the same moment
            self.check_nothing_is_left()

    async def _states(self) -> AsyncIterator[wire.EmergencyState]:
        while True:
            yield await self.states.get()

    def tell(self, *notices: wire.EvacuationNotice) -> None:
        """The emergency body says that these are in force."""
        self.states.put_nowait(wire.EmergencyState(now=NOON, notices=notices))

    def check_nothing_is_left(self) -> None:
        assert all(len(secret) == 0 for secret in self.stage.secrets)
        assert not self.backend.session
        assert self.backend.closed
        assert self.readers.closed

    def screen(self, name: str) -> Screen[Any]:
        """The last screen of that name that was seen."""
        return next(screen for screen in reversed(self.stage.seen) if screen.name == name)
