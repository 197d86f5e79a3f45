from __future__ import annotations

from pathlib import Path

import pytest

from drivers.software_card.blank import make_blank
from drivers.software_card.card import SoftwareCard
from drivers.software_card.folder import card_folder, open_card
from tests.card.software.issuer import issue_all


@pytest.fixture(scope="session")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one software card, keys and certificates made once: RSA takes its time."""
    data = tmp_path_factory.mktemp("flow")
    issue_all([make_blank(data, "adult")])
    return data


@pytest.fixture
def adult(issued: Path) -> SoftwareCard:
    """The card as issued: no test here leaves a try used."""
    return open_card(card_folder(issued, "adult"))
