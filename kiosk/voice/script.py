"""What a screen says, sentence by sentence. Nothing that was typed ever comes here: screens do not hold it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from kiosk.screens import (
    Alarm,
    Attract,
    CardAway,
    Chart,
    Choice,
    Confirm,
    Consent,
    Detail,
    Digits,
    Fact,
    ItemList,
    Margins,
    Menu,
    PasswordEntry,
    PhoneCode,
    PinEntry,
    PinOnReader,
    PlaceCard,
    Problem,
    Result,
    Row,
    Screen,
    Sight,
    StillThere,
    TakeCard,
    Working,
)
from kiosk.voice.voice import Saying
from kiosk.words import Text, Words, languages

HARMLESS = {"tries", "seconds", "digit"}
"""Numbers that may be said aloud within the kiosk's own words. Any other number, day or name is about a person."""

BODIES_LANGUAGE = "ja"
"""What portals, bodies and senders write, whatever language the kiosk speaks."""

Said = Iterator[Saying]


def is_personal(text: str) -> bool:
    """Whether it is, or holds, anything but the kiosk's own words."""
    if isinstance(text, Text):
        return any(_about_a_person(name, part) for name, part in text.parts.items())
    return text not in _language_names()


def _about_a_person(name: str, part: object) -> bool:
    if isinstance(part, Text):
        return is_personal(part)
    return not (isinstance(part, int) and name in HARMLESS)


@cache
def _language_names() -> dict[str, str]:
    return {language.name: language.file for language in languages()}


