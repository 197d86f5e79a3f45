"""Signing in, and everything a card, a PIN or a portal can do to it."""

from __future__ import annotations

from base64 import b64decode
from io import BytesIO
from typing import Any

import msgspec
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from backend_client import wire
from backend_client.errors import Broken, NotGenuine, TooSlow, Unreachable
from drivers.errors import BadAnswer, CardGone, CardMute, CardRefused, Pin, ReaderBusy
from kiosk.desk import EndReason
from kiosk.screens import Choice, Confirm, PinEntry, Problem, Result
from tests.flow.fakes import FakeCard, refused
from tests.flow.scene import Scene
from tests.flow.scripted_stage import BACK

PASSWORD = ("signing.password", "ABC123")
CLOSING = ["take_card", "cleared"]


def closing(scene: Scene) -> list[tuple[Any, ...]]:
    return [("take_card", scene.remove), ("cleared",)]


def test_the_fewest_questions_to_the_card_and_the_portal() -> None:
    scene = Scene()
    scene.play(*scene.begin(), *scene.end())
    assert scene.card.log == ["tries", "certificate", "verify right", "sign"]
    assert scene.backend.log == ["challenge", "sign_in", "sign_out"]
    request = scene.backend.requests[1]
    assert isinstance(request, wire.SignIn)
    assert request.place == "このテレビ"


def test_the_certificate_is_read_while_the_person_types() -> None:
    scene = Scene()
    seen: list[str] = []
    scene.card.after["certificate"] = lambda: seen.extend(scene.stage.names)
    scene.play(*scene.begin(), *scene.end())
    assert seen[-1] == "sign_in.pin"


def test_the_pin_screen_tells_the_tries_left() -> None:
    scene = Scene()
    scene.card.tries[Pin.USER_AUTHENTICATION] = 2
    scene.play(*scene.begin(), *scene.end())
    screen = scene.screen("sign_in.pin")
    assert isinstance(screen, PinEntry)
    assert (screen.tries_left, screen.tries_max, screen.tries_text, screen.pad) == (2, 3, "2回", False)


def test_with_touch_there_is_a_pad() -> None:
    scene = Scene.of("counter")
    scene.play(*scene.begin(), *scene.end())
    screen = scene.screen("sign_in.pin")
    assert isinstance(screen, PinEntry)
    assert screen.pad


# --- the PIN ---------------------------------------------------------------------------------------------------------


def test_back_from_the_pin_ends_the_visit_and_uses_no_try() -> None:
    scene = Scene()
    assert scene.play(("attract", scene.insert), ("sign_in.pin", BACK), *closing(scene)) is EndReason.CHOSEN
    assert scene.card.verifies == 0


def test_a_wrong_pin_tells_the_tries_left_and_asks_again() -> None:
    scene = Scene()
    scene.play(*scene.begin("0000"), ("E-03", "again"), ("sign_in.pin", "1234"), *scene.end())
    assert scene.card.log == ["tries", "certificate", "verify wrong", "verify right", "sign"]
    assert scene.screen("E-03").title == "暗証番号がちがいます（のこり2回）"


@pytest.mark.parametrize("answer", ["over", BACK])
def test_a_wrong_pin_can_be_left_at_that(answer: object) -> None:
    scene = Scene()
    scene.play(*scene.begin("0000"), ("E-03", answer), *closing(scene))
    assert scene.card.verifies == 1


@pytest.mark.parametrize("answer", [False, BACK])
def test_before_the_last_try_it_asks_and_does_not_insist(answer: object) -> None:
    scene = Scene(card=FakeCard(tries=1))
    scene.play(("attract", scene.insert), ("E-04", answer), *closing(scene))
    assert scene.card.verifies == 0
    question = scene.screen("E-04")
    assert isinstance(question, Confirm)
    assert question.code == "E-04"


def test_the_last_try_can_be_right() -> None:
    scene = Scene(card=FakeCard(tries=1))
    scene.play(("attract", scene.insert), ("E-04", True), ("sign_in.pin", "1234"), *scene.end())
    assert scene.card.tries[Pin.USER_AUTHENTICATION] == 3


