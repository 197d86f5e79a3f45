"""A whole visit with the real card application and a software card, with every fault at every single command of it."""

from __future__ import annotations

import asyncio
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from backend_client import wire
from drivers.card.jpki import Jpki
from drivers.readers import DEADLINE_S
from drivers.software_card.card import SoftwareCard
from drivers.software_card.exchange import Exchange
from drivers.software_card.faults import Faults, parse
from drivers.software_card.folder import card_folder, open_card
from drivers.software_card.links.inprocess import InProcessReaders
from drivers.software_card.trace import CardTrace
from kiosk.desk import EndReason
from kiosk.screens import Attract, CardAway, Confirm, Detail, Menu, PinEntry, Problem, Screen, TakeCard
from kiosk.visit import Visit
from stb_profile.profile import load
from tests.flow.fakes import NOON, FakeBackend
from tests.flow.scene import WORDS
from tests.flow.scripted_stage import NOTHING, ScriptedStage, possible_answers
from tests.flow.virtual_time import play

CERTIFICATE = ("B0",) * 5
TRIES_OF_BOTH = ("20", "20")
INSTRUCTIONS = {
    "right": ("A4", "20", *CERTIFICATE, "20", "2A", *TRIES_OF_BOTH, *CERTIFICATE),
    "wrong-first": ("A4", "20", *CERTIFICATE, "20", "20", "2A", *TRIES_OF_BOTH, *CERTIFICATE),
}
"""Of the visit below without a fault, by what the person types."""
PINS = {"right": ("1234",), "wrong-first": ("0000", "1234")}

NOTHING_TOLD: set[str] = set()

PROBLEM = {
    "remove": {"E-09"},
    "remove-during": {"E-09"},
    "remove-after": {"E-09"},
    "mute": {"E-01"},
    "delay=11s": {"E-01"},
    "delay=9s": NOTHING_TOLD,
    "unplug": {"E-21"},
    "stop-service": {"E-21", "E-22"},  # the readers are seen to go first
    "garbage": {"E-01"},
    "truncate": {"E-01"},
    "truncate=0": {"E-01"},
    "truncate=4": {"E-01"},
    "sw=6F00": {"E-01"},
    "sw=6A82": {"E-01"},
    "sw=6982": {"E-01"},
    "sw=6983": {"E-01"},
    "sw=6110": {"E-01"},
}
"""Deed -> codes of the screens that tell it, at most commands."""

AT_FIRST = {
    "remove": NOTHING_TOLD,  # nobody is being served yet
    "remove-during": NOTHING_TOLD,
    "remove-after": NOTHING_TOLD,
    "unplug": NOTHING_TOLD,  # back before it is worth a word
    "stop-service": {"E-22"},
    "sw=6F00": NOTHING_TOLD,  # asked again, once: one card was measured to wake up like that
    "sw=6A82": {"E-02"},
    "sw=6110": {"E-02"},  # it announced an answer, and does not know GET RESPONSE
}
"""The same at SELECT, where it differs."""

TORN_LAST_TRY = {"wrong-first": 8}
"""Where a torn VERIFY comes after a wrong PIN, and leaves one try."""

VISIT_S = 7.0
"""A visit without a fault, the closing screen included; rounded up."""

CASES = [
    (typed, index, deed)
    for typed, instructions in INSTRUCTIONS.items()
    for index in range(len(instructions))
    for deed in PROBLEM
]


class StrictBackend(FakeBackend):
    """Checks the signature with the certificate's key, as the portal does."""

    def _check_token(self, nonce: str, token: wire.AuthToken) -> None:
        certificate = x509.load_der_x509_certificate(b64decode(token.unverified_certificate))
        key = certificate.public_key()
        assert isinstance(key, RSAPublicKey)
        key.verify(b64decode(token.signature), wire.text_to_sign(self.origin, nonce), PKCS1v15(), SHA256())


class Steady:
    """Signs in, looks at the card's state, ends; mends what is broken, or tries again, whenever asked."""

    def __init__(self, readers: InProcessReaders, card: SoftwareCard, pins: tuple[str, ...]) -> None:
        self._readers = readers
        self._card = card
        self._pins = list(pins)
        self._wishes = ["card_status", "over"]
        self.entries = 0

    async def meet(self, screen: Screen[Any]) -> object:
        match screen:
            case PinEntry():
                self.entries += 1
                return self._pins.pop(0) if len(self._pins) > 1 else self._pins[0]
            case Menu():
                return self._wishes.pop(0)
            case Problem() if screen.actions:
                return "again" if "again" in possible_answers(screen) else "over"
            case Confirm():
                return True
            case Detail():
                return "back"
            case Attract() | CardAway() | Problem():
                self._readers.start_service()
                self._readers.remove()
                self._readers.insert(self._card)
            case TakeCard():
                self._readers.remove()
        return NOTHING


@dataclass(frozen=True)
class Told:
    """A visit, afterwards."""

    reason: EndReason
    stage: ScriptedStage
    entries: int
    apdus: int
    took_s: float

    @property
    def problems(self) -> set[str]:
        """Codes of what the person was told."""
        return {screen.code for screen in self.stage.seen if isinstance(screen, (Problem, CardAway, Confirm))}


