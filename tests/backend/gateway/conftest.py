from __future__ import annotations

from pathlib import Path

import pytest
from backend_kit import Clock
from gateway_kit import Rig, build_rig


@pytest.fixture
def rig(tmp_path: Path, clock: Clock) -> Rig:
    return build_rig(tmp_path / "gateway", clock)
