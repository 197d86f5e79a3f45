"""Code, words and documentation of every problem belong together, and nothing that can go wrong is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from backend_client import errors as backend_errors
from backend_client import wire
from drivers import errors as card_errors
from kiosk import problems, words
from kiosk.desk import Back
from kiosk.problems import Again, Entry, Situation, entry_for
from kiosk.screens import Choice, Problem
from tests.flow.scripted_stage import BACK, NOTHING, ScriptedPerson, ScriptedStage
from tests.flow.virtual_time import play

WORDS = words.load()
DOCS = (Path(__file__).parents[2] / "docs" / "errors.md").read_text("utf-8")
HEADINGS = dict(re.findall(r"^## (E-\d\d) (.+)$", DOCS, re.MULTILINE))

ENTRIES: list[Entry] = list(
    dict.fromkeys(
        chain(
            problems.BY_ERROR.values(),
            problems.BY_REFUSAL.values(),
            (situation.value for situation in Situation),
            (problems.SERVICE_STOPPED, problems.SERVICE_NOT_PERMITTED),
        )
    )
)
PARTS = {"tries_left": 2, "seconds": 10}


def leaves(root: type[Exception]) -> Iterator[type[Exception]]:
    children = root.__subclasses__()
    if not children:
        yield root
    for child in children:
        yield from leaves(child)


def an(error: type[Exception]) -> Exception:
    """An instance, whatever it wants to know."""
    pin = card_errors.Pin.USER_AUTHENTICATION
    arguments = {
        card_errors.CardRefused: ("select", 0x6F00),
        card_errors.PinWrong: (pin, 2),
        card_errors.PinBlocked: (pin,),
        backend_errors.Refused: ("fault", "portal", "trace"),
    }
    return error(*arguments.get(error, ()))


@pytest.mark.parametrize(
    "error",
    [*leaves(card_errors.CardError), *leaves(backend_errors.BackendError)],
    ids=lambda error: error.__name__,
)
def test_every_error_has_an_entry(error: type[Exception]) -> None:
    assert entry_for(an(error)).section + ".title" in WORDS.texts  # type: ignore[arg-type]


@pytest.mark.parametrize("code", wire.REFUSALS)
def test_every_refusal_has_an_entry(code: str) -> None:
    assert code in problems.BY_REFUSAL


def test_no_entry_for_a_refusal_that_does_not_exist() -> None:
    assert set(problems.BY_REFUSAL) == set(wire.REFUSALS)


def test_a_refusal_newer_than_this_kiosk() -> None:
    assert entry_for(backend_errors.Refused("from_2030", "portal", "t")).code == "E-27"


@pytest.mark.parametrize(
    ("cause", "code"),
    [(card_errors.ServiceCause.NOT_RUNNING, "E-22"), (card_errors.ServiceCause.NOT_AUTHORISED, "E-23")],
)
def test_the_two_ways_a_service_is_down(cause: card_errors.ServiceCause, code: str) -> None:
    assert entry_for(card_errors.ServiceDown(cause)).code == code


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.section)
def test_every_entry_says_what_and_why_and_what_next(entry: Entry) -> None:
    for word in ("title", "lines", "next"):
        assert WORDS(f"{entry.section}.{word}", **PARTS).strip()


def test_no_words_without_an_entry() -> None:
    written = {key.split(".")[0] for key in WORDS.texts if key.startswith("E-")}
    assert written == {entry.section for entry in ENTRIES}


def test_the_documentation_has_exactly_these_codes() -> None:
    assert list(HEADINGS) == sorted({entry.code for entry in ENTRIES})


@pytest.mark.parametrize("code", HEADINGS)
def test_the_documentation_quotes_the_screen(code: str) -> None:
    titles = [WORDS.texts[f"{entry.section}.title"] for entry in ENTRIES if entry.code == code]
    assert HEADINGS[code] == " / ".join(dict.fromkeys(titles))


@pytest.mark.parametrize("code", HEADINGS)
def test_the_documentation_says_who_does_what(code: str) -> None:
    section = DOCS.split(f"## {code} ")[1].split("\n## ")[0]
    assert [line[2:].split(":")[0] for line in section.splitlines() if line.startswith("- ")] == [
        "Cause",
        "Person",
        "Staff",
    ]


def test_a_code_kept_free_is_not_in_use() -> None:
    free = set(re.findall(r"E-\d\d", DOCS.split("# Kept free")[1]))
    assert free
    assert not free & set(HEADINGS)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.section)
@pytest.mark.parametrize("place", ["my_portal", "hospital"])
def test_a_problem_fits_the_screen(entry: Entry, place: str) -> None:
    screen = problems.problem(WORDS, entry, place=place, **PARTS)
    assert (screen.name, screen.code) == (entry.section, entry.code)
    assert len(screen.lines) <= 6
    assert screen.title


def test_a_place_may_have_words_of_its_own() -> None:
    entry = problems.BY_ERROR[card_errors.PinBlocked]
    assert problems.lines(WORDS, entry, "hospital") != problems.lines(WORDS, entry, "my_portal")


def test_a_note_is_the_last_line() -> None:
    screen = problems.problem(WORDS, problems.FAULTY, (Choice("again", "もう一度"),), note="trace-7")
    assert isinstance(screen, Problem)
    assert screen.lines[-1] == "trace-7"
    assert screen.actions == (Choice("again", "もう一度"),)


@pytest.mark.parametrize("entry", [entry for entry in ENTRIES if entry.again is Again.NEVER], ids=lambda e: e.section)
def test_what_cannot_help_is_not_offered(entry: Entry) -> None:
    assert "もう一度おして" not in "".join(problems.lines(WORDS, entry, **PARTS))


@pytest.mark.parametrize("deed", ["again", BACK, NOTHING])
def test_again_screen_leads_on_by_any_answer_and_by_itself(deed: object) -> None:
    async def show() -> None:
        stage = ScriptedStage(ScriptedPerson(("E-25", deed)))
        await problems.again_screen(stage, WORDS)
        assert stage.names == ["E-25"]
        stage.close()

    play(show())


def test_back_is_not_an_error_of_its_own() -> None:
    assert not issubclass(Back, (card_errors.CardError, backend_errors.BackendError))
