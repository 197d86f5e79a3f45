"""健康: what the figures say, a reading that is typed in, and an empty book."""

from __future__ import annotations

import pytest

from kiosk import words
from kiosk.screens import Chart, Confirm, Detail, Digits, ItemList, Problem, Screen
from kiosk.stage_private import hidden, texts
from kiosk.words import is_private
from tests.flow.fake_health import readings, walked
from tests.flow.fakes import refused
from tests.flow.scene import Scene
from tests.flow.scripted_stage import BACK

WORDS = words.load()


def played(*script: tuple[object, ...], scene: Scene | None = None) -> Scene:
    """Goes to the health book, plays, and leaves it for home."""
    scene = scene or Scene.of("stb", menu=("health",))
    scene.play(*scene.begin(), ("home", "health"), *script, ("health", BACK), *scene.end())
    return scene


def steps_of(scene: Scene) -> Chart:
    screen = played(("health", "steps"), ("health.steps", "back"), scene=scene).screen("health.steps")
    assert isinstance(screen, Chart)
    return screen


def chart(scene: Scene, which: int = -1) -> Chart:
    found = [screen for screen in scene.stage.seen if screen.name == "health.pressure"][which]
    assert isinstance(found, Chart)
    return found


def test_steps_are_told_by_day_and_compared() -> None:
    screen = steps_of(Scene.of("stb", menu=("health",)))
    assert screen.sentences == ("この7日は、1日 平均4,400歩。", "先週より すこし多く歩いています。")
    assert (len(screen.points), screen.points[-1].label) == (14, "11/20")
    assert screen.points[-1].text == "11月20日(金)　4,400歩"
    assert [tick.text for tick in screen.ticks] == ["0", "2,500", "5,000", "7,500"]


@pytest.mark.parametrize(
    ("last", "said"),
    [
        (4700, "先週より 多く歩いています。"),
        (4040, "先週と 同じくらいです。"),
        (3600, "先週より すこし少なめです。"),
        (3000, "先週より 少なめです。"),
        (0, "先週より 少なめです。"),
    ],
)
def test_the_comparison_in_words(last: int, said: str) -> None:
    scene = Scene.of("stb", menu=("health",))
    scene.backend.health_book.steps = walked(*[4000] * 7, *[last] * 7)
    assert steps_of(scene).sentences[1] == said


@pytest.mark.parametrize("walk", [(5000,), (0, 0, 0, 0, 0, 0, 0, 0, 5000, 5000)])
def test_with_nothing_to_compare_the_mean_is_told(walk: tuple[int, ...]) -> None:
    scene = Scene.of("stb", menu=("health",))
    scene.backend.health_book.steps = walked(*walk)
    mean = round(sum(walk) / len(walk))
    assert steps_of(scene).sentences == (f"1日 平均{mean:,}歩、歩いています。",)


def test_an_empty_book_says_so_kindly() -> None:
    scene = Scene.of("stb", menu=("health",))
    book = scene.backend.health_book
    book.steps, book.readings, book.check_ups = walked(), (), ()
    played(
        ("health", "steps"),
        ("health.steps", "back"),
        ("health", "pressure"),
        ("health.pressure", "back"),
        ("health", "check_ups"),
        ("health.check_ups", BACK),
        scene=scene,
    )
    steps, check_ups = scene.screen("health.steps"), scene.screen("health.check_ups")
    assert isinstance(steps, Chart)
    assert isinstance(check_ups, ItemList)
    assert (steps.points, steps.sentences[0]) == ((), "まだ、歩数の記録が ありません。")
    assert (chart(scene).points, chart(scene).sentences[0]) == ((), "まだ、血圧の記録が ありません。")
    assert (check_ups.rows, check_ups.empty) == ((), "まだ、健診の結果が ありません。")


def test_blood_pressure_with_its_mean_and_what_is_usual() -> None:
    scene = played(("health", "pressure"), ("health.pressure", "back"))
    screen = chart(scene)
    assert screen.sentences == ("平均は 上128・下76。", "めやす（135・85より下）の中です。")
    assert screen.points[-1].text == "11月20日(金) 夜　上126・下76"
    assert [point.label for point in screen.points] == ["11/19", "11/20", ""]
    assert [tick.text for tick in screen.ticks] == ["40", "80", "120", "160"]


@pytest.mark.parametrize(("upper", "lower"), [(135, 70), (120, 85), (210, 120)])
def test_a_high_mean_is_said_without_alarm(upper: int, lower: int) -> None:
    scene = Scene.of("stb", menu=("health",))
    scene.backend.health_book.readings = readings((upper, lower))
    played(("health", "pressure"), ("health.pressure", "back"), scene=scene)
    screen = chart(scene)
    assert screen.sentences[1] == "つづくときは、お医者さんに見せましょう。"
    assert screen.ticks[-1].value >= upper


