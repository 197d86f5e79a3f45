"""Issued cards, made once a run and copied for each test; and the means to talk to one."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from drivers.software_card.blank import make_all, make_blank
from drivers.software_card.card import SoftwareCard
from drivers.software_card.control_client import CardBox
from drivers.software_card.folder import card_folder, card_folders, open_card, read_profile
from drivers.software_card.profile import Profile, Quirk
from tests.card.software.issuer import issue_all
from tests.card.software.pcsc_client import Pcsc
from tests.card.software.running import running_box
from tests.pcsc import PrivatePcscd

Ask = Callable[[str], str]


@pytest.fixture(scope="session")
def issued_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("issued")
    make_all(data)
    make_blank(data, "bare", Profile(resident="child", pin="1234"))
    issue_all(card_folders(data))
    return data


@pytest.fixture
def data(issued_once: Path, tmp_path: Path) -> Path:
    """A data folder of one's own with a card of every profile, and a bare one of nobody's."""
    shutil.copytree(issued_once / "cards", tmp_path / "cards")
    return tmp_path


def powered(data: Path, name: str, *quirks: Quirk) -> SoftwareCard:
    """The card, as a reader has just powered it."""
    folder = card_folder(data, name)
    if quirks:
        changed = msgspec.structs.replace(read_profile(folder), quirks=frozenset(quirks))
        folder.profile.write_bytes(msgspec.json.encode(changed))
    card = open_card(folder)
    card.power_on()
    return card


def jpki_tries(tries: dict[str, int]) -> dict[str, int]:
    """The counters of the JPKI application among all of a card's."""
    return {name: tries[name] for name in ("auth", "sign")}


def asking(card: SoftwareCard) -> Ask:
    """Talk to a card in hex."""
    return lambda command: card.answer(bytes.fromhex(command)).hex().upper()


@pytest.fixture
def adult(data: Path) -> SoftwareCard:
    return powered(data, "adult")


@pytest.fixture
def ask(adult: SoftwareCard) -> Ask:
    return asking(adult)


@pytest.fixture(scope="module")
def pcscd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivatePcscd]:
    service = PrivatePcscd(tmp_path_factory.mktemp("pcscd"))
    service.start()
    yield service
    service.stop()


@pytest.fixture
def box(data: Path, pcscd: PrivatePcscd) -> Iterator[CardBox]:
    """A box behind pcscd, empty."""
    with running_box(data, "--vpcd", pcscd.vpcd):
        yield CardBox(data)


@pytest.fixture
def pcsc(pcscd: PrivatePcscd) -> Iterator[Pcsc]:
    pcsc = Pcsc(pcscd.readers)
    yield pcsc
    pcsc.close()
