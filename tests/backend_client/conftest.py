from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from backend_client.client import Backend
from tests.backend_client.tls_server import TlsServer, tls_server


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[TlsServer]:
    async with tls_server(tmp_path) as playing:
        yield playing


@pytest.fixture
async def backend(server: TlsServer, tmp_path: Path) -> AsyncIterator[Backend]:
    client = Backend(server.url, tmp_path / "localhost.pem", deadline_s=5)
    yield client
    await client.close()
