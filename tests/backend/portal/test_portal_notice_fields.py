"""Notices with everything they can carry: weight and term, attachments, actions, marks, sharing, events to senders."""

from __future__ import annotations

from base64 import b64encode
from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest
from backend_kit import START, Cards, Clock, Machine, Visitor, problem, unplug
from sqlalchemy import create_engine, text

from backend_client import wire
from backend_client.wire.gateway import shown
from backend_stub.partners.company import Company
from backend_stub.town import Town

DELIVERED, OPENED, EXPIRED = (kind.value for kind in wire.NoticeEventType)
SOON, LATER = START + timedelta(days=3), START + timedelta(days=30)


def draft(title: str = "おしらせ", **changes: Any) -> wire.NoticeDraft:
    return wire.NoticeDraft(title=title, summary=("一行め",), body="本文", **changes)


class Desk:
    """Sends notices as the gateway and as the company."""

    def __init__(self, machine: Machine, symbol: str, handle: str) -> None:
        self._machine = machine
        self._symbol = symbol
        self.handle = handle
        self._sent = 0

    async def deliver(self, one: wire.NoticeDraft) -> httpx.Response:
        self._sent += 1
        message = wire.PortalDelivery(
            symbol=self._symbol, transaction_number=shown(self._sent.to_bytes(16)), sender="みどり市",
            sender_kind=wire.SenderKind.MUNICIPALITY, draft=one,
        )  # fmt: skip
        return await self._machine("gateway").post("/portal/deliveries", content=msgspec.json.encode(message))

    async def write(self, one: wire.NoticeDraft) -> httpx.Response:
        message = wire.PartnerNotice(handle=self.handle, draft=one)
        return await self._machine("mihon-life").post("/portal/partner-notices", content=msgspec.json.encode(message))


@pytest.fixture
async def adult(people: httpx.AsyncClient, card: Cards) -> Visitor:
    visitor = Visitor(people, card("adult"))
    await visitor.come_in()
    return visitor


@pytest.fixture
async def desk(adult: Visitor, machine: Machine, town: Town) -> Desk:
    request = wire.CounterRegistration(certificate=b64encode(adult.card.der).decode(), partners=("mihon-life",))
    await machine("midori-city").post("/portal/counter-registrations", content=msgspec.json.encode(request))
    (handle,) = (await machine("mihon-life").get("/portal/partner-handles")).json()["handles"]
    symbol = await symbol_of(town, adult)
    return Desk(machine, symbol, handle)


async def symbol_of(town: Town, adult: Visitor) -> str:
    portal = next(setup for name, setup in town._setups.items() if name == "portal")
    with create_engine(portal.database_url).connect() as connection:
        return str(connection.execute(text("SELECT symbol FROM folders")).scalar_one())


@pytest.fixture
def company(town: Town) -> Company:
    company, *_ = town.companies
    return company


async def first(visitor: Visitor) -> str:
    return str((await visitor.get("/notices")).json()["notices"][0]["id"])


# --- the list --------------------------------------------------------------------------------------------------------


async def test_what_weighs_most_and_is_due_first_stands_first(adult: Visitor, desk: Desk, clock: Clock) -> None:
    important, urgent = wire.Weight.IMPORTANT, wire.Weight.URGENT
    for one in (
        draft("法律", legal_effect=True),
        draft("後", weight=important, reply_by=LATER),
        draft("先", weight=important, reply_by=SOON),
        draft("いそぎ", weight=urgent),
        draft("ふつう 期限", reply_by=LATER),
    ):
        await desk.deliver(one)
        clock.turn(seconds=1)
    await desk.deliver(draft("ふつう"))
    assert await adult.titles() == ["いそぎ", "先", "後", "法律", "ふつう 期限", "ふつう"]
    clock.turn(days=5)
    await adult.come_in()
    await adult.get(f"/notices/{await first(adult)}")
    assert await adult.titles() == ["後", "先", "法律", "ふつう 期限", "ふつう", "いそぎ"], (
        "opened, or its term is over"
    )