def visit(card: SoftwareCard, typed: str, *rules: str) -> Told:
    async def story() -> Told:
        readers = InProcessReaders(exchange=Exchange(Faults(map(parse, rules))))
        person = Steady(readers, card, PINS[typed])
        stage = ScriptedStage(person)
        kiosk = Visit(stage, readers, StrictBackend(), WORDS, load("counter"), lambda: NOON, Jpki.select)  # type: ignore[arg-type]
        reason = await kiosk.run()
        stage.close()
        return Told(reason, stage, person.entries, readers.apdus, asyncio.get_running_loop().time())

    return play(story())


def expected(typed: str, index: int, deed: str) -> set[str]:
    """Codes of what a person is told, the wrong PIN left out."""
    password = len(INSTRUCTIONS[typed]) - len(CERTIFICATE) - 1
    if index == 0 and deed in AT_FIRST:
        return AT_FIRST[deed]
    if deed == "truncate=4" and INSTRUCTIONS[typed][index] in ("A4", "20"):
        return NOTHING_TOLD  # no answer is that long
    if index == password and (deed == "garbage" or deed.startswith("sw=")):
        return NOTHING_TOLD  # the card's state is told without the password's tries
    if deed == "sw=6983" and INSTRUCTIONS[typed][index] == "20":
        return NOTHING_TOLD if index == password - 1 else {"E-05"}  # 残り 0 is no problem where only the state is asked
    if deed == "remove-during" and index == TORN_LAST_TRY.get(typed):
        return {"E-09", "E-04"}
    return PROBLEM[deed]


@pytest.fixture(scope="module")
def opened(issued: Path) -> SoftwareCard:
    """Opened once: to load a key is to check it, which takes longer than a visit."""
    return open_card(card_folder(issued, "adult"))


@pytest.fixture
def card(opened: SoftwareCard) -> Iterator[SoftwareCard]:
    opened.trace = CardTrace()
    yield opened
    opened.counters.restore("auth")


@pytest.fixture
def spent(card: SoftwareCard, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The name of a counter for each try used."""
    spent: list[str] = []
    spend = card.counters.spend
    monkeypatch.setattr(card.counters, "spend", lambda name: spent.append(name) or spend(name))  # type: ignore[func-returns-value]
    return spent


def verifies(card: SoftwareCard) -> int:
    """VERIFYs with a PIN in them; the question for the counter has none."""
    return sum(e.command.startswith("0020") and len(e.command) > 8 for e in card.trace.entries)


def test_the_number_of_cases() -> None:
    assert len(CASES) == 561


@pytest.mark.parametrize("typed", PINS)
def test_without_a_fault(card: SoftwareCard, typed: str) -> None:
    told = visit(card, typed)
    assert told.reason is EndReason.CHOSEN
    assert told.stage.names[:2] == ["attract", "sign_in.pin"]
    assert tuple(entry.command[2:4] for entry in card.trace.entries) == INSTRUCTIONS[typed]
    assert told.entries == verifies(card) == len(PINS[typed])
    assert told.took_s < VISIT_S


@pytest.mark.parametrize(("typed", "index", "deed"), CASES)
def test_a_fault_at_one_command(card: SoftwareCard, spent: list[str], typed: str, index: int, deed: str) -> None:
    full = card.counters.all_left()

    told = visit(card, typed, f"apdu={index}:{deed}")

    assert told.reason is EndReason.CHOSEN
    problems = told.problems - {"E-03"}
    assert problems == expected(typed, index, deed) or (not problems and _asked_again(card, typed, deed))
    assert told.stage.names[-1] == "cleared"
    assert told.took_s < VISIT_S + DEADLINE_S
    wrong = PINS[typed].count("0000")
    torn = deed == "remove-during" and INSTRUCTIONS[typed][index] == "20"
    assert verifies(card) <= told.entries
    assert len(spent) <= wrong + torn, "no fault of transport uses a try, but power lost in the middle of a VERIFY"
    assert told.stage.names.count("E-03") <= wrong
    if "E-05" not in told.problems:
        assert "card_status" in told.stage.names
        assert card.counters.all_left() == full
    assert all(len(secret) == 0 for secret in told.stage.secrets)


def _asked_again(card: SoftwareCard, typed: str, deed: str) -> bool:
    """Whether what stood in the place of a status word was, by chance, 6C: then the same is asked for once more."""
    return deed == "truncate=4" and len(card.trace.entries) == len(INSTRUCTIONS[typed]) + 1


@pytest.mark.parametrize("deed", PROBLEM)
def test_the_next_visit_after_a_fault_knows_nothing_of_it(card: SoftwareCard, deed: str) -> None:
    visit(card, "right", f"apdu=7:{deed}")
    card.trace = CardTrace()
    assert visit(card, "right").problems == set()
    assert tuple(entry.command[2:4] for entry in card.trace.entries) == INSTRUCTIONS["right"]