class Script:
    """Of one look at a screen."""

    def __init__(self, sight: Sight, words: Words) -> None:
        """`words` are those the screen is in."""
        self._sight = sight
        self._words = words

    def prompt(self) -> tuple[Saying, ...]:
        """What is said when the screen comes: what is asked, what can be answered, what has focus."""
        return (*self._main(self._sight.screen), *self._begins_at())

    def whole(self) -> tuple[Saying, ...]:
        """Everything there is to read."""
        screen = self._sight.screen
        step = screen.steps[screen.step : screen.step + 1]
        return (*self._texts(step), *self._main(screen), *self._more(screen))

    def focus(self) -> tuple[Saying, ...]:
        """What has focus."""
        return tuple(self._focused(self._sight.screen, self._sight.focus))

    # --- by kind ------------------------------------------------------------------------------------------------------

    def _main(self, screen: Screen[object]) -> Said:
        yield from self._texts((screen.title,))
        match screen:
            case Attract():
                yield from self._texts((screen.lead,))
            case PlaceCard() | PinOnReader() | PhoneCode():
                yield from self._texts(screen.hints)
            case Working():
                yield from self._texts((screen.detail,))
            case PinEntry():
                yield from self._texts((screen.hint, self._words("voice.pin_end")))
            case Digits() | PasswordEntry():
                yield from self._texts((screen.hint,))
            case Chart():
                yield from self._texts(screen.sentences)
            case Menu():
                yield from self._texts((screen.subtitle,))
                yield from self._choices(screen.choices)
            case ItemList():
                yield from self._texts((screen.corner,) if screen.rows else (screen.empty,))
            case Detail():
                yield from self._texts((screen.subtitle, *screen.summary))
                yield from self._facts(screen.facts)
                yield from self._texts((screen.body,))
            case Consent():
                yield from self._texts((screen.lead, *(item.title for item in screen.items)))
                yield from self._consent_answers(screen)
            case Confirm():
                yield from self._texts(screen.lines)
                yield from self._choices((Choice("yes", screen.yes), Choice("no", screen.no)))
            case Result():
                yield from self._texts(screen.lines)
                yield from self._facts(screen.facts)
            case Problem() | TakeCard() | Margins():
                yield from self._texts(screen.lines)
            case CardAway():
                yield from self._texts((screen.lead, screen.note))
            case StillThere():
                yield from self._texts((screen.lead, screen.go_on))
            case Alarm():
                yield from self._texts((screen.band, *screen.lines))
                yield from self._facts(screen.facts)
                yield from self._texts(choice.title for choice in screen.actions)
        if isinstance(screen, PinEntry | PinOnReader | PasswordEntry):
            yield from self._texts((screen.tries_label, screen.tries_text, screen.note))
        if isinstance(screen, Detail | Result | Problem | Chart):
            yield from self._choices(screen.actions)
        if isinstance(screen, Confirm | Problem | CardAway):
            yield from self._code(screen.code)

    def _more(self, screen: Screen[object]) -> Said:
        """What only somebody who asks for everything wants to hear."""
        match screen:
            case Attract():
                yield from self._choices(screen.languages)
            case Menu():
                details = {choice.key: (choice.detail, choice.badge) for choice in screen.choices}
                yield from self._texts(details.get(self._sight.focus, ()))
            case ItemList():
                for row in self._in_sight(screen.rows):
                    yield from self._row(row)
                yield from self._facts(next((row.facts for row in screen.rows if row.key == self._sight.focus), ()))
            case Consent():
                for item in screen.items:
                    yield from self._texts((item.title, item.detail, screen.yes, screen.no))
            case Working():
                yield from self._facts(screen.facts)
                yield from self._texts((screen.stop,))
            case Chart():
                yield from self._texts((*screen.lines, screen.band, *(point.text for point in screen.points)))

    def _begins_at(self) -> Said:
        if isinstance(self._sight.screen, ItemList):
            yield from self.focus()

    def _focused(self, screen: Screen[object], key: str) -> Said:
        if key.startswith("footer."):
            yield from self._texts((self._sight.footer.get(key.removeprefix("footer."), ""),))
            return
        match screen:
            case Chart() if key.startswith("point."):
                yield from self._texts((screen.points[int(key.removeprefix("point."))].text,))
            case Menu() | Detail() | Result() | Problem() | Chart():
                choices = screen.choices if isinstance(screen, Menu) else screen.actions
                for choice in choices:
                    if choice.key == key:
                        yield from self._choices((choice,), choices)
                        yield from self._texts((choice.detail, choice.badge))
            case ItemList():
                for row in screen.rows:
                    if row.key == key:
                        yield from self._row(row)
            case Confirm():
                yield from self._choices([c for c in _yes_or_no(screen) if c.key == key], _yes_or_no(screen))
            case Consent():
                yield from self._consent_focus(screen, key)
            case Working():
                yield from self._texts((screen.stop,) if key == "stop" else ())
            case Alarm():
                yield from self._texts(choice.title for choice in screen.actions if choice.key == key)
            case Digits():
                yield from self._texts((self._words(f"chrome.{key}"),) if key else ())
            case PasswordEntry():  # its letters are nobody else's to hear
                words = {"ok": "chrome.ok", "erase": "chrome.erase", "leave": "chrome.back"}
                yield from self._texts((self._words(words[key]),) if key in words else ())

    # --- parts --------------------------------------------------------------------------------------------------------

    def _texts(self, texts: Iterable[str]) -> Said:
        for text in texts:
            if text:
                yield self._saying(text)

    def _saying(self, text: str) -> Saying:
        if isinstance(text, Text):
            return Saying(text, text.language, is_personal(text))
        return Saying(text, _language_names().get(text, BODIES_LANGUAGE), is_personal(text))

    def _choices(self, choices: Iterable[Choice], among: Iterable[Choice] = ()) -> Said:
        choices = tuple(choices)
        digits = {choice.key: number for number, choice in enumerate(among or choices, 1)}
        for choice in choices:
            yield self._digit(digits[choice.key] if choice.digit is None else choice.digit)
            yield self._saying(choice.title)

    def _consent_answers(self, screen: Consent) -> Said:
        yield from self._choices(_consent_answers(screen))

    def _consent_focus(self, screen: Consent, key: str) -> Said:
        yield from self._choices([c for c in _consent_answers(screen) if c.key == key], _consent_answers(screen))
        for item in screen.items:
            if key.rpartition(":")[0] == item.key:
                yield from self._texts((item.title, screen.yes if key.endswith(":yes") else screen.no))

    def _in_sight(self, rows: Iterable[Row]) -> Iterator[Row]:
        return (row for row in rows if row.key in self._sight.digits)

    def _row(self, row: Row) -> Said:
        if row.key in self._sight.digits:
            yield self._digit(self._sight.digits[row.key])
        yield from self._texts((row.badge, row.above, row.title, row.below))

    def _facts(self, facts: Iterable[Fact]) -> Said:
        for fact in facts:
            label, value = self._saying(fact.label), self._saying(fact.value)
            # A label alone would tell that there is something.
            yield from (Saying(each.text, each.language, label.personal or value.personal) for each in (label, value))

    def _digit(self, digit: int) -> Saying:
        return self._saying(self._words("voice.digit", digit=digit))

    def _code(self, code: str) -> Said:
        if code:
            yield Saying(code, self._words.language)


def _yes_or_no(screen: Confirm) -> tuple[Choice, ...]:
    return Choice("yes", screen.yes), Choice("no", screen.no)


def _consent_answers(screen: Consent) -> tuple[Choice, ...]:
    answers: Mapping[str, str] = {
        "all": screen.all_of_them, "chosen": screen.only_chosen, "none": screen.none_of_them
    }  # fmt: skip
    return tuple(Choice(key, title) for key, title in answers.items())
