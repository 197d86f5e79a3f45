"""People who are signed in at the portal, and the services they enter with a pass."""

from __future__ import annotations

import httpx
import msgspec
from backend_kit import Visitor

from backend_client.wire import Pass, PassRequest


class Guest:
    """Somebody at one service. `pass_for` fetches a pass, `enter` shows one, `come_in` does both."""

    def __init__(self, visitor: Visitor, service: str, mount: str) -> None:
        self.visitor = visitor
        self.service = service
        self.mount = mount
        self.session = ""

    async def pass_for(self, service: str = "") -> Pass:
        answer = await self.visitor.post("/passes", PassRequest(service=service or self.service))
        assert answer.status_code == 200, answer.text
        return msgspec.json.decode(answer.content, type=Pass)

    async def enter(self, shown: Pass) -> httpx.Response:
        return await self.visitor.people.post(f"{self.mount}/sessions", content=msgspec.json.encode(shown))

    async def come_in(self) -> Guest:
        answer = await self.enter(await self.pass_for())
        assert answer.status_code == 200, answer.text
        self.session = answer.json()["session"]
        return self

    async def get(self, path: str) -> httpx.Response:
        return await self.visitor.people.get(f"{self.mount}{path}", headers=self._headers)

    async def post(self, path: str, message: object) -> httpx.Response:
        content = msgspec.json.encode(message)
        return await self.visitor.people.post(f"{self.mount}{path}", content=content, headers=self._headers)

    @property
    def _headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.session}"}
