from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from tests.till.place import Place


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once: keys take a while."""
    root = tmp_path_factory.mktemp("till")
    asyncio.run(Place(root).prepare())
    return root


@pytest.fixture
def place(prepared: Path, tmp_path: Path) -> Place:
    """A card with an account and a reception number, and no bill."""
    shutil.copytree(prepared, tmp_path / "place")
    return Place(tmp_path / "place")