def test_three_wrong_pins_block_it_and_say_where_to_go() -> None:
    scene = Scene()
    scene.play(
        *scene.begin("0000"),
        ("E-03", "again"),
        ("sign_in.pin", "0000"),
        ("E-03", "again"),
        ("E-04", True),
        ("sign_in.pin", "0000"),
        ("E-05", "over"),
        *closing(scene),
    )
    assert scene.card.verifies == 3


def test_a_blocked_pin_is_never_asked_for() -> None:
    scene = Scene(card=FakeCard(tries=0))
    scene.play(("attract", scene.insert), ("E-05", "over"), *closing(scene))
    assert "sign_in.pin" not in scene.stage.names
    assert scene.card.verifies == 0


def test_a_verify_under_way_cannot_be_stopped() -> None:
    scene = Scene()
    scene.card.apdu_s = 2.0
    scene.play(*scene.begin(), ("sign_in.checking", BACK), *scene.end())


# --- the card lets one down ------------------------------------------------------------------------------------------

QUESTIONS = ["tries", "certificate", "verify", "sign"]


@pytest.mark.parametrize("what", QUESTIONS)
@pytest.mark.parametrize("when", ["before", "after"])
def test_the_card_is_lifted_and_put_back(what: str, when: str) -> None:
    """Before the question reached the card, or after the card did it and before its answer came."""
    scene = Scene()
    getattr(scene.card, when)[what] = scene.remove
    typed_before = what in ("verify", "sign")
    scene.play(
        ("attract", scene.insert),
        *([("sign_in.pin", "1234")] if typed_before else [("sign_in.pin",)] if what == "certificate" else []),
        ("card_away", scene.insert),
        ("sign_in.pin", "1234"),
        *scene.end(),
    )
    assert scene.card.verifies == (1 + ((what, when) != ("verify", "before")) if typed_before else 1)
    assert scene.card.tries[Pin.USER_AUTHENTICATION] == 3


@pytest.mark.parametrize("what", QUESTIONS)
def test_the_card_is_lifted_for_good(what: str) -> None:
    scene = Scene()
    scene.card.before[what] = scene.remove
    typed_before = what in ("verify", "sign")
    pin = [("sign_in.pin", "1234")] if typed_before else [("sign_in.pin",)] if what == "certificate" else []
    reason = scene.play(("attract", scene.insert), *pin, ("card_away",), ("cleared",))
    assert reason is EndReason.CARD_TAKEN


def test_a_wrong_pin_whose_answer_was_lost_is_asked_of_the_card() -> None:
    scene = Scene()
    scene.card.after["verify"] = scene.remove
    scene.play(*scene.begin("0000"), ("card_away", scene.insert), ("sign_in.pin", "1234"), *scene.end())
    screen = scene.screen("sign_in.pin")
    assert isinstance(screen, PinEntry)
    assert screen.tries_left == 2, "the card counted it, and only the card may say so"
    assert "E-03" not in scene.stage.names


@pytest.mark.parametrize("what", ["tries", "verify", "sign"])
@pytest.mark.parametrize("fault", [CardMute(), BadAnswer(), CardRefused("x", 0x6F00), ReaderBusy()])
def test_a_fault_of_transport_is_no_wrong_pin(what: str, fault: Any) -> None:
    scene = Scene()
    scene.card.faults[what].append(fault)
    code = "E-31" if isinstance(fault, ReaderBusy) else "E-01"
    typed = [] if what == "tries" else [("sign_in.pin", "1234")]
    scene.play(("attract", scene.insert), *typed, (code, "again"), ("sign_in.pin", "1234"), *scene.end())
    assert scene.card.tries[Pin.USER_AUTHENTICATION] == 3
    assert "E-03" not in scene.stage.names


@pytest.mark.parametrize("what", QUESTIONS)
def test_a_card_reset_by_another_program_is_taken_up_again_without_a_word(what: str) -> None:
    scene = Scene()
    scene.card.faults[what].append(CardGone())
    typed = [] if what == "tries" else [("sign_in.pin", "1234")]
    scene.play(("attract", scene.insert), *typed, ("sign_in.pin", "1234"), *scene.end())
    assert "card_away" not in scene.stage.names


