"""The hospital's cashier: the card on the reader pays once, above a limit with four digits, and can have it back."""

from __future__ import annotations

import asyncio
import re
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from backend_kit import Card, problem, unplug

from backend_client import wire
from backend_stub.setups import body_folder

FULL, EMPTY = "9000000", "9000001"
KEY = "visit-12"

CardOf = Callable[..., Card]


class Patient:
    """A patient with a card on the reader."""

    def __init__(self, people: httpx.AsyncClient, card: Card) -> None:
        self._people = people
        self.card = card
        self.certificate = b64encode(card.der).decode()

    async def post(self, path: str, message: object = None) -> httpx.Response:
        return await self._people.post(path, content=b"" if message is None else msgspec.json.encode(message))

    async def proof(self) -> wire.CashierProof:
        nonce = (await self.post("/cashier/challenges")).json()["nonce"]
        return wire.CashierProof(nonce=nonce, token=self.card.token(nonce))

    async def register(self, account: str = FULL) -> httpx.Response:
        token = (await self.post("/payments/tokens", wire.AccountShown(account=account))).json()["token"]
        proof = await self.proof()
        return await self.post(
            "/cashier/cards", wire.CardRegistration(nonce=proof.nonce, token=proof.token, account=token)
        )

    async def charge(self, amount: int = 1200, key: str = KEY, proof: wire.CashierProof | None = None) -> Any:
        charge = wire.CashierCharge(key=key, certificate=self.certificate, amount=amount, proof=proof)
        return await self.post("/cashier/charges", charge)

    async def close(self, key: str = KEY) -> Any:
        return (await self.post("/cashier/closings", wire.CashierKey(key=key))).json()


@pytest.fixture
def hanako(people: httpx.AsyncClient, card: CardOf) -> Patient:
    return Patient(people, card("adult"))


async def test_the_card_on_the_reader_pays_once(hanako: Patient) -> None:
    assert (await hanako.register()).json() == {"label": "****0000", "digits_above": 10_000}
    shown = await hanako.post("/cashier/registered", wire.CardShown(certificate=hanako.certificate))
    assert shown.json()["label"] == "****0000"
    answers = [answer.json() for answer in await asyncio.gather(*(hanako.charge() for _ in range(4)))]
    assert answers[0]["state"] == "paid"
    assert answers[0]["receipt"]
    assert answers == [answers[0]] * 4
    assert await hanako.close() == answers[0]
    assert problem(await hanako.charge(1300)) == (409, "content_wrong")


async def test_a_closed_charge_never_comes(hanako: Patient) -> None:
    await hanako.register()
    assert (await hanako.close())["state"] == "nothing"
    assert (await hanako.charge()).json()["state"] == "nothing", "it was under way when it was closed"
    assert (await hanako.charge(key="visit-12-again")).json()["state"] == "paid"


async def test_a_charge_cut_on_its_way_to_the_payment_body(hanako: Patient, town: Any) -> None:
    await hanako.register()
    routes, doors = list(town.app.routes), town.app.doors
    unplug(town, "/payments")
    assert problem(await hanako.charge())[1] == "peer_unavailable"
    assert problem(await hanako.post("/cashier/closings", wire.CashierKey(key=KEY)))[1] == "peer_unavailable"
    town.app.routes[:], town.app.doors = routes, doors
    assert (await hanako.close())["state"] == "nothing"
    assert (await hanako.charge()).json()["state"] == "nothing"


async def test_four_digits_above_the_limit(hanako: Patient, people: httpx.AsyncClient, card: CardOf) -> None:
    await hanako.register()
    assert (await hanako.charge(10_000, "small")).json()["state"] == "paid"
    assert problem(await hanako.charge(10_001)) == (403, "not_allowed")
    taro = await Patient(people, card("first")).proof()
    assert problem(await hanako.charge(10_001, proof=taro)) == (403, "not_allowed")
    proof = await hanako.proof()
    assert (await hanako.charge(10_001, proof=proof)).json()["state"] == "paid"
    assert problem(await hanako.charge(10_001, "other", proof)) == (409, "challenge_unknown")


async def test_a_card_that_is_not_registered(hanako: Patient, people: httpx.AsyncClient, card: CardOf) -> None:
    await hanako.register()
    taro = Patient(people, card("first"))
    shown = wire.CardShown(certificate=taro.certificate)
    assert problem(await taro.post("/cashier/registered", shown)) == (404, "not_found")
    assert problem(await taro.charge()) == (404, "not_found")
    assert (await taro.register(EMPTY)).json()["label"] == "****0001"
    assert (await taro.charge()).json()["state"] == "declined"


async def test_a_card_that_was_revoked_pays_nothing(people: httpx.AsyncClient, card: CardOf) -> None:
    assert problem(await Patient(people, card("revoked")).charge()) == (403, "certificate_revoked")


async def test_a_refund_needs_the_receipt_and_is_given_once(hanako: Patient) -> None:
    await hanako.register()
    paid = (await hanako.charge()).json()
    wrong = wire.CashierRefund(key=KEY, receipt="0000000000000000")
    assert problem(await hanako.post("/cashier/refunds", wrong)) == (404, "not_found")
    right = wire.CashierRefund(key=KEY, receipt=paid["receipt"])
    refunds = [(await hanako.post("/cashier/refunds", right)).json() for _ in range(2)]
    assert refunds[0]["state"] == "refunded"
    assert refunds == [refunds[0]] * 2
    assert await hanako.close() == refunds[0]


async def test_neither_account_nor_serial_is_kept(hanako: Patient, data: Path) -> None:
    await hanako.register()
    await hanako.charge()
    kept = b"".join(path.read_bytes() for path in body_folder(data, "cashier").rglob("*") if path.is_file())
    assert b"0000" in kept, "its label is"
    assert re.search(rb"9000000(?![0-9])", kept) is None
    assert str(hanako.card.serial).encode() not in kept


async def test_a_receipt_goes_into_the_post_box_of_whose_card_it_is(hanako: Patient, card: CardOf) -> None:
    await hanako.register()
    paid = (await hanako.charge()).json()
    wanted = wire.ReceiptWanted(key=KEY, receipt=paid["receipt"], certificate=hanako.certificate, place="みほん病院")
    assert problem(await hanako.post("/cashier/receipts", wanted)) == (404, "not_found"), "nobody has opened a folder"
    other = msgspec.structs.replace(wanted, certificate=b64encode(card("first").der).decode())
    assert problem(await hanako.post("/cashier/receipts", other)) == (404, "not_found")
    wrong = msgspec.structs.replace(wanted, receipt="0000000000000000")
    assert problem(await hanako.post("/cashier/receipts", wrong)) == (404, "not_found")
