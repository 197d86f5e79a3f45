"""会員証・資格証: the counter's number first, then a code for it; one whose term is over is not shown."""

from __future__ import annotations

from typing import Any

from backend_client import wire
from kiosk.screens import Detail, ItemList, PhoneCode
from kiosk.stage_private import hidden, texts
from stb_profile.phone.code import picture
from tests.flow.fake_cards import CODE, COUNTER
from tests.flow.scene import WORDS, Scene
from tests.flow.scripted_stage import BACK


def played(*script: tuple[Any, ...], held: tuple[wire.HeldCard, ...] | None = None) -> Scene:
    scene = Scene.of("stb", menu=("partners",))
    if held is not None:
        scene.backend.memberships.held = held
    out = (("cards", BACK), ("partners", BACK))
    scene.play(*scene.begin(), ("home", "partners"), ("partners", "cards"), *script, *out, *scene.end())
    return scene


def test_shown_at_one_counter() -> None:
    scene = played(
        ("cards", "now"), ("cards.one", "show"), ("cards.counter", COUNTER), ("cards.code", BACK),
        ("cards.one", "show"), ("cards.counter", BACK), ("cards.one", "back"),
    )  # fmt: skip
    assert scene.backend.memberships.shown == [wire.ShowingRequest(id="now", counter=COUNTER)]
    code = scene.screen("cards.code")
    assert isinstance(code, PhoneCode)
    assert code.code_picture == picture(CODE)


def test_one_whose_term_is_over() -> None:
    scene = played(("cards", "over"), ("cards.one", "back"))
    listed, over = scene.screen("cards"), scene.screen("cards.one")
    assert isinstance(listed, ItemList)
    assert [row.badge for row in listed.rows] == ["", "期限ぎれ"]
    assert isinstance(over, Detail)
    assert [choice.key for choice in over.actions] == ["back"]


def test_in_company_nobody_reads_what_cards_there_are() -> None:
    scene = played(("cards", BACK), ("partners", "cards"), ("cards", "now"), ("cards.one", BACK))
    for name in ("cards", "cards.one"):
        seen = "".join(texts(hidden(scene.screen(name), WORDS)))
        assert "みほん生命" not in seen
        assert "0123456789" not in seen


def test_none() -> None:
    scene = played(held=())
    assert scene.backend.memberships.shown == []
