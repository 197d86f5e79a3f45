"""Every screen a person can meet, as the flows make them: collected from visits in virtual time, without repetition.

Unlike the samples they are made of Texts, so that they can be retold in every language.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import msgspec

from backend_client import wire
from backend_client.errors import Unreachable
from drivers.errors import CardGone, Pin
from kiosk import problems, visit_screens, words
from kiosk.desk import Due, EndReason
from kiosk.screens import Choice, Screen
from stb_profile.keymap import Action
from stb_profile.profile import load
from tests.flow.certificates import certificate_of
from tests.flow.fake_bills import ACCOUNT
from tests.flow.fake_cards import COUNTER
from tests.flow.fake_emergency import notice
from tests.flow.fake_facilities import FIRST, booking_of, use_of
from tests.flow.fake_health import walked
from tests.flow.fake_medical import LOOK
from tests.flow.fake_partners import ASKED, ASKED_FOR_FOLDER, FOLDER_NUMBER, NUMBER
from tests.flow.fake_till import FakeTill
from tests.flow.fakes import (
    HEADS,
    INSURANCE,
    LAST,
    NOON,
    PDF,
    PROXIES,
    TEXT,
    FakeCard,
    a_certificate,
    a_move,
    an_action,
    asking_for,
)
from tests.flow.front_desk import FrontOffice
from tests.flow.scene import Scene
from tests.flow.scripted_stage import BACK, KEY, OFFERED
from tests.unit.test_problems import ENTRIES, PARTS

WORDS = words.load()


@cache
def screens(profile: str = "stb") -> tuple[Screen[Any], ...]:
    """By name; of several screens of one name, those that differ in kind or in their number of parts."""
    found: dict[object, Screen[Any]] = {}
    for screen in _all(profile):
        found.setdefault((screen.name, type(screen), tuple(_shape(screen))), screen)
    return tuple(found.values())


def _shape(screen: Screen[Any]) -> Iterator[object]:
    for field in ("facts", "rows", "choices", "actions", "lines"):
        yield len(getattr(screen, field, ()))
    yield getattr(screen, "tries_left", None)


def _all(profile: str) -> Iterator[Screen[Any]]:
    pointer = load(profile).pointer
    for scene in (
        _portal(profile),
        _first_time(profile),
        _partners(profile),
        _on_reader(profile),
        _procedures(profile),
        _tax_return(profile),
        _proxies(profile),
        _own(profile),
        _letters(profile),
        *_bills(profile),
        _booking(profile),
        *_health(profile),
        _emergency(profile),
        *_care(profile),
        _groups(profile),
    ):
        yield from scene.stage.seen
    if pointer:
        for scene in _hospital():
            yield from scene.stage.seen
    yield from _around(profile)
    for entry in ENTRIES:
        for place in ("", "hospital") if pointer else ("",):
            yield problems.problem(WORDS, entry, _ACTIONS, place=place, **PARTS)  # type: ignore[arg-type]


_ACTIONS = (problems.again(WORDS), Choice("over", WORDS("action.over")))


def _portal(profile: str) -> Scene:
    scene = Scene.of(profile, menu=("notices", "access_log", "card_status"))
    scene.card.tries[Pin.USER_AUTHENTICATION] = 3
    scene.backend.medical.told = (LOOK,)
    scene.play(
        ("attract", KEY),
        ("place_card", scene.insert),
        ("sign_in.pin", "9999"),
        ("E-03", "again"),
        ("sign_in.pin", "9999"),
        ("E-03", "again"),
        ("E-04", True),
        ("sign_in.pin", "1234"),
        ("home", "notices"),
        ("notices", "n1"),
        ("notices.confirm", True),
        ("notices.notice", "back"),
        ("notices", BACK),
        ("home", "access_log"),
        ("access_log", "0"),
        ("access_log.record", "doubt"),
        ("access_log.doubt", "back"),
        ("access_log.record", "back"),
        ("access_log", "1"),
        ("access_log.record", "check"),
        ("record_proof.good", "hand"),
        ("taking_home", "stick"),
        ("taking_home.done", "back"),
        ("record_proof.good", "back"),
        ("access_log.record", "doubt"),
        ("record_case.question", True),
        ("record_case.done", "back"),
        ("access_log.record", "back"),
        ("access_log", "choose"),
        ("access_log.choose", "months"),
        ("access_log.months", "2026-11"),
        ("access_log", "choose"),
        ("access_log.choose", "agencies"),
        ("access_log.agencies", "midori-city"),
        ("access_log", BACK),
        ("access_log", BACK),
        ("home", "card_status"),
        ("card_status", "back"),
        ("home", BACK),
        ("home.end", False),
        ("home", lambda: scene.stage.press(Action.GREEN)),
        ("preferences", "language"),
        ("preferences.language", BACK),
        ("preferences", "edge"),
        ("preferences.edge", "ok"),
        ("preferences", BACK),
        ("home", lambda: scene.stage.press(Action.YELLOW)),
        ("help", "back"),
        *scene.end(),
    )
    return scene


def _proxies(profile: str) -> Scene:
    scene = Scene.of(profile, menu=("proxies",))
    scene.backend.known_proxies = PROXIES
    scopes = frozenset(scope.value for scope in wire.ProxyScope)
    scene.play(
        *scene.begin(),
        ("whose", "x1"),
        ("acting", "over"),
        ("whose", "myself"),
        ("home", "proxies"),
        ("proxies", "offer"),
        ("proxies.scopes", scopes),
        ("proxies.hidden", frozenset()),
        ("proxies.term", "month"),
        ("proxies.sure", True),
        ("proxies.number", "back"),
        ("proxies", "accept"),
        ("proxies.code", "00000000"),
        ("proxies.unknown", "back"),
        ("proxies", "list"),
        ("proxies.list", "acts"),
        ("proxies.acts", "back"),
        ("proxies", "act"),
        ("proxies.people", "x1"),
        ("acting", "records"),
        ("access_log", BACK),
        ("acting", "over"),
        ("proxies", "list"),
        ("proxies.list", "x2"),
        ("proxies.proxy", "end"),
        ("proxies.really", True),
        ("proxies.ended", "back"),
        ("proxies", "accept"),
        ("proxies.code", "12345678"),
        ("proxies.agree", True),
        ("proxies.accepted", "back"),
        ("proxies", BACK),
        *scene.end(),
    )
    return scene


def _own(profile: str) -> Scene:
    scene = Scene.of(profile, menu=("own_information",), groups={})
    scene.backend.faults["own own-income"].append(Unreachable())
    scene.backend.own.slow_s = {"own-insurance": 30.0}
    read = [
        *(("own_information", "own-pension"), ("own_information.one", "back")),
        *(("own_information", "own-child"), ("own_information.nothing", "back")),
        *(("own_information", "own-address"), ("own_information.withheld", "back")),
    ]
    scene.play(
        *scene.begin(),
        ("home", "own_information"),
        ("own_information.start", True),
        ("own_information.asking",),
        ("own_information.asking", BACK),
        *read,
        *(("own_information", "own-insurance"), ("own_information.unanswered", "back")),
        *(("own_information", "own-income"), ("own_information.unanswered", "retry")),
        *(("own_information", "hand"), ("own_information.sure", True)),
        *(("taking_home", "print"), ("taking_home.done", "back"), ("own_information.cleared", "back")),
        *scene.end(),
    )
    return scene


def _emergency(profile: str) -> Scene:
    scene = Scene.of(profile)
    read = [("emergency", "ok"), ("emergency", "ok")]
    report = [("evacuated.where", "0.school"), ("evacuated.people", "3"), ("evacuated.sure", True)]
    scene.play(
        ("attract", lambda: scene.tell(notice())),
        *read,
        ("emergency", lambda: scene.tell(notice(), notice(wire.Level.ELDERLY), notice(wire.Level.SAVE_LIFE))),
        *read,
        ("emergency", "evacuated"),
        ("place_card", scene.insert),
        ("sign_in.pin", "1234"),
        *report,
        ("evacuated.done", "back"),
        ("home", "evacuated"),
        ("evacuated.before", "anew"),
        *report,
        ("evacuated.done", "undo"),
        ("evacuated.undone", "back"),
        *scene.end(),
    )
    return scene


def _groups(profile: str) -> Scene:
    scene = Scene.of(profile)
    pages = [(("home", group), (group, BACK)) for group in scene.profile.groups]
    scene.play(*scene.begin(), *(step for page in pages for step in page), *scene.end())
    return scene


def _care(profile: str) -> Iterator[Scene]:
    if "care" not in load(profile).groups.get("living", ()):
        return
    scene = Scene.of(profile)
    scene.play(
        *scene.begin(),
        *(("home", "living"), ("living", "care"), ("care.consent", True), ("care.code", "back")),
        *(("living", "care"), ("care", "end"), ("care.ended", "back"), ("living", BACK)),
        *scene.end(),
    )
    yield scene


def _health(profile: str) -> Iterator[Scene]:
    empty, full = Scene.of(profile, menu=("health",)), Scene.of(profile, menu=("health",))
    book = empty.backend.health_book
    book.steps, book.readings, book.check_ups = walked(), (), ()
    empty.play(
        *empty.begin(),
        *(("home", "health"), ("health", "steps"), ("health.steps", "back")),
        *(("health", "pressure"), ("health.pressure", "back")),
        *(("health", "check_ups"), ("health.check_ups", BACK), ("health", BACK)),
        *empty.end(),
    )
    full.play(
        *full.begin(),
        *(("home", "health"), ("health", "steps"), ("health.steps", "back")),
        *(("health", "pressure"), ("health.pressure", "add"), ("health.upper", "134"), ("health.lower", "82")),
        *(("health.sure", True), ("health.pressure", "back")),
        *(("health", "check_ups"), ("health.check_ups", "0"), ("health.check_up", "back"), ("health.check_ups", BACK)),
        ("health", BACK),
        *full.end(),
    )
    yield from (empty, full)


def _booking(profile: str) -> Scene:
    scene = Scene.of(profile, menu=("booking", *(("phone",) if load(profile).offers("phone") else ())))
    moved_up = booking_of(use_of(day=FIRST + timedelta(days=9)), moved_up=True)
    scene.backend.facilities.kept = [moved_up]
    scene.play(
        *scene.begin(),
        ("home", "booking"),
        ("booking", "find"),
        ("booking.kinds", "hall"),
        ("booking.days", "type"),
        ("booking.type_day", "1122"),
        ("booking.slots", "0"),
        ("booking.confirm", "yes"),
        ("booking.done", "yes"),
        ("booking", "find"),
        ("booking.kinds", "hall"),
        ("booking.days", FIRST.isoformat()),
        ("booking.slots", "0"),
        ("booking.has", "back"),
        ("booking.slots", "2"),
        ("booking.wait", "yes"),
        ("booking.done", "yes"),
        ("booking", "mine"),
        ("booking.mine", "0"),
        ("booking.booked", BACK),
        ("booking.mine", "2"),
        ("booking.booked", "back"),
        ("booking.mine", "1"),
        ("booking.booked", "cancel"),
        ("booking.cancel", True),
        ("booking.cancelled", "yes"),
        ("booking.mine", BACK),
        ("booking", BACK),
        *scene.end(),
    )
    return scene


def _partners(profile: str) -> Scene:
    scene = Scene.of(profile, menu=("partners",))
    scene.play(
        *scene.begin(),
        ("home", "partners"),
        ("partners", "connect"),
        ("partners.number", "999999"),
        ("partners.number", NUMBER),
        ("partners.consent", frozenset()),
        ("partners.refused", "done"),
        ("partners", "connect"),
        ("partners.number", NUMBER),
        ("partners.consent", frozenset(field.value for field in ASKED.fields)),
        ("partners.sure", True),
        ("partners.check", "done"),
        ("partners", "connect"),
        ("partners.number", FOLDER_NUMBER),
        ("partners.consent", frozenset(field.value for field in ASKED_FOR_FOLDER.fields)),
        ("partners.sure", False),
        ("partners", "connected"),
        ("partners.list", "two"),
        ("partners.one", "reads"),
        ("partners.reads", "back"),
        ("partners.one", BACK),
        ("partners.list", "one"),
        ("partners.one", "reads"),
        ("partners.reads", "back"),
        ("partners.one", "end"),
        ("partners.end", True),
        ("partners.ended", "done"),
        ("partners.list", BACK),
        ("partners", BACK),
        *scene.end(),
    )
    return scene


def _bills(profile: str) -> Iterator[Scene]:
    """Every state a bill can be in, and all that can become of a payment; then the cards."""
    for state in wire.BillState:
        scene = Scene.of(profile, menu=("partners", "phone"))
        scene.backend.bills.becomes = state
        after = {wire.BillState.OPEN: "bills.not_taken", wire.BillState.PAYING: "bills.wait"}.get(state, "bills.paid")
        scene.play(
            *scene.begin(),
            *(("home", "partners"), ("partners", "bills")),
            *(("bills", "way"), ("bills.one", "back"), ("bills", "shop"), ("bills.one", "back")),
            *(("bills", "paid"), ("bills.one", "back"), ("bills", "large"), ("bills.one", "pay")),
            *(("bills.how", "store"), ("bills.store", BACK), ("bills.one", "pay"), ("bills.how", "other")),
            *(("bills.account", "1234567"), ("bills.account", ACCOUNT), ("bills.sure", False), ("bills.one", "pay")),
            *(("bills.how", "other"), ("bills.account", ACCOUNT), ("bills.sure", True), ("bills.pin", "1234")),
            *((after, "back"), ("bills", "small"), ("bills.one", "pay"), ("bills.how", BACK), ("bills.one", "back")),
            *(("bills", BACK), ("partners", "cards"), ("cards", "now"), ("cards.one", "show")),
            *(("cards.counter", COUNTER), ("cards.code", BACK), ("cards.one", "back"), ("cards", "over")),
            *(("cards.one", "back"), ("cards", BACK), ("partners", BACK)),
            *scene.end(),
        )
        yield scene


def _procedures(profile: str) -> Scene:
    """A move, told with one slip in each place; what became of others; the post box."""
    scene = Scene.of(profile, menu=("procedures", "post_box"))
    scene.backend.post = (a_certificate(), a_certificate(forged=True))
    scene.play(
        *scene.begin(),
        ("home", "procedures"),
        ("procedures", "move"),
        *(("move.day", "other"), ("move.typed_day", "0230"), ("move.no_day", "again"), ("move.typed_day", "1201")),
        *(("move.postcode", "7654321"), ("move.no_postcode", "again"), ("move.postcode", "1234567")),
        *(("move.town", "0"), ("move.block", "3"), ("move.house", "5"), ("move.people", "self")),
        *(("move.whom", "choose"), ("move.choose", frozenset()), ("move.nobody", "back")),
        *(("move.choose", frozenset({"midori-city"})), ("move.check", BACK)),
        *(("procedures", "move"), ("move.go_on", "go_on"), ("move.check", "sign"), ("signing.password", "ABC123")),
        *(("move.done", "next"), ("move.tasks", "back")),
        ("procedures", lambda: setattr(scene.backend, "applied", (a_move(*wire.ParcelState),)), "sent"),
        *(("applied", "p-midori-city"), ("applied.paper", "withdraw"), ("applied.really", False)),
        *(("applied", "p-midori-child"), ("applied.paper", "back"), ("applied", BACK), ("procedures", BACK)),
        *(("home", "post_box"), ("post_box", "s1"), ("post_box.not_genuine", "back"), ("post_box", BACK)),
        *scene.end(),
    )
    return scene


def _tax_return(profile: str) -> Scene:
    """Certificates go along with an application, or there are none."""
    premium, account = wire.StatementKind.PREMIUM, wire.StatementKind.ACCOUNT
    scene = Scene.of(profile, menu=("procedures",))
    scene.backend.event = asking_for(premium, account)
    scene.backend.post = (a_certificate("p1", premium), a_certificate("p2", premium), a_certificate("a1", account))
    scene.play(
        *scene.begin(),
        *(("home", "procedures"), ("procedures", "move")),
        *(("move.premium", frozenset({"p1", "p2"})), ("move.account", wire.NO_CERTIFICATES), ("move.whom", "advised")),
        *(("move.check", BACK), ("procedures", lambda: setattr(scene.backend, "post", ()), "move")),
        *(("move.go_on", "anew"), ("move.nothing_along", "next"), ("move.nothing_along", BACK)),
        *(("move.nothing_along", BACK), ("procedures", BACK)),
        *scene.end(),
    )
    return scene


def _letters(profile: str) -> Scene:
    """All that can be done with a notice; then the last visit is not known, and the folder is blocked."""
    scene = Scene.of(profile, menu=("notices", "procedures", "sign_ins"))
    scene.backend.card_new = True
    scene.backend.documents = (TEXT, PDF)
    scene.backend.sign_in_history = (LAST,) * 21
    due = msgspec.structs.replace(HEADS[1], receipt=True, reply_by=NOON)
    marks = (msgspec.structs.replace(due, id=m.value, opened=True, mark=m) for m in wire.NoticeMark)
    scene.backend.heads = (due, *marks)
    more = ("notices.notice", "more")
    act = [
        (("notices.notice", lambda code=code: setattr(scene.backend, "action", an_action(code, "move")), BACK),
         ("notices", "keep"), ("notices.notice", "act"), ("notices.asked", "back"))
        for code in wire.ActionCode
    ]  # fmt: skip
    scene.play(
        *scene.begin(),
        *(("sign_in.card_new", "next"), ("home", "notices"), ("notices", "n2"), ("notices.receipt", True)),
        *(step for steps in act for step in steps),
        *(more, ("notices.more", "later"), more, ("notices.more", "keep"), more, ("notices.more", "share")),
        *(("notices.may_share", True), ("notices.code", "back"), more, ("notices.more", "document 0")),
        *(("notices.document", "back"), more, ("notices.more", "document 1"), ("notices.not_here", "back")),
        *(("notices.notice", BACK), ("notices", "shared"), ("notices.which", "00000000")),
        *(("notices.wrong_code", BACK), ("notices", BACK), ("home", "sign_ins"), ("sign_ins.last", "history")),
        *(("sign_ins.history", "more"), ("sign_ins.history", "0"), ("sign_ins.sure", True)),
        *(("sign_ins.blocked", "over"), ("take_card", scene.remove), ("cleared",)),
    )
    return scene


def _first_time(profile: str) -> Scene:
    scene = Scene.of(profile)
    scene.backend.registered, scene.backend.heads, scene.backend.told = False, (), ()
    scene.backend.last_sign_in = None
    scene.backend.medical.fault = Unreachable()
    password = ("signing.password", "ABC123")
    begin = [*scene.begin(), ("sign_in.register", True), password, ("home", "notices"), ("notices", BACK)]
    scene.play(*begin, ("home", "access_log"), ("access_log", BACK), *scene.end())
    return scene


def _on_reader(profile: str) -> Scene:
    scene = Scene.of(profile)
    scene.readers.have_keys = True
    scene.card.typed_on_reader.append("1234")
    scene.play(("attract", scene.insert), ("sign_in.pin",), *scene.end())
    return scene


def _hospital() -> Iterator[Scene]:
    whole = msgspec.structs.replace(INSURANCE, name="見本 ●子", partial_contribution_percent=25)
    for validity, insurance, agreed in (
        (wire.Validity.VALID, whole, frozenset({"medicines", "treatment", "checkup"})),
        (wire.Validity.VALID, INSURANCE, frozenset()),
        (wire.Validity.VALID_MEDICAL_AID, None, frozenset({"medicines"})),
    ):
        scene = Scene.of("hospital")
        scene.card = FakeCard()
        scene.backend.cards = [scene.card]
        scene.backend.validity, scene.backend.insurance = validity, insurance
        scene.play(
            ("attract", scene.insert),
            ("hospital.consent", agreed),
            ("hospital.pin", "1234"),
            ("hospital.insurance", "paper"),
            ("take_card", scene.remove),
            ("cleared",),
        )
        yield scene
    yield _beside_staff()
    yield _in_grace_and_disaster()
    yield from _paying()


def _paying() -> Iterator[Scene]:
    """Above the limit and by the digits; on paper that does not come; by a card without an account."""
    for registered in (True, False):
        scene = Scene.of("hospital", office=FrontOffice(has_printer=False))
        scene.till = FakeTill(scene.card, Due("bill-1", 10_001), registered=registered)
        answered: tuple[tuple[Any, ...], ...] = (("paying.not_registered", "done"),)
        if registered:
            answered = (
                *(("paying.sure", True), ("paying.pin", "1234"), ("paying.paid", "paper")),
                *(("paying.no_paper", "done"), ("paying.paid", "done")),
            )
        scene.play(("attract", scene.insert), *answered, ("take_card", scene.remove), ("cleared",))
        yield scene


def _in_grace_and_disaster() -> Scene:
    """A certificate that has expired, while the reception may look people up without a card."""
    scene = Scene.of("hospital", office=FrontOffice(disaster=True))
    scene.card = FakeCard()
    scene.card.certificate = certificate_of("hanako", datetime(2026, 11, 1, tzinfo=UTC))
    scene.backend.cards = [scene.card]
    scene.backend.grace_until = "2027-02-28"
    scene.play(
        *(("attract", KEY), ("hospital.cardless", "disaster"), ("hospital.disaster", "back")),
        *(("hospital.cardless", scene.insert), ("hospital.identity", "pin"), ("hospital.pin", "1234")),
        *(("hospital.grace", "next"), ("hospital.insurance", "paper"), ("take_card", scene.remove), ("cleared",)),
    )
    return scene


def _beside_staff() -> Scene:
    """Staff are called, the line is down, a statement is written."""
    scene = Scene.of("hospital", office=FrontOffice())
    scene.card = FakeCard(tries=0)
    scene.backend.cards = [scene.card]
    scene.backend.validity, scene.backend.insurance = wire.Validity.NONE, None
    scene.play(
        *(("attract", KEY), ("hospital.cardless", "forgotten"), ("hospital.forgotten", "back")),
        *(("hospital.cardless", "broken"), ("hospital.broken", scene.insert)),
        ("hospital.consent", frozenset()),
        ("hospital.identity", "help"),
        ("hospital.staff_come", "next"),
        ("hospital.identity", "pin"),
        ("E-05", "sight"),
        ("E-11-none", "form"),
        ("hospital.born", "19460211"),
        ("hospital.form_done", "next"),
        ("take_card", scene.remove),
        ("cleared",),
    )
    return scene


def _around(profile: str) -> Iterator[Screen[Any]]:
    """What interrupts a visit or stands around it."""
    settings = load(profile)
    yield visit_screens.attract(WORDS, settings, OFFERED)
    yield visit_screens.attract(WORDS, replace(settings, entry="hospital"), OFFERED)
    yield visit_screens.place_card(WORDS)
    yield visit_screens.place_still(WORDS)
    yield visit_screens.reading(WORDS)
    yield visit_screens.card_away(WORDS, CardGone(), 10)
    yield visit_screens.still_there(WORDS, 60)
    yield visit_screens.help_screen(WORDS, settings)
    for reason in EndReason:
        yield visit_screens.take_card(WORDS, reason)
        yield visit_screens.cleared(WORDS, reason)
