"""Whatever a person, a card, a reader or a line does, a few things hold for every visit.

At most one VERIFY for one confirmed entry; only the card's own word counts as a wrong PIN; every secret is wiped; every
visit ends on the closing screen, by itself if nobody acts; nothing personal comes up without the holder's card.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend_client import wire
from backend_client.errors import Broken, NotGenuine, TooSlow, Unreachable
from drivers.errors import BadAnswer, CardMute, CardRefused, ReaderBusy, ServiceCause
from kiosk.desk import Due, EndReason, Unsettled
from kiosk.screens import Alarm, CardAway, PasswordEntry, PinEntry, PlaceCard, Screen, TakeCard, Working
from stb_profile.keymap import Action
from tests.flow.fake_bills import LABEL
from tests.flow.fake_emergency import notice
from tests.flow.fake_till import FakeTill
from tests.flow.fakes import (
    MOVE,
    PDF,
    PROXIES,
    TEXT,
    FakeCard,
    FakeReaders,
    a_certificate,
    a_move,
    an_action,
    asking_for,
    refused,
)
from tests.flow.front_desk import FrontOffice
from tests.flow.scene import Scene
from tests.flow.scripted_stage import BACK, KEY, NOTHING, possible_answers

READ_S = 0.5
"""An evacuation notice is confirmed by everybody, sooner or later."""

MOST_DEEDS = 40
"""After so many the person stops doing odd things, and sooner or later everything at all."""

DELAYS_S = (0.0, 0.01, 0.06, 0.11, 0.3, 5.0)
"""Into the middle of an APDU, of an answer, of a cover."""

WAITING = ("attract", "take_card", "E-01", "E-02", "E-20", "E-21", "E-22", "E-23")
"""Screens that only somebody's hands can end (the Problem screens when they offer no action)."""

PRIVATE = (
    *("home", "notices", "access_log", "card_status", "hospital.insurance"),
    *("own_information", "partners", "bills", "cards", "post_box", "applied", "move.check", "sign_ins"),
    *("evacuated", "care", "booking", "health"),
    *("whose", "acting", "proxies"),
)

PAID_BY_CARD = ("paying.sure", "paying.paid")
"""The card on the reader is enough for them: it is the one whose bill it is."""

CARD_FAULTS = (CardMute, BadAnswer, ReaderBusy, lambda: CardRefused("x", 0x6F00))
LINE_FAULTS = (
    Unreachable,
    TooSlow,
    Broken,
    NotGenuine,
    lambda: refused("fault"),
    lambda: refused("challenge_stale"),
    lambda: refused("certificate_revoked"),
    lambda: refused("session_unknown"),
    lambda: refused("storage_full"),
    lambda: refused("slot_taken"),
)
ASKED_OF_CARD = ("select", "tries", "certificate", "verify", "sign", "sign certificate", "sign document")
ASKED_OF_LINE = (
    "challenge",
    "medical_challenge",
    "sign_in",
    "register",
    "notices",
    "notice",
    "sign_ins",
    "block",
    "notice_document",
    "mark_notice",
    "share_notice",
    "shared_notice",
    "proxies",
    "own_changes",
    "offer_proxy",
    "look_at_offer",
    "accept_offer",
    "end_proxy",
    "act_for",
    "record_page",
    "record_counts",
    "prove_record",
    "witnessed_head",
    "growth",
    "cases",
    "open_case",
    "own_holders",
    "own own-pension",
    "own own-care",
    "eligibility",
    "life_events",
    "towns",
    "applications",
    "save_draft",
    "submit",
    "withdraw",
    "post_box",
    "send_on",
    "partners numbers",
    "partners answers",
    "partners consents",
    "partners consent-ends",
    "/payments/tokens",
    "bills bills",
    "bills account",
    "bills challenges",
    "bills payments",
    "cards cards",
    "cards showings",
    "facilities days",
    "facilities slots",
    "facilities bookings",
    "facilities cancellations",
    "health steps",
    "health blood-pressure",
    "health check-ups",
    "health add",
)


