"""Notices: who may send them, who sees them, and the receipt."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from backend_kit import Cards, Clock, Machine, Visitor, problem
from sqlalchemy import create_engine, text

from backend_client.wire import CounterRegistration, NoticeDraft, PartnerNotice, PortalDelivery, SenderKind
from backend_client.wire.gateway import shown
from backend_stub.town import body_folder

DRAFT = NoticeDraft(title="保険料のお知らせ", summary=("一行め", "二行め"), body="本文です。")


class Office:
    """Whoever sends notices, through the gateway's and the partner's own endpoints."""

    def __init__(self, machine: Machine, data: Path) -> None:
        self.machine = machine
        self.database = create_engine(f"sqlite:///{body_folder(data, 'portal') / 'portal.db'}")
        self.sent = 0

    def symbol(self, visitor: Visitor) -> str:
        sql = text("SELECT symbol FROM folders f JOIN certificates c ON c.folder_id = f.id WHERE c.serial = :serial")
        with self.database.connect() as connection:
            return str(connection.execute(sql, {"serial": visitor.card.serial}).scalar_one())

    async def deliver(
        self, visitor: Visitor, draft: NoticeDraft = DRAFT, number: str = "", **changes: object
    ) -> httpx.Response:
        self.sent += 1
        message = PortalDelivery(
            symbol=self.symbol(visitor), transaction_number=number or shown(self.sent.to_bytes(16)), sender="みどり市",
            sender_kind=SenderKind.MUNICIPALITY, draft=draft,
        )  # fmt: skip
        content = msgspec.json.encode(msgspec.structs.replace(message, **changes))
        return await self.machine("gateway").post("/portal/deliveries", content=content)

    async def let_in(self, visitor: Visitor) -> str:
        """Open the folder with the company let in; the handle."""
        before = await self.handles()
        request = CounterRegistration(certificate=b64encode(visitor.card.der).decode(), partners=("mihon-life",))
        await self.machine("midori-city").post("/portal/counter-registrations", content=msgspec.json.encode(request))
        (handle,) = await self.handles() - before
        return handle

    async def handles(self) -> set[str]:
        return set((await self.machine("mihon-life").get("/portal/partner-handles")).json()["handles"])

    async def write(self, handle: str, draft: NoticeDraft = DRAFT) -> httpx.Response:
        content = msgspec.json.encode(PartnerNotice(handle=handle, draft=draft))
        return await self.machine("mihon-life").post("/portal/partner-notices", content=content)


@pytest.fixture
def office(machine: Machine, data: Path) -> Office:
    return Office(machine, data)


@pytest.fixture
async def adult(people: httpx.AsyncClient, card: Cards) -> Visitor:
    visitor = Visitor(people, card("adult"))
    await visitor.come_in()
    return visitor


@pytest.fixture
async def other(people: httpx.AsyncClient, card: Cards) -> Visitor:
    visitor = Visitor(people, card("first"))
    await visitor.come_in()
    return visitor


async def test_a_notice_comes_is_counted_read_and_receipted(adult: Visitor, office: Office, clock: Clock) -> None:
    draft = NoticeDraft(title="重要", summary=("一", "二", "三"), body="本文", legal_effect=True)
    assert (await office.deliver(adult, draft)).status_code == 204
    assert (await adult.sign_in()).json()["unread_notices"] == 1
    (head,) = (await adult.get("/notices")).json()["notices"]
    assert head | {"id": ""} == {
        "id": "", "sender": "みどり市", "sender_kind": "municipality", "title": "重要",
        "arrived_at": "2026-11-21T00:00:00Z", "opened": False, "legal_effect": True, "receipt": True,
        "weight": "normal", "reply_by": None, "life_event": "", "mark": "none",
    }  # fmt: skip
    clock.turn(minutes=1)
    first = (await adult.get(f"/notices/{head['id']}")).json()
    assert first == {
        "head": head | {"opened": True}, "summary": ["一", "二", "三"], "body": "本文",
        "case_id": "", "documents": [], "action": None,
    }  # fmt: skip
    clock.turn(minutes=1)
    await adult.get(f"/notices/{head['id']}")
    with office.database.connect() as connection:
        assert connection.execute(text("SELECT opened_at FROM notices")).scalar() == "2026-11-21T00:01:00.000000+00:00"
    assert (await adult.sign_in()).json()["unread_notices"] == 0


async def test_the_newest_notice_stands_first(adult: Visitor, office: Office, clock: Clock) -> None:
    for title in ("一", "二", "三"):
        await office.deliver(adult, msgspec.structs.replace(DRAFT, title=title))
        clock.turn(seconds=1)
    assert await adult.titles() == ["三", "二", "一"]


async def test_a_notice_delivered_twice_is_there_once(adult: Visitor, other: Visitor, office: Office) -> None:
    for visitor in (adult, adult, other):
        assert (await office.deliver(visitor, number=shown(bytes(16)))).status_code == 204
    assert len(await adult.titles()) == len(await other.titles()) == 1


async def test_two_residents_never_see_each_others_notices(adult: Visitor, other: Visitor, office: Office) -> None:
    await office.deliver(adult, msgspec.structs.replace(DRAFT, title="花子さんへ"))
    await office.deliver(other, msgspec.structs.replace(DRAFT, title="太郎さんへ"))
    for mine, theirs, title in ((adult, other, "花子さんへ"), (other, adult, "太郎さんへ")):
        assert await mine.titles() == [title]
        (foreign,) = (await theirs.get("/notices")).json()["notices"]
        assert problem(await mine.get(f"/notices/{foreign['id']}")) == (404, "not_found")
        assert not (await theirs.get("/notices")).json()["notices"][0]["opened"]


async def test_visits_at_the_same_time_do_not_mix(people: httpx.AsyncClient, card: Cards, office: Office) -> None:
    ids = ("adult", "first", "last-try", "blocked")
    visitors = {name: Visitor(people, card(name)) for name in ids}

    async def visit(resident: str) -> tuple[str, list[str]]:
        name = (await visitors[resident].come_in()).json()["name"]
        await office.deliver(visitors[resident], msgspec.structs.replace(DRAFT, title=resident))
        return name, await visitors[resident].titles()

    answers = await asyncio.gather(*map(visit, ids))
    assert dict(zip(ids, answers, strict=True)) == {
        "adult": ("見本 花子", ["adult"]),
        "first": ("見本 太郎", ["first"]),
        "last-try": ("例示 春子", ["last-try"]),
        "blocked": ("例示 夏夫", ["blocked"]),
    }


async def test_markup_is_carried_as_it_is(adult: Visitor, office: Office) -> None:
    text_ = '<b onclick="x">太字</b> {requester} %s \u200b'
    await office.deliver(adult, NoticeDraft(title=text_, summary=(text_,), body=text_))
    (head,) = (await adult.get("/notices")).json()["notices"]
    notice = (await adult.get(f"/notices/{head['id']}")).json()
    assert (head["title"], notice["summary"], notice["body"]) == (text_, [text_], text_)


@pytest.mark.parametrize(
    "changes",
    [
        {"title": ""},
        {"title": "あ" * 101},
        {"summary": ("1", "2", "3", "4")},
        {"summary": ("あ" * 101,)},
        {"title": "一\n"},
        {"body": "あ" * 20_001},
        {"body": "\0"},
    ],
)
async def test_what_nobody_can_read_is_not_taken(adult: Visitor, office: Office, changes: dict[str, Any]) -> None:
    draft = msgspec.structs.replace(DRAFT, **changes)
    assert problem(await office.deliver(adult, draft)) == (400, "bad_request")
    assert await adult.titles() == []


async def test_there_is_no_delivery_without_a_folder(adult: Visitor, office: Office) -> None:
    refused = await office.deliver(adult, symbol="00" * 33)
    assert problem(refused) == (404, "not_found")


async def test_only_the_gateway_delivers(adult: Visitor, office: Office, machine: Machine) -> None:
    message = PortalDelivery(symbol=office.symbol(adult), transaction_number=shown(bytes(16)), sender="だれか",
                             sender_kind=SenderKind.AGENCY, draft=DRAFT)  # fmt: skip
    content = msgspec.json.encode(message)
    assert problem(await adult.people.post("/portal/deliveries", content=content)) == (401, "machine_unknown")
    for body in ("midori-city", "mihon-life"):
        assert problem(await machine(body).post("/portal/deliveries", content=content)) == (403, "not_allowed")
    assert await adult.titles() == []


async def test_a_company_writes_to_who_let_it_in_under_its_registered_name(
    people: httpx.AsyncClient, card: Cards, office: Office, other: Visitor
) -> None:
    adult = Visitor(people, card("adult"))
    handle = await office.let_in(adult)
    assert (await office.write(handle)).status_code == 204
    await adult.sign_in()
    (head,) = (await adult.get("/notices")).json()["notices"]
    assert (head["sender"], head["sender_kind"], head["legal_effect"]) == ("みほん生命", "company", False)
    assert await other.titles() == []


async def test_a_company_that_is_not_let_in_writes_to_nobody(adult: Visitor, office: Office) -> None:
    for handle in ("guess", office.symbol(adult)[:64], adult.card.serial):
        assert problem(await office.write(handle)) == (403, "not_allowed")
    assert await adult.titles() == []


async def test_a_companys_notice_never_has_legal_effect(people: httpx.AsyncClient, card: Cards, office: Office) -> None:
    handle = await office.let_in(Visitor(people, card("adult")))
    draft = msgspec.structs.replace(DRAFT, legal_effect=True)
    assert problem(await office.write(handle, draft)) == (403, "not_allowed")


async def test_a_handle_is_random_and_serves_its_company_alone(
    people: httpx.AsyncClient, card: Cards, office: Office, machine: Machine
) -> None:
    adult = Visitor(people, card("adult"))
    handle = await office.let_in(adult)
    assert len(handle) == 43
    for known in (office.symbol(adult), adult.card.serial, "adult"):
        assert known not in handle
    with office.database.begin() as connection:  # as if the handle had been given to another company
        connection.execute(text("UPDATE let_in SET partner_id = 'other-life'"))
    assert problem(await office.write(handle)) == (403, "not_allowed")
    assert await office.handles() == set()


async def test_handles_are_for_companies(machine: Machine, people: httpx.AsyncClient) -> None:
    assert problem(await people.get("/portal/partner-handles")) == (401, "machine_unknown")
    assert problem(await machine("gateway").get("/portal/partner-handles")) == (403, "not_allowed")
