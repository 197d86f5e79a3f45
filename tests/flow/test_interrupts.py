"""What can come in between at home: the card, the readers, the time, the colour keys, and our own faults."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from drivers.errors import CardMute, ServiceCause
from kiosk.desk import EndReason
from kiosk.screens import CardAway, TakeCard
from stb_profile.keymap import Action
from tests.flow.fakes import FakeCard, FakeReaders
from tests.flow.scene import Scene
from tests.flow.scripted_stage import BACK, KEY

# --- the card --------------------------------------------------------------------------------------------------------


def test_the_same_card_goes_on_where_it_was() -> None:
    scene = Scene()
    scene.play(
        *scene.begin(),
        ("home", "access_log"),
        ("access_log", "1"),
        ("access_log.record", scene.remove),
        ("card_away", scene.insert),
        ("access_log.record", BACK),
        ("access_log", BACK),
        *scene.end(),
    )
    assert scene.card.verifies == 1


def test_as_often_as_one_likes() -> None:
    scene = Scene()
    away = [("home", scene.remove), ("card_away", scene.insert)]
    scene.play(*scene.begin(), *away, *away, *away, *scene.end())


def test_the_cover_says_how_long_and_lets_nothing_through() -> None:
    scene = Scene()
    scene.play(*scene.begin(), ("home", scene.remove), ("card_away",), ("cleared",))
    cover = scene.screen("card_away")
    assert isinstance(cover, CardAway)
    assert (cover.code, cover.seconds) == ("E-09", 10)
    after = scene.stage.names[scene.stage.names.index("card_away") + 1 :]
    assert after == ["cleared"], "what was below the cover never comes up again"


def test_a_card_that_does_not_come_back() -> None:
    scene = Scene()
    reason = scene.play(*scene.begin(), ("home", scene.remove), ("card_away",), ("cleared",))
    assert reason is EndReason.CARD_TAKEN


def test_another_persons_card_ends_the_visit() -> None:
    scene = Scene()
    reason = scene.play(
        *scene.begin(),
        ("home", scene.remove),
        ("card_away", lambda: scene.readers.insert(scene.other)),
        ("E-20", scene.remove),
        ("cleared",),
    )
    assert reason is EndReason.OTHER_CARD
    assert scene.other.log == ["certificate"], "nothing else was asked of it"
    after = scene.stage.names[scene.stage.names.index("card_away") + 1 :]
    assert after == ["E-20", "cleared"]


def test_cards_swapped_in_one_movement() -> None:
    scene = Scene()
    reason = scene.play(
        *scene.begin(), ("home", lambda: scene.readers.insert(scene.other)), ("E-20", scene.remove), ("cleared",)
    )
    assert reason is EndReason.OTHER_CARD


def test_before_anybody_is_known_another_card_simply_begins() -> None:
    scene = Scene()
    scene.card.before["tries"] = scene.remove
    scene.play(
        ("attract", scene.insert),
        ("card_away", lambda: scene.readers.insert(scene.other)),
        ("sign_in.pin", "1234"),
        *scene.end(),
    )
    assert scene.card.verifies == 0
    assert scene.other.log == ["tries", "certificate", "verify right", "sign"]


def test_a_foreign_card_is_told_apart_and_ours_may_still_come() -> None:
    scene = Scene()
    foreign = FakeCard(foreign=True)

    def swap_back() -> None:
        scene.remove()
        scene.insert()

    scene.play(
        *scene.begin(),
        ("home", scene.remove),
        ("card_away", lambda: scene.readers.insert(foreign)),
        ("card_away", swap_back),
        *scene.end(),
    )
    assert [s.code for s in scene.stage.seen if isinstance(s, CardAway)] == ["E-09", "E-02"]


def test_a_card_that_is_mute_when_it_comes_back_can_be_put_down_again() -> None:
    scene = Scene()

    def put_badly() -> None:
        scene.card.faults["select"].append(CardMute())
        scene.insert()

    scene.play(
        *scene.begin(), ("home", scene.remove), ("card_away", put_badly), ("card_away", scene.insert), *scene.end()
    )


def test_the_card_may_come_back_in_another_reader() -> None:
    scene = Scene(readers=FakeReaders("R1", "R2"))
    scene.play(
        *scene.begin(),
        ("home", scene.remove),
        ("card_away", lambda: scene.readers.insert(scene.card, "R2")),
        ("home", "over"),
        ("take_card", lambda: scene.readers.remove("R2")),
        ("cleared",),
    )


def test_only_our_card_must_be_taken_at_the_end() -> None:
    scene = Scene(readers=FakeReaders("R1", "R2"))
    scene.readers.insert(FakeCard(foreign=True), "R2")
    scene.insert()
    scene.play(("sign_in.pin", "1234"), *scene.end())


def test_another_card_put_down_at_the_end_is_the_next_visits() -> None:
    scene = Scene()
    scene.play(*scene.begin(), ("home", "over"), ("take_card", lambda: scene.readers.insert(scene.other)), ("cleared",))
    assert scene.other.log == []


def test_the_card_mark_follows_the_card() -> None:
    scene = Scene()
    marks: list[bool] = []
    look: Callable[[], None] = lambda: marks.append(scene.stage.card_inside)  # noqa: E731
    scene.play(
        ("attract", look, scene.insert),
        ("sign_in.pin", look, "1234"),
        ("home", look, scene.remove),
        ("card_away", look, scene.insert),
        ("home", look, "over"),
        ("take_card", look, scene.remove),
        ("cleared", look),
    )
    assert marks == [False, True, True, False, True, True, False]


# --- readers and their service ---------------------------------------------------------------------------------------


def test_the_reader_is_unplugged_and_comes_back_with_the_card() -> None:
    scene = Scene()

    def plug() -> None:
        scene.readers.plug()
        scene.insert()

    scene.play(*scene.begin(), ("home", scene.readers.unplug), ("card_away", plug), *scene.end())


def test_the_reader_is_gone() -> None:
    scene = Scene()
    reason = scene.play(*scene.begin(), ("home", scene.readers.unplug), ("card_away",), ("cleared",))
    assert reason is EndReason.READER_LOST
    assert "E-21" in [s.code for s in scene.stage.seen if isinstance(s, CardAway)]


@pytest.mark.parametrize(("cause", "code"), [(ServiceCause.NOT_RUNNING, "E-22"), (ServiceCause.NOT_AUTHORISED, "E-23")])
def test_the_service_dies(cause: ServiceCause, code: str) -> None:
    scene = Scene()
    stop: Callable[[], None] = lambda: scene.readers.stop_service(cause)  # noqa: E731
    reason = scene.play(*scene.begin(), ("home", stop), ("card_away",), ("cleared",))
    assert reason is EndReason.READER_LOST
    cover = scene.screen("card_away")
    assert isinstance(cover, CardAway)
    assert cover.code == code


def test_the_service_is_started_again_in_time() -> None:
    scene = Scene()

    def restart() -> None:
        scene.readers.start_service()
        scene.insert()

    # First the reader goes, then the service says why: the cover changes its words.
    away = [("card_away",), ("card_away", restart)]
    scene.play(*scene.begin(), ("home", scene.readers.stop_service), *away, *scene.end())


# --- time ------------------------------------------------------------------------------------------------------------


def test_nobody_acts_and_nobody_answers_the_warning() -> None:
    scene = Scene()
    reason = scene.play(*scene.begin(), ("home",), ("still_there",), ("take_card", scene.remove), ("cleared",))
    assert reason is EndReason.IDLE
    last = scene.screen("take_card")
    assert isinstance(last, TakeCard)
    assert "E-15" in last.lines
    after = scene.stage.names[scene.stage.names.index("still_there") + 1 :]
    assert after == ["take_card", "cleared"], "what was below the warning never comes up again"


@pytest.mark.parametrize("key", [KEY, BACK])
def test_any_key_goes_on_as_often_as_needed(key: object) -> None:
    scene = Scene()
    scene.play(*scene.begin(), *[("home",), ("still_there", key)] * 10, *scene.end())


@pytest.mark.parametrize(
    ("name", "screen", "patience_s"), [("stb", "home", 300), ("counter", "home", 90), ("stb", "sign_in.pin", 120)]
)
def test_how_long_it_waits(name: str, screen: str, patience_s: int) -> None:
    scene = Scene.of(name)
    came: list[float] = []

    def note() -> None:
        came.append(asyncio.get_running_loop().time())

    pin = () if screen == "sign_in.pin" else [("sign_in.pin", "1234")]
    scene.play(
        ("attract", scene.insert),
        *pin,
        (screen, note),
        ("still_there", note),
        ("take_card", scene.remove),
        ("cleared",),
    )
    assert came[1] - came[0] == pytest.approx(patience_s, abs=0.01)


# --- the colour keys -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("screen", ["sign_in.pin", "home"])
def test_red_ends_the_visit_anywhere(screen: str) -> None:
    scene = Scene()
    red = lambda: scene.stage.press(Action.RED)  # noqa: E731
    pin = [("sign_in.pin", red)] if screen == "sign_in.pin" else [("sign_in.pin", "1234"), ("home", red)]
    reason = scene.play(("attract", scene.insert), *pin, ("take_card", scene.remove), ("cleared",))
    assert reason is EndReason.CHOSEN


def test_red_while_a_cover_lies_shows_nothing_of_what_is_below() -> None:
    scene = Scene()
    red = lambda: scene.stage.press(Action.RED)  # noqa: E731
    scene.play(*scene.begin(), ("home", scene.remove), ("card_away", red), ("cleared",))
    assert scene.stage.names[-2:] == ["card_away", "cleared"]


@pytest.mark.parametrize("answer", ["back", BACK])
def test_help_lies_over_what_was_there(answer: object) -> None:
    scene = Scene()
    yellow = lambda: scene.stage.press(Action.YELLOW)  # noqa: E731
    scene.play(*scene.begin(), ("home", yellow), ("help", answer), ("home", yellow), ("help", answer), *scene.end())


# --- our own faults --------------------------------------------------------------------------------------------------


class Bug(Exception):
    """Something nobody has thought of."""


@pytest.mark.parametrize("where", ["challenge", "sign_in", "notices"])
def test_an_unexpected_fault_comes_out_after_everything_was_wiped(where: str) -> None:
    scene = Scene()
    scene.backend.faults[where].append(Bug())
    home = [("home", "notices")] if where == "notices" else []
    with pytest.raises(Bug):
        scene.play(*scene.begin(), *home)
    assert scene.stage.empty


def test_the_supervisor_can_end_a_visit_at_any_time() -> None:
    scene = Scene()

    def go() -> None:
        next(task for task in asyncio.all_tasks() if task.get_name() == "visit").cancel()

    with pytest.raises(asyncio.CancelledError):
        scene.play(*scene.begin(), ("home", go))
    assert scene.stage.empty
