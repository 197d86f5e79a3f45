"""The commission on PostgreSQL: the same review and the same statistics."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
from backend_kit import ORIGIN, Clock
from commission_kit import CITY, Seeded
from postgres import Cluster

from backend_client import wire
from backend_stub.people import Resident
from backend_stub.setups import Databases
from backend_stub.town import build_town


async def test_reviews_orders_and_statistics_on_postgresql(
    seeded_data: Path, tmp_path: Path, residents: tuple[Resident, ...], clock: Clock, cluster: Cluster
) -> None:
    data = tmp_path / "town"
    shutil.copytree(seeded_data, data)
    cluster.create("commission")
    clock.turn(hours=1)
    databases = Databases(by_body={"commission": cluster.url("commission")})
    town = Seeded(build_town(data, (ORIGIN,), residents, clock, databases), data, clock)
    try:
        assert await town.review() == ()
        town.sql(CITY, "UPDATE asked SET terminal = '国保-99' WHERE law = 'elderly-premium'")
        assert await town.rules() == await town.rules() == {("part_mismatch", CITY)}
        assert {one.rule for one in await town.findings()} == {"part_mismatch"}
        clock.turn(hours=1)
        await town.review()
        told = msgspec.json.decode((await town.people.get("/commission/usage")).content, type=wire.Usage)
        assert told.cells
    finally:
        await town.close()
