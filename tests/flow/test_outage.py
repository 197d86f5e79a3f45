"""The line goes and comes back: what is said before a PIN, what goes on, and what is never shown as current."""

from __future__ import annotations

import pytest

from backend_client.errors import Unreachable
from kiosk.desk import EndReason
from kiosk.outage import Outage, needs
from kiosk.screens import Attract, Detail, ItemList, Menu, Problem
from tests.flow.fakes import FakeBackend
from tests.flow.scene import WORDS, Scene
from tests.flow.scripted_stage import BACK, NOTHING


def away(scene: Scene) -> None:
    scene.backend.away = True


def back(scene: Scene) -> None:
    scene.backend.away = False


def menus(scene: Scene) -> list[dict[str, str]]:
    """The badges of each home that was seen."""
    homes = [screen for screen in scene.stage.seen if isinstance(screen, Menu) and screen.name == "home"]
    return [{choice.key: choice.badge for choice in home.choices} for home in homes]


def test_the_invitation_says_so_and_takes_it_back_by_itself() -> None:
    scene = Scene()
    away(scene)
    scene.play(
        ("attract", NOTHING),
        ("attract", lambda: back(scene)),
        ("attract", scene.insert),
        ("sign_in.pin", "1234"),
        *scene.end(),
    )
    leads = [screen.lead for screen in scene.stage.seen if isinstance(screen, Attract)]
    assert leads == [WORDS("attract.my_portal_lead"), WORDS("outage.my_portal_lead"), WORDS("attract.my_portal_lead")]


def test_one_lost_answer_is_no_outage() -> None:
    scene = Scene()
    flickering = scene.backend.health
    lost = [True]

    async def health() -> object:
        if lost.pop() if lost else False:
            raise Unreachable
        return await flickering()

    scene.backend.health = health  # type: ignore[method-assign, assignment]
    scene.play(*scene.begin(), *scene.end())
    assert [screen.name for screen in scene.stage.seen].count("attract") == 1


def test_before_any_pin_the_card_can_be_looked_at_and_signing_in_follows_by_itself() -> None:
    scene = Scene()
    away(scene)
    scene.play(
        ("attract", NOTHING),
        ("attract", scene.insert),
        ("outage", "card_status"),
        ("card_status", "back"),
        ("outage", lambda: back(scene)),
        ("sign_in.pin", "1234"),
        *scene.end(),
    )
    before = scene.stage.names[: scene.stage.names.index("sign_in.pin")]
    assert before.count("outage") == 2
    assert scene.card.verifies == 1


def test_trying_again_and_giving_up() -> None:
    scene = Scene()
    away(scene)
    reason = scene.play(
        ("attract", NOTHING),
        ("attract", scene.insert),
        ("outage", "again"),
        ("outage", "over"),
        ("take_card", scene.remove),
        ("cleared",),
    )
    assert reason is EndReason.CHOSEN
    assert scene.card.verifies == 0


def test_without_a_line_nobody_stays_for_ever() -> None:
    scene = Scene()
    away(scene)
    reason = scene.play(
        ("attract", NOTHING),
        ("attract", scene.insert),
        ("outage", NOTHING),
        ("still_there", NOTHING),
        ("take_card", scene.remove),
        ("cleared",),
    )
    assert reason is EndReason.IDLE


def test_a_flickering_line_is_no_sign_of_life() -> None:
    scene = Scene(backend=Flickering())
    reason = scene.run(Sleeper(scene))
    assert reason is EndReason.IDLE
    assert len(menus(scene)) > 3, "home was made anew while nobody was there"
    assert scene.took_s < 2 * scene.profile.idle_s


class Flickering(FakeBackend):
    """Every second look finds the gateway ill."""

    async def health(self):  # type: ignore[no-untyped-def]
        self.ill ^= {"gateway"}
        return await super().health()


