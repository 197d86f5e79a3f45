"""お支払い: amounts for the person alone, one OK or four digits, a number for the store, no doubt left open."""

from __future__ import annotations

from typing import Any

import pytest

from backend_client.errors import TooSlow, Unreachable
from kiosk.screens import Confirm, Detail, Digits, ItemList, Menu, PhoneCode, Result
from kiosk.stage_private import hidden, texts
from kiosk.words import is_private
from tests.flow.fake_bills import ACCOUNT, LABEL, STATE
from tests.flow.fakes import refused
from tests.flow.scene import WORDS, Scene
from tests.flow.scripted_stage import BACK

OUT = (("bills", BACK), ("partners", BACK))


def scene_at_bills(**changes: Any) -> Scene:
    scene = Scene.of("stb", menu=("partners", "phone"))
    for name, value in changes.items():
        setattr(scene.backend.bills, name, value)
    return scene


def play(scene: Scene, *script: tuple[Any, ...]) -> None:
    scene.play(*scene.begin(), ("home", "partners"), ("partners", "bills"), *script, *OUT, *scene.end())


def to_sure(bill: str = "small", how: str = "account") -> list[tuple[Any, ...]]:
    return [("bills", bill), ("bills.one", "pay"), ("bills.how", how)]


def test_from_an_account_that_is_typed_once() -> None:
    scene = scene_at_bills()
    play(
        scene,
        *to_sure(how="other"), ("bills.account", "1234567"), ("bills.account", ACCOUNT), ("bills.sure", True),
        ("bills.paid", "back"),
    )  # fmt: skip
    bills = scene.backend.bills
    assert [payment.id for payment in bills.charges] == ["small"]
    assert bills.registered == [ACCOUNT]
    first, second = (screen for screen in scene.stage.seen if isinstance(screen, Digits))
    assert first.hint != second.hint
    sure = scene.screen("bills.sure")
    assert isinstance(sure, Confirm)
    assert "4,200円" in sure.title
    assert LABEL in sure.lines[1]
    assert sure.here_only
    assert "sign_in.pin" in scene.stage.names
    assert "bills.pin" not in scene.stage.names
    sent = [request for request in scene.backend.requests if ACCOUNT in str(request)]
    assert len(sent) == 1, "the number goes to the payment body alone"


def test_a_large_one_asks_for_the_four_digits_again() -> None:
    scene = scene_at_bills(account=LABEL)
    play(scene, *to_sure("large"), ("bills.sure", True), ("bills.pin", "1234"), ("bills.paid", "back"))
    (payment,) = scene.backend.bills.charges
    assert payment.nonce == "nonce of bills"


def test_second_thoughts_cost_nothing() -> None:
    scene = scene_at_bills(account=LABEL)
    play(
        scene,
        *to_sure(), ("bills.sure", False),
        ("bills.one", "pay"), ("bills.how", "account"), ("bills.sure", BACK),
        ("bills.one", "pay"), ("bills.how", BACK), ("bills.one", "pay"), ("bills.how", "other"),
        ("bills.account", BACK), ("bills.one", "back"),
        *to_sure("large"), ("bills.sure", True), ("bills.pin", BACK), ("bills.one", BACK),
    )  # fmt: skip
    assert scene.backend.bills.charges == []


def test_the_number_for_the_store() -> None:
    scene = scene_at_bills()
    play(scene, *to_sure(how="store"), ("bills.store", BACK), ("bills.one", "back"))
    code = scene.screen("bills.store")
    assert isinstance(code, PhoneCode)
    assert code.hints[0] == "番号 9012 3456 7890 5"
    how = scene.screen("bills.how")
    assert isinstance(how, Menu)
    assert [choice.key for choice in how.choices] == ["other", "store"]


def test_nothing_was_taken() -> None:
    scene = scene_at_bills(account=LABEL, becomes=STATE.OPEN)
    play(scene, *to_sure(), ("bills.sure", True), ("bills.not_taken", "back"))
    assert scene.backend.bills.charges == []


@pytest.mark.parametrize("state", [STATE.PAID, STATE.PAYING])
def test_an_answer_that_is_lost_is_looked_up_and_never_sent_again(state: Any) -> None:
    scene = scene_at_bills(account=LABEL, becomes=state, lost=[TooSlow()])
    after = "bills.paid" if state is STATE.PAID else "bills.wait"
    play(scene, *to_sure(), ("bills.sure", True), (after, "back"))
    assert len(scene.backend.bills.charges) == 1
    assert [what for what in scene.backend.log if what == "bills payments"] == ["bills payments"]


@pytest.mark.logs("Unreachable")
def test_what_cannot_be_looked_up_is_not_called_unpaid() -> None:
    scene = scene_at_bills(account=LABEL, lost=[TooSlow()])
    down = [("bills.sure", lambda: scene.backend.faults["bills bills"].append(Unreachable()), True)]
    play(scene, *to_sure(), *down, ("E-10", "back"), ("bills.wait", "back"))
    assert len(scene.backend.bills.charges) == 1


def test_a_payment_that_never_arrived_is_not_called_paid() -> None:
    scene = scene_at_bills(account=LABEL)
    scene.backend.faults["bills payments"].append(refused("peer_unavailable"))
    play(scene, *to_sure(), ("bills.sure", True), ("bills.not_taken", "back"))
    assert scene.backend.bills.charges == []


def test_states_and_receipts() -> None:
    scene = scene_at_bills()
    play(
        scene,
        ("bills", "way"), ("bills.one", "back"),
        ("bills", "shop"), ("bills.one", "back"),
        ("bills", "paid"), ("bills.one", "hand"), ("phone.alone", False), ("bills.one", "back"),
    )  # fmt: skip
    listed, paid = scene.screen("bills"), scene.screen("bills.one")
    assert isinstance(listed, ItemList)
    assert [row.badge for row in listed.rows] == ["まだ", "まだ", "はらっています", "ずみ", "お店で ずみ"]
    assert isinstance(paid, Detail)
    assert "26B18C4277D0A19E" in {fact.value for fact in paid.facts}
    way = next(s for s in scene.stage.seen if s.name == "bills.one")
    assert isinstance(way, Detail)
    assert "2回" in way.body


def test_in_company_no_amount_is_in_sight() -> None:
    scene = scene_at_bills(account=LABEL)
    play(scene, *to_sure(), ("bills.sure", True), ("bills.paid", "back"))
    for name in ("bills", "bills.one", "bills.paid"):
        screen = scene.screen(name)
        assert any(map(is_private, texts(screen)))
        assert not any("4,200" in text or "みほん生命" in text for text in texts(hidden(screen, WORDS)))
    assert isinstance(scene.screen("bills.paid"), Result)
