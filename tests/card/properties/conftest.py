"""Keys, made once a run."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from drivers.software_card.cv_authority import cv_authority
from tests.card.properties.holders import Office


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(cv_authority(tmp_path_factory.mktemp("office")), generate_private_key(65537, 2048))