async def test_everything_a_notice_carries_arrives(adult: Visitor, desk: Desk) -> None:
    text_, pdf = b64encode("くわしく".encode()).decode(), b64encode(b"%PDF-1.7").decode()
    documents = (
        wire.Document(filename="くわしく.txt", encoding_format=wire.DocumentFormat.TEXT, content=text_),
        wire.Document(filename="納付書.pdf", encoding_format=wire.DocumentFormat.PDF, content=pdf),
    )
    action = wire.NoticeAction(action_code=wire.ActionCode.PAY, label="保険料をはらう", until=SOON)
    await desk.deliver(draft(case_id="国保 2026-1", life_event="move", documents=documents, action=action))
    notice_id = await first(adult)
    assert problem(await adult.get(f"/notices/{notice_id}/documents/0")) == (404, "not_found"), "not before the receipt"
    notice = msgspec.json.decode((await adult.get(f"/notices/{notice_id}")).content, type=wire.Notice)
    assert (notice.case_id, notice.head.life_event, notice.action) == ("国保 2026-1", "move", action)
    assert [(one.filename, one.size) for one in notice.documents] == [("くわしく.txt", 12), ("納付書.pdf", 8)]
    whole = msgspec.json.decode((await adult.get(f"/notices/{notice_id}/documents/1")).content, type=wire.Document)
    assert whole == documents[1]
    for number in ("2", "x", "-1"):
        assert problem(await adult.get(f"/notices/{notice_id}/documents/{number}")) == (404, "not_found")


async def test_two_megabytes_in_one_document_are_refused_and_two_of_one_are_taken(adult: Visitor, desk: Desk) -> None:
    def of(size: int, count: int) -> wire.NoticeDraft:
        one = wire.Document(
            filename="大.pdf", encoding_format=wire.DocumentFormat.PDF, content=b64encode(bytes(size)).decode()
        )
        return draft(documents=(one,) * count)

    assert problem(await desk.deliver(of(2_000_000, 1))) == (400, "bad_request")
    assert problem(await desk.deliver(of(1_000_000, 5))) == (413, "too_large")
    assert await adult.titles() == []
    assert (await desk.deliver(of(1_000_000, 2))).status_code == 204


# --- sent again ------------------------------------------------------------------------------------------------------


async def test_one_sent_again_under_its_own_id_is_one_notice(adult: Visitor, desk: Desk) -> None:
    for _ in range(2):
        assert (await desk.deliver(draft("市", message_id="m-1"))).status_code == 204
        assert (await desk.write(draft("会社", message_id="m-1"))).status_code == 204
    assert sorted(await adult.titles()) == ["会社", "市"], "each sender has ids of its own"


async def test_the_company_may_forget_that_it_sent(adult: Visitor, desk: Desk, company: Company) -> None:
    mailing = company.file.mailings[0]
    company.reached = lambda _mailing: set()  # type: ignore[method-assign, assignment]
    company._note = lambda *_: None  # type: ignore[method-assign, assignment]
    for _ in range(2):
        await company.send(mailing)
    assert await adult.titles() == [mailing.draft.title]


# --- marks and sharing -----------------------------------------------------------------------------------------------


async def test_later_and_keep_are_remembered(
    adult: Visitor, desk: Desk, people: httpx.AsyncClient, card: Cards
) -> None:
    await desk.deliver(draft())
    notice_id = await first(adult)
    for mark in wire.NoticeMark:
        message = wire.MarkNotice(notice=notice_id, mark=mark)
        assert (await adult.post("/notice-marks", message)).status_code == 204
        assert (await adult.get("/notices")).json()["notices"][0]["mark"] == mark.value
    other = Visitor(people, card("first"))
    await other.come_in()
    refused = await other.post("/notice-marks", wire.MarkNotice(notice=notice_id, mark=wire.NoticeMark.KEEP))
    assert problem(refused) == (404, "not_found")


