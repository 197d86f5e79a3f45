"""Issued cards, two of a kind, made once a run. Nothing but their counters changes, and those are put back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from drivers.software_card.blank import make_blank
from drivers.software_card.card import SoftwareCard
from drivers.software_card.cv_authority import cv_authority
from drivers.software_card.folder import card_folder, open_card
from drivers.software_card.profile import load_profile
from drivers.software_card.trace import CardTrace
from tests.card.faults.operations import Desk, desk_of
from tests.card.software.issuer import issue_all

CARDS = {"adult": "adult", "fresh-adult": "adult", "p384": "p384", "fresh-p384": "p384"}
"""Name -> profile."""


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("faults")
    issue_all([make_blank(data, name, load_profile(profile)) for name, profile in CARDS.items()])
    return data


@pytest.fixture(scope="session")
def opened(data: Path) -> dict[str, SoftwareCard]:
    """Opened once: to load a key is to check it, which takes longer than a test."""
    return {name: open_card(card_folder(data, name)) for name in CARDS}


@pytest.fixture(scope="session")
def desk(data: Path) -> Desk:
    """Trusts who issued the cards, and has the key of a terminal that they know."""
    return desk_of(cv_authority(data), generate_private_key(65537, 2048))


@contextmanager
def untouched(opened: dict[str, SoftwareCard]) -> Iterator[dict[str, SoftwareCard]]:
    """All of them, by name; "fresh-" stands before the second one of a kind. Their tries are put back."""
    for card in opened.values():
        card.trace = CardTrace()
    try:
        yield opened
    finally:
        for card in opened.values():
            for counter in card.counters.all_left():
                card.counters.restore(counter)


@pytest.fixture
def cards(opened: dict[str, SoftwareCard]) -> Iterator[dict[str, SoftwareCard]]:
    with untouched(opened):
        yield opened


@pytest.fixture
def adult(cards: dict[str, SoftwareCard]) -> SoftwareCard:
    return cards["adult"]
