"""A private card service, and software cards behind it, for the command line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drivers.software_card.control_client import CardBox
from drivers.software_card.folder import card_folder
from tests.card.software.running import running_box
from tests.cli.direct import Direct
from tests.e2e.conftest import data, issued  # noqa: F401 - fixtures
from tests.pcsc import PrivatePcscd

Counters = Callable[[str], dict[str, int]]


@pytest.fixture(scope="package")
def pcscd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivatePcscd]:
    with PrivatePcscd(tmp_path_factory.mktemp("pcscd"), "Virtual PCD") as service:
        service.start()
        yield service


@pytest.fixture
def box(data: Path, pcscd: PrivatePcscd) -> Iterator[CardBox]:  # noqa: F811
    """A box behind pcscd, empty."""
    with running_box(data, "--vpcd", pcscd.vpcd):
        yield CardBox(data)


@pytest.fixture
def counters(data: Path) -> Counters:  # noqa: F811
    """The tries a card has left, as it keeps them."""
    return lambda name: json.loads(card_folder(data, name).counters.read_bytes())


@pytest.fixture
def direct(data: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Direct]:  # noqa: F811
    """The adult's card in a box without a card service."""
    with running_box(data, "--insert", "adult"):
        yield Direct(data, capsys)
