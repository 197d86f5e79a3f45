"""Who reads the screen aloud: when, and what of it may be heard by everybody in the room.

The voice begins with the 青 key, with earphones, or because the person (or the box) wants it; any key silences it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Never

from kiosk.desk import Back
from kiosk.idle import Idle
from kiosk.preferences import Company
from kiosk.preferences_page import PreferencesPage
from kiosk.race import first
from kiosk.screens import Alarm, Attract, Confirm, Sight, Stage
from kiosk.voice.earphones import Earphones
from kiosk.voice.script import Script
from kiosk.voice.voice import Saying, Voice
from stb_profile.keymap import Action

ASK = "voice.ask"

ALARM_VOLUME = 100
"""Percent. Whatever the person wants to hear of everything else."""


class Reader:
    """Of one visit. Also the stage's watcher."""

    def __init__(self, stage: Stage, voice: Voice, page: PreferencesPage, idle: Idle, earphones: Earphones) -> None:
        self._stage = stage
        self._voice = voice
        self._page = page
        self._idle = idle
        self._earphones = earphones
        self._ears = False
        self._asked = asyncio.Event()
        self._allowed = ""
        """Name of the screen whose personal text may be heard; `*` for all."""
        self._whole_next = False
        self._last: tuple[str, str] | None = None
        stage.watcher = self

    async def serve(self) -> Never:
        """Ask, as often as it is needed, whether what is personal may be heard."""
        while True:
            self._asked.clear()
            await self._asked.wait()
            with suppress(Back):
                await first(self._ask(), self._idle.over())

    def heard(self, action: Action) -> None:
        """A key: silence, and with 青 the screen once more."""
        self._voice.stop()
        self._notice_earphones()
        if action is Action.BLUE:
            self._again()

    # --- what the stage tells ----------------------------------------------------------------------------------------

    def gone(self) -> None:
        """What is being said stands there no longer."""
        self._voice.stop()

    def seen(self) -> None:
        """A screen has come up."""
        sight = self._stage.sight()
        self._notice_earphones()
        if sight is not None and isinstance(sight.screen, Alarm):
            self.alarm()
        if sight is None or not self._on or isinstance(sight.screen, Attract | Alarm):
            return  # nobody is there yet who wants to hear the invitation, unless they ask by 青
        script, place = self._script(sight), (sight.screen.name, sight.screen.title)
        if self._whole_next:
            self._say(script.whole(), sight)
        elif place == self._last:
            self._say(script.focus(), sight)
        else:
            self._prompt(script.prompt(), sight)
        self._last, self._whole_next = place, False

    def focused(self) -> None:
        """Focus moved on the screen that is seen."""
        sight = self._stage.sight() if self._on else None
        if sight is not None:
            self._say(self._script(sight).focus(), sight)

    def alarm(self) -> None:
        """Say the alarm that is seen, whole and loud, with the voice switched on or not: it is for everybody."""
        sight = self._stage.sight()
        if sight is None or not isinstance(sight.screen, Alarm):
            return
        self._voice.speed, self._voice.volume = self._page.preferences.voice_speed, ALARM_VOLUME
        self._voice.say([replace(saying, personal=False) for saying in self._script(sight).whole()])

    # --- saying ------------------------------------------------------------------------------------------------------

    @property
    def _on(self) -> bool:
        return self._page.preferences.voice and self._voice.speaks(self._page.words.language)

    def _script(self, sight: Sight) -> Script:
        return Script(sight, self._page.words)

    def _again(self) -> None:
        sight = self._stage.sight()
        if sight is not None and isinstance(sight.screen, Alarm):
            self.alarm()
            return
        self._turn_on()
        if sight is None or not self._on:
            return
        sayings = self._script(sight).whole()
        if any(saying.personal for saying in sayings) and not self._may_say_all(sight):
            self._asked.set()
        else:
            self._say(sayings, sight)

    def _prompt(self, sayings: Sequence[Saying], sight: Sight) -> None:
        """With a word at its end where something was left out."""
        hint = self._page.words("voice.private")
        left_out = any(saying.personal for saying in sayings) and not self._may_say_all(sight)
        self._say((*sayings, *([Saying(hint, hint.language)] if left_out else ())), sight)

    def _say(self, sayings: Sequence[Saying], sight: Sight) -> None:
        all_of_it = self._may_say_all(sight)
        self._voice.speed, self._voice.volume = self._page.preferences.voice_speed, self._page.preferences.volume
        self._voice.say([saying for saying in sayings if all_of_it or not saying.personal])

    # --- what may be heard -------------------------------------------------------------------------------------------

    def _may_say_all(self, sight: Sight) -> bool:
        if self._ears:
            return True
        together = self._page.preferences.company is Company.TOGETHER
        return self._allowed == (sight.screen.name if together else "*")

    async def _ask(self) -> None:
        """At the screen that is seen. Together, the answer holds for that screen; alone, for the visit."""
        sight = self._stage.sight()
        if sight is None:
            return
        words = self._page.words
        question = Confirm(
            name=ASK,
            title=words("voice.ask_title"),
            lines=words.lines("voice.ask_lines"),
            yes=words("voice.ask_yes"),
            no=words("voice.ask_no"),
        )
        if await self._stage.cover(question):
            self._allowed = sight.screen.name if self._page.preferences.company is Company.TOGETHER else "*"
            self._whole_next = True

    def _notice_earphones(self) -> None:
        ears = self._earphones()
        if ears and not self._ears:
            self._turn_on()
        self._ears = ears

    def _turn_on(self) -> None:
        """Until the person turns it off or the visit ends. Nothing that is seen changes by it."""
        if not self._page.preferences.voice:
            self._page.preferences = replace(self._page.preferences, voice=True)
