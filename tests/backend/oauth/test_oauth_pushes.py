"""Changes of address by subscription: pushed once, in order, again while the company is down, never after the end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

import msgspec
import pytest
from backend_kit import Clock, Machine, problem, unplug
from oauth_kit import Meeting, details

from backend_client.wire import AddressData, AddressEvent, ResidentChange, ResidentEvent
from backend_stub.oauth.consents import Consent, Consents
from backend_stub.oauth.person import Person as Holders
from backend_stub.partners import Company
from backend_stub.people import Resident as Person
from backend_stub.town import Town

Move = Callable[[str], Awaitable[None]]
FIRST, SECOND = "みほん県みどり市例示台九丁目", "みほん県みどり市若葉町一丁目"


@pytest.fixture
def life(town: Town) -> Company:
    company, *_ = town.companies
    return company


@pytest.fixture
def moves(machine: Machine, clock: Clock, residents: tuple[Person, ...], town: Town) -> Move:
    """Tells the register of a move, and lets the town work after the time between two looks."""
    (hanako,) = (one for one in residents if one.id == "adult")

    async def move(address: str) -> None:
        clock.turn(minutes=1)
        items = msgspec.structs.replace(hanako.items, address=address)
        change = ResidentChange(reference="adult", event=ResidentEvent.CHANGED, at=clock(), items=items)
        answer = await machine("midori-city").post("/authority/resident-changes", content=msgspec.json.encode(change))
        assert answer.status_code == 204, answer.text
        clock.turn(minutes=10)
        await town.work()

    return move


async def subscribed(meeting: Meeting) -> str:
    """The consent, as the company knows it."""
    tokens = await meeting.tokens("address-changes", authorization_details=details("pension", "address-changes"))
    return str(tokens["authorization_details"][0]["identifier"])


async def reads(meeting: Meeting) -> list[str]:
    (consent,) = await meeting.resident.consents()
    return [read["field"] for read in consent["reads"]]


async def test_each_move_is_told_once(meeting: Meeting, life: Company, moves: Move, town: Town, clock: Clock) -> None:
    consent = await subscribed(meeting)
    clock.turn(minutes=10)
    await town.work()
    assert life.heard() == []
    await moves(FIRST)
    assert life.address(consent) == FIRST
    for _ in range(2):  # the change is still within the time in which late ones are looked for
        clock.turn(minutes=10)
        await town.work()
    assert [kind for kind, _ in life.heard()] == ["jp.symbol.address.changed"]
    await moves(SECOND)
    assert life.address(consent) == SECOND
    await meeting.resident.visitor.come_in()
    await meeting.resident.enter()
    assert await reads(meeting) == ["address-changes", "address-changes"]


async def test_it_waits_while_the_company_is_down_and_comes_in_order(
    meeting: Meeting, life: Company, moves: Move, town: Town
) -> None:
    consent = await subscribed(meeting)
    plug_in = unplug(town, "/partners/mihon-life")
    await moves(FIRST)
    await moves(SECOND)
    assert life.heard() == []
    plug_in()
    await town.work()
    assert (life.address(consent), len(life.heard())) == (SECOND, 2)
    await meeting.resident.visitor.come_in()
    await meeting.resident.enter()
    assert await reads(meeting) == ["address-changes"] * 2, "tried again it is no other read"


async def test_who_has_withdrawn_is_told_of_no_move_before_or_after(
    meeting: Meeting, life: Company, moves: Move, town: Town
) -> None:
    await subscribed(meeting)
    plug_in = unplug(town, "/partners/mihon-life")
    await moves(FIRST)
    await meeting.resident.visitor.come_in()
    await meeting.resident.enter()
    (consent,) = await meeting.resident.consents()
    await meeting.resident.withdraws(consent["id"])
    plug_in()
    await moves(SECOND)
    assert life.heard() == []


async def test_withdrawn_while_the_register_is_asked_nothing_goes_out(
    meeting: Meeting, life: Company, moves: Move, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rule: the look right before the answer goes out decides."""
    await subscribed(meeting)
    looked = Consents.in_force

    def in_force(self: Consents, consent_id: str, now: datetime) -> object:
        found = looked(self, consent_id, now)
        self.revoke(consent_id, now)  # as soon as it was looked at the first time
        return found

    monkeypatch.setattr(Consents, "in_force", in_force)
    await moves(FIRST)
    assert life.heard() == []


async def test_withdrawn_while_a_company_reads(meeting: Meeting, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same rule for reads: the holder has answered, and the company is told nothing."""
    token = (await meeting.tokens())["access_token"]
    (consent,) = await meeting.resident.consents()
    fetched = Holders.four_items

    async def four_items(self: Holders, asked: Consent) -> object:
        items = await fetched(self, asked)
        assert (await meeting.resident.withdraws(consent["id"])).status_code == 200
        return items

    monkeypatch.setattr(Holders, "four_items", four_items)
    answer = await meeting.company.read("/person/four-items", token)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")
    assert "見本" not in answer.text


async def test_events_come_from_the_authorization_server_alone_and_count_once(
    life: Company, machine: Machine, clock: Clock
) -> None:
    event = AddressEvent(
        specversion="1.0", id="0" * 32, source="/oauth", type="jp.symbol.address.changed", subject="c1", time=clock(),
        data=AddressData(address=FIRST),
    )  # fmt: skip
    for address, status in ((FIRST, 204), (SECOND, 204)):
        content = msgspec.json.encode(msgspec.structs.replace(event, data=AddressData(address=address)))
        answer = await machine("oauth").post("/partners/mihon-life/address-events", content=content)
        assert answer.status_code == status
    assert life.address("c1") == FIRST
    forged = await machine("portal").post("/partners/mihon-life/address-events", content=msgspec.json.encode(event))
    assert problem(forged) == (403, "not_allowed")
