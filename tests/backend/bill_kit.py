"""Somebody who pays bills."""

from __future__ import annotations

from dataclasses import dataclass

import httpx
import msgspec
from backend_kit import Visitor

from backend_client.wire import AccountRegistration, AccountShown, AuthToken, Bill, BillList, BillPayment, PassRequest

FULL, EMPTY = "9000000", "9000001"
SMALL, LARGE = 4200, 48_000


@dataclass
class Payer:
    """A person signed in at a kiosk."""

    visitor: Visitor
    session: str = ""

    async def enter(self) -> None:
        shown = await self.visitor.post("/passes", PassRequest(service="bills"))
        self.session = (await self.visitor.people.post("/bills/sessions", content=shown.content)).json()["session"]

    async def ask(self, method: str, path: str, message: object = None) -> httpx.Response:
        content = None if message is None else msgspec.json.encode(message)
        headers = {"authorization": f"Bearer {self.session}"}
        return await self.visitor.people.request(method, f"/bills{path}", content=content, headers=headers)

    async def bills(self) -> BillList:
        return msgspec.json.decode((await self.ask("GET", "/bills")).content, type=BillList)

    async def bill(self, amount: int = SMALL) -> Bill:
        (found,) = (bill for bill in (await self.bills()).bills if bill.amount == amount)
        return found

    async def register(self, account: str = FULL) -> httpx.Response:
        shown = AccountShown(account=account)
        given = await self.visitor.people.post("/payments/tokens", content=msgspec.json.encode(shown))
        return await self.ask("POST", "/account", AccountRegistration(token=given.json()["token"]))

    async def pay(self, bill: Bill, nonce: str = "", token: AuthToken | None = None) -> httpx.Response:
        return await self.ask("POST", "/payments", BillPayment(id=bill.id, nonce=nonce, token=token))

    async def nonce(self) -> str:
        nonce: str = (await self.ask("POST", "/challenges")).json()["nonce"]
        return nonce
