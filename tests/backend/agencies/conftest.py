from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from agency_kit import NAMES, Rig, new_keys
from backend_kit import Clock

from backend_stub.people import Resident

CLIENTS = ("first", "not-yet", "revoked", "wrong-policy")


@pytest.fixture(scope="session")
def enrolled(tmp_path_factory: pytest.TempPathFactory, residents: tuple[Resident, ...]) -> Rig:
    """Agencies with a few clients, by resident id; made once, for databases take a while."""
    rig = Rig(tmp_path_factory.mktemp("agencies"), Clock(), new_keys())
    asyncio.run(rig.staff(tuple(resident for resident in residents if resident.id in CLIENTS)))
    for agency in rig.agencies.values():
        agency._engine.dispose()
    return rig


@pytest.fixture
async def staffed(enrolled: Rig, tmp_path: Path, clock: Clock) -> AsyncIterator[Rig]:
    """The same agencies, with databases of their own for one test."""
    for name in NAMES:
        shutil.copytree(enrolled.data / name, tmp_path / name)
    rig = Rig(tmp_path, clock, (enrolled.keys, enrolled.sealing))
    rig.gateway.people = enrolled.gateway.people
    yield rig
    for agency in rig.agencies.values():
        await agency.close()
