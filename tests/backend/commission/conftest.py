from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from backend_kit import ORIGIN, Clock
from commission_kit import Seeded

from backend_stub.people import Resident
from backend_stub.seed import seed
from backend_stub.setups import body_folder
from backend_stub.town import build_town


@pytest.fixture(scope="session")
def seeded_data(
    tmp_path_factory: pytest.TempPathFactory, authority_keys: Path, residents: tuple[Resident, ...]
) -> Path:
    """The folder of a town after its seed; made once."""
    data = tmp_path_factory.mktemp("seeded")
    shutil.copytree(authority_keys, body_folder(data, "authority"))

    async def fill() -> None:
        town = build_town(data, (ORIGIN,), residents, Clock())
        await seed(town, data, residents)
        await town.close()

    asyncio.run(fill())
    return data


@pytest.fixture
async def seeded(
    seeded_data: Path, tmp_path: Path, residents: tuple[Resident, ...], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Seeded]:
    """The town an hour after its seed, with folders of its own for one test."""
    monkeypatch.setattr("backend_stub.gateway.log.heads.EVERY_S", 0.01)
    data = tmp_path / "town"
    shutil.copytree(seeded_data, data)
    clock.turn(hours=1)
    made = Seeded(build_town(data, (ORIGIN,), residents, clock), data, clock)
    yield made
    await made.close()
