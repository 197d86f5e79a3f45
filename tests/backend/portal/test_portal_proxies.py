"""Somebody acts for somebody: both agree with their own cards, within scope and term, seen by both, ended by either."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx
import msgspec
import pytest
from backend_kit import START, Card, Cards, Clock, Machine, Visitor, problem
from test_portal_records import exchange_all

from backend_client import wire
from backend_client.wire import ProxyScope
from backend_stub.people import Resident
from backend_stub.town import Town

UNTIL = START + timedelta(days=365)


async def made(visitor: Visitor, proxy: Visitor, *scopes: ProxyScope, **changes: object) -> wire.Proxy:
    code = await offered(visitor, *scopes, **changes)
    answer = await proxy.post("/proxies", wire.ProxyCodeTyped(code=code))
    assert answer.status_code == 200, answer.json()
    return msgspec.json.decode(answer.content, type=wire.Proxy)


async def offered(visitor: Visitor, *scopes: ProxyScope, **changes: object) -> str:
    offer = {"scopes": scopes or (ProxyScope.NOTICES,), "until": UNTIL, **changes}
    return str((await visitor.post("/proxy-offers", wire.ProxyOffer(**offer))).json()["code"])


async def listed(visitor: Visitor) -> wire.ProxyList:
    return msgspec.json.decode((await visitor.get("/proxies")).content, type=wire.ProxyList)


async def acting(proxy: Visitor, by: wire.Proxy) -> Visitor:
    """The proxy once more, in the session for the other person."""
    answer = await proxy.post("/actings", wire.ActingRequest(proxy=by.id))
    assert answer.status_code == 200, answer.json()
    other = Visitor(proxy.people, proxy.card)
    other.session = answer.json()["session"]
    return other


@pytest.fixture
async def parent(people: httpx.AsyncClient, card: Cards) -> Visitor:
    visitor = Visitor(people, card("adult"))
    await visitor.come_in()
    return visitor


@pytest.fixture
async def proxy(people: httpx.AsyncClient, card: Cards) -> Visitor:
    visitor = Visitor(people, card("first"))
    await visitor.come_in()
    return visitor


async def test_each_agrees_with_the_own_card_and_both_see_it(parent: Visitor, proxy: Visitor) -> None:
    code = await offered(parent, ProxyScope.NOTICES, ProxyScope.RECORDS)
    seen = msgspec.json.decode(
        (await proxy.post("/proxy-codes", wire.ProxyCodeTyped(code=code))).content, type=wire.ProxyOffered
    )
    assert (seen.name, seen.scopes) == ("見本 花子", (ProxyScope.NOTICES, ProxyScope.RECORDS))
    assert (await listed(parent)).proxies == ()
    by = msgspec.json.decode((await proxy.post("/proxies", wire.ProxyCodeTyped(code=code))).content, type=wire.Proxy)
    ((mine,), (theirs,)) = (await listed(parent)).proxies, (await listed(proxy)).proxies
    assert (mine.acts_for, theirs.acts_for, theirs) == (False, True, by)
    assert theirs.name == "見本 花子"
    assert "代理人が 決まりました" in await parent.titles()
    refused = await proxy.post("/proxies", wire.ProxyCodeTyped(code=code))
    assert problem(refused) == (404, "not_found")


async def test_the_door_says_who_may_act_for_others_until_it_is_ended(parent: Visitor, proxy: Visitor) -> None:
    by = await made(parent, proxy)
    answers = [(await one.sign_in()).json()["acts_for_others"] for one in (parent, proxy)]
    assert answers == [False, True]
    await parent.come_in()
    assert (await parent.post("/proxy-ends", wire.ProxyEnd(proxy=by.id))).status_code == 204
    assert (await proxy.sign_in()).json()["acts_for_others"] is False


async def test_nobody_asks_for_another_what_changed(parent: Visitor, proxy: Visitor) -> None:
    since = wire.OwnChanges(since=START)
    assert (await parent.post("/own-changes", since)).json() == {"items": [], "registered": True}
    other = await acting(proxy, await made(parent, proxy, *ProxyScope))
    assert problem(await other.post("/own-changes", since)) == (403, "not_allowed")


async def test_acting_is_within_the_scope_and_written_down(
    parent: Visitor, proxy: Visitor, town: Town, residents: tuple[Resident, ...]
) -> None:
    await exchange_all(town, residents, "adult")
    by = await made(parent, proxy, ProxyScope.RECORDS)
    other = await acting(proxy, by)
    seen = (await other.post("/record-pages", wire.RecordPageRequest())).json()
    assert seen == (await parent.post("/record-pages", wire.RecordPageRequest())).json()
    assert seen["records"]
    (act,) = (await listed(parent)).acts
    assert (act.scope, act.name) == (ProxyScope.RECORDS, by_name(town, residents, "first"))
    for answer in (await other.get("/notices"), await other.get("/proxies"), await other.get("/consents")):
        assert problem(answer) == (403, "not_allowed")
    for path, message in (
        ("/passes", wire.PassRequest(service="medical")),
        ("/proxy-offers", wire.ProxyOffer(scopes=(ProxyScope.NOTICES,), until=UNTIL)),
        ("/actings", wire.ActingRequest(proxy=by.id)),
    ):
        assert problem(await other.post(path, message)) == (403, "not_allowed")
    assert len((await listed(parent)).acts) == 1


def by_name(town: Town, residents: tuple[Resident, ...], one: str) -> str:
    return next(resident.name for resident in residents if resident.id == one)


async def test_a_kind_that_is_hidden_is_nowhere(
    parent: Visitor, proxy: Visitor, town: Town, residents: tuple[Resident, ...]
) -> None:
    await exchange_all(town, residents, "adult")
    whole = (await parent.post("/record-pages", wire.RecordPageRequest())).json()["records"]
    hidden = whole[0]["record"]["words"]["kind"]
    other = await acting(proxy, await made(parent, proxy, ProxyScope.RECORDS, hidden=(hidden,)))
    shown = (await other.post("/record-pages", wire.RecordPageRequest())).json()["records"]
    assert [one for one in whole if one["record"]["words"]["kind"] != hidden] == shown
    number = whole[0]["record"]["transaction_number"]
    for path, message in (
        ("/record-proofs", wire.ProofAsked(transaction_number=number)),
        ("/cases", wire.CaseOpening(transaction_number=number)),
    ):
        assert problem(await other.post(path, message)) == (404, "not_found")
    assert problem(await other.get("/record-counts")) == (403, "not_allowed")


@pytest.mark.parametrize("who", ["person", "proxy"])
async def test_either_ends_it_at_once(parent: Visitor, proxy: Visitor, who: str) -> None:
    by = await made(parent, proxy)
    other = await acting(proxy, by)
    assert (await other.get("/notices")).status_code == 200
    ender = {"person": parent, "proxy": proxy}[who]
    assert (await ender.post("/proxy-ends", wire.ProxyEnd(proxy=by.id))).status_code == 204
    assert problem(await other.get("/notices")) == (401, "session_unknown")
    assert problem(await proxy.post("/actings", wire.ActingRequest(proxy=by.id))) == (404, "not_found")
    assert problem(await ender.post("/proxy-ends", wire.ProxyEnd(proxy=by.id))) == (404, "not_found")
    assert (await listed(proxy)).proxies == (await listed(parent)).proxies == ()
    assert len((await listed(parent)).acts) == 1, "what was done is not forgotten with it"


async def test_its_term_ends_it(parent: Visitor, proxy: Visitor, clock: Clock) -> None:
    other = await acting(proxy, await made(parent, proxy, until=START + timedelta(minutes=5)))
    clock.turn(minutes=5)
    assert problem(await other.get("/notices")) == (401, "session_unknown")


async def test_nobody_else_uses_it(parent: Visitor, proxy: Visitor, people: httpx.AsyncClient, card: Cards) -> None:
    by = await made(parent, proxy)
    third = Visitor(people, card("renewed"))
    await third.come_in()
    for visitor in (parent, third):
        assert problem(await visitor.post("/actings", wire.ActingRequest(proxy=by.id))) == (404, "not_found")
    assert problem(await third.post("/proxy-ends", wire.ProxyEnd(proxy=by.id))) == (404, "not_found")


async def test_codes_are_not_guessed_nor_used_late_or_by_oneself(parent: Visitor, proxy: Visitor, clock: Clock) -> None:
    code = wire.ProxyCodeTyped(code=await offered(parent))
    assert problem(await parent.post("/proxies", code)) == (409, "not_possible")
    wrong = wire.ProxyCodeTyped(code=f"{(int(code.code) + 1) % 10**8:08}")
    for _ in range(5):
        assert problem(await proxy.post("/proxy-codes", wrong)) == (404, "not_found")
    assert problem(await proxy.post("/proxies", code)) == (409, "not_possible")
    clock.turn(minutes=9)
    assert (await proxy.get("/proxies")).status_code == (await parent.get("/proxies")).status_code == 200
    clock.turn(minutes=2)
    assert problem(await proxy.post("/proxies", code)) == (404, "not_found")


Lay = Callable[..., Awaitable[httpx.Response]]


@pytest.fixture
def lay(machine: Machine, card: Cards) -> Lay:
    async def lay(body: str, principal: Card, proxy: Card, kind: wire.ProxyKind) -> httpx.Response:
        message = wire.CounterProxy(
            principal=b64encode(principal.der).decode(),
            proxy=b64encode(proxy.der).decode(),
            kind=kind,
            scopes=(ProxyScope.NOTICES,),
            until=UNTIL,
        )
        return await machine(body).post("/portal/counter-proxies", content=msgspec.json.encode(message))

    return lay


async def test_a_counter_lays_down_what_the_law_says(parent: Visitor, proxy: Visitor, lay: Lay) -> None:
    assert (await lay("midori-city", parent.card, proxy.card, wire.ProxyKind.WARD)).status_code == 204
    (by,) = (await listed(proxy)).proxies
    assert (by.kind, by.acts_for, by.name) == (wire.ProxyKind.WARD, True, "見本 花子")
    assert (await (await acting(proxy, by)).get("/notices")).status_code == 200
    refused = await lay("midori-city", parent.card, proxy.card, wire.ProxyKind.VOLUNTARY)
    assert problem(refused) == (409, "content_wrong")
    assert problem(await lay("midori-tax", parent.card, proxy.card, wire.ProxyKind.WARD))[0] in (401, 403)


async def test_who_has_no_folder_has_no_proxy(proxy: Visitor, lay: Lay, card: Cards) -> None:
    refused = await lay("midori-city", card("renewed"), proxy.card, wire.ProxyKind.CHILD)
    assert problem(refused) == (404, "not_found")
