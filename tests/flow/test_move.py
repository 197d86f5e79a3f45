"""手続き: the questions of a move, what is signed, one password, and what became of it."""

from __future__ import annotations

from base64 import b64decode
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from backend_client import wire
from backend_client.errors import Unreachable
from backend_client.wire import ParcelState
from drivers.errors import Pin
from kiosk.flows.questions import nearest
from kiosk.screens import Detail, ItemList, Menu, PasswordEntry
from tests.flow.fakes import MOVE, a_move, asking_for, refused
from tests.flow.scene import Scene
from tests.flow.scripted_stage import BACK

QUESTIONS: list[tuple[Any, ...]] = [
    ("move.day", "other"),
    ("move.typed_day", "1201"),
    ("move.postcode", "1234567"),
    ("move.town", "0"),
    ("move.block", "3"),
    ("move.house", "5"),
    ("move.people", "self"),
]
TO_CHECK = [("home", "procedures"), ("procedures", "move"), *QUESTIONS, ("move.whom", "advised")]
DONE = [("move.done", "next"), ("move.tasks", "back")]
HOME = [("procedures", BACK)]
PASSWORD = ("signing.password", "ABC123")


def papers(scene: Scene) -> list[wire.PaperContent]:
    """What was signed, read from the PDFs that were sent."""
    import msgspec

    sent = [request for request in scene.backend.requests if isinstance(request, wire.Submission)]
    found = []
    for paper in sent[-1].papers:
        reader = PdfFileReader(BytesIO(b64decode(paper.paper)))
        assert len(reader.embedded_signatures) == 1
        found.append(msgspec.json.decode(str(reader.trailer_view["/Info"]["/Subject"]), type=wire.PaperContent))
    return found


def test_a_move_from_the_first_question_to_the_number() -> None:
    scene = Scene.of("stb", menu=("procedures",))
    scene.play(*scene.begin(), *TO_CHECK, ("move.check", "sign"), PASSWORD, *DONE, *HOME, *scene.end())
    (content,) = papers(scene)
    answers = {"day": "2026-12-01", "place": "〒1234567 みほん県みどり市若葉町 3-5", "people": "self"}
    assert content == wire.PaperContent(application="d1", event="move", receiver="midori-city", answers=answers)
    check = scene.screen("move.check")
    assert isinstance(check, Detail)
    assert [fact.value for fact in check.facts] == [
        "2026年12月1日", answers["place"], "わたしだけ", "みどり市 国保年金課",
    ]  # fmt: skip
    tasks = scene.screen("move.tasks")
    assert isinstance(tasks, Detail)
    assert tasks.facts[0].value == "市役所へ 行く", "the one visit comes first"


def test_one_password_and_a_signature_for_each_body() -> None:
    scene = Scene.of("stb", menu=("procedures",))
    both = ("move.choose", frozenset({"midori-city", "mihon-pension"}))
    scene.play(
        *scene.begin(), *TO_CHECK[:-1], ("move.whom", "choose"), both, ("move.check", "sign"), PASSWORD, *DONE, *HOME,
        *scene.end(),
    )  # fmt: skip
    assert [content.receiver for content in papers(scene)] == ["midori-city", "mihon-pension"]
    assert scene.card.log.count("sign document") == 2
    assert scene.card.verifies == 2, "four digits to sign in, one password to sign"


def test_nobody_chosen_is_asked_again() -> None:
    scene = Scene.of("stb", menu=("procedures",))
    scene.play(
        *scene.begin(), *TO_CHECK[:-1], ("move.whom", "choose"), ("move.choose", frozenset()),
        ("move.nobody", "back"), ("move.choose", frozenset({"midori-city"})), ("move.check", BACK), *HOME,
        *scene.end(),
    )  # fmt: skip


def test_back_leads_one_question_back() -> None:
    scene = Scene.of("stb", menu=("procedures",))
    scene.play(
        *scene.begin(), ("home", "procedures"), ("procedures", "move"), ("move.day", "1"), ("move.postcode", BACK),
        ("move.day", "0"), ("move.postcode", "7654321"), ("move.no_postcode", "again"),
        ("move.postcode", "1234567"), ("move.town", BACK), ("move.postcode", BACK), ("move.day", BACK), *HOME,
        *scene.end(),
    )  # fmt: skip


def test_a_wrong_password_says_how_many_tries_are_left() -> None:
    scene = Scene.of("stb", menu=("procedures",))
    wrong = ("signing.password", "WRONG1")
    scene.play(
        *scene.begin(), *TO_CHECK, ("move.check", "sign"), wrong, ("E-03-password", "again"), PASSWORD, *DONE, *HOME,
        *scene.end(),
    )  # fmt: skip
    entry = scene.screen("signing.password")
    assert isinstance(entry, PasswordEntry)
    assert (entry.tries_left, entry.tries_max) == (4, 5)


def test_the_last_try_is_guarded_and_the_answers_are_kept() -> None:
    scene = Scene.of("stb", menu=("procedures",))
    scene.card.tries[Pin.DIGITAL_SIGNATURE] = 2
    wrong = ("signing.password", "WRONG1")
    scene.play(
        *scene.begin(), *TO_CHECK, ("move.check", "sign"), wrong, ("E-03-password", "again"),
        ("E-04-password", False), ("move.check", BACK), *HOME, *scene.end(),
    )  # fmt: skip
    assert scene.card.tries[Pin.DIGITAL_SIGNATURE] == 1
    assert list(scene.backend.drafts) == ["move"]


