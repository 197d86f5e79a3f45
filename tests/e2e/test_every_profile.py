"""What the kiosk does with every profile of the software card; card, card layer, flow, TLS and backend are real.

Only the reader and the screen are played: the card is in this process, and the person answers screens as data.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

from backend_client import wire
from backend_client.client import Backend
from backend_client.errors import Refused
from drivers.card.algorithm import Algorithm, algorithm_of
from drivers.card.jpki import Jpki
from drivers.card.terminal import SimulatedTerminalAuthentication
from drivers.software_card import keys
from drivers.software_card.cv_authority import TERMINALS, cv_authority
from drivers.software_card.folder import card_folder, open_card
from drivers.software_card.links.inprocess import InProcessReaders
from drivers.software_card.profile import profile_names
from kiosk import words
from kiosk.screens import Confirm, Consent, Menu, PasswordEntry, PinEntry, Problem, Result, Screen
from kiosk.visit import Visit
from stb_profile.profile import load
from tests.flow.scripted_stage import NOTHING, ScriptedStage

WORDS = words.load()
REACH_S = 20.0

PIN, REGISTER, HOME = "sign_in.pin", "sign_in.register", "home"
PASSWORD = "signing.password"
SIGN_IN = {
    "adult": (PIN, HOME),
    "blocked": ("E-05",),
    "child": (PIN, REGISTER, "E-05-password"),
    "expired": (PIN, "E-06"),
    "first": (PIN, REGISTER, PASSWORD, HOME),
    "foreign-resident": (PIN, REGISTER, PASSWORD, HOME),
    "last-try": ("E-04", PIN, REGISTER, PASSWORD, HOME),
    "long-name": (PIN, REGISTER, PASSWORD, HOME),
    "no-pin": ("E-05",),
    "not-yet": (PIN, "E-28"),
    "old": (PIN, REGISTER, PASSWORD, HOME),
    "other-card": ("E-02",),
    "p384": (PIN, REGISTER, PASSWORD, HOME),
    "renewed": (PIN, REGISTER, PASSWORD, HOME),
    "revoked": (PIN, "E-07"),
    "wrong-policy": (PIN, "E-29"),
}
"""Profile -> the screens from the invitation to where the person can do nothing more, or is at home."""


@dataclass(frozen=True, slots=True)
class Town:
    data: Path
    url: str
    ca: Path


@pytest.fixture(scope="module")
def town(issued: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """One backend, a program of its own, for all of these: each profile is somebody else."""
    data = Path(shutil.copytree(issued, tmp_path_factory.mktemp("profiles") / "data"))
    command = [sys.executable, "-m", "backend_stub", "serve", "--data", str(data), "--port", "0", "--with-parent"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        ready = json.loads(program.stdout.readline())
        yield Town(data, ready["ready"], Path(ready["ca"]))
        program.stdin.close()


class Listening(Backend):
    """The real one, which also keeps the tokens that pass."""

    def __init__(self, town: Town) -> None:
        super().__init__(town.url, town.ca)
        self.tokens: list[wire.AuthToken] = []

    async def sign_in(self, request: wire.SignIn) -> wire.SignInAnswer:
        self.tokens.append(request.token)
        return await super().sign_in(request)

    async def eligibility(self, request: wire.EligibilityRequest) -> wire.Eligibility:
        self.tokens.append(request.token)
        return await super().eligibility(request)


class Willing:
    """Says yes to everything, until a problem or the goal."""

    def __init__(self) -> None:
        self.arrived = asyncio.Event()

    async def meet(self, screen: Screen[Any]) -> object:
        match screen:
            case PinEntry():
                return "1234"
            case PasswordEntry():
                return "ABC123"
            case Confirm():
                return True
            case Consent():
                return frozenset({"medicines"})
            case Menu() | Problem() | Result():
                self.arrived.set()
        return NOTHING


async def visit(town: Town, name: str, place: str = "stb") -> tuple[ScriptedStage, Listening]:
    """Put the card in and go as far as it goes."""
    readers, person, backend = InProcessReaders(), Willing(), Listening(town)
    readers.insert(open_card(card_folder(town.data, name)))
    stage = ScriptedStage(person)
    kiosk = Visit(stage, readers, backend, WORDS, load(place), lambda: datetime.now().astimezone())
    visiting = asyncio.create_task(kiosk.run())
    try:
        async with asyncio.timeout(REACH_S):
            await person.arrived.wait()
    finally:
        visiting.cancel()
        await asyncio.gather(visiting, return_exceptions=True)
        stage.close()
    return stage, backend


def told(stage: ScriptedStage) -> tuple[str, ...]:
    return tuple(name for name in stage.names if name != "attract")


def test_no_profile_is_left_out() -> None:
    assert tuple(sorted(SIGN_IN)) == profile_names()


@pytest.mark.parametrize("name", SIGN_IN)
async def test_sign_in_with_every_profile(town: Town, name: str) -> None:
    stage, _ = await visit(town, name)
    assert told(stage) == SIGN_IN[name]


async def test_the_p384_card_signs_in_by_es384_and_is_asked_about(town: Town) -> None:
    """The signed-in home is only reached past the authority's answer for this very certificate (OCSP by its own CA)."""
    stage, backend = await visit(town, "p384")
    assert told(stage)[-1] == HOME
    (token,) = backend.tokens
    assert token.algorithm == "ES384"
    assert len(token.signature) == len(b64encode(bytes(96)))
    der = card_folder(town.data, "p384").certificate("auth").read_bytes()
    assert token.unverified_certificate == b64encode(der).decode()


