"""Bills: taken in once, seen by their own person alone, paid once from an account or in a store."""

from __future__ import annotations

import asyncio

import httpx
import msgspec
import pytest
from backend_kit import Cards, Machine, Visitor, problem, unplug
from bill_kit import EMPTY, LARGE, SMALL, Payer

from backend_client.wire import BillDraft, BillState, ForwardingRequest, StorePayment
from backend_stub.bills.ledger import check_digit
from backend_stub.partners.company import SENT
from backend_stub.town import Town


def states(payer_bills: object) -> list[str]:
    return [bill.state.value for bill in payer_bills.bills]  # type: ignore[attr-defined]


async def send(http: httpx.AsyncClient, path: str, message: object) -> httpx.Response:
    return await http.post(path, content=msgspec.json.encode(message))


async def test_sent_again_it_is_there_once(payer: Payer, town: Town) -> None:
    company, *_ = town.companies
    with company._engine.begin() as connection:
        connection.execute(SENT.delete())  # as if its answers had been lost
    for billing in company.file.billings:
        await company.bill(billing)
    assert sorted(bill.amount for bill in (await payer.bills()).bills) == [SMALL, LARGE]


async def test_another_content_under_a_number_is_refused(payer: Payer, machine: Machine, town: Town) -> None:
    life = machine("mihon-life")
    handle = (await life.get("/portal/partner-handles")).json()["handles"][0]
    bill = await payer.bill()
    draft = BillDraft(number="one", handle=handle, title="ほけん料", amount=10, due=bill.due)
    assert (await send(life, "/bills/drafts", draft)).status_code == 204
    assert problem(await send(life, "/bills/drafts", msgspec.structs.replace(draft, amount=11))) == (
        409,
        "content_wrong",
    )


async def test_only_a_company_that_was_let_in_and_for_its_own_handle(payer: Payer, machine: Machine) -> None:
    life, bill = machine("mihon-life"), await payer.bill()
    stranger = BillDraft(number="two", handle="x" * 43, title="ほけん料", amount=10, due=bill.due)
    assert problem(await send(life, "/bills/drafts", stranger)) == (403, "not_allowed")
    assert problem(await send(machine("midori-city"), "/bills/drafts", stranger))[0] == 401
    asked = ForwardingRequest(partner="mihon-life", handle="x" * 43)
    assert problem(await send(machine("oauth"), "/portal/forwardings", asked)) == (403, "not_allowed")


async def test_paid_once_from_the_account(payer: Payer) -> None:
    bill = await payer.bill()
    assert problem(await payer.pay(bill)) == (409, "not_possible"), "no account yet"
    assert (await payer.register()).json()["account"] == "****0000"
    answers = await asyncio.gather(*(payer.pay(bill) for _ in range(4)))
    assert {answer.json()["state"] for answer in answers} == {"paid"}
    assert len({answer.json()["receipt"] for answer in answers}) == 1
    assert (await payer.bill()).receipt == answers[0].json()["receipt"] != ""


async def test_an_account_without_money_leaves_it_open(payer: Payer) -> None:
    bill = await payer.bill()
    await payer.register(EMPTY)
    assert (await payer.pay(bill)).json()["state"] == "open"
    await payer.register()
    assert (await payer.pay(bill)).json()["state"] == "paid"


async def test_a_large_one_asks_for_the_card(payer: Payer, card: Cards, people: httpx.AsyncClient) -> None:
    await payer.register()
    bill, hanako = await payer.bill(LARGE), payer.visitor.card
    assert problem(await payer.pay(bill)) == (401, "token_invalid")
    nonce = await payer.nonce()
    assert problem(await payer.pay(bill, nonce, card("first").token(nonce))) == (401, "token_invalid")
    assert problem(await payer.pay(bill, nonce, hanako.token(nonce))) == (409, "challenge_unknown")
    assert (await payer.bill(LARGE)).state is BillState.OPEN
    nonce = await payer.nonce()
    assert (await payer.pay(bill, nonce, hanako.token(nonce))).json()["state"] == "paid"


async def test_paid_in_a_store(payer: Payer, machine: Machine) -> None:
    bill, life = await payer.bill(), machine("mihon-life")
    await payer.register()
    at_till = StorePayment(store_number=bill.store_number)
    for _ in range(2):
        assert (await send(life, "/bills/store-payments", at_till)).status_code == 204
    assert problem(await payer.pay(bill)) == (409, "not_possible")
    other = await payer.bill(LARGE)
    nonce = await payer.nonce()
    await payer.pay(other, nonce, payer.visitor.card.token(nonce))
    till = await send(life, "/bills/store-payments", StorePayment(store_number=other.store_number))
    assert problem(till) == (409, "not_possible")
    sent = (await life.get("/bills/sent")).json()["bills"]
    assert sorted(one["state"] for one in sent) == ["paid", "paid-at-store"]


async def test_the_payment_body_is_away_and_comes_back(payer: Payer, town: Town, machine: Machine) -> None:
    await payer.register()
    bill = await payer.bill()
    routes, doors = list(town.app.routes), dict(town.app.doors)
    unplug(town, "/payments")
    assert (await payer.pay(bill)).status_code == 502
    assert (await payer.bill()).state is BillState.PAYING
    till = await send(machine("mihon-life"), "/bills/store-payments", StorePayment(store_number=bill.store_number))
    assert problem(till) == (409, "not_possible")
    town.app.routes[:], town.app.doors = routes, doors
    await town.work()
    assert (await payer.bill()).state is BillState.PAID


async def test_nobody_elses(payer: Payer, card: Cards, people: httpx.AsyncClient) -> None:
    taro = Payer(Visitor(people, card("first")))
    await taro.visitor.come_in()
    await taro.enter()
    assert (await taro.bills()).bills == ()
    await taro.register()
    assert problem(await taro.pay(await payer.bill())) == (404, "not_found")
    taro.session = "nobody"
    assert problem(await taro.ask("GET", "/bills")) == (401, "session_unknown")


@pytest.mark.parametrize(("digits", "check"), [("490123456789", "4"), ("000000000000", "0"), ("629104150021", "3")])
def test_the_check_digit(digits: str, check: str) -> None:
    """The first and the last are examples that shops know."""
    assert check_digit(digits) == check


def test_no_till_takes_a_number_of_another_length() -> None:
    for number in ("123", "9" * 14, "8000000000000"):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert({"store_number": number}, StorePayment)
