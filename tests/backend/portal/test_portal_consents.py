"""Consent end to end: a law tuple that needs it works while the person lets it, and not before or after."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from backend_kit import Cards, Clock, Visitor, problem

from backend_client.wire import Consent, ConsentEnd
from backend_stub.agencies.file import Ask, Desk
from backend_stub.body import Refusal
from backend_stub.peers import Peers
from backend_stub.people import Resident
from backend_stub.town import Town

LAW = "return-medical"
ASK = Ask(law=LAW, desk=Desk(department="個人課税部門", terminal="個人-01"), purpose="医療費控除の確認", residents=())


class Office:
    """The tax office, which asks what needs consent."""

    def __init__(self, town: Town, reference: str) -> None:
        self._tax = town.agencies["midori-tax"]
        self._reference = reference

    async def asks(self) -> str:
        try:
            answer = await self._tax.ask(self._reference, ASK)
        except Refusal as refusal:
            return refusal.code
        return answer.outcome.value


@pytest.fixture
def reference(town: Town) -> str:
    """Of whom the insurer holds medical costs."""
    (holding,) = (one for one in town.agencies["mihon-kokuho"].file.holdings if one.kind == "medical-cost")
    return next(one for one in holding.of if one not in holding.withheld)


@pytest.fixture
async def office(town: Town, residents: tuple[Resident, ...], reference: str) -> Office:
    (person,) = (one for one in residents if one.id == reference)
    for name in ("midori-tax", "mihon-kokuho"):
        await town.agencies[name].enrol(reference, person.items)
    return Office(town, reference)


@pytest.fixture
async def visitor(people: httpx.AsyncClient, card: Cards, reference: str) -> Visitor:
    visitor = Visitor(people, card(reference))
    await visitor.come_in()
    return visitor


async def listed(visitor: Visitor) -> list[str]:
    return [one["law"] for one in (await visitor.get("/consents")).json()["consents"]]


async def test_refused_before_works_after_refused_after_withdrawal_and_after_the_term(
    office: Office, visitor: Visitor, clock: Clock
) -> None:
    assert await office.asks() == "consent_missing"
    until = clock() + timedelta(minutes=5)
    assert (await visitor.post("/consents", Consent(law=LAW, until=until))).status_code == 204
    assert (await visitor.get("/consents")).json() == {
        "consents": [{"law": LAW, "until": until.isoformat()[:19] + "Z"}]
    }
    assert await office.asks() == "provided"
    for _ in range(2):
        assert (await visitor.post("/consent-withdrawals", ConsentEnd(law=LAW))).status_code == 204
    assert (await office.asks(), await listed(visitor)) == ("consent_missing", [])
    await visitor.post("/consents", Consent(law=LAW, until=until))
    assert (await office.asks(), await listed(visitor)) == ("provided", [LAW])
    clock.turn(minutes=5)
    assert (await office.asks(), await listed(visitor)) == ("consent_missing", [])


async def test_the_consent_is_that_persons_and_the_newest_word_counts(
    office: Office, visitor: Visitor, clock: Clock, people: httpx.AsyncClient, card: Cards, reference: str
) -> None:
    another = Visitor(people, card("adult" if reference != "adult" else "first"))
    await another.come_in()
    await another.post("/consents", Consent(law=LAW, until=clock() + timedelta(days=1)))
    assert (await office.asks(), await listed(visitor)) == ("consent_missing", [])
    for minutes in (60, 1):
        await visitor.post("/consents", Consent(law=LAW, until=clock() + timedelta(minutes=minutes)))
    clock.turn(minutes=2)
    assert (await office.asks(), await listed(visitor)) == ("consent_missing", [])


@pytest.mark.parametrize("law", ["no-such-law", "return-address"])
async def test_what_the_gateway_refuses_is_not_listed(visitor: Visitor, clock: Clock, law: str) -> None:
    answer = await visitor.post("/consents", Consent(law=law, until=clock() + timedelta(days=1)))
    assert problem(answer) == (403, "law_forbids")
    assert await listed(visitor) == []


async def test_a_term_that_is_over_leaves_the_consent_that_is_there(visitor: Visitor, clock: Clock) -> None:
    await visitor.post("/consents", Consent(law=LAW, until=clock() + timedelta(days=1)))
    answer = await visitor.post("/consents", Consent(law=LAW, until=clock()))
    assert answer.status_code in (400, 409)
    assert await listed(visitor) == [LAW]


async def test_what_may_have_reached_the_gateway_is_listed(
    visitor: Visitor, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lost(*_: object) -> bytes:
        raise Refusal("peer_unavailable", "gateway")

    with monkeypatch.context() as patch:
        patch.setattr(Peers, "_send", lost)
        answer = await visitor.post("/consents", Consent(law=LAW, until=clock() + timedelta(days=1)))
        assert problem(answer) == (502, "peer_unavailable")
        assert await listed(visitor) == [LAW]
        await visitor.post("/consent-withdrawals", ConsentEnd(law=LAW))
        assert await listed(visitor) == [LAW], "the gateway has not heard of it"
    await visitor.post("/consent-withdrawals", ConsentEnd(law=LAW))
    assert await listed(visitor) == []


@pytest.mark.parametrize("path", ["/consents", "/consent-withdrawals"])
async def test_who_is_not_signed_in_has_no_say(people: httpx.AsyncClient, card: Cards, clock: Clock, path: str) -> None:
    stranger = Visitor(people, card("adult"))
    answer = await stranger.post(path, Consent(law=LAW, until=clock() + timedelta(days=1)))
    assert problem(answer) == (401, "session_unknown")
    assert problem(await stranger.get("/consents")) == (401, "session_unknown")