def test_a_reading_is_typed_confirmed_and_then_seen() -> None:
    scene = played(
        ("health", "pressure"),
        ("health.pressure", "add"),
        ("health.upper", "134"),
        ("health.lower", "82"),
        ("health.sure", True),
        ("health.pressure", "back"),
    )
    assert scene.backend.health_book.readings[-1].upper == 134
    assert chart(scene).points[-1].text == "11月21日(土) 朝　上134・下82"
    sure = scene.screen("health.sure")
    assert isinstance(sure, Confirm)
    assert sure.title == "上134・下82 で、よいですか？"


def test_the_digits_of_a_reading() -> None:
    scene = played(
        ("health", "pressure"),
        ("health.pressure", "add"),
        ("health.upper", BACK),
        ("health.pressure", "back"),
    )
    screen = scene.screen("health.upper")
    assert isinstance(screen, Digits)
    assert (screen.unit, screen.length_min, screen.length_max) == ("mmHg", 2, 3)


def test_what_cannot_be_is_told_and_typed_again() -> None:
    scene = played(
        ("health", "pressure"),
        ("health.pressure", "add"),
        ("health.upper", "80"),
        ("health.lower", "120"),
        ("E-54", "again"),
        ("health.upper", "120"),
        ("health.lower", "80"),
        ("health.sure", True),
        ("health.pressure", "back"),
    )
    assert isinstance(scene.screen("E-54"), Problem)
    assert [one.upper for one in scene.backend.health_book.readings[3:]] == [120]


def test_back_leads_one_step_back_and_nothing_is_kept() -> None:
    scene = played(
        ("health", "pressure"),
        ("health.pressure", "add"),
        ("health.upper", "134"),
        ("health.lower", BACK),
        ("health.upper", "135"),
        ("health.lower", "82"),
        ("health.sure", False),
        ("health.upper", "134"),
        ("health.lower", "82"),
        ("health.sure", BACK),
        ("health.upper", "999"),
        ("health.lower", "82"),
        ("E-54", "back"),
        ("health.pressure", "back"),
    )
    assert len(scene.backend.health_book.readings) == 3


def test_a_reading_that_did_not_arrive_can_be_sent_again() -> None:
    scene = Scene.of("stb", menu=("health",))
    scene.backend.faults["health add"].append(refused("storage_busy"))
    played(
        ("health", "pressure"),
        ("health.pressure", "add"),
        ("health.upper", "134"),
        ("health.lower", "82"),
        ("health.sure", True),
        ("E-10", "again"),
        ("health.pressure", "back"),
        scene=scene,
    )
    assert len(scene.backend.health_book.readings) == 4


def test_when_the_session_is_over_the_person_signs_in_again() -> None:
    scene = Scene.of("stb", menu=("health",))
    scene.backend.faults["health steps"].append(refused("session_unknown"))
    scene.play(
        *scene.begin(),
        ("home", "health"),
        ("health", "steps"),
        ("E-30", "again"),
        ("sign_in.pin", "1234"),
        ("health", BACK),
        *scene.end(),
    )


def test_check_ups_with_what_is_outside() -> None:
    scene = played(
        ("health", "check_ups"), ("health.check_ups", "0"), ("health.check_up", "back"), ("health.check_ups", BACK)
    )
    listed, one = scene.screen("health.check_ups"), scene.screen("health.check_up")
    assert isinstance(listed, ItemList)
    assert isinstance(one, Detail)
    assert [row.below for row in listed.rows] == ["めやすの外が 1つ あります", "ぜんぶ、めやすの中です"]
    assert [fact.value for fact in one.facts] == [
        "51.8kg", "22.1（めやす 18.5〜24.9）", "5.7%　めやすの外（5.5まで）", "62mg/dL（めやす 40から）",
    ]  # fmt: skip
    assert one.summary == ("めやすの外が 1つ あります", "気になるときは、お医者さんに 見せてください。")


def test_no_figure_is_left_while_somebody_looks_on() -> None:
    scene = played(
        ("health", "steps"),
        ("health.steps", "back"),
        ("health", "pressure"),
        ("health.pressure", "back"),
        ("health", "check_ups"),
        ("health.check_ups", "0"),
        ("health.check_up", "back"),
        ("health.check_ups", BACK),
    )
    for name in ("health.steps", "health.pressure", "health.check_ups", "health.check_up"):
        screen: Screen[object] = scene.screen(name)
        assert any(map(is_private, texts(screen)))
        veiled = hidden(screen, WORDS)
        said = " ".join(texts(veiled))
        assert not [figure for figure in ("4,400", "128", "126", "5.7", "51.8", "1つ") if figure in said]
        assert getattr(veiled, "points", ()) == ()