class Sleeper:
    """Signs in and falls asleep."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    async def meet(self, screen: object) -> object:
        name = getattr(screen, "name", "")
        if name == "attract":
            self._scene.insert()
        if name == "take_card":
            self._scene.remove()
        return "1234" if name == "sign_in.pin" else NOTHING


def test_the_hospital_tells_the_ways_on_paper_before_it_asks_for_anything() -> None:
    scene = Scene.of("hospital")
    away(scene)
    scene.play(
        ("attract", NOTHING),
        ("attract", scene.insert),
        ("E-10", "again"),
        ("E-10", lambda: back(scene)),
        ("hospital.consent", frozenset()),
        ("hospital.pin", BACK),
        ("hospital.consent", BACK),
        ("take_card", scene.remove),
        ("cleared",),
    )
    problem = scene.screen("E-10")
    assert isinstance(problem, Problem)
    assert "ないときは 申立書で受付できます。" in problem.lines


def test_one_body_away_marks_only_what_needs_it() -> None:
    scene = Scene()
    scene.play(
        *scene.begin(),
        ("home", lambda: scene.backend.ill.add("gateway")),
        ("home", lambda: scene.backend.ill.clear()),
        *scene.end(),
    )
    badge = WORDS("outage.badge")
    for key in ("notices", "phone", "over"):
        assert [menu[key] == badge for menu in menus(scene)] == [False, False, False]
    assert [menu["access_log"] for menu in menus(scene)] == ["", badge, ""]


def test_a_visit_goes_on_where_it_was_and_the_next_call_works() -> None:
    scene = Scene()
    scene.play(
        *scene.begin(),
        ("home", lambda: away(scene)),
        ("home", "access_log"),
        ("E-10", "again"),
        ("E-10", BACK),
        ("home", lambda: back(scene)),
        ("home", "access_log"),
        ("access_log", BACK),
        *scene.end(),
    )
    badge = WORDS("outage.badge")
    assert [menu["access_log"] for menu in menus(scene)] == ["", badge, badge, "", ""]


@pytest.mark.parametrize(("item", "first"), [("notices", "n2"), ("access_log", "0")])
def test_what_was_kept_says_from_when_it_is(item: str, first: str) -> None:
    scene = Scene()
    scene.play(
        *scene.begin(),
        ("home", item),
        (item, BACK),
        ("home", lambda: away(scene)),
        ("home", item),
        ("E-10", "kept"),
        (item, BACK),
        *scene.end(),
    )
    fresh, kept = [screen for screen in scene.stage.seen if screen.name == item]
    assert isinstance(fresh, ItemList)
    assert isinstance(kept, ItemList)
    assert kept.rows == fresh.rows
    assert kept.corner == "午前10時30分の状態"
    assert "状態" not in fresh.corner


def test_a_letter_that_was_read_can_be_read_again_and_no_other() -> None:
    scene = Scene()
    scene.play(
        *scene.begin(),
        ("home", "notices"),
        ("notices", "n2"),
        ("notices.notice", BACK),
        ("notices", lambda: away(scene), "n2"),
        ("E-10", "kept"),
        ("notices.notice", BACK),
        ("notices", "n1"),
        ("notices.confirm", True),
        ("E-10", BACK),
        ("notices", BACK),
        *scene.end(),
    )
    fresh, kept = [screen for screen in scene.stage.seen if isinstance(screen, Detail)]
    assert (fresh.subtitle, kept.subtitle) == ("", "午前10時30分の状態")
    offers = [[a.key for a in s.actions] for s in scene.stage.seen if isinstance(s, Problem)]
    assert offers == [["again", "kept", "back"], ["again", "back"]]


def test_nothing_is_kept_that_was_never_fetched() -> None:
    scene = Scene()
    scene.play(
        *scene.begin(),
        ("home", lambda: away(scene)),
        ("home", "notices"),
        ("E-10", BACK),
        ("home", lambda: back(scene)),
        *scene.end(),
    )
    problem = scene.screen("E-10")
    assert isinstance(problem, Problem)
    assert [action.key for action in problem.actions] == ["again", "back"]


def test_what_asks_no_body_is_never_stopped() -> None:
    assert not Outage(line=True).stops(needs("card_status"))
    assert Outage(line=True).stops(needs("notices"))
    assert Outage(bodies=frozenset({"health"})).stops(needs("health"))
    assert not Outage(bodies=frozenset({"health"})).stops(needs("notices"))