def test_an_unreadable_certificate_is_told_after_the_pin_and_costs_no_try() -> None:
    scene = Scene()
    scene.card.faults["certificate"].append(CardMute())
    scene.play(*scene.begin(), ("E-01", "again"), ("sign_in.pin", "1234"), *scene.end())
    assert scene.card.verifies == 1


def test_giving_up_on_an_unreadable_card() -> None:
    scene = Scene()
    scene.card.faults["tries"].append(CardMute())
    scene.play(("attract", scene.insert), ("E-01", "back"), *closing(scene))


def test_a_card_that_stays_mute_counts_as_taken() -> None:
    scene = Scene()
    scene.card.faults["tries"].append(CardMute())
    scene.card.faults["select"].clear()

    def mute() -> str:
        scene.card.faults["select"] += [CardMute()] * 3
        return "again"

    reason = scene.play(
        ("attract", scene.insert), ("E-01", mute, "again"), ("card_away",), ("take_card", scene.remove), ("cleared",)
    )
    assert reason is EndReason.CARD_TAKEN
    assert scene.screen("card_away").code == "E-01"  # type: ignore[attr-defined]


# --- the portal says no, or nothing ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("refusal", "code"),
    [
        ("certificate_expired", "E-06"),
        ("certificate_revoked", "E-07"),
        ("certificate_not_yet_valid", "E-28"),
        ("certificate_policy", "E-29"),
        ("certificate_untrusted", "E-29"),
    ],
)
def test_a_certificate_that_does_not_stand(refusal: str, code: str) -> None:
    scene = Scene()
    scene.backend.faults["sign_in"].append(refused(refusal))
    scene.play(*scene.begin(), (code, "over"), *closing(scene))


@pytest.mark.parametrize("refusal", ["challenge_stale", "challenge_unknown"])
def test_a_challenge_out_of_time_is_replaced_without_a_word(refusal: str) -> None:
    scene = Scene()
    scene.backend.faults["sign_in"].append(refused(refusal))
    scene.play(*scene.begin(), *scene.end())
    assert scene.card.log == ["tries", "certificate", "verify right", "sign", "sign"]
    assert scene.backend.log[:4] == ["challenge", "sign_in"] * 2


def test_but_only_once() -> None:
    scene = Scene()
    scene.backend.faults["sign_in"] += [refused("challenge_stale")] * 2
    scene.play(*scene.begin(), ("E-30", "again"), *scene.end())
    assert scene.card.verifies == 1, "the PIN is not asked again"


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Unreachable(), "E-10"),
        (TooSlow(), "E-10"),
        (Broken(), "E-27"),
        (refused("fault"), "E-27"),
        (refused("storage_full"), "E-32"),
        (refused("peer_unavailable"), "E-10"),
        (refused("token_invalid"), "E-30"),
    ],
)
@pytest.mark.parametrize("what", ["challenge", "sign_in"])
def test_the_line_or_the_portal_fails_and_then_works(what: str, fault: Exception, code: str) -> None:
    scene = Scene()
    scene.backend.faults[what].append(fault)
    scene.play(*scene.begin(), (code, "again"), *scene.end())
    assert scene.card.verifies == 1, "the PIN is not asked again"


def test_the_line_stays_down() -> None:
    scene = Scene()
    scene.backend.faults["challenge"] += [Unreachable()] * 2
    scene.play(*scene.begin(), ("E-10", "again"), ("E-10", "over"), *closing(scene))


def test_a_server_that_is_not_genuine_gets_no_second_chance() -> None:
    scene = Scene()
    scene.backend.faults["challenge"].append(NotGenuine())
    scene.play(*scene.begin(), ("E-26", "over"), *closing(scene))
    assert scene.backend.log == ["challenge"]


def test_a_slow_portal_can_be_stopped() -> None:
    scene = Scene()
    scene.backend.answer_s = 9.0
    scene.play(*scene.begin(), ("sign_in.sending", BACK), *closing(scene))


def test_staff_get_a_trace_id_where_they_need_one() -> None:
    scene = Scene()
    scene.backend.faults["sign_in"].append(refused("fault"))
    scene.play(*scene.begin(), ("E-27", "over"), *closing(scene))
    screen = scene.screen("E-27")
    assert isinstance(screen, Problem)
    assert screen.lines[-1] == "trace-7"


# --- the first time --------------------------------------------------------------------------------------------------