class Anybody:
    """Answers at random, and lets random things happen while a screen stands."""

    def __init__(self, scene: Scene, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self._scene = scene
        self._draw = draw
        self._left = MOST_DEEDS
        self.timeline: list[str] = []
        """Entries confirmed, VERIFYs, and screens seen."""
        self.holder: FakeCard | None = None

    async def meet(self, screen: Screen[Any]) -> object:
        self.timeline.append(screen.name)
        await self._check_private(screen)
        if isinstance(screen, Alarm):
            await asyncio.sleep(READ_S)
            return self._draw(st.sampled_from(possible_answers(screen)))
        while self._left > 0:
            self._left -= 1
            await asyncio.sleep(self._draw(st.sampled_from(DELAYS_S)))
            for _ in range(self._draw(st.sampled_from((0, 0, 0, 0, 0, 1, 2)))):
                self._draw(st.sampled_from(self._events()))()
                await asyncio.sleep(self._draw(st.sampled_from(DELAYS_S)))
            if self._draw(st.integers(0, 39)) == 0:
                self._scene.stage.press(Action.RED)
            answer = self._answer(screen)
            if answer is not NOTHING or screen.name not in WAITING:
                return answer
            await asyncio.sleep(60)
        self._tidy(screen)
        return NOTHING

    async def _check_private(self, screen: Screen[Any]) -> None:
        """What is about the holder never stays in sight once the holder's card is out of the readers."""
        await asyncio.sleep(0.005)  # less than any answer takes; cancelled when a cover comes
        if screen.name.startswith(PAID_BY_CARD):
            assert self._scene.card in self._scene.readers.cards.values(), self.timeline
        if screen.name.startswith(PRIVATE):
            assert self.holder in self._scene.readers.cards.values(), self.timeline

    def _tidy(self, screen: Screen[Any]) -> None:
        """Put right what only a person can, and leave the rest to the kiosk."""
        readers = self._scene.readers
        if screen.name in ("E-21", "E-22", "E-23"):
            readers.start_service()
            readers.plug()
        elif screen.name in WAITING:
            for reader in ("R1", "R2"):
                readers.remove(reader)
        if screen.name in ("attract", "E-21", "E-22", "E-23"):
            readers.plug()
            readers.insert(self._scene.card)

    def _answer(self, screen: Screen[Any]) -> object:
        if isinstance(screen, PinEntry):
            return self._pin()
        if isinstance(screen, PasswordEntry):
            return self._password()
        if isinstance(screen, Working):
            return BACK if screen.stop and self._draw(st.integers(0, 9)) == 0 else NOTHING
        if isinstance(screen, (TakeCard, CardAway)):
            self._draw(st.sampled_from(self._card_moves()))()
            return NOTHING
        if isinstance(screen, PlaceCard):
            self._scene.insert()
            return self._draw(st.sampled_from((NOTHING, BACK)))
        if screen.name == "attract":
            self._draw(st.sampled_from(self._card_moves()))()
            return self._draw(st.sampled_from((NOTHING, KEY, BACK)))
        answers = possible_answers(screen)
        return self._draw(st.sampled_from([*answers, *answers, *answers, BACK, NOTHING])) if answers else NOTHING

    def _pin(self) -> object:
        does = self._draw(st.sampled_from(("1234", "1234", "1234", "1234", "1234", "0000", "0000", BACK, NOTHING)))
        if isinstance(does, str):
            self.timeline.append("entry")
        return does

    def _password(self) -> object:
        does = self._draw(st.sampled_from(("ABC123", "ABC123", "ABC123", "WRONG1", BACK, NOTHING)))
        if isinstance(does, str):
            self.timeline.append("entry")
        return does

    def _card_moves(self) -> list[Callable[[], object]]:
        scene, readers = self._scene, self._scene.readers
        foreign = FakeCard("foreign", foreign=True)
        return [
            scene.insert,
            scene.insert,
            scene.remove,
            lambda: readers.insert(scene.card, "R2"),
            lambda: readers.insert(scene.other),
            lambda: readers.insert(foreign),
            lambda: readers.insert(foreign, "R2"),
            lambda: readers.remove("R2"),
        ]

    def _events(self) -> list[Callable[[], object]]:
        scene, readers = self._scene, self._scene.readers
        causes = st.sampled_from(ServiceCause)
        return [
            *self._card_moves(),
            readers.unplug,
            readers.plug,
            lambda: readers.stop_service(self._draw(causes)),
            readers.start_service,
            lambda: scene.stage.press(Action.YELLOW),
            lambda: scene.tell(notice(self._draw(st.sampled_from(wire.Level)))),
            scene.tell,
            self._card_fault,
            self._line_fault,
            lambda: setattr(scene.backend, "answer_s", self._draw(st.sampled_from((0.0, 0.2, 11.0)))),
        ]

    def _card_fault(self) -> None:
        what, fault = self._draw(st.sampled_from(ASKED_OF_CARD)), self._draw(st.sampled_from(CARD_FAULTS))
        when = self._draw(st.sampled_from(("before", "after", "fault")))
        if when == "fault" or what == "select":
            self._scene.card.faults[what].append(fault())
        else:
            getattr(self._scene.card, when)[what] = self._draw(st.sampled_from(self._card_moves()))

    def _line_fault(self) -> None:
        what, fault = self._draw(st.sampled_from(ASKED_OF_LINE)), self._draw(st.sampled_from(LINE_FAULTS))
        self._scene.backend.faults[what].append(fault())


class WatchedCard(FakeCard):
    """Writes its VERIFYs into the person's timeline."""

    anybody: Anybody

    def note(self, what: str) -> None:
        super().note(what)
        self.anybody.timeline.append(what)
        if what in ("verify right", "sign"):  # by sight no PIN is verified, and staff have said who it is
            self.anybody.holder = self


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_whatever_happens(data: st.DataObject) -> None:
    tries = data.draw(st.sampled_from((3, 3, 3, 2, 1, 0)))
    scene = Scene.of(data.draw(st.sampled_from(("stb", "counter", "hospital"))))
    if scene.profile.entry == "hospital" and data.draw(st.booleans()):
        scene.office = FrontOffice()
    scene.readers = FakeReaders("R1", "R2")
    scene.card, scene.other = WatchedCard("hanako", tries=tries), WatchedCard("taro")
    scene.backend.cards = [scene.card, scene.other]
    scene.backend.registered = data.draw(st.booleans())
    scene.backend.documents = (TEXT, PDF)
    scene.backend.action = an_action(data.draw(st.sampled_from(wire.ActionCode)), "move")
    scene.backend.card_new = data.draw(st.booleans())
    scene.backend.known_proxies = PROXIES
    scene.backend.changed = data.draw(st.sampled_from(((), (wire.Item.ADDRESS,))))
    scene.backend.applied = (a_move(*wire.ParcelState),)
    premium, account = wire.StatementKind.PREMIUM, wire.StatementKind.ACCOUNT
    scene.backend.post = (a_certificate(), a_certificate(forged=True), a_certificate("p1", premium))
    scene.backend.event = data.draw(st.sampled_from((MOVE, asking_for(premium, account))))
    scene.backend.bills.account = data.draw(st.sampled_from(("", LABEL)))
    scene.backend.bills.becomes = data.draw(st.sampled_from(wire.BillState))
    if scene.profile.entry == "hospital" and data.draw(st.booleans()):
        scene.till = a_till(scene, data.draw)
    anybody = Anybody(scene, data.draw)
    scene.card.anybody = scene.other.anybody = anybody

    reason = scene.run(anybody)

    assert reason in EndReason
    check_one_verify_an_entry(anybody.timeline)
    check_only_the_card_says_wrong(anybody.timeline)
    if scene.till is not None:
        assert len(scene.till.charged) <= min(1, anybody.timeline.count("paying.sure"))
    assert scene.backend.log.count("bills payments") <= anybody.timeline.count("bills.sure")


def a_till(scene: Scene, draw: Callable[[st.SearchStrategy[Any]], Any]) -> FakeTill:
    """A bill waits for the scene's card."""
    till = FakeTill(scene.card, Due("bill-1", draw(st.sampled_from((1200, 10_001)))))
    till.registered, till.declines = draw(st.booleans()), draw(st.integers(0, 1))
    till.faults.extend(draw(st.lists(st.sampled_from((Unreachable(), Unsettled())), max_size=2)))
    return till


def check_one_verify_an_entry(timeline: list[str]) -> None:
    unspent = 0
    for what in timeline:
        if what == "entry":
            unspent = 1
        elif what.startswith("verify"):
            assert unspent == 1, timeline
            unspent = 0


def check_only_the_card_says_wrong(timeline: list[str]) -> None:
    """E-03 (perhaps again, after a cover) only where the card has refused the last entry."""
    refused_last = False
    for what in timeline:
        if what in ("entry", "verify wrong"):
            refused_last = what == "verify wrong"
        elif what == "E-03":
            assert refused_last, timeline
