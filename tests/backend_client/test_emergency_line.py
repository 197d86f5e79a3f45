"""The kiosk's ear: the stream, its reconnection, its fallback, and everything that can be wrong with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from backend_client import client, wire
from backend_client.client import Backend
from backend_client.emergency import FIRST_WAIT_S, LONGEST_WAIT_S, STATE, STREAM, states
from backend_client.errors import Broken, NotGenuine, TooSlow, Unreachable
from tests.backend_client.tls_server import Answer, TlsServer, self_signed

NOW = datetime(2026, 11, 21, tzinfo=UTC)
QUIET = wire.EmergencyState(now=NOW, notices=())


def state(*ids: str) -> wire.EmergencyState:
    notices = tuple(
        wire.EvacuationNotice(
            id=each,
            sender="みどり市",
            level=wire.Level.EVERYBODY,
            area="川",
            lines=("にげて",),
            shelters=(),
            issued_at=NOW,
            valid_until=NOW,
        )
        for each in ids
    )
    return wire.EmergencyState(now=NOW, notices=notices)


def event(*ids: str) -> str:
    return "data: " + msgspec.json.encode(state(*ids)).decode()


class FakeLine:
    """Streams one after the other: lines, or what is raised instead of the next. Then nobody answers any more."""

    def __init__(
        self, *streams: list[str | Exception], asked: tuple[wire.EmergencyState | Exception, ...] = ()
    ) -> None:
        self._streams = list(streams)
        self._asked = list(asked)
        self.paths: list[str] = []
        self.pauses: list[float] = []

    @asynccontextmanager
    async def listen(self, path: str) -> AsyncIterator[AsyncIterator[str]]:
        self.paths.append(path)
        if not self._streams:
            raise Unreachable
        yield self._lines(self._streams.pop(0))

    async def _lines(self, lines: list[str | Exception]) -> AsyncIterator[str]:
        for line in lines:
            if isinstance(line, Exception):
                raise line
            yield line

    async def ask(self, method: str, path: str, message: Any, kind: Any, session: Any) -> Any:
        self.paths.append(path)
        answer = self._asked.pop(0) if self._asked else Unreachable()
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        await asyncio.sleep(0)


async def heard(line: FakeLine, most: int) -> list[tuple[str, ...]]:
    """The ids of the first so many states."""
    found: list[tuple[str, ...]] = []
    stream = states(line, line.pause)
    async with asyncio.timeout(5):
        async for told in stream:
            found.append(tuple(notice.id for notice in told.notices))
            if len(found) == most:
                break
    await stream.aclose()  # type: ignore[attr-defined]
    return found


async def test_every_event_and_no_heartbeat() -> None:
    assert await heard(FakeLine([": ", "", event(), "", ": ", event("a"), ""]), 2) == [(), ("a",)]


async def test_a_stream_that_breaks_is_opened_again_and_the_state_asked_for_in_between() -> None:
    line = FakeLine([event("a"), Unreachable()], [event("c")], asked=(state("b"),))
    assert await heard(line, 3) == [("a",), ("b",), ("c",)]
    assert line.paths == [STREAM, STATE, STREAM]


@pytest.mark.parametrize("fault", ["data: {", "data: []", "data: " + "[" * 5000, "data: \x00"])
async def test_nonsense_is_a_broken_stream(fault: str) -> None:
    assert await heard(FakeLine([fault, event("never")], asked=(state("b"),)), 1) == [("b",)]


async def test_where_streams_are_kept_back_asking_does() -> None:
    line = FakeLine([TooSlow()], [TooSlow()], [TooSlow()], asked=(state("a"), TooSlow(), state("b")))
    assert await heard(line, 2) == [("a",), ("b",)]


async def test_it_waits_longer_and_longer_and_never_gives_up() -> None:
    line = FakeLine(asked=(*(Unreachable() for _ in range(9)), state("back")))
    assert await heard(line, 1) == [("back",)]
    assert line.pauses[:3] == [FIRST_WAIT_S, 2 * FIRST_WAIT_S, 4 * FIRST_WAIT_S]
    assert max(line.pauses) == LONGEST_WAIT_S


async def test_a_good_stream_makes_it_impatient_again() -> None:
    line = FakeLine([Unreachable()], [Unreachable()], [event("a"), Unreachable()], asked=(QUIET, QUIET, QUIET))
    await heard(line, 4)
    assert line.pauses[-1] == FIRST_WAIT_S


async def listened(backend: Backend) -> list[str]:
    async with asyncio.timeout(5), backend.listen("/emergency/stream") as lines:
        return [line async for line in lines]


async def test_listening_over_tls(server: TlsServer, backend: Backend) -> None:
    server.answers.append(Answer(": \n\ndata: あ\n\nhalf".encode()))
    assert await listened(backend) == [": ", "", "data: あ", ""]
    assert server.calls[0].headers["accept"] == "text/event-stream"
    assert "authorization" not in server.calls[0].headers


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(b"{}", status=503), Broken),
        (Answer(b"data: x\n" * 9, cut_after=90), Unreachable),
        (Answer(b"\xff\n"), Broken),
    ],
    ids=["refused", "cut", "no text"],
)
async def test_a_stream_that_is_none(
    server: TlsServer, backend: Backend, answer: Answer, error: type[Exception]
) -> None:
    server.answers.append(answer)
    with pytest.raises(error):
        await listened(backend)


async def test_a_stream_that_is_silent_is_dead(
    server: TlsServer, backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "QUIET_S", 0.05)
    server.answers.append(Answer(silent=True))
    with pytest.raises(TooSlow):
        await listened(backend)


async def test_a_line_without_an_end(server: TlsServer, backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "LARGEST", 1000)
    server.answers.append(Answer(b"x" * 5000))
    with pytest.raises(Broken):
        await listened(backend)


async def test_nobody_else_is_listened_to(server: TlsServer, tmp_path: Path) -> None:
    other, _ = self_signed(tmp_path, "elsewhere.example")
    stranger = Backend(server.url, other, deadline_s=5)
    with pytest.raises(NotGenuine):
        await listened(stranger)
    await stranger.close()
