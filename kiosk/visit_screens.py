"""The screens that belong to every visit, whatever its service."""

from __future__ import annotations

from drivers.errors import CardError
from kiosk import problems
from kiosk.desk import EndReason
from kiosk.problems import Situation
from kiosk.screens import Attract, CardAway, Choice, Detail, PlaceCard, Problem, StillThere, TakeCard, Working
from kiosk.words import Language, Words
from stb_profile.profile import Profile


def attract(words: Words, profile: Profile, languages: tuple[Language, ...] = ()) -> Attract:
    return Attract(
        name="attract",
        title=words(f"attract.{profile.entry}_title"),
        lead=words(f"attract.{profile.entry}_lead"),
        languages=tuple(Choice(language.file, language.name) for language in languages),
    )


def place_card(words: Words) -> PlaceCard:
    return PlaceCard(name="place_card", title=words("place_card.title"), hints=words.lines("place_card.hints"))


def place_still(words: Words) -> PlaceCard:
    """For a card that wobbles."""
    return PlaceCard(
        name="place_still", title=words("place_still.title"), hints=words.lines("place_still.hints"), still=True
    )


def reading(words: Words) -> Working:
    return Working(name="reading", title=words("reading.title"), detail=words("reading.detail"))


def card_away(words: Words, reason: CardError, seconds: int) -> CardAway:
    """E-09, or the same with the words of what else came between the kiosk and the card."""
    entry = problems.entry_for(reason)
    return CardAway(
        name="card_away",
        title=problems.title(words, entry),
        lead=words(f"{entry.section}.next", seconds=seconds),
        note=words("card_away.note", why=words(f"{entry.section}.lines")),
        code=entry.code,
        seconds=seconds,
    )


def still_there(words: Words, seconds: int) -> StillThere:
    return StillThere(
        name="still_there",
        title=words("still_there.title"),
        lead=words("still_there.lead"),
        go_on=words("still_there.go_on"),
        seconds=seconds,
    )


def help_screen(words: Words, profile: Profile) -> Detail:
    body = words("help.body_pointer" if profile.pointer else "help.body_keys")
    actions = (Choice("back", words("action.back")),)
    return Detail(name="help", title=words("help.title"), body=body, actions=actions)


def take_card(words: Words, reason: EndReason, parting: tuple[str, ...] = ()) -> TakeCard | Problem:
    """The visit is over and its card still lies there. `parting` is what a person who has finished takes along."""
    if reason is EndReason.OTHER_CARD:
        return problems.problem(words, Situation.OTHER_CARD.value)
    if reason is EndReason.IDLE:
        over = Situation.TIME_OVER.value
        lines = (problems.title(words, over), *problems.lines(words, over), over.code)
    else:
        lines = (parting if reason is EndReason.CHOSEN else ()) or words.lines("take_card.lines")
    return TakeCard(name="take_card", title=words("take_card.title"), lines=lines)


def cleared(words: Words, reason: EndReason) -> TakeCard:
    """The last screen of every visit."""
    lost = reason is EndReason.READER_LOST
    lines = words.lines("cleared.lines_reader_lost" if lost else "cleared.lines")
    return TakeCard(name="cleared", title=words("cleared.title"), lines=lines, taken=True)
