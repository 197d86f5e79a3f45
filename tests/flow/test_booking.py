"""施設の予約: from looking to the number for the counter, waiting, and cancelling; each refusal in its own words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend_client import wire
from backend_client.errors import Unreachable
from backend_stub.facilities.rooms import Rooms
from kiosk.flows.booking import day_of
from kiosk.problems import Situation
from kiosk.screens import Confirm, Detail, ItemList, Mark, Result, Screen
from tests.flow.fake_facilities import CLOSED, FIRST, TODAY, booking_of, use_of
from tests.flow.fakes import refused
from tests.flow.scene import WORDS, Scene
from tests.flow.scripted_stage import BACK, NOTHING, possible_answers

Script = list[tuple[Any, ...]]
IN: Script = [("home", "booking")]
TO_SLOTS: Script = [*IN, ("booking", "find"), ("booking.kinds", "hall"), ("booking.days", FIRST.isoformat())]
TO_TYPING: Script = [*TO_SLOTS[:-1], ("booking.days", "type")]
OUT: Script = [("booking", BACK)]
FROM_SLOTS: Script = [("booking.slots", BACK), ("booking.days", BACK), ("booking.kinds", BACK), *OUT]
FREE, FREE_TOO, TAKEN = "0", "1", "2"


@pytest.fixture
def scene() -> Scene:
    return Scene.of("stb", menu=("booking", "phone"))


def play(scene: Scene, *script: tuple[Any, ...]) -> None:
    scene.play(*scene.begin(), *script, *scene.end())


def facts(screen: Any) -> dict[str, str]:
    return {fact.label: fact.value for fact in screen.facts}


def test_a_room_is_booked_with_two_yes_and_the_number_shown(scene: Scene) -> None:
    play(scene, *TO_SLOTS, ("booking.slots", FREE), ("booking.confirm", "yes"), ("booking.done", "yes"), *OUT)
    question, done = scene.screen("booking.confirm"), scene.screen("booking.done")
    assert isinstance(question, Detail)
    assert question.actions[0].key == "back"
    assert facts(question) == {
        "使う日": "11月22日(日)",
        "時間": "午前 9:00〜12:00",
        "施設": "みどり中央公民館",
        "部屋": "和室（20人まで）",
        "料金": "300円",
        "場所": "みほん県みどり市 中央1丁目",
    }
    assert isinstance(done, Result)
    assert done.mark is Mark.GOOD
    assert done.facts[0].value == "4821-0931"
    assert facts(done)["とりけせる日"] == "11月21日(土) まで"


def test_the_list_says_of_each_slot_how_it_stands(scene: Scene) -> None:
    scene.backend.facilities.kept = [booking_of(use_of(slot=wire.Slot.AFTERNOON))]
    play(scene, *TO_SLOTS, *FROM_SLOTS)
    screen = scene.screen("booking.slots")
    assert isinstance(screen, ItemList)
    assert screen.title == "11月22日(日) の部屋"
    badges = ["○ あいています", "あなたが予約しています", "× うまっています", "○ あいています"]
    assert [row.badge for row in screen.rows] == badges
    assert [row.below for row in screen.rows] == ["300円", "300円", "無料", "無料"]


def test_no_on_the_question_books_nothing(scene: Scene) -> None:
    play(scene, *TO_SLOTS, ("booking.slots", FREE), ("booking.confirm", "back"), ("booking.slots", FREE),
         ("booking.confirm", BACK), *FROM_SLOTS)  # fmt: skip
    assert scene.backend.facilities.requests == []


def test_waiting_for_what_is_taken(scene: Scene) -> None:
    play(scene, *TO_SLOTS, ("booking.slots", TAKEN), ("booking.wait", "yes"), ("booking.done", BACK), *OUT)
    assert facts(scene.screen("booking.wait"))["前に待っている人"] == "2人"
    done = scene.screen("booking.done")
    assert done.title == "順番を待つことに しました"
    assert "予約の番号" not in facts(done)
    assert [request.wait for request in scene.backend.facilities.requests] == [True]


@pytest.mark.parametrize("state", [wire.BookingState.BOOKED, wire.BookingState.WAITING])
def test_what_is_the_persons_already_is_only_told(scene: Scene, state: wire.BookingState) -> None:
    scene.backend.facilities.kept = [booking_of(use_of(), state=state)]
    play(scene, *TO_SLOTS, ("booking.slots", FREE), ("booking.has", "back"), *FROM_SLOTS)
    assert [action.key for action in scene.screen("booking.has").actions] == ["back"]  # type: ignore[attr-defined]


# --- days typed ------------------------------------------------------------------------------------------------------


def test_a_day_can_be_typed(scene: Scene) -> None:
    play(scene, *TO_TYPING, ("booking.type_day", "1203"), ("booking.slots", FREE), ("booking.confirm", "yes"),
         ("booking.done", "yes"), *OUT)  # fmt: skip
    assert scene.backend.facilities.requests[0].day == date(2026, 12, 3)


@pytest.mark.parametrize(
    ("digits", "code"), [("1331", "E-52-unknown"), ("1120", "E-52-past"), ("1121", "E-52-past"), ("0401", "E-52-past")]
)
def test_each_impossible_day_has_its_sentence_and_is_asked_again(scene: Scene, digits: str, code: str) -> None:
    play(scene, *TO_TYPING, ("booking.type_day", digits), (code, "again"), ("booking.type_day", BACK),
         ("booking.days", BACK), ("booking.kinds", BACK), *OUT)  # fmt: skip


def test_a_closed_day_leads_back_to_the_days(scene: Scene) -> None:
    closed = f"{CLOSED:%m%d}"
    play(scene, *TO_TYPING, ("booking.type_day", closed), ("E-52", "back"), ("booking.days", BACK),
         ("booking.kinds", BACK), *OUT)  # fmt: skip


UNKNOWN, PAST, FAR = Situation.DAY_UNKNOWN, Situation.DAY_PAST, Situation.DAY_FAR


@pytest.mark.parametrize(
    ("digits", "today", "meant"),
    [
        ("1122", date(2026, 11, 21), date(2026, 11, 22)),
        ("0120", date(2026, 11, 21), date(2027, 1, 20)),
        ("0121", date(2026, 11, 21), PAST),
        ("1121", date(2026, 11, 21), PAST),
        ("1231", date(2026, 10, 1), FAR),
        ("0101", date(2026, 12, 31), date(2027, 1, 1)),
        ("0000", date(2026, 11, 21), UNKNOWN),
        ("0230", date(2026, 12, 31), UNKNOWN),
        ("0229", date(2028, 1, 10), date(2028, 2, 29)),
        ("0229", date(2026, 1, 10), UNKNOWN),
    ],
)
def test_the_day_that_four_digits_mean(digits: str, today: date, meant: object) -> None:
    assert day_of(digits, today + timedelta(days=1), today + timedelta(days=60)) == meant


# --- what goes wrong -------------------------------------------------------------------------------------------------


def test_taken_by_somebody_else_meanwhile_the_list_comes_again(scene: Scene) -> None:
    at_last = lambda: scene.backend.facilities.taken.add(use_of())  # noqa: E731
    play(scene, *TO_SLOTS, ("booking.slots", FREE), ("booking.confirm", at_last, "yes"), ("E-50", "back"),
         *FROM_SLOTS)  # fmt: skip
    assert scene.screen("booking.slots").rows[0].badge == "× うまっています"  # type: ignore[attr-defined]


def test_more_than_the_limit(scene: Scene) -> None:
    scene.backend.facilities.kept = [booking_of(use_of(day=FIRST + timedelta(days=n))) for n in (7, 8, 9)]
    play(scene, *TO_SLOTS, ("booking.slots", FREE), ("booking.confirm", "yes"), ("E-51", "back"), *FROM_SLOTS)


@pytest.mark.parametrize(("code", "shown"), [("certificate_revoked", "E-07"), ("certificate_expired", "E-06")])
def test_a_card_that_no_longer_stands(scene: Scene, code: str, shown: str) -> None:
    scene.backend.faults["facilities bookings"].append(refused(code))
    play(scene, *TO_SLOTS, ("booking.slots", FREE), ("booking.confirm", "yes"), (shown, "back"), *FROM_SLOTS)


def test_sent_again_after_a_cut_line_it_is_the_same_wish(scene: Scene) -> None:
    scene.backend.faults["facilities bookings"].append(Unreachable())
    play(scene, *TO_SLOTS, ("booking.slots", FREE), ("booking.confirm", "yes"), ("E-10", "again"),
         ("booking.done", "yes"), *OUT)  # fmt: skip
    first, second = scene.backend.facilities.sent
    assert first == second


def test_a_wish_has_a_key_of_its_own(scene: Scene) -> None:
    book: Script = [("booking.confirm", "yes"), ("booking.done", "yes")]
    play(scene, *TO_SLOTS, ("booking.slots", FREE), *book, *TO_SLOTS[1:], ("booking.slots", FREE_TOO), *book, *OUT)
    first, second = scene.backend.facilities.requests
    assert first.key != second.key


def test_the_sentences_name_the_citys_own_numbers() -> None:
    rooms = Rooms()
    assert f"{rooms.most}つ" in WORDS("E-51.title")
    days_ahead = (rooms.term(TODAY).last - TODAY).days
    assert f"{days_ahead}日先" in "".join(WORDS.lines("E-52-far.lines"))


# --- what is booked --------------------------------------------------------------------------------------------------


@pytest.fixture
def listed(scene: Scene) -> Scene:
    scene.backend.facilities.kept = [
        booking_of(use_of(), "1111-1111"),
        booking_of(use_of("kaigi"), "2222-2222", state=wire.BookingState.WAITING, ahead=1),
        booking_of(use_of("kaigi", day=FIRST + timedelta(days=9)), "3333-3333", moved_up=True),
    ]
    return scene


def test_the_list_tells_whose_turn_has_come(listed: Scene) -> None:
    play(
        listed,
        *IN,
        ("booking", "mine"),
        ("booking.mine", "2"),
        ("booking.booked", "back"),
        ("booking.mine", BACK),
        *OUT,
    )
    screen = listed.screen("booking.mine")
    assert isinstance(screen, ItemList)
    assert [row.badge for row in screen.rows] == ["予約できています", "順番を待っています", "順番がきました"]
    assert listed.screen("booking.booked").title == "順番がきました"


def test_cancelling_asks_first(listed: Scene) -> None:
    play(listed, *IN, ("booking", "mine"), ("booking.mine", "0"), ("booking.booked", "cancel"),
         ("booking.cancel", False), ("booking.booked", "cancel"), ("booking.cancel", BACK),
         ("booking.booked", "cancel"), ("booking.cancel", True), ("booking.cancelled", "yes"),
         ("booking.mine", BACK), *OUT)  # fmt: skip
    question = listed.screen("booking.cancel")
    assert isinstance(question, Confirm)
    assert question.lines[:3] == ("11月22日(日) 午前", "みどり中央公民館", "和室")
    assert [one.number for one in listed.backend.facilities.kept] == ["2222-2222", "3333-3333"]


def test_who_waits_can_stop_waiting(listed: Scene) -> None:
    play(listed, *IN, ("booking", "mine"), ("booking.mine", "1"), ("booking.booked", "cancel"),
         ("booking.cancel", True), ("booking.cancelled", BACK), ("booking.mine", BACK), *OUT)  # fmt: skip
    assert listed.screen("booking.booked").actions[1].title == "待つのを やめる"  # type: ignore[attr-defined]


def test_on_the_day_nothing_is_offered(scene: Scene) -> None:
    scene.backend.facilities.kept = [booking_of(use_of(day=TODAY))]
    play(scene, *IN, ("booking", "mine"), ("booking.mine", "0"), ("booking.booked", BACK), ("booking.mine", BACK), *OUT)
    assert [action.key for action in scene.screen("booking.booked").actions] == ["back", "hand"]  # type: ignore[attr-defined]


def test_midnight_passes_before_the_yes(listed: Scene) -> None:
    listed.backend.faults["facilities cancellations"].append(refused("cancel_late"))
    play(listed, *IN, ("booking", "mine"), ("booking.mine", "0"), ("booking.booked", "cancel"),
         ("booking.cancel", True), ("E-53", "back"), ("booking.booked", "back"), ("booking.mine", BACK),
         *OUT)  # fmt: skip


def test_no_bookings(scene: Scene) -> None:
    play(scene, *IN, ("booking", "mine"), ("booking.mine", BACK), *OUT)
    assert scene.screen("booking.mine").empty == "予約は、ありません。"  # type: ignore[attr-defined]


def test_the_number_goes_to_a_phone(listed: Scene) -> None:
    play(listed, *IN, ("booking", "mine"), ("booking.mine", "0"), ("booking.booked", "hand"), ("phone.alone", False),
         ("booking.booked", BACK), ("booking.mine", BACK), *OUT)  # fmt: skip


def test_without_phones_none_is_offered() -> None:
    scene = Scene.of("counter", menu=("booking",))
    play(scene, *TO_SLOTS, ("booking.slots", FREE), ("booking.confirm", "yes"), ("booking.done", "yes"), *OUT)
    assert [action.key for action in scene.screen("booking.done").actions] == ["yes"]  # type: ignore[attr-defined]


# --- whatever the person answers -------------------------------------------------------------------------------------


class Somebody:
    """Signs in, goes to the rooms, answers at random there, and leaves; the line fails now and then."""

    def __init__(self, scene: Scene, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self._scene = scene
        self._draw = draw
        self._left = 40
        self.agreed = {"booking.confirm": 0, "booking.wait": 0, "booking.cancel": 0}
        """Times that the person said yes to a question."""

    async def meet(self, screen: Screen[Any]) -> object:
        self._left -= 1
        leaves = self._left <= 0
        match screen.name:
            case "attract":
                self._scene.insert()
                return NOTHING
            case "sign_in.pin":
                return "1234"
            case "take_card":
                self._scene.remove()
                return NOTHING
            case "home":
                return "over" if leaves else "booking"
        answers = possible_answers(screen)
        if not answers:
            return BACK if isinstance(screen, ItemList) else NOTHING
        return BACK if leaves else self._answer(screen, answers)

    def _answer(self, screen: Screen[Any], answers: list[object]) -> object:
        if screen.name in self.agreed and self._draw(st.integers(0, 3)) == 0:
            fault = self._draw(st.sampled_from((Unreachable(), refused("storage_busy"), refused("slot_taken"))))
            self._scene.backend.faults[self._draw(st.sampled_from(CHANGES))].append(fault)
        more = ["1122", "1203", "1123"] if screen.name == "booking.type_day" else []
        answer = self._draw(st.sampled_from([*more, *answers, *answers, BACK]))
        if screen.name in self.agreed and answer in ("yes", True):
            self.agreed[screen.name] += 1
        return answer


CHANGES = ("facilities bookings", "facilities cancellations")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_nothing_is_booked_or_cancelled_without_a_yes(data: st.DataObject) -> None:
    scene = Scene.of("counter", menu=("booking",))
    somebody = Somebody(scene, data.draw)
    scene.run(somebody)
    facilities = scene.backend.facilities
    agreed = somebody.agreed
    assert len(facilities.requests) <= agreed["booking.confirm"] + agreed["booking.wait"]
    assert sum(request.wait for request in facilities.requests) <= agreed["booking.wait"]
    assert len({request.key for request in facilities.requests}) >= len(facilities.kept)
    cancelled = [sent for sent in facilities.sent if isinstance(sent, wire.Cancellation)]
    assert len(set(cancelled)) <= agreed["booking.cancel"]
