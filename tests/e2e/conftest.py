"""One private card service and one town for all end-to-end tests; each test gets its own copy of the town's data."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.software_card.blank import make_all
from tests.pcsc import PrivatePcscd


@pytest.fixture(scope="package")
def pcscd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivatePcscd]:
    with PrivatePcscd(tmp_path_factory.mktemp("pcscd"), "Virtual PCD") as service:
        service.start()
        yield service


@pytest.fixture(scope="session")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with every card issued: made once, because RSA keys take their time."""
    data = tmp_path_factory.mktemp("town")
    make_all(data)
    subprocess.run([sys.executable, "-m", "backend_stub", "issue", "--data", str(data)], check=True)
    return data


@pytest.fixture
def data(issued: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(issued, tmp_path / "data"))
