"""The staff's window: every state, every field, by keys alone, and nothing of who was cleared away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from backend_client import wire
from kiosk import words
from kiosk.handover.folders import Trouble
from kiosk.reception import shown
from kiosk.reception.inquiries import Inquiries
from kiosk.reception.reception import Reception
from kiosk.reception.visit import Paper, State, Statement
from kiosk.reception_window import KEYS, ReceptionWindow, four_items
from tests.flow.fakes import INSURANCE
from tests.reception.fake_facility import TERM, FakeFacility
from tests.ui import scene

NOW = datetime(2026, 11, 21, 1, 30, tzinfo=UTC)
WORDS = words.load()
DOTTED = msgspec.structs.replace(INSURANCE, name="見本 ●子")


def answer(insurance: wire.Insurance | None, validity: wire.Validity = wire.Validity.VALID) -> wire.Eligibility:
    consent = wire.HealthConsent(medicines=insurance is not None)
    return wire.Eligibility(
        validity=validity, insurance=insurance, consent=consent, consent_ends_at=NOW, reception_number="12"
    )


@dataclass
class Desk:
    reception: Reception = field(default_factory=lambda: Reception({"2001": "受付 1"}))
    trouble: Trouble | None = None
    facility: FakeFacility = field(default_factory=FakeFacility)
    inquiries: Inquiries = field(init=False)

    def __post_init__(self) -> None:
        self.inquiries = Inquiries(self.reception, self.facility, self.facility.health, lambda: NOW, lambda _: None)

    def visit(self, given: wire.Eligibility | None = None) -> int:
        visit = self.reception.begin(NOW)
        if given is not None:
            self.reception.asking(visit, NOW, by_sight=False)
            self.reception.answered(visit, given)
        return visit


@dataclass
class Clerk:
    desk: Desk
    window: ReceptionWindow

    def sees(self) -> str:
        QGuiApplication.processEvents()
        root: Any = self.window._window
        return "\n".join(item.property("text") for item in scene.items(root.contentItem()) if item.property("text"))

    def press(self, *keys: str) -> None:
        for key in keys:
            self.window.drive(key, "")
            QGuiApplication.processEvents()

    def type(self, text: str) -> None:
        self.window._window.entered.emit(text)  # type: ignore[attr-defined]
        QGuiApplication.processEvents()


@pytest.fixture
def clerk(qtbot: QtBot) -> Iterator[Clerk]:
    desk = Desk()
    window = ReceptionWindow(desk, WORDS)
    warnings: list[str] = []
    window._frame.engine.warnings.connect(lambda found: warnings.extend(w.toString() for w in found))
    qtbot.waitUntil(lambda: window._window.isActive())
    yield Clerk(desk, window)
    window.close()
    QGuiApplication.processEvents()
    assert not warnings


def test_every_state_has_a_picture_of_its_own() -> None:
    assert set(shown.PICTURES) == set(State)
    assert len({sign for _, sign, _, _ in shown.PICTURES.values()}) == len(State)
    assert set(shown.VALIDITIES) == set(wire.Validity)


def test_every_field_of_the_answer(clerk: Clerk) -> None:
    visit = clerk.desk.visit(answer(INSURANCE))
    clerk.desk.reception.choose(visit, Paper.PAPER)
    seen = clerk.sees()
    for value in ("見本 花子", "ミホン ハナコ", "1946年2月11日", "20%", "みどり市", "00138057", "1234567", "01", "12"):
        assert value in seen
    assert "紙の処方箋" in seen
    assert "薬の情報" in seen


def test_a_dot_is_explained_and_corrected_by_keys(clerk: Clerk) -> None:
    clerk.desk.visit(answer(DOTTED))
    assert "●は 4文字目、読みは ハナコ" in clerk.sees()
    clerk.press("F3")
    assert "正しい字の名前" in clerk.sees()
    clerk.type("見本 華子")
    assert "1　見本 華子" in clerk.sees()
    clerk.press("F3")
    clerk.type("例示 春子")
    assert "例示" not in clerk.sees()
    assert "いまは できません" in clerk.sees()


def test_a_note_is_corrected(clerk: Clerk) -> None:
    clerk.desk.visit()
    clerk.press("F2")
    clerk.type("耳が遠い")
    assert "耳が遠い" in clerk.sees()
    clerk.press("F2")
    clerk.type("")
    assert "耳が遠い" not in clerk.sees()


def test_who_calls_stands_first_and_is_told_no(clerk: Clerk) -> None:
    clerk.desk.visit(answer(INSURANCE))
    second = clerk.desk.visit()
    clerk.desk.reception.call(second)
    clerk.press("Up")
    assert "職員カードを置きます" in clerk.sees()
    clerk.press("F4")
    assert clerk.desk.reception.state(second) is State.HERE
    assert "職員カードを置きます" not in clerk.sees()


def test_the_chosen_one_stays_chosen(clerk: Clerk) -> None:
    clerk.desk.visit(answer(INSURANCE))
    clerk.desk.visit()
    clerk.sees()
    clerk.desk.reception.call(2)
    assert "00138057" in clerk.sees()


def test_who_is_cleared_away_is_nowhere(clerk: Clerk) -> None:
    visit = clerk.desk.visit(answer(INSURANCE))
    clerk.sees()
    clerk.press("Delete")
    assert "見本 花子" in clerk.sees(), "not while the patient is here"
    clerk.desk.reception.over(visit)
    clerk.press("Delete")
    assert "花子" not in clerk.sees()
    assert "受付 1" in clerk.sees(), "what stays is a count"
    root: Any = clerk.window._window
    assert [root.property(name) for name in ("rows", "facts", "hints", "typed")] == [[], [], [], ""]


def test_the_day_ends_when_nobody_is_here(clerk: Clerk) -> None:
    visit = clerk.desk.visit(answer(INSURANCE))
    clerk.press("F10")
    assert "見本 花子" in clerk.sees()
    clerk.desk.reception.over(visit)
    clerk.press("F10")
    assert "花子" not in clerk.sees()
    assert clerk.desk.reception.counts == {}


def test_trouble_with_the_folders_is_said(clerk: Clerk) -> None:
    clerk.desk.trouble = Trouble.FULL
    clerk.desk.visit()
    assert "いっぱいです" in clerk.sees()


# --- without the patient ---------------------------------------------------------------------------------------------


def test_asked_again_by_key_and_said_what_became_of_it(clerk: Clerk) -> None:
    clerk.desk.visit(answer(INSURANCE))
    clerk.press("F5")
    assert "きいています…" in clerk.sees()
    clerk.desk.inquiries.say("reception.again_same")
    assert "答えは 同じです" in clerk.sees()
    clerk.press("F2")
    assert "答えは 同じです" not in clerk.sees(), "it was read"


def test_a_visit_on_paper_is_offered_for_later(clerk: Clerk) -> None:
    visit = clerk.desk.visit()
    clerk.desk.reception.stated(visit, Statement(NOW.date(), "4711", "c-1"))
    clerk.desk.reception.over(visit)
    assert "申立書で受付しました" in clerk.sees()
    assert "F6 で、あとで確認します" in clerk.sees()
    clerk.desk.reception.confirmed(visit, answer(INSURANCE), NOW)
    assert "F6 で、あとで確認します" not in clerk.sees(), "offered once"
    assert "見本 花子" in clerk.sees()


def test_limits_diseases_and_the_grace_period(clerk: Clerk) -> None:
    limit = wire.CostLimit(kind="01", classification="B02", issued=NOW.date(), valid_from=NOW.date())
    disease = wire.SpecialDisease(category="1", issued=NOW.date(), valid_from=NOW.date(), self_pay=10_000)
    told = msgspec.structs.replace(answer(INSURANCE), limit=limit, diseases=(disease,), grace_until="2027-02-28")
    clerk.desk.visit(told)
    seen = clerk.sees()
    for value in ("限度額適用認定証（区分 B02）", "自己負担 月10,000円まで", "保険は 2027年2月28日まで使えます。"):
        assert value in seen


def entries(clerk: Clerk) -> list[Any]:
    root: Any = clerk.window._window
    return [one for one in scene.items(root.contentItem()) if scene.kind(one).startswith("QQuickTextInput")]


def test_the_form_of_a_disaster_by_keys(clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    clerk.press("F8")
    assert not clerk.window._window.property("searching"), "the commission is asked first"
    clerk.desk.inquiries.term = TERM
    clerk.desk.inquiries.say("")
    assert "みどり川の洪水" in clerk.sees()
    assert clerk.window._window.property("searching")
    asked: list[wire.FourItems] = []
    monkeypatch.setattr(clerk.desk.inquiries, "search", asked.append)
    clerk.press("1", "Return")
    assert "名前・生年月日・性別・住所を 入れてください" in clerk.sees()
    clerk.window._window.searched.emit("見本　花子", "１９４６０２１１", "2", "みほん県みどり市")  # type: ignore[attr-defined]
    (items,) = asked
    assert (items.name, items.birth_date.isoformat(), items.sex) == ("見本 花子", "1946-02-11", "2")
    assert not clerk.window._window.property("searching")
    clerk.press("F8")
    assert all(one.property("text") == "" for one in entries(clerk)), "nothing typed stays"
    clerk.press("Escape")
    assert not clerk.window._window.property("searching")


def test_the_form_goes_when_the_permission_ends(clerk: Clerk) -> None:
    clerk.desk.inquiries.term = TERM
    clerk.press("F8")
    assert clerk.window._window.property("searching")
    clerk.desk.inquiries.end_disaster()
    assert not clerk.window._window.property("searching")
    assert "災害のときの受付を おえました" in clerk.sees()


@pytest.mark.parametrize("birth", ["", "1946", "19461311", "1946-02-11", "あ"])
def test_a_birthday_that_is_none(birth: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of whatever kind
        four_items("見本 花子", birth, "2", "みどり市")


def test_every_key_can_be_touched(clerk: Clerk) -> None:
    seen = clerk.sees()
    assert all(WORDS(word) in seen for _, word in KEYS)
