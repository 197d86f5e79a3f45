from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from backend_kit import Clock
from gateway_kit import Rig, build_rig


@pytest.fixture
async def rig(tmp_path: Path, clock: Clock) -> AsyncIterator[Rig]:
    rig = build_rig(tmp_path / "gateway", clock)
    yield rig
    await rig.close()
