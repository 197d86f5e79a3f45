"""Cards: from an issuer that was let in to a counter that has no line and one public key."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import httpx
import msgspec
import pytest
from backend_kit import Cards, Clock, Machine, Visitor, problem

from backend_client import showings
from backend_client.showings import NotGenuine, OtherCounter, OutOfTime, check_showing
from backend_client.wire import CardDraft, CardEnd, HeldCard, HeldCards, PassRequest, ShowingRequest
from backend_stub.people import Resident
from backend_stub.setups import body_folder, machine_key
from backend_stub.town import Town

COUNTER = "4711"
Ask = Callable[..., Awaitable[httpx.Response]]


@pytest.fixture
def key(town: Town, data: object) -> bytes:
    """All that a counter has."""
    return machine_key(body_folder(data, "cards")).public_key().public_bytes_raw()  # type: ignore[arg-type]


@pytest.fixture
async def ask(town: Town, card: Cards, residents: tuple[Resident, ...], people: httpx.AsyncClient) -> Ask:
    """Hanako, in the body of cards, with one card of a company."""
    hanako = card("adult")
    (resident,) = (one for one in residents if one.id == "adult")
    city = town.agencies["midori-city"]
    await city.enrol("adult", resident.items)
    await city.open_folder(hanako.der, resident.partners)
    company, *_ = town.companies
    for _ in range(2):
        for membership in company.file.memberships:
            await company.issue(membership)
    return await entered(Visitor(people, hanako))


async def entered(visitor: Visitor) -> Ask:
    await visitor.come_in()
    shown = await visitor.post("/passes", PassRequest(service="cards"))
    session = (await visitor.people.post("/cards/sessions", content=shown.content)).json()["session"]
    headers = {"authorization": f"Bearer {session}"}

    async def ask(method: str, path: str, message: object = None) -> httpx.Response:
        content = None if message is None else msgspec.json.encode(message)
        return await visitor.people.request(method, f"/cards{path}", content=content, headers=headers)

    return ask


async def held(ask: Ask) -> tuple[HeldCard, ...]:
    return msgspec.json.decode((await ask("GET", "/cards")).content, type=HeldCards).cards


async def code(ask: Ask) -> str:
    (card,) = await held(ask)
    answer = await ask("POST", "/showings", ShowingRequest(id=card.id, counter=COUNTER))
    shown: str = answer.json()["code"]
    return shown


async def test_shown_and_taken(ask: Ask, key: bytes, clock: Clock) -> None:
    (card,) = await held(ask)
    showing = check_showing(await code(ask), key, COUNTER, clock())
    assert (showing.title, showing.holder, showing.number) == (card.title, "見本 花子", card.number)
    assert showing.issuer == "みほん生命"


async def test_two_minutes_at_one_counter(ask: Ask, key: bytes, clock: Clock) -> None:
    shown = await code(ask)
    check_showing(shown, key, COUNTER, clock() + timedelta(seconds=119))
    with pytest.raises(OutOfTime):
        check_showing(shown, key, COUNTER, clock() + timedelta(seconds=121))
    with pytest.raises(OutOfTime):
        check_showing(shown, key, COUNTER, clock() - timedelta(minutes=5))
    with pytest.raises(OtherCounter):
        check_showing(shown, key, "4712", clock())


async def test_no_byte_can_be_another(ask: Ask, key: bytes, clock: Clock) -> None:
    shown = await code(ask)
    for at in range(0, len(shown) - 1):
        other = "A" if shown[at] != "A" else "B"
        with pytest.raises(NotGenuine):
            check_showing(shown[:at] + other + shown[at + 1 :], key, COUNTER, clock())
    with pytest.raises(NotGenuine):
        check_showing(shown, machine_key_of_another(), COUNTER, clock())
    for nothing in ("", "x", "AAAA", "あ", shown + "AAAA"):
        with pytest.raises(NotGenuine):
            check_showing(nothing, key, COUNTER, clock())


def machine_key_of_another() -> bytes:
    return bytes(31) + b"\x01"


async def test_a_card_whose_term_is_over(ask: Ask, key: bytes, clock: Clock) -> None:
    shown = await code(ask)
    (card,) = await held(ask)
    clock.now = clock.now.replace(year=2029)
    with pytest.raises(OutOfTime):
        check_showing(shown, key, COUNTER, clock())
    assert showings.LONGEST_S > 120
    assert card.valid_until == date(2028, 3, 31)


async def test_the_card_itself_is_over(ask: Ask, card: Cards, people: httpx.AsyncClient, machine: Machine) -> None:
    life = machine("mihon-life")
    handle = (await life.get("/portal/partner-handles")).json()["handles"][0]
    old = CardDraft(number="old", handle=handle, title="会員証", holder="見本 花子", valid_until=date(2026, 11, 20))
    assert (await life.post("/cards/drafts", content=msgspec.json.encode(old))).status_code == 204
    (over,) = (one for one in await held(ask) if one.number == "old")
    assert problem(await ask("POST", "/showings", ShowingRequest(id=over.id, counter=COUNTER))) == (409, "not_possible")
    await life.post("/cards/ends", content=msgspec.json.encode(CardEnd(number="old")))
    assert len(await held(ask)) == 1


async def test_nobody_elses(ask: Ask, card: Cards, people: httpx.AsyncClient, machine: Machine) -> None:
    (mine,) = await held(ask)
    taro = await entered(Visitor(people, card("first")))
    assert await held(taro) == ()
    assert problem(await taro("POST", "/showings", ShowingRequest(id=mine.id, counter=COUNTER))) == (404, "not_found")
    stranger = CardDraft(number="x", handle="x" * 43, title="会員証", holder="見本", valid_until=date(2027, 1, 1))
    refused = await machine("mihon-life").post("/cards/drafts", content=msgspec.json.encode(stranger))
    assert problem(refused) == (403, "not_allowed")