async def test_the_p384_card_at_the_hospital(town: Town) -> None:
    stage, backend = await visit(town, "p384", "hospital")
    assert told(stage) == ("hospital.consent", "hospital.pin", "E-11-none"), "recognised; nobody insures this resident"
    assert backend.tokens[0].algorithm == "ES384"


@pytest.mark.parametrize(
    ("name", "validity"), [("no-pin", wire.Validity.VALID_MEDICAL_AID), ("p384", wire.Validity.NONE)]
)
async def test_staff_look_at_the_face_instead_of_a_pin(town: Town, name: str, validity: wire.Validity) -> None:
    """目視 at the hospital's desk: a terminal opens the key (a simulation), and the medical body takes the token."""
    authority, terminal_key = cv_authority(town.data), generate_private_key(65537, 2048)
    certificate = authority.certificate(TERMINALS, "9000200", terminal_key.public_key())
    readers, backend = InProcessReaders(), Backend(town.url, town.ca)
    readers.insert(open_card(card_folder(town.data, name)))
    jpki = await Jpki.select(await readers.connect(readers.names[0]))
    der = await jpki.auth_certificate()
    algorithm = algorithm_of(der)
    await SimulatedTerminalAuthentication(certificate, terminal_key).authenticate(jpki)
    nonce = (await backend.medical_challenge()).nonce
    text = wire.text_to_sign(backend.origin, nonce, algorithm.value)
    signature = await jpki.sign_for_authentication(text, algorithm)
    request = wire.EligibilityRequest(
        nonce=nonce, token=token_of(der, algorithm, signature), facility="みほん医院", consent=wire.HealthConsent()
    )
    assert (await backend.eligibility(request)).validity is validity
    await backend.close()


async def test_what_a_renewal_superseded_does_not_sign_in(town: Town) -> None:
    folder, backend = card_folder(town.data, "renewed"), Backend(town.url, town.ca)
    key = keys.read(folder.key("auth-before"))
    assert isinstance(key, RSAPrivateKey)
    nonce = (await backend.portal_challenge()).nonce
    signature = key.sign(wire.text_to_sign(backend.origin, nonce), PKCS1v15(), SHA256())
    token = token_of(folder.certificate("auth-before").read_bytes(), Algorithm.RS256, signature)
    with pytest.raises(Refused) as refused:
        await backend.sign_in(wire.SignIn(nonce=nonce, token=token, place="このテレビ"))
    assert refused.value.code == "certificate_revoked"
    await backend.close()


def token_of(der: bytes, algorithm: Algorithm, signature: bytes) -> wire.AuthToken:
    return wire.AuthToken(
        unverified_certificate=b64encode(der).decode(),
        algorithm=algorithm.value,
        signature=b64encode(signature).decode(),
        format="web-eid:1",
        app_version="test",
    )
