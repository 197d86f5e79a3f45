"""One visit: the desk at which its flow works, and everything that can interrupt it.

Imported after the first frame. What ends a visit is decided here and in `card_guard.py` only; a flow sees it as its
cancellation.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, suppress
from datetime import datetime
from functools import partial
from typing import Any, Never, TypeVar

from backend_client import wire
from backend_client.client import Backend
from drivers.card.jpki import Jpki
from drivers.errors import CardError, CardGone, NoReader, PinBlocked, PinWrong, ServiceDown
from drivers.readers import Readers
from kiosk import problems, visit_screens
from kiosk.box_memory import BoxMemory
from kiosk.card_guard import CardGuard
from kiosk.card_watch import CardWatch, Seat, Select
from kiosk.care_mark import CareMark
from kiosk.desk import AtTill, Back, Card, Desk, EndReason, FrontDesk, VisitOver
from kiosk.desk import Tray as AnyTray
from kiosk.emergency import Emergency, States
from kiosk.flows import hospital, hospital_cardless, my_portal, phone
from kiosk.holder import HoldersCard
from kiosk.idle import Idle
from kiosk.kept import Seen
from kiosk.outage import Outage
from kiosk.outage_line import Health, Line
from kiosk.over import Over
from kiosk.phone import Companion
from kiosk.preferences import Preferences, of_box
from kiosk.preferences_page import Keep, PreferencesPage
from kiosk.printer import Tray
from kiosk.race import first
from kiosk.reception.nobody import NobodyBeside
from kiosk.screens import Choice, PasswordEntry, PhoneCode, PinEntry, PinOnReader, Screen, Stage, Working
from kiosk.steady import Steady
from kiosk.till.nobody import NoTill
from kiosk.voice.earphones import Earphones
from kiosk.voice.earphones import none as no_earphones
from kiosk.voice.reader import Reader
from kiosk.voice.voice import NoVoice, Voice
from kiosk.waiting import Waiting
from kiosk.words import Words
from stb_profile.keymap import Action
from stb_profile.profile import Profile

A = TypeVar("A")
T = TypeVar("T")

ENTRIES: dict[str, Callable[[Desk], Awaitable[None]]] = {"my_portal": my_portal.run, "hospital": hospital.run}
"""Where a visit begins, by `Profile.entry`."""

CARDLESS: dict[str, Callable[[Desk], Awaitable[None]]] = {"hospital": hospital_cardless.without_card}
"""What there is for whoever comes without a card, where there are staff."""

EVACUATED = "evacuated"

READER_GRACE_S = 10.0
"""A reader that asks for a PIN itself is done first, and says how: keys pressed on it are not seen here."""

SIGN_OUT_S = 3.0
"""The portal ends the session by itself; telling it is a courtesy that must not hold up the next person."""


class Visit:
    """One visit of one person, from the invitation to the cleared screen. Used once, inside a running loop."""

    def __init__(
        self,
        stage: Stage,
        readers: Readers,
        backend: Backend,
        words: Words,
        profile: Profile,
        now: Callable[[], datetime],
        select: Select = Jpki.select,
        preferences: Preferences | None = None,
        voice: Voice | None = None,
        earphones: Earphones = no_earphones,
        keep_margin: Keep | None = None,
        tray: AnyTray | None = None,
        reception: FrontDesk | None = None,
        till: AtTill | None = None,
        health: Health | None = None,
        states: Callable[[], States] | None = None,
        memory: BoxMemory | None = None,
    ) -> None:
        """`words` are in the language of the preferences, which are the box's own. Without a voice nothing is read.

        `states` tell of emergencies; without them this box hears of none.
        """
        self.backend = backend
        self.words = words
        self.profile = profile
        self.now = now
        self._stage = stage
        self._readers = readers
        self._watch = CardWatch(readers, select)
        self._steady = Steady(stage, self._watch, words)
        self._idle = Idle(profile.idle_s)
        preferences = preferences or of_box(profile.theme, profile.preferences)
        self._page = PreferencesPage(stage, words, preferences, self._idle, keep_margin)
        self._reader = Reader(stage, voice or NoVoice(), self._page, self._idle, earphones)
        self.phone = Companion(stage, words)
        self.tray: AnyTray = tray or Tray()
        self.reception = reception or NobodyBeside()
        self.till: AtTill = till or NoTill()
        self._parting: tuple[str, ...] = ()
        self.kept: dict[str, Seen[Any]] = {}
        self._line = Line(health)
        self._memory = memory or BoxMemory()
        self._care = CareMark(backend, self._memory, lambda: now().date())
        self._emergency = None if states is None else self._watch_out(states)
        self._errand, self._errand_until = "", 0.0
        self._called = asyncio.Event()
        self._served = False
        self._end_wanted = asyncio.Event()
        self._help_wanted = asyncio.Event()
        self._guard: CardGuard

    async def run(self) -> EndReason:
        """Serve whoever comes next; returns when the closing screen has stood long enough, and leaves it standing.

        An unexpected exception comes out as it is, after the screen was wiped and everything closed.
        """
        self._stage.on_action = self._act
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self._readers.close)
            stack.push_async_callback(self.backend.close)
            stack.push_async_callback(self._sign_out)
            return await first(self._visit(), self._watch.follow(), *self._unseen())

    def _act(self, action: Action) -> None:
        self._idle.touch()
        self._care.touched()
        self._reader.heard(action)
        if action is Action.RED:
            self._end_wanted.set()
        elif action is Action.YELLOW:
            self._help_wanted.set()
        elif action is Action.GREEN:
            self._page.open()

    async def _visit(self) -> EndReason:
        cardless = CARDLESS.get(self.profile.entry) if self.reception.staffed else None
        waiting = Waiting(
            self._stage,
            self._watch,
            self.words,
            self.profile,
            self._idle,
            self._end_wanted,
            self._page,
            self._line,
            self._called,
            None if cardless is None else partial(cardless, self),
        )
        seat = await first(waiting.card(), *self._beside(), self._forget(), self.till.care())
        try:
            reason = await self._serve(seat)
        finally:
            self.reception.over()
        # At once, so that the person sees what to do next while a slow reader or line is let go.
        await asyncio.gather(self._farewell(reason), self._guard.seat.connection.close(), self._sign_out())
        return reason

    async def _serve(self, seat: Seat) -> EndReason:
        self._served = True
        self._guard = CardGuard(self._stage, self._watch, self.words, seat)
        self.reception.begin()
        self._page.pair = self._pair if self.profile.offers("phone") else None
        self._end_wanted.clear()
        self._idle.touch()
        ends = (self._flow(), self._guard.guard(), self._idling(), self._ended())
        return await first(*map(self._wiped, ends), *self._beside(), self.phone.care(), self._phone_leaves_with_card())

    def _beside(self) -> tuple[Coroutine[None, None, Never], ...]:
        """What serves the person beside whatever else happens."""
        return self._help(), self._page.serve(), self._reader.serve(), self._steady.care(), self._line.watch()

    def _unseen(self) -> tuple[Coroutine[None, None, Never], ...]:
        """What goes on from the first frame to the last, whoever is there."""
        return (self._care.serve(), *(() if self._emergency is None else (self._emergency.serve(),)))

    def _watch_out(self, states: Callable[[], States]) -> Emergency:
        return Emergency(
            self._stage,
            states,
            self._memory,
            words=lambda: self._page.words,
            served=lambda: self._served,
            changed=self._line.ring,
            speak=self._reader.alarm,
            report=self._report if self.profile.offers(EVACUATED) else None,
        )

    def _report(self) -> None:
        """避難しました, with nobody served: the card is asked for, and then this."""
        self._errand, self._errand_until = EVACUATED, asyncio.get_running_loop().time() + self.profile.idle_s
        self._called.set()

    async def _wiped(self, end: Coroutine[None, None, EndReason]) -> EndReason:
        """Wipe the stage before anything else ends: a cover must not be lifted off what a person was reading."""
        try:
            return await end
        finally:
            self._stage.wipe()

    async def _flow(self) -> EndReason:
        with suppress(Back, VisitOver):
            await ENTRIES[self.profile.entry](self)
        return EndReason.CHOSEN

    # --- interrupts --------------------------------------------------------------------------------------------------

    async def _ended(self) -> EndReason:
        await self._end_wanted.wait()
        return EndReason.CHOSEN

    async def _idling(self) -> EndReason:
        while True:
            await self._idle.over()
            if not await self._still_there():
                return EndReason.IDLE
            self._idle.touch()

    async def _still_there(self) -> bool:
        return await first(self._goes_on(), self._says_nothing())

    async def _goes_on(self) -> bool:
        with suppress(Back):  # a key like any other
            await self._stage.cover(visit_screens.still_there(self.words, self.profile.warning_s))
        return True

    async def _says_nothing(self) -> bool:
        await asyncio.sleep(self.profile.warning_s)
        self._stage.wipe()  # before the warning is lifted
        return False

    async def _help(self) -> Never:
        while True:
            self._help_wanted.clear()
            await self._help_wanted.wait()
            with suppress(Back):
                # Left alone it goes away; in a visit the idle warning comes in its place.
                await first(self._stage.cover(visit_screens.help_screen(self.words, self.profile)), self._idle.over())

    async def _pair(self) -> None:
        """From the green key's page, so that the first PIN of a visit can be typed on the phone. Raises Back."""
        await phone.beside(Over(self, self._stage))

    async def _phone_leaves_with_card(self) -> Never:
        while True:
            seat = await self._guard.seated()
            with suppress(CardGone):
                await self._guard.lifted(seat)
            self.phone.forget()

    async def _forget(self) -> Never:
        """Whoever chose a language and went away again leaves the box as it was."""
        while True:
            await self._idle.over()
            self._page.reset()
            await self._idle.moved()

    # --- the end -----------------------------------------------------------------------------------------------------

    async def _farewell(self, reason: EndReason) -> None:
        reader = self._guard.seat.reader
        placement = self._watch.cards.get(reader)
        if placement is not None:
            self._stage.put(visit_screens.take_card(self.words, reason, self._parting))
            await self._watch.until(lambda: self._watch.cards.get(reader) != placement)
        self._stage.card_inside = False
        self._stage.put(visit_screens.cleared(self.words, reason))
        await asyncio.sleep(self.profile.farewell_s)

    async def _sign_out(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(SIGN_OUT_S):
                await self.backend.sign_out()

    # --- emergencies -------------------------------------------------------------------------------------------------

    @property
    def evacuation_notices(self) -> tuple[wire.EvacuationNotice, ...]:
        return () if self._emergency is None else self._emergency.notices

    def mark_days(self, token: str) -> None:
        self._memory.mark_for(token)

    def errand(self) -> str:
        in_time = asyncio.get_running_loop().time() < self._errand_until
        errand, self._errand = self._errand if in_time else "", ""
        return errand

    # --- the desk ----------------------------------------------------------------------------------------------------

    def part_with(self, lines: tuple[str, ...]) -> None:
        self._parting = lines

    def act_for(self, name: str) -> None:
        self.kept.clear()  # it is about somebody else
        self._stage.acting = self.words("chrome.acting", name=name) if name else ""

    async def show(self, screen: Screen[A]) -> A:
        self._idle.allow(self._patience_s(screen))
        return await self._stage.show(screen)

    @property
    def outage(self) -> Outage:
        return self._line.outage

    async def follow(self, make: Callable[[], Screen[A] | None]) -> A | None:
        self._idle.allow(self.profile.idle_s)
        return await self._line.follow(self._stage.show, make)

    async def look(self) -> None:
        await self._line.look()

    def _patience_s(self, screen: Screen[A]) -> float:
        if isinstance(screen, PinOnReader):
            return self.profile.pin_idle_s + READER_GRACE_S
        return self.profile.pin_idle_s if isinstance(screen, PinEntry | PasswordEntry) else self.profile.idle_s

    async def during(self, screen: Working | PinOnReader | PhoneCode, work: Awaitable[T]) -> T:
        if isinstance(screen, Working) and not screen.stop:
            self._stage.put(screen)
            return await work
        return await first(work, self._until_stopped(screen))

    async def _until_stopped(self, screen: Working | PinOnReader | PhoneCode) -> Never:
        await self.show(screen)
        raise Back

    async def with_card(self, step: Callable[[Card], Awaitable[T]]) -> T:
        while True:
            seat = await self._guard.seated()
            card = HoldersCard(seat.card, self._guard.holder)
            try:
                return await first(step(card), self._guard.lifted(seat))
            except (PinWrong, PinBlocked):
                raise
            except (CardGone, NoReader, ServiceDown):
                self._guard.lose(seat)
            except CardError as error:
                await self._unreadable(error, seat)
            self._stage.put(visit_screens.reading(self.words))

    async def _unreadable(self, error: CardError, seat: Seat) -> None:
        """Tell it; returns when the person wants to try again, on a new connection. Raises Back."""
        actions = (problems.again(self.words), Choice("back", self.words("action.back")))
        try:
            answer = await self.show(problems.problem(self.words, problems.entry_for(error), actions))
        finally:
            self._guard.lose(seat)
        if answer == "back":
            raise Back
