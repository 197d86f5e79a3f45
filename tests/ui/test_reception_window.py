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
from kiosk.reception.reception import Reception
from kiosk.reception.visit import Paper, State
from kiosk.reception_window import ReceptionWindow
from tests.flow.fakes import INSURANCE
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
