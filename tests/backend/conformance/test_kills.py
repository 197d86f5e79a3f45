"""A handful of kills under load; `script/soak kills 100` makes a hundred."""

from __future__ import annotations

from pathlib import Path

import pytest
from kill_load import run
from postgres import Cluster

from backend_stub.town import BODIES


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_what_was_acknowledged_is_in_every_part_of_the_log(
    tmp_path: Path, request: pytest.FixtureRequest, engine: str
) -> None:
    pattern = ""
    if engine == "postgresql":
        cluster: Cluster = request.getfixturevalue("cluster")
        cluster.create(*(f"kills-{body}" for body in BODIES))
        pattern = cluster.url("kills-{body}")
    book = await run(4, tmp_path, pattern)
    assert sum(book.kills.values()) == 4
