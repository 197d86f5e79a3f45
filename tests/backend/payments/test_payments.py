"""Payments: an account by a token, charges once for each key, refunds, look-ups, and nothing of another's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import httpx
import msgspec
import pytest
from backend_kit import ORIGIN, Clock, problem
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from backend_client.wire import AccountShown, Charge, NewMeans, PaymentKey
from backend_stub import payments
from backend_stub.machines import Machine, Registry, Role, Signer
from backend_stub.peers import Peers, Setup

FULL, EMPTY = "9000000", "9000001"
BILL = "bill-2026-11"


class Collector:
    """A body that takes payments."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def post(self, path: str, message: object) -> httpx.Response:
        return await self.http.post(path, content=msgspec.json.encode(message))

    async def token(self, account: str = FULL) -> str:
        token: str = (await self.post("/tokens", AccountShown(account=account))).json()["token"]
        return token

    async def means(self, account: str = FULL) -> str:
        answer = await self.post("/means", NewMeans(token=await self.token(account)))
        assert answer.json()["label"] == f"****{account[-4:]}"
        means: str = answer.json()["id"]
        return means

    async def charge(self, means: str, amount: int = 4200, key: str = BILL) -> httpx.Response:
        return await self.post("/charges", Charge(key=key, means=means, amount=amount, words="みほん電力 11月分"))


@pytest.fixture
async def collector(tmp_path: Path, clock: Clock) -> AsyncIterator[Callable[[str], Collector]]:
    """`collector(name)`: that collector before a payment body of its own; `shop` is known but collects nothing."""
    keys = {name: Ed25519PrivateKey.generate() for name in ("bills", "hospital", "shop")}
    roles = {"shop": frozenset({Role.PARTNER})}
    machines = tuple(
        Machine(name, name, roles.get(name, frozenset({Role.COLLECTOR})), key.public_key())
        for name, key in keys.items()
    )
    own = Ed25519PrivateKey.generate()
    setup = Setup(
        tmp_path, f"sqlite:///{tmp_path}/payments.db", Registry(machines), Peers(Signer("payments", own), {}), clock,
        X25519PrivateKey.generate(), {},
    )  # fmt: skip
    body = payments.build(setup)
    transport = httpx.ASGITransport(body.app())
    clients = {
        name: httpx.AsyncClient(transport=transport, base_url=ORIGIN, auth=Signer(name, key))
        for name, key in keys.items()
    }
    yield lambda name: Collector(clients[name])
    for client in clients.values():
        await client.aclose()
    assert body.close is not None
    await body.close()


async def test_a_charge_is_made_once_for_a_key(collector: Callable[[str], Collector]) -> None:
    bills = collector("bills")
    means = await bills.means()
    first = (await bills.charge(means)).json()
    assert (first["state"], first["amount"]) == ("paid", 4200)
    assert first["receipt"]
    again = await asyncio.gather(*(bills.charge(means) for _ in range(4)))
    assert [answer.json() for answer in again] == [first] * 4
    assert problem(await bills.charge(means, 4300)) == (409, "content_wrong")
    assert (await bills.post("/look-ups", PaymentKey(key=BILL))).json() == first
    assert (await bills.charge(means, 4200, "bill-2026-12")).json()["receipt"] != first["receipt"]


async def test_a_refund_gives_it_back_once(collector: Callable[[str], Collector], clock: Clock) -> None:
    bills = collector("bills")
    await bills.charge(await bills.means())
    clock.turn(minutes=5)
    refunds = [(await bills.post("/refunds", PaymentKey(key=BILL))).json() for _ in range(2)]
    assert refunds[0]["state"] == "refunded"
    assert refunds[0]["at"].startswith(clock().isoformat()[:19])
    clock.turn(minutes=5)
    assert refunds[1] == refunds[0] == (await bills.post("/look-ups", PaymentKey(key=BILL))).json()


async def test_an_account_without_money(collector: Callable[[str], Collector]) -> None:
    bills = collector("bills")
    answer = (await bills.charge(await bills.means(EMPTY))).json()
    assert (answer["state"], answer["receipt"]) == ("declined", "")
    assert problem(await bills.post("/refunds", PaymentKey(key=BILL))) == (409, "not_possible")
    with_money = await bills.charge(await bills.means(), key=f"{BILL}-again")
    assert with_money.json()["state"] == "paid"


async def test_a_token_counts_once_and_for_ten_minutes(collector: Callable[[str], Collector], clock: Clock) -> None:
    bills = collector("bills")
    token = await bills.token()
    assert (await bills.post("/means", NewMeans(token=token))).status_code == 200
    assert problem(await bills.post("/means", NewMeans(token=token))) == (409, "not_possible")
    late = await bills.token()
    clock.now += timedelta(minutes=10, seconds=1)
    assert problem(await bills.post("/means", NewMeans(token=late))) == (409, "not_possible")


async def test_nothing_of_another_collectors(collector: Callable[[str], Collector]) -> None:
    bills, hospital = collector("bills"), collector("hospital")
    means = await bills.means()
    await bills.charge(means)
    assert problem(await hospital.charge(means)) == (404, "not_found")
    for path in ("/look-ups", "/refunds"):
        assert problem(await hospital.post(path, PaymentKey(key=BILL))) == (404, "not_found")
    assert (await hospital.charge(await hospital.means())).json()["state"] == "paid", "keys are each collector's own"


async def test_who_collects_nothing_is_not_let_in(collector: Callable[[str], Collector]) -> None:
    shop = collector("shop")
    assert problem(await shop.charge("x")) == (403, "not_allowed")
    assert problem(await shop.post("/means", NewMeans(token="x"))) == (403, "not_allowed")


async def test_no_other_accounts_than_tests(collector: Callable[[str], Collector]) -> None:
    for account in ("1234567", "90000000", "900000a"):
        assert problem(await collector("bills").http.post("/tokens", json={"account": account})) == (400, "bad_request")
