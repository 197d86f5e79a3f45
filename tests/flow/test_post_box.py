"""私書箱: certificates checked before they are shown, and sent on after a yes."""

from __future__ import annotations

from backend_client import wire
from kiosk.screens import Detail, ItemList
from tests.flow.fakes import a_certificate
from tests.flow.scene import Scene
from tests.flow.scripted_stage import BACK


def test_one_is_read_and_sent_on() -> None:
    scene = Scene.of("stb", menu=("post_box",))
    scene.backend.post = (a_certificate(),)
    scene.play(
        *scene.begin(), ("home", "post_box"), ("post_box", "s1"), ("post_box.certificate", "send"),
        ("post_box.whom", "midori-care"), ("post_box.consent", True), ("post_box.sent", "back"), ("post_box", BACK),
        *scene.end(),
    )  # fmt: skip
    assert wire.SendOn(item="s1", receiver="midori-care") in scene.backend.requests
    screen = scene.screen("post_box.certificate")
    assert isinstance(screen, Detail)
    assert screen.facts[0].value == "✓ みどり市 国保年金課のものです"
    assert screen.facts[1].value == "2026年12月21日"


def test_nothing_is_sent_without_a_yes() -> None:
    scene = Scene.of("stb", menu=("post_box",))
    scene.backend.post = (a_certificate(),)
    scene.play(
        *scene.begin(), ("home", "post_box"), ("post_box", "s1"), ("post_box.certificate", "send"),
        ("post_box.whom", "midori-care"), ("post_box.consent", False), ("post_box", BACK), *scene.end(),
    )  # fmt: skip
    assert not [request for request in scene.backend.requests if isinstance(request, wire.SendOn)]


def test_what_was_changed_is_not_shown() -> None:
    scene = Scene.of("stb", menu=("post_box",))
    scene.backend.post = (a_certificate(forged=True),)
    scene.play(
        *scene.begin(), ("home", "post_box"), ("post_box", "s1"), ("post_box.not_genuine", "back"),
        ("post_box", BACK), *scene.end(),
    )  # fmt: skip
    screen = scene.screen("post_box")
    assert isinstance(screen, ItemList)
    assert (screen.rows[0].badge, screen.rows[0].facts) == ("本物でない", ())


def test_what_is_over_is_not_sent_on() -> None:
    scene = Scene.of("stb", menu=("post_box",))
    scene.backend.post = (a_certificate(days=-1),)
    scene.play(
        *scene.begin(), ("home", "post_box"), ("post_box", "s1"), ("post_box.certificate", "back"),
        ("post_box", BACK), *scene.end(),
    )  # fmt: skip
    screen = scene.screen("post_box.certificate")
    assert isinstance(screen, Detail)
    assert screen.facts[1].value == "2026年11月20日で おわりました"
    assert [action.key for action in screen.actions] == ["back"]
