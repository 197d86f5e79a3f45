"""A place to plug remotes in, and somebody who follows them and notes what they mean."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from stb_profile.evdev import remotes
from stb_profile.evdev.device import Device
from stb_profile.evdev.meaning import Meaning
from stb_profile.evdev.remotes import Remotes
from stb_profile.keymap import Action, load
from tests.remote.virtual import Socket, VirtualRemote

KEYMAP = load("remote")
DEADLINE_S = 5.0


class Listener:
    """Notes every action, and waits for them."""

    def __init__(self) -> None:
        self._actions: asyncio.Queue[Action] = asyncio.Queue()
        self.remotes: Remotes

    def act(self, action: Action) -> None:
        self._actions.put_nowait(action)

    async def hear(self, *wanted: Action) -> None:
        """The next actions are these."""
        async with asyncio.timeout(DEADLINE_S):
            assert [await self._actions.get() for _ in wanted] == list(wanted)

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(DEADLINE_S):
            while not condition():  # noqa: ASYNC110 - nothing tells when a device was taken up
                await asyncio.sleep(0)


Listen = Callable[[VirtualRemote], AbstractAsyncContextManager[Listener]]


@pytest.fixture(autouse=True)
def looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remotes, "LOOK_S", 0.01)


@pytest.fixture
def socket(tmp_path: Path, record_property: Callable[[str, object], None]) -> Socket:
    """The report tells which kind of virtual remote this machine allows."""
    place = Socket(tmp_path)
    record_property("virtual remotes", place.how)
    return place


@asynccontextmanager
async def listening(
    remote: VirtualRemote, open_device: Callable[[Path], Device] | None = None, *, grab: bool = False
) -> AsyncIterator[Listener]:
    """Follow what is plugged in where `remote` is. A pipe cannot be grabbed."""
    listener = Listener()
    meaning = Meaning(KEYMAP, listener.act)
    listener.remotes = Remotes(
        meaning.wants,
        meaning.take,
        meaning.gone,
        grab=grab,
        folder=remote.folder,
        open_device=open_device or remote.open,
    )
    following = asyncio.create_task(listener.remotes.follow())
    try:
        yield listener
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