async def test_a_notice_is_shown_to_one_of_the_family_once(
    adult: Visitor, desk: Desk, people: httpx.AsyncClient, card: Cards, clock: Clock
) -> None:
    await desk.deliver(draft("家族に"))
    notice_id = await first(adult)
    family = Visitor(people, card("first"))
    await family.come_in()
    share = wire.ShareNotice(notice=notice_id)
    assert problem(await adult.post("/notice-shares", share)) == (404, "not_found"), "not before it was opened"
    await adult.get(f"/notices/{notice_id}")
    assert problem(await family.post("/notice-shares", share)) == (404, "not_found"), "not another's"
    code = (await adult.post("/notice-shares", share)).json()["code"]
    read = await family.post("/shared-notices", wire.SharedNotice(code=code))
    assert read.json()["head"]["title"] == "家族に"
    assert problem(await family.post("/shared-notices", wire.SharedNotice(code=code))) == (404, "not_found"), "once"
    late = (await adult.post("/notice-shares", share)).json()["code"]
    clock.turn(days=1, seconds=1)
    await family.come_in()
    assert problem(await family.post("/shared-notices", wire.SharedNotice(code=late))) == (404, "not_found")


async def test_who_guesses_codes_is_stopped(
    adult: Visitor, desk: Desk, people: httpx.AsyncClient, card: Cards, clock: Clock
) -> None:
    await desk.deliver(draft())
    notice_id = await first(adult)
    await adult.get(f"/notices/{notice_id}")
    code = (await adult.post("/notice-shares", wire.ShareNotice(notice=notice_id))).json()["code"]
    guesser = Visitor(people, card("first"))
    await guesser.come_in()
    for number in range(5):
        wrong = wire.SharedNotice(code=f"{(int(code) + 1 + number) % 10**8:08}")
        assert problem(await guesser.post("/shared-notices", wrong)) == (404, "not_found")
    assert problem(await guesser.post("/shared-notices", wire.SharedNotice(code=code))) == (404, "not_found")
    assert (await adult.post("/shared-notices", wire.SharedNotice(code=code))).status_code == 200, "others may"


# --- events ----------------------------------------------------------------------------------------------------------


async def test_a_company_hears_what_became_of_a_notice_that_asks_something(
    adult: Visitor, desk: Desk, town: Town, company: Company
) -> None:
    await desk.write(draft("たずねる", message_id="asks", reply_by=LATER))
    await desk.write(draft("読むだけ", message_id="reads"))
    await desk.write(draft("名なし"))
    for head in (await adult.get("/notices")).json()["notices"]:
        assert head["receipt"] is (head["title"] == "たずねる")
        for _ in range(2):
            await adult.get(f"/notices/{head['id']}")
    for _ in range(2):
        await town.work()
    assert sorted(company.heard()) == [(DELIVERED, "asks"), (DELIVERED, "reads"), (OPENED, "asks")]


async def test_who_is_down_hears_later_in_order_and_once(
    adult: Visitor, desk: Desk, town: Town, company: Company
) -> None:
    doors, routes = dict(town.app.doors), list(town.app.routes)
    await desk.write(draft(message_id="m-1", reply_by=LATER))
    await adult.get(f"/notices/{await first(adult)}")
    unplug(town, "/partners/mihon-life")
    await town.work()
    assert company.heard() == []
    town.app.doors, town.app.routes[:] = doors, routes
    for _ in range(2):
        await town.work()
    assert company.heard() == [(DELIVERED, "m-1"), (OPENED, "m-1")]


async def test_what_nobody_opened_in_time_is_told_once(
    adult: Visitor, desk: Desk, town: Town, company: Company, clock: Clock
) -> None:
    await desk.write(draft(message_id="m-1", reply_by=SOON))
    for _ in range(2):
        clock.turn(days=4)
        await adult.sign_in()
        await town.work()
    assert company.heard() == [(DELIVERED, "m-1"), (EXPIRED, "m-1")]


async def test_an_event_counts_once_and_only_the_portals(machine: Machine, company: Company) -> None:
    event = wire.NoticeEvent(
        specversion="1.0", id="0" * 32, source="/portal", type=wire.NoticeEventType.OPENED, subject="m-1", time=START
    )
    content = msgspec.json.encode(event)
    for _ in range(2):
        assert (await machine("portal").post("/partners/mihon-life/notice-events", content=content)).status_code == 204
    assert company.heard() == [(OPENED, "m-1")]
    refused = await machine("midori-city").post("/partners/mihon-life/notice-events", content=content)
    assert problem(refused) == (401, "machine_unknown")
