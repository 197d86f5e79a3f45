"""The stream to the boxes: all at once, every change, a heartbeat, and nobody left behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import msgspec
from backend_kit import START, Clock, Machine
from emergency_kit import ORDER, Client, order

from backend_client.wire import EmergencyState, EvacuationNotice, Level
from backend_stub.emergency.stream import BEAT, Broadcast
from backend_stub.town import Town

NOTICE = EvacuationNotice(
    id="n1",
    sender="みどり市",
    level=Level.EVERYBODY,
    area="川ぞい地区",
    lines=("にげてください。",),
    shelters=(),
    issued_at=START,
    valid_until=START + timedelta(hours=1),
)


class Board:
    def __init__(self) -> None:
        self.notices: tuple[EvacuationNotice, ...] = ()

    def state(self) -> EmergencyState:
        return EmergencyState(now=START, notices=self.notices)


def told(event: bytes) -> tuple[str, ...]:
    assert event.startswith(b"data: ")
    assert event.endswith(b"\n\n")
    return tuple(notice.id for notice in msgspec.json.decode(event[6:], type=EmergencyState).notices)


async def following(stream: AsyncIterator[bytes]) -> bytes:
    async with asyncio.timeout(5):
        return await anext(stream)


async def test_the_state_at_once_and_then_every_change() -> None:
    board = Board()
    broadcast = Broadcast(board.state)
    stream = broadcast.listen()
    assert told(await following(stream)) == ()
    board.notices = (NOTICE,)
    broadcast.ring()
    assert told(await following(stream)) == ("n1",)


async def test_who_comes_back_is_told_what_stands() -> None:
    board = Board()
    board.notices = (NOTICE,)
    assert told(await following(Broadcast(board.state).listen())) == ("n1",)


async def test_a_heartbeat_while_nothing_happens_and_the_end_of_a_term_by_it() -> None:
    board = Board()
    board.notices = (NOTICE,)
    stream = Broadcast(board.state, heartbeat_s=0.001).listen()
    assert told(await following(stream)) == ("n1",)
    assert await following(stream) == BEAT
    board.notices = ()  # its time is over; nobody rings
    assert told(await following(stream)) == ()


async def test_a_hundred_notices_are_one_event_for_who_is_slow() -> None:
    board = Board()
    broadcast = Broadcast(board.state)
    stream = broadcast.listen()
    await following(stream)
    for number in range(100):
        board.notices = (msgspec.structs.replace(NOTICE, id=f"n{number}"),)
        broadcast.ring()
    assert told(await following(stream)) == ("n99",)


async def test_who_goes_away_is_forgotten() -> None:
    broadcast = Broadcast(Board().state)
    stream = broadcast.listen()
    await following(stream)
    assert broadcast.listeners == 1
    await stream.aclose()  # type: ignore[attr-defined]
    assert broadcast.listeners == 0


async def test_the_body_rings_for_every_change(town: Town, machine: Machine, clock: Clock) -> None:
    body = next(body for body in town.bodies if body.name == "emergency")
    endpoint = next(endpoint for endpoint in body.endpoints if endpoint.path == "/stream")
    stream = await endpoint.handler(None, None)  # type: ignore[arg-type]  # it looks at neither
    city = Client(machine("midori-city"), "/emergency")
    assert told(await following(stream)) == ()
    first = (await city.post("/notices", ORDER)).json()["id"]
    assert told(await following(stream)) == (first,)
    clock.turn(seconds=1)
    second = (await city.post("/notices", order(level=Level.SAVE_LIFE, area="山がわ"))).json()["id"]
    assert told(await following(stream)) == (second, first)
    await city.post("/ends", {"notice": second})
    assert told(await following(stream)) == (first,)
    await stream.aclose()