def test_the_first_time_a_person_opens_the_folder() -> None:
    scene = Scene()
    scene.backend.registered = False
    scene.backend.last_sign_in = None
    scene.play(*scene.begin(), ("sign_in.register", True), PASSWORD, *scene.end())
    assert scene.backend.log[-2:] == ["register", "sign_out"]
    (request,) = [one for one in scene.backend.requests if isinstance(one, wire.Registration)]
    reader = PdfFileReader(BytesIO(b64decode(request.paper)))
    content = msgspec.json.decode(str(reader.trailer_view["/Info"]["/Subject"]), type=wire.PaperContent)
    assert content == wire.registration_content("ticket")
    assert scene.card.verifies == 2, "four digits to sign in, one password to apply"
    assert scene.screen("home").subtitle == "はじめてのご利用です"  # type: ignore[attr-defined]


@pytest.mark.parametrize("answer", [False, BACK])
def test_or_does_not(answer: object) -> None:
    scene = Scene()
    scene.backend.registered = False
    scene.play(*scene.begin(), ("sign_in.register", answer), *closing(scene))
    assert "register" not in scene.backend.log


def test_a_full_disk_at_the_portal_stores_nothing_and_says_so() -> None:
    scene = Scene()
    scene.backend.registered = False
    scene.backend.faults["register"].append(refused("storage_full"))
    scene.play(*scene.begin(), ("sign_in.register", True), PASSWORD, ("E-32", "again"), *scene.end())


def test_a_ticket_out_of_time_needs_a_new_proof() -> None:
    scene = Scene()
    scene.backend.registered = False
    scene.backend.faults["register"].append(refused("ticket_unknown"))
    scene.play(
        *scene.begin(),
        ("sign_in.register", True),
        PASSWORD,
        ("E-30", "again"),
        ("sign_in.pin", "1234"),
        ("sign_in.register", True),
        PASSWORD,
        *scene.end(),
    )


def test_back_from_the_password_comes_back_to_the_question() -> None:
    scene = Scene()
    scene.backend.registered = False
    register = ("sign_in.register", True)
    scene.play(*scene.begin(), register, ("signing.password", BACK), register, PASSWORD, *scene.end())


def test_without_a_password_left_nothing_is_opened() -> None:
    scene = Scene()
    scene.backend.registered = False
    scene.card.tries[Pin.DIGITAL_SIGNATURE] = 0
    over = ("sign_in.register", False)
    scene.play(*scene.begin(), ("sign_in.register", True), ("E-05-password", "back"), over, *closing(scene))
    assert "register" not in scene.backend.log


@pytest.mark.parametrize(("refusal", "code"), [("certificate_revoked", "E-07"), ("paper_foreign", "E-13")])
def test_a_paper_that_is_not_taken_opens_nothing(refusal: str, code: str) -> None:
    scene = Scene()
    scene.backend.registered = False
    scene.backend.faults["register"].append(refused(refusal))
    scene.play(*scene.begin(), ("sign_in.register", True), PASSWORD, (code, "over"), *closing(scene))


@pytest.mark.parametrize("answer", ["next", BACK])
def test_a_new_card_is_told_of_once(answer: object) -> None:
    scene = Scene()
    scene.backend.card_new = True
    scene.play(*scene.begin(), ("sign_in.card_new", answer), *scene.end())


def test_a_second_card_of_the_same_person_is_told_that_it_opens_the_same_folder() -> None:
    scene = Scene()
    scene.backend.registered, scene.backend.card_new = False, True
    scene.play(
        *scene.begin(), ("sign_in.register", True), PASSWORD, ("sign_in.card_new", "next"), *scene.end()
    )  # fmt: skip
    told = scene.screen("sign_in.card_new")
    assert isinstance(told, Result)
    assert told.title == "カードが新しくなりました"
    assert told.lines[0] == "これまでの おしらせと 記録は、そのままです。"


def test_a_blocked_folder_lets_nobody_in() -> None:
    scene = Scene()
    scene.backend.blocked = True
    scene.play(*scene.begin(), ("E-34", "over"), *closing(scene))
    assert scene.screen("E-34").actions == (Choice("over", "おわる"),)  # type: ignore[attr-defined]