def test_wrong_to_the_end() -> None:
    scene = Scene.of("stb", menu=("procedures",))
    scene.card.tries[Pin.DIGITAL_SIGNATURE] = 1
    scene.play(
        *scene.begin(), *TO_CHECK, ("move.check", "sign"), ("E-04-password", True), ("signing.password", "WRONG1"),
        ("E-05-password", "back"), ("move.check", BACK), *HOME, *scene.end(),
    )  # fmt: skip
    assert scene.card.log.count("sign document") == 0


@pytest.mark.parametrize(("failure", "shown"), [(Unreachable(), "E-10"), (refused("certificate_revoked"), "E-07")])
def test_what_fails_while_sending_keeps_the_answers(failure: Exception, shown: str) -> None:
    scene = Scene.of("stb", menu=("procedures",))
    scene.backend.faults["submit"].append(failure)
    scene.play(
        *scene.begin(), *TO_CHECK, ("move.check", "sign"), PASSWORD, (shown, "back"), ("move.check", BACK),
        ("procedures", "move"), ("move.go_on", "go_on"), ("move.check", "sign"), PASSWORD, *DONE, *HOME,
        *scene.end(),
    )  # fmt: skip
    assert scene.backend.drafts == {}


def test_a_draft_is_marked_and_can_be_begun_anew() -> None:
    scene = Scene.of("stb", menu=("procedures",))
    scene.play(
        *scene.begin(), *TO_CHECK, ("move.check", BACK), ("procedures", "move"), ("move.go_on", "anew"),
        ("move.day", BACK), *HOME, *scene.end(),
    )  # fmt: skip
    menu = scene.screen("procedures")
    assert isinstance(menu, Menu)
    assert menu.choices[0].badge == "とちゅうまで"


def test_lifting_the_card_at_the_password_asks_for_it_again() -> None:
    scene = Scene.of("stb", menu=("procedures",))
    scene.play(
        *scene.begin(), *TO_CHECK, ("move.check", "sign"), ("signing.password", scene.remove),
        ("card_away", scene.insert), PASSWORD, *DONE, *HOME, *scene.end(),
    )  # fmt: skip


# --- what became of it -----------------------------------------------------------------------------------------------


def test_each_paper_with_its_state_and_reason() -> None:
    scene = Scene.of("stb", menu=("procedures",))
    scene.backend.applied = (a_move(*ParcelState),)
    scene.play(*scene.begin(), ("home", "procedures"), ("procedures", "sent"), ("applied", BACK), *HOME, *scene.end())
    screen = scene.screen("applied")
    assert isinstance(screen, ItemList)
    assert [row.badge for row in screen.rows] == [
        "おくっています", "受け取りました", "おわりました", "もどされました", "とりやめました",
    ]  # fmt: skip
    assert screen.rows[3].below == "口座を たしかめてください"


@pytest.mark.parametrize(
    "event", [MOVE, asking_for(wire.StatementKind.PREMIUM)], ids=["the same", "more is asked by now"]
)
def test_one_sent_back_is_signed_and_sent_anew(event: wire.LifeEvent) -> None:
    scene = Scene.of("stb", menu=("procedures",))
    scene.backend.event = event
    scene.backend.applied = (a_move(ParcelState.SENT_BACK, ParcelState.DONE),)
    scene.play(
        *scene.begin(), ("home", "procedures"), ("procedures", "sent"), ("applied", "p-midori-city"),
        ("applied.paper", "resend"), PASSWORD, ("applied", BACK), *HOME, *scene.end(),
    )  # fmt: skip
    assert [parcel.state for parcel in scene.backend.applied[0].parcels] == [ParcelState.WAITING, ParcelState.DONE]


def test_one_on_its_way_is_withdrawn_after_a_yes() -> None:
    scene = Scene.of("stb", menu=("procedures",))
    scene.backend.applied = (a_move(ParcelState.WAITING, ParcelState.DONE),)
    scene.play(
        *scene.begin(), ("home", "procedures"), ("procedures", "sent"), ("applied", "p-midori-city"),
        ("applied.paper", "withdraw"), ("applied.really", False), ("applied", "p-midori-city"),
        ("applied.paper", "withdraw"), ("applied.really", True), ("applied", "p-mihon-pension"),
        ("applied.paper", "back"), ("applied", BACK), *HOME, *scene.end(),
    )  # fmt: skip
    done = scene.screen("applied.paper")
    assert isinstance(done, Detail)
    assert [action.key for action in done.actions] == ["back"], "what is done is not withdrawn"


@pytest.mark.parametrize(
    ("month", "day", "expected"),
    [(12, 1, date(2026, 12, 1)), (1, 5, date(2027, 1, 5)), (11, 1, date(2026, 11, 1)), (2, 30, None), (13, 1, None)],
)
def test_the_nearest_day_of_that_name(month: int, day: int, expected: date | None) -> None:
    assert nearest(month, day, date(2026, 11, 21)) == expected
