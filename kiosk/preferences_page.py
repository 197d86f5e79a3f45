"""The green key's page: how the person wants the screen. Changes it at once, over whatever stands, and for this visit.

Imported after the first frame.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from enum import Enum
from typing import Never

from kiosk import words as languages
from kiosk.desk import Back
from kiosk.idle import Idle
from kiosk.preferences import SPEEDS, VOLUMES, Company, Preferences, after, following, nudged, step_of
from kiosk.race import first
from kiosk.screens import Choice, Margins, Menu, Stage
from kiosk.words import Words

PLAIN, EASY = "ja", "ja_easy"

Keep = Callable[[tuple[int, int, int, int]], None]


class PreferencesPage:
    """Holds what the person of this visit wants; begins with the box's own."""

    def __init__(
        self, stage: Stage, words: Words, preferences: Preferences, idle: Idle, keep: Keep | None = None
    ) -> None:
        """`words` are those of the preferences' language. `keep` keeps the margin for this box; without, it stays."""
        self._keep = keep
        self.pair: Callable[[], Awaitable[None]] | None = None
        """Pages that pair a phone, where there can be one; raise Back."""
        self._wanted = asyncio.Event()
        self._open = False
        self.preferences = preferences
        self._box = preferences
        self._stage = stage
        self._words = words
        self._idle = idle
        self._deeds: dict[str, Callable[[Preferences], Preferences]] = {
            "size": lambda now: replace(now, size=following(now.size)),
            "easy": lambda now: replace(now, language=PLAIN if now.language == EASY else EASY),
            "theme": lambda now: replace(now, theme=following(now.theme)),
            "voice_switch": lambda now: replace(now, voice=not now.voice),
            "voice_speed": lambda now: replace(now, voice_speed=after(now.voice_speed, SPEEDS)),
            "voice_volume": lambda now: replace(now, volume=after(now.volume, VOLUMES)),
            "company": lambda now: replace(now, company=following(now.company)),
        }

    def open(self) -> None:
        """The green key. On the page itself it does nothing."""
        if not self._open:
            self._wanted.set()

    async def serve(self) -> Never:
        """Show the page as often as it is wanted. もどる, a language and idleness close it."""
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            with suppress(Back):
                await first(self._page(), self._idle.over())

    def apply(self, preferences: Preferences) -> None:
        """From now on like this. Raises FileNotFoundError for a language there is not."""
        if preferences.language != self.preferences.language:
            self._words = languages.load(preferences.language)
        self.preferences = preferences
        self._stage.apply(preferences, self._words)

    def speak(self, language: str) -> None:
        """Change the language alone."""
        self.apply(replace(self.preferences, language=language))

    def reset(self) -> None:
        """As the box was set up."""
        if self.preferences != self._box:
            self.apply(self._box)

    async def _page(self) -> None:
        self._open = True
        try:
            await self._choose()
        finally:
            self._open = False

    @property
    def words(self) -> Words:
        """In the language of the preferences."""
        return self._words

    async def _choose(self) -> None:
        while True:
            choice = await self._stage.cover(self._menu())
            if choice in self._deeds:
                self.apply(self._deeds[choice](self.preferences))
                continue
            if choice == "edge" and self._keep is not None:
                await self._edge_page(self._keep)
                continue
            if choice == "phone" and self.pair is not None:
                with suppress(Back):
                    await self.pair()
                continue
            with suppress(Back):
                if choice == "voice":
                    await self._voice_page()
                self.speak(await self._stage.cover(self._languages()))
                return

    async def _voice_page(self) -> Never:
        """Until もどる."""
        while True:
            self.apply(self._deeds[await self._stage.cover(self._voice_menu())](self.preferences))

    async def _edge_page(self, keep: Keep) -> None:
        """Until OK, which keeps it for the box, or もどる, which undoes it."""
        before = self.preferences.margin
        try:
            while (answer := await self._stage.cover(self._margins())) != "ok":
                self.apply(replace(self.preferences, margin=nudged(self.preferences.margin, answer)))
        except Back:
            self.apply(replace(self.preferences, margin=before))
            return
        keep(self.preferences.margin)
        self._box = replace(self._box, margin=self.preferences.margin)

    # --- screens ------------------------------------------------------------------------------------------------------

    def _menu(self) -> Menu:
        words, now = self._words, self.preferences
        choices = (
            self._choice("size", self._value("size", now.size)),
            self._choice("easy", self._switch(now.language == EASY)),
            Choice("language", words("preferences.language"), self._name(now.language)),
            self._choice("theme", self._value("theme", now.theme)),
            *((self._choice("voice", self._switch(now.voice)),) if self._stage.speaks(now.language) else ()),
            self._choice("company", self._switch(now.company is Company.TOGETHER)),
            *((Choice("edge", words("preferences.edge"), words("preferences.edge_detail")),) if self._keep else ()),
            *((Choice("phone", words("phone.menu"), words("phone.menu_detail")),) if self.pair else ()),
        )
        return Menu(name="preferences", title=words("preferences.title"), choices=choices, back=True)

    def _margins(self) -> Margins:
        words = self._words
        return Margins(
            name="preferences.edge",
            title=words("preferences.edge"),
            lines=words.lines("preferences.edge_lines"),
            ok=words("preferences.edge_ok"),
        )

    def _voice_menu(self) -> Menu:
        words, now = self._words, self.preferences
        choices = (
            self._choice("voice_switch", self._switch(now.voice)),
            self._choice("voice_speed", words(f"preferences.speed_{step_of(now.voice_speed, SPEEDS)}")),
            self._choice("voice_volume", words(f"preferences.volume_{step_of(now.volume, VOLUMES)}")),
        )
        return Menu(name="preferences.voice", title=words("preferences.voice"), choices=choices, back=True)

    def _languages(self) -> Menu:
        choices = tuple(Choice(language.file, language.name) for language in self._stage.languages)
        title = self._words("preferences.language_title")
        return Menu(name="preferences.language", title=title, choices=choices, back=True)

    def _choice(self, key: str, detail: str) -> Choice:
        return Choice(key, self._words(f"preferences.{key}"), detail)

    def _value(self, key: str, value: Enum) -> str:
        return self._words(f"preferences.{key}_{value.value}")

    def _switch(self, on: bool) -> str:
        return self._words("preferences.on" if on else "preferences.off")

    def _name(self, file: str) -> str:
        return next((language.name for language in self._stage.languages if language.file == file), "")
