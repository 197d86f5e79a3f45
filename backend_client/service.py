"""A service beside the portal, entered by a pass: its calls carry a session of its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from backend_client import wire
from backend_client.errors import Refused

T = TypeVar("T")


class Line(Protocol):
    """What a service is reached by: `Backend`."""

    async def give_pass(self, service: str) -> wire.Pass: ...

    async def ask(
        self, method: str, path: str, message: wire.Message | None, kind: type[T], session: str | None
    ) -> T: ...

    async def tell(self, path: str, message: wire.Message | None, session: str) -> None: ...


class Service:
    """One service during one visit. `mount` is its path. Methods raise BackendError leaves.

    It is entered at the first call, and once more when its session is over while the portal's goes on.
    """

    def __init__(self, line: Line, name: str, mount: str) -> None:
        self._line = line
        self._name = name
        self._mount = mount
        self._session: str | None = None

    async def get(self, path: str, kind: type[T]) -> T:
        return await self._inside(lambda session: self._line.ask("GET", self._mount + path, None, kind, session))

    async def post(self, path: str, message: wire.Message | None, kind: type[T]) -> T:
        return await self._inside(lambda session: self._line.ask("POST", self._mount + path, message, kind, session))

    async def tell(self, path: str, message: wire.Message | None) -> None:
        """POST what is answered by nothing but that it arrived."""
        await self._inside(lambda session: self._line.tell(self._mount + path, message, session))

    async def _inside(self, call: Callable[[str], Awaitable[T]]) -> T:
        entered_before = self._session is not None
        try:
            return await call(await self._enter())
        except Refused as exc:
            if exc.code != "session_unknown" or not entered_before:
                raise
        self._session = None
        return await call(await self._enter())

    async def _enter(self) -> str:
        if self._session is None:
            shown = await self._line.give_pass(self._name)
            entered = await self._line.ask("POST", f"{self._mount}/sessions", shown, wire.Entered, None)
            self._session = entered.session
        return self._session
