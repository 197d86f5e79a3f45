"""Two issued cards, made once a run. Nothing but their counters changes, and those are put back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.software_card.blank import make_blank
from drivers.software_card.card import SoftwareCard
from drivers.software_card.folder import card_folder, open_card
from drivers.software_card.profile import load_profile
from drivers.software_card.trace import CardTrace
from tests.card.software.issuer import issue_all


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("faults")
    issue_all([make_blank(data, "adult"), make_blank(data, "fresh", load_profile("adult"))])
    return data


@pytest.fixture(scope="session")
def opened(data: Path) -> dict[str, SoftwareCard]:
    """Opened once: to load a key is to check it, which takes longer than a test."""
    return {name: open_card(card_folder(data, name)) for name in ("adult", "fresh")}


@pytest.fixture
def adult(opened: dict[str, SoftwareCard]) -> Iterator[SoftwareCard]:
    yield from _lent(opened["adult"])


@pytest.fixture
def fresh(opened: dict[str, SoftwareCard]) -> Iterator[SoftwareCard]:
    """Another card of the same kind."""
    yield from _lent(opened["fresh"])


def _lent(card: SoftwareCard) -> Iterator[SoftwareCard]:
    card.trace = CardTrace()
    yield card
    for counter in card.counters.all_left():
        card.counters.restore(counter)
