from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from backend_kit import Clock
from log_kit import open_log

from backend_stub.gateway.log import GatewayLog


@pytest.fixture
async def log(tmp_path: Path, clock: Clock) -> AsyncIterator[GatewayLog]:
    """A log that is empty."""
    log = open_log(tmp_path, clock)
    yield log
    await log.close()
