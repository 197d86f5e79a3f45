"""A whole visit with the real card application and a software card, with a fault at every single APDU of it."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from backend_client import wire
from drivers.card.jpki import Jpki
from drivers.software_card.card import SoftwareCard
from drivers.software_card.links.inprocess import FaultAt, FaultKind, InProcessReaders
from kiosk.desk import EndReason
from kiosk.screens import Attract, CardAway, Detail, Menu, PinEntry, Problem, Screen, TakeCard
from kiosk.visit import Visit
from stb_profile.profile import load
from tests.flow.fakes import NOON, FakeBackend
from tests.flow.scene import WORDS
from tests.flow.scripted_stage import NOTHING, ScriptedStage
from tests.flow.virtual_time import play

APDUS = 11
"""Of the visit below without a fault: 9 for signing in, 2 for the tries left of both PINs."""


class StrictBackend(FakeBackend):
    """Checks the signature with the certificate's key, as the portal does."""

    def _check_token(self, nonce: str, token: wire.AuthToken) -> None:
        certificate = x509.load_der_x509_certificate(b64decode(token.unverified_certificate))
        key = certificate.public_key()
        assert isinstance(key, RSAPublicKey)
        key.verify(b64decode(token.signature), wire.text_to_sign(self.origin, nonce), PKCS1v15(), SHA256())


class Steady:
    """Signs in, looks at the card's state, ends; puts the card back, or tries again, whenever asked."""

    def __init__(self, readers: InProcessReaders, card: SoftwareCard, pins: list[str]) -> None:
        self._readers = readers
        self._card = card
        self._pins = pins
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
                return "again"
            case Detail():
                return "back"
            case Attract() | CardAway() | Problem():
                self._readers.remove()
                self._readers.insert(self._card)
            case TakeCard():
                self._readers.remove()
        return NOTHING


def visit(card: SoftwareCard, fault: FaultAt | None, pins: list[str]) -> tuple[EndReason, ScriptedStage, int, int]:
    """Returns why it ended, the stage, the entries of a PIN and the APDUs."""

    async def story() -> tuple[EndReason, ScriptedStage, int, int]:
        readers = InProcessReaders(fault=fault)
        person = Steady(readers, card, pins)
        stage = ScriptedStage(person)
        kiosk = Visit(stage, readers, StrictBackend(), WORDS, load("counter"), lambda: NOON, Jpki.select)  # type: ignore[arg-type]
        reason = await kiosk.run()
        stage.close()
        return reason, stage, person.entries, readers.apdus

    return play(story())


def verifies(card: SoftwareCard) -> int:
    """VERIFYs with a PIN in them; the question for the counter has none."""
    return sum(e.command.startswith("0020") and len(e.command) > 8 for e in card.trace.entries)


def test_without_a_fault(adult: SoftwareCard) -> None:
    reason, stage, entries, apdus = visit(adult, None, ["1234"])
    assert reason is EndReason.CHOSEN
    assert stage.names[:2] == ["attract", "sign_in.pin"]
    assert (entries, verifies(adult), apdus) == (1, 1, APDUS)


@pytest.mark.parametrize("pins", [["1234"], ["0000", "1234"]], ids=["right", "wrong-first"])
@pytest.mark.parametrize("kind", FaultKind)
@pytest.mark.parametrize("index", range(APDUS))
def test_a_fault_at_one_apdu(adult: SoftwareCard, index: int, kind: FaultKind, pins: list[str]) -> None:
    full = adult.counters.all_left()
    spent: list[int] = []
    spend = adult.counters.spend
    adult.counters.spend = lambda name: spent.append(1) or spend(name)  # type: ignore[method-assign, func-returns-value]
    wrong = pins.count("0000")

    reason, stage, entries, _ = visit(adult, FaultAt(index, kind), list(pins))

    assert reason is EndReason.CHOSEN
    assert stage.names[-1] == "cleared"
    assert "card_status" in stage.names
    assert verifies(adult) <= entries
    assert len(spent) <= wrong, "no fault of transport uses a try"
    assert stage.names.count("E-03") <= wrong
    assert adult.counters.all_left() == full
    assert all(len(secret) == 0 for secret in stage.secrets)
