"""kill -9 of a provider between its answer and the receipt: after its restart the gateway hears of it, once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from kill_load import DESK
from places import Place

from backend_client.wire.gateway import number_of
from backend_stub.agencies.file import Ask
from backend_stub.directory import make, read
from backend_stub.peers import Peers
from backend_stub.people import load_residents

REQUESTER, PROVIDER, RESIDENT = "midori-child", "midori-city-tax", "not-yet"
ASK = Ask(law="child-income", desk=DESK, purpose="試験", residents=())
PATIENCE_S = 20.0


async def test_a_receipt_is_posted_after_a_restart_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Place(tmp_path, True, "")
    place.directory = read(make(tmp_path, 0, datetime.now(UTC)))
    try:
        for body in ("authority", "gateway", PROVIDER):
            place.run(body)
        for process in place.processes.values():
            process.ready()
        async with place.staff(REQUESTER, PROVIDER) as agencies:
            (person,) = (one for one in load_residents() if one.id == RESIDENT)
            for agency in agencies.values():
                await agency.enrol(RESIDENT, person.items)
            with monkeypatch.context() as patch:
                patch.setattr(Peers, "ask", without_the_gateway(place))
                answer = await agencies[REQUESTER].ask(RESIDENT, ASK)
        place.kill(PROVIDER)
        assert [row.transaction_number for row in waiting(place)] == [answer.transaction_number]
        for body in ("gateway", PROVIDER, PROVIDER):  # the second life may end in the middle of posting
            if body == PROVIDER and place.processes[body].child.poll() is None:
                place.kill(body)
            place.processes[body].start()
            await asyncio.to_thread(place.processes[body].ready)
        await until_nothing_waits(place)
        assert receipts(place) == [number_of(answer.transaction_number)]
    finally:
        place.close()


def without_the_gateway(place: Place) -> Any:
    """The gateway dies after it has given the token, and before that is redeemed."""
    ask = Peers.ask

    async def asking(self: Peers, body: str, path: str, message: Any, gives: Any, trace_id: str) -> Any:
        if path == "/redemptions":
            place.kill("gateway")
        return await ask(self, body, path, message, gives, trace_id)

    return asking


def waiting(place: Place) -> list[Any]:
    return place.rows(PROVIDER, "SELECT transaction_number FROM outbox")


def receipts(place: Place) -> list[bytes]:
    return [bytes(row.number) for row in place.rows("gateway", "SELECT number FROM leaves WHERE what = 'receipt'")]


async def until_nothing_waits(place: Place) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while waiting(place):
            await asyncio.to_thread(_health, place)


def _health(place: Place) -> None:
    with place.client(PROVIDER) as client:
        assert client.get("/health").status_code == 200
