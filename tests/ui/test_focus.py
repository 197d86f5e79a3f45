"""Focus: one ring, moved by geometry, never lost, and everything is reached by four arrows, OK and Back."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.desk import Back
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
    Screen,
    StillThere,
    TakeCard,
    Working,
)
from kiosk.stage_data import footer_actions
from stb_profile.keymap import Action
from tests.ui import samples, scene
from tests.ui.conftest import Person, Seat
from tests.ui.scene import TEXT_SCALES

ARROWS = (Action.UP, Action.DOWN, Action.LEFT, Action.RIGHT)
SAMPLES = {screen.name: screen for screen in (*samples.typical(), *samples.extreme())}


FOOTER = {"footer.blue", "footer.green", "footer.yellow"}
"""Nothing is on a colour key alone, but おわる, which acts at once and has its choices elsewhere."""
WITHOUT_FOOTER = (Attract, CardAway, Margins, StillThere, TakeCard)
"""Where any key or arrow is an answer, or where there is only the card to be moved."""


def controls(screen: Screen[Any]) -> set[str]:
    """Keys of everything that the arrows reach, on all pages of a screen."""
    if isinstance(screen, Alarm):
        return {action.key for action in screen.actions} | {"footer.blue"}
    return set() if isinstance(screen, WITHOUT_FOOTER) else own_controls(screen) | FOOTER


def own_controls(screen: Screen[Any]) -> set[str]:
    match screen:
        case PlaceCard() | PhoneCode() | PinEntry() | PinOnReader():
            return {"footer.back"}
        case Menu(choices=choices):
            return {choice.key for choice in choices}
        case ItemList(rows=rows):
            return {row.key for row in rows} | {"footer.back"}
        case Consent(items=items):
            halves = {f"{item.key}:{half}" for item in items for half in ("yes", "no")}
            return halves | {"all", "chosen", "none", "footer.back"}
        case Confirm():
            return {"yes", "no"}
        case Digits():
            return {"ok", "erase", "back"}
        case PasswordEntry():
            return {*"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", "ok", "erase", "leave"}
        case Chart(points=points, actions=actions):
            return {f"point.{number}" for number in range(len(points))} | {action.key for action in actions}
        case Detail(actions=actions):
            return {action.key for action in actions} or {"footer.back"}
        case Result(actions=actions) | Problem(actions=actions):
            return {action.key for action in actions}
    return set()


def go(person: Person, arrow: Action) -> None:
    """Press an arrow until focus has moved or cannot move; before, it may have scrolled a text to its end."""
    focus, dead_ends = person.focus, person.dead_ends
    while person.focus == focus and person.dead_ends == dead_ends:
        person.press(arrow)


def walk(person: Person, screen: Screen[Any]) -> set[str]:
    """Every control the arrows lead to, from wherever they led; the shortest way to each is walked anew."""
    ways: dict[str, tuple[Action, ...]] = {}
    todo: list[tuple[Action, ...]] = [()]
    while todo:
        way = todo.pop(0)
        for arrow in ARROWS:
            person.stage.wipe()  # nothing is remembered of the walk before
            person.glance(screen)
            for step in (*way, arrow):
                go(person, step)
            if isinstance(screen, PinEntry) and person.focus is None:
                continue  # back at the digits, or not away from them
            assert len(scene.focused(person.stage.window)) == 1, f"{screen.name}: {(*way, arrow)} lost the ring"
            assert person.focus is not None
            if person.focus not in ways:
                ways[person.focus] = (*way, arrow)
                todo.append(ways[person.focus])
    return set(ways)


@pytest.mark.parametrize("scale", TEXT_SCALES)
@pytest.mark.parametrize("name", [name for name, screen in SAMPLES.items() if controls(screen)])
def test_every_control_is_reached_by_arrows(seat: Seat, name: str, scale: float) -> None:
    person = seat(scale=scale)
    person.stage.speaks = lambda language: True
    assert walk(person, SAMPLES[name]) == controls(SAMPLES[name])


@pytest.mark.parametrize("screen", SAMPLES.values(), ids=SAMPLES)
def test_nothing_is_on_a_colour_key_or_on_back_alone(screen: Screen[Any]) -> None:
    """The walk reaches what the footer offers; おわる, which acts at once, and 戻る have another way out beside."""
    footer = {f"footer.{action.value}" for action in footer_actions(screen, pointer=False, voice=True)}
    if isinstance(screen, WITHOUT_FOOTER):
        assert not footer or isinstance(screen, Attract), "any key leads from there to a screen with a footer"
    else:
        assert footer - {"footer.red"} <= controls(screen)
        assert controls(screen) - FOOTER or isinstance(screen, Working | Problem | Result), "or it goes away by itself"


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("menu_6", "notices"),
        ("list", "r1"),
        ("list_empty", "footer.back"),
        ("detail_letter", "back"),
        ("detail_bare", "footer.back"),
        ("confirm_last_try", "no"),
        ("consent", "none"),
        ("problem", "again"),
        ("result", "next"),
        ("margins", "ok"),
        ("digits", "ok"),
        ("chart_bars", "point.6"),
    ],
)
def test_the_first_or_the_safe_answer_has_focus_at_first(person: Person, name: str, first: str) -> None:
    person.see(SAMPLES[name])
    assert scene.focused(person.stage.window) == [first]
    assert person.focus == first


@pytest.mark.parametrize("name", ["place_card", "working", "problem_stays", "result_bad"])
def test_where_the_footer_alone_can_be_pressed_the_first_arrow_leads_to_it(person: Person, name: str) -> None:
    person.see(SAMPLES[name])
    assert person.focus is None
    person.press(Action.DOWN)
    assert scene.focused(person.stage.window) == ["footer.green"]
    person.actions.clear()
    person.press(Action.OK)
    assert Action.GREEN in person.actions


@pytest.mark.parametrize("name", ["card_away", "take_card", "attract"])
def test_no_ring_where_there_is_nothing_to_press(person: Person, name: str) -> None:
    person.see(SAMPLES[name])
    person.press(*ARROWS)
    assert scene.focused(person.stage.window) == []
    assert person.focus is None


def test_a_dead_end_is_felt_and_does_not_wrap(person: Person) -> None:
    person.see(SAMPLES["menu_6"])
    person.press(Action.LEFT, Action.UP)
    assert (person.focus, person.dead_ends) == ("notices", 2)
    person.press(Action.RIGHT, Action.RIGHT, Action.RIGHT)
    assert (person.focus, person.dead_ends) == ("info", 3)


def test_the_end_of_a_short_row_is_an_end(person: Person) -> None:
    person.see(Menu(name="five", title="五つ", choices=SAMPLES["menu_6"].choices[:5]))
    person.press(Action.DOWN, Action.RIGHT)
    assert person.focus == "health"
    person.press(Action.RIGHT)
    assert (person.focus, person.dead_ends) == ("health", 1)


def test_ok_presses_what_has_focus(person: Person) -> None:
    answer = person.ask(SAMPLES["menu_6"])
    person.press(Action.RIGHT, Action.DOWN, Action.OK)
    assert answer.result() == "health"


@pytest.mark.parametrize("screen", SAMPLES.values(), ids=SAMPLES)
def test_back_leads_out_of_every_screen_that_has_a_way_out(person: Person, screen: Screen[Any]) -> None:
    answer = person.ask(screen)
    person.press(Action.BACK)
    if isinstance(screen, TakeCard | CardAway | Alarm):
        assert not answer.done()
    elif isinstance(screen, Attract | StillThere):
        assert answer.result() is None
    else:
        with pytest.raises(Back):
            answer.result()


def test_work_that_must_not_be_stopped_is_not_stopped_by_back(person: Person) -> None:
    answer = person.ask(Working(name="verify", title="暗証番号をたしかめています"))
    person.press(Action.BACK)
    assert not answer.done()


def test_a_way_to_stop_comes_after_a_while_and_takes_focus(person: Person, qtbot: Any) -> None:
    answer = person.ask(SAMPLES["working"])
    page = next(item for item in scene.items(person.stage.window.contentItem()) if item.property("stopAfterMs"))
    assert page.property("stopAfterMs") == 4000
    page.setProperty("stopAfterMs", 1)
    qtbot.waitUntil(lambda: person.focus == "stop")
    person.press(Action.OK)
    with pytest.raises(Back):
        answer.result()


def test_down_on_the_last_row_turns_the_page_and_up_turns_back(person: Person) -> None:
    person.see(SAMPLES["list"])
    person.press(Action.DOWN, Action.DOWN)
    assert person.focus == "r3"
    person.press(Action.DOWN)
    assert person.focus == "r4"
    assert "（2／2ページ）" in " ".join(text.property("text") for text in scene.texts(person.stage.window))
    person.press(Action.UP)
    assert person.focus == "r3"


def test_the_preview_follows_the_focus(person: Person) -> None:
    rows = (
        samples.ROWS[0],
        samples.Row(key="other", title="べつの記録", facts=(samples.Fact("番号", "7777-8888"),)),
    )
    person.see(ItemList(name="two", title="だれが見た？", rows=rows))
    person.press(Action.DOWN)
    person.stage.window.grabWindow()
    assert "7777-8888" in [text.property("text") for text in scene.texts(person.stage.window)]


def test_a_letter_is_read_to_its_end_before_focus_leaves_it(person: Person) -> None:
    letter = samples.LETTER * 3 + "おわりの行です。"
    person.see(
        Detail(name="letter", title="手紙", body=letter, actions=tuple(Choice(f"a{n}", "もどる") for n in range(2)))
    )
    body = next(text for text in scene.texts(person.stage.window) if text.property("text") == letter)
    seen = 0.0
    while person.focus == "a0":
        seen += scene.seen(body).height()
        person.press(Action.DOWN)
        person.stage.window.grabWindow()
    assert person.focus == "footer.green"
    assert seen == pytest.approx(body.property("contentHeight"), rel=0.01), "lines were skipped or shown twice"
    person.press(Action.UP)
    assert person.focus == "a0"
    while scene.place(body).top() < 0:
        person.press(Action.UP)
    assert person.focus == "a0"


def test_consent_shows_the_item_that_has_focus(seat: Seat) -> None:
    person = seat(scale=2.0)
    person.see(SAMPLES["consent"])
    person.press(Action.LEFT)
    while not str(person.focus).startswith("checkup:"):
        person.press(Action.DOWN)
    person.stage.window.grabWindow()
    key = scene.focused(person.stage.window)[0]
    assert key.startswith("checkup:")
    control = next(item for item in scene.pressables(person.stage.window) if item.property("key") == key)
    assert scene.seen(control) == scene.place(control)


@pytest.mark.parametrize("profile", ["stb", "hospital"])
def test_the_ring_is_8_px_and_can_be_seen_on_any_ground(seat: Seat, profile: str) -> None:
    person = seat(profile, (1920, 1080))
    person.see(SAMPLES["menu_6"])
    picture = person.stage.window.grabWindow()
    control = next(item for item in scene.pressables(person.stage.window) if item.property("focus"))
    area = scene.place(control).toRect()
    row = [picture.pixelColor(x, area.center().y()).name() for x in range(area.left() - 16, area.left())]
    assert row[4:12] == ["#ffd43d"] * 8
    assert row[12:16] == ["#000000"] * 4
    assert row[3] not in ("#ffd43d", "#000000")
