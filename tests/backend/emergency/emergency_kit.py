"""Notices to issue, and people who are let into a service by a pass."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import msgspec
from backend_kit import START, Visitor

from backend_client.wire import EvacuationOrder, Level, PassRequest, Shelter

SCHOOL = Shelter(id="school", name="みどり小学校", place="みどり町1-1")
HALL = Shelter(id="hall", name="みどり公民館", place="みどり町2-3")
ORDER = EvacuationOrder(
    level=Level.EVERYBODY,
    area="みどり市 川ぞい地区",
    lines=("みどり川の水が、あふれるおそれがあります。",),
    shelters=(SCHOOL, HALL),
    valid_until=START + timedelta(hours=6),
)


def order(**changes: Any) -> EvacuationOrder:
    return msgspec.structs.replace(ORDER, **changes)


class Client:
    """One body as a citizen or a machine reaches it."""

    def __init__(self, http: httpx.AsyncClient, mount: str, session: str = "") -> None:
        self._http = http
        self._mount = mount
        self._headers = {"authorization": f"Bearer {session}"} if session else {}

    async def post(self, path: str, message: object = None) -> httpx.Response:
        content = b"" if message is None else msgspec.json.encode(message)
        return await self._http.post(self._mount + path, content=content, headers=self._headers)

    async def get(self, path: str) -> httpx.Response:
        return await self._http.get(self._mount + path, headers=self._headers)


async def let_in(visitor: Visitor, service: str) -> Client:
    """Into a service, from a portal session."""
    shown = await visitor.post("/passes", PassRequest(service=service))
    entered = await visitor.people.post(f"/{service}/sessions", content=shown.content)
    return Client(visitor.people, f"/{service}", entered.json()["session"])
