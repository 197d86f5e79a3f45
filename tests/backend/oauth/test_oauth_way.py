"""The whole way: a request pushed, a number typed at the kiosk, digits brought back, a code, tokens, reads, the end."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import httpx
import msgspec
import pytest
from backend_kit import Cards, Clock, Machine, Visitor, problem, unplug
from oauth_kit import ALL, Meeting, Resident, came_back, details, error

from backend_client.wire import FourItems, Pass, PassRequest, ResidentChange, ResidentEvent
from backend_stub import sdjwt
from backend_stub.jose import NotSigned, shown_key
from backend_stub.oauth.person import is_of_age
from backend_stub.people import Resident as Person
from backend_stub.town import Town


async def test_the_kiosk_says_who_asks_for_what_and_the_company_gets_it(meeting: Meeting, clock: Clock) -> None:
    number = await meeting.number()
    asked = (await meeting.resident.types(number)).json()
    assert (asked["partner"], asked["fields"]) == ("みほん生命", list(ALL))
    assert asked["until"].startswith((clock() + timedelta(days=30)).isoformat()[:19])
    check = (await meeting.resident.answers(number, "four-items", "notices")).json()["check"]
    code = came_back(await meeting.browser.type(check))["code"]
    tokens = (await meeting.company.token(code)).json()
    assert tokens["token_type"] == "DPoP"
    (granted,) = tokens["authorization_details"]
    assert granted["datatypes"] == ["four-items", "notices"]
    read = await meeting.company.read("/person/four-items", tokens["access_token"])
    assert read.json()["name"] == "見本 花子"
    assert error(await meeting.company.read("/person/sex", tokens["access_token"])) == (403, "insufficient_scope")


async def test_a_no_goes_back_as_a_no(meeting: Meeting) -> None:
    number = await meeting.number()
    assert (await meeting.resident.answers(number)).json() == {"check": ""}
    back = came_back(await meeting.browser.look())
    assert (back["error"], back["state"]) == ("access_denied", meeting.company.state)
    assert await meeting.resident.consents() == []


async def test_an_answer_counts_once_and_only_for_what_was_asked(meeting: Meeting) -> None:
    number = await meeting.number(authorization_details=details("contract", "sex"))
    assert problem(await meeting.resident.answers(number, "four-items")) == (409, "content_wrong")
    assert (await meeting.resident.answers(number, "sex")).status_code == 200
    assert problem(await meeting.resident.answers(number, "sex")) == (404, "not_found")


async def test_without_the_four_digits_there_is_no_consent(meeting: Meeting) -> None:
    """Who began a request and had somebody else agree to it does not get any further."""
    number = await meeting.number()
    check = (await meeting.resident.answers(number, *ALL)).json()["check"]
    wrong = f"{(int(check) + 1) % 10_000:04}"
    for _ in range(2):
        assert "番号が ちがいます" in (await meeting.browser.type(wrong)).text
    assert came_back(await meeting.browser.type(wrong))["error"] == "access_denied"
    assert (await meeting.browser.type(check)).status_code == 400
    assert await meeting.resident.consents() == []


async def test_a_page_is_one_browsers(meeting: Meeting, people: httpx.AsyncClient) -> None:
    number = await meeting.number()
    check = (await meeting.resident.answers(number, *ALL)).json()["check"]
    assert (await people.get(meeting.browser.page)).status_code == 400
    assert (await people.post(meeting.browser.page, data={"check": check})).status_code == 400


async def test_who_guesses_numbers_is_stopped(meeting: Meeting) -> None:
    number = await meeting.number()
    wrong = f"{(int(number) + 1) % 1_000_000:06}"
    for _ in range(10):
        assert problem(await meeting.resident.types(wrong)) == (404, "not_found")
    assert problem(await meeting.resident.types(number)) == (409, "not_possible")


async def test_a_number_is_shown_for_ten_minutes(meeting: Meeting, clock: Clock) -> None:
    number = await meeting.number()
    clock.turn(minutes=10, seconds=1)
    assert (await meeting.browser.look()).status_code == 400
    await meeting.resident.visitor.come_in()
    await meeting.resident.enter()
    assert problem(await meeting.resident.types(number)) == (404, "not_found")


async def test_withdrawn_while_the_company_reads(meeting: Meeting) -> None:
    tokens = await meeting.tokens()
    assert (await meeting.company.read("/person/four-items", tokens["access_token"])).status_code == 200
    (consent,) = await meeting.resident.consents()
    assert [read["field"] for read in consent["reads"]] == ["four-items"]
    assert (await meeting.resident.withdraws(consent["id"])).status_code == 200
    assert error(await meeting.company.read("/person/four-items", tokens["access_token"])) == (401, "invalid_token")
    assert error(await meeting.company.refresh(tokens["refresh_token"])) == (400, "invalid_grant")
    assert await meeting.resident.consents() == []


async def test_a_consent_is_its_owners(meeting: Meeting, people: httpx.AsyncClient, card: Cards) -> None:
    await meeting.tokens()
    (consent,) = await meeting.resident.consents()
    another = Resident(Visitor(people, card("first")))
    await another.visitor.come_in()
    await another.enter()
    assert await another.consents() == []
    assert (await another.withdraws(consent["id"])).status_code == 200
    assert len(await meeting.resident.consents()) == 1


async def test_tokens_live_shortly_and_are_refreshed_for_the_term(meeting: Meeting, clock: Clock) -> None:
    tokens = await meeting.tokens()
    clock.turn(minutes=5)
    assert error(await meeting.company.read("/notices", tokens["access_token"])) == (401, "invalid_token")
    clock.turn(days=29)
    fresh = (await meeting.company.refresh(tokens["refresh_token"])).json()
    assert (await meeting.company.read("/notices", fresh["access_token"])).status_code == 200
    clock.turn(days=1)
    assert error(await meeting.company.refresh(tokens["refresh_token"])) == (400, "invalid_grant")


async def test_a_second_consent_for_the_same_purpose_takes_the_firsts_place(meeting: Meeting) -> None:
    first = await meeting.tokens("sex")
    await meeting.tokens("age-over-20")
    (consent,) = await meeting.resident.consents()
    assert consent["fields"] == ["age-over-20"]
    assert error(await meeting.company.read("/person/sex", first["access_token"])) == (401, "invalid_token")


@pytest.mark.parametrize(("field", "claim", "value"), [("age-over-20", "age_over_20", True), ("sex", "sex", "2")])
async def test_age_alone_or_sex_alone(meeting: Meeting, field: str, claim: str, value: object) -> None:
    tokens = await meeting.tokens()
    text = (await meeting.company.read(f"/person/{field}", tokens["access_token"])).json()["sd_jwt"]
    (jwk,) = (await meeting.company.http.get("/oauth/jwks")).json()["keys"]
    key = shown_key(jwk)
    claims = sdjwt.read(text, key)
    assert claims[claim] == value
    assert claims.keys() == {"iss", "sub", "iat", "exp", "cnf", claim}
    for other in ("見本", "1944", "みどり市"):
        assert other not in text
    token, disclosure, rest = text.split("~")
    assert "sex" not in sdjwt.read(f"{token}~{rest}", key)
    with pytest.raises(NotSigned):
        sdjwt.read(f"{token}~{disclosure}~{disclosure}~", key)
    with pytest.raises(NotSigned):
        sdjwt.read(f"{token}~{disclosure[:-4]}AAAA~", key)


def test_of_age_on_the_twentieth_birthday_in_japan(clock: Clock) -> None:
    now = clock().replace(month=2, day=28, hour=15)  # the first of March has begun in Japan
    assert is_of_age(now.date().replace(year=2006, month=3, day=1), now)
    assert not is_of_age(now.date().replace(year=2006, month=3, day=2), now)


async def test_proof_of_life_and_a_subscription_to_changes_of_address(meeting: Meeting, clock: Clock) -> None:
    tokens = await meeting.tokens(
        "alive", "address-changes", authorization_details=details("pension", "alive", "address-changes")
    )
    token = tokens["access_token"]
    alive = await meeting.company.read("/person/alive", token)
    assert alive.json() == {"alive": True, "on": "2026-11-21"}
    changes = await meeting.company.read("/person/address-changes", token)
    assert changes.json() == {"changed": False}
    for bad in ("?since=soon", "?since=2026-11-21T00:00:00"):
        assert error(await meeting.company.read("/person/address-changes", token, query=bad)) == (
            400,
            "invalid_request",
        )


async def test_a_move_and_a_death(
    meeting: Meeting, clock: Clock, machine: Machine, residents: tuple[Person, ...]
) -> None:
    (hanako,) = (one for one in residents if one.id == "adult")
    asked = details("pension", "alive", "address-changes")
    token = (await meeting.tokens("alive", "address-changes", authorization_details=asked))["access_token"]

    async def happens(event: ResidentEvent, items: FourItems | None = None) -> None:
        clock.turn(seconds=30)
        change = ResidentChange(reference="adult", event=event, at=clock(), items=items)
        answer = await machine("midori-city").post("/authority/resident-changes", content=msgspec.json.encode(change))
        assert answer.status_code == 204, answer.text

    await happens(ResidentEvent.CHANGED, msgspec.structs.replace(hanako.items, address="みほん県みどり市例示台九丁目"))
    changes = await meeting.company.read("/person/address-changes", token)
    assert changes.json() == {"changed": True, "address": "みほん県みどり市例示台九丁目"}
    clock.turn(seconds=30)
    since = "?since=" + quote(clock().isoformat())
    again = await meeting.company.read("/person/address-changes", token, query=since)
    assert again.json() == {"changed": False}
    assert (await meeting.company.read("/person/alive", token)).json()["alive"] is True
    await happens(ResidentEvent.DIED)
    assert (await meeting.company.read("/person/alive", token)).json()["alive"] is False


async def test_a_holder_that_is_down_is_no_answer(meeting: Meeting, town: Town) -> None:
    tokens = await meeting.tokens()
    unplug(town, "/authority")
    read = await meeting.company.read("/person/four-items", tokens["access_token"])
    assert error(read) == (503, "temporarily_unavailable")
    (consent,) = await meeting.resident.consents()
    assert consent["reads"] == []


async def test_headings_of_notices_from_authorities_alone(
    meeting: Meeting, machine: Machine, residents: tuple[Person, ...], town: Town
) -> None:
    (hanako,) = (one for one in residents if one.id == "adult")
    city = town.agencies["midori-city"]
    await city.enrol("adult", hanako.items)
    await city.send("adult", city.file.mailings[0])
    await city.open_folder(meeting.resident.visitor.card.der, ("mihon-life",))
    company, *_ = town.companies
    await company.send(company.file.mailings[0])
    tokens = await meeting.tokens()
    read = (await meeting.company.read("/notices", tokens["access_token"])).json()
    assert [notice["sender"] for notice in read["notices"]] == ["みどり市 国保年金課"]
    assert not (await meeting.resident.visitor.get("/notices")).json()["notices"][0]["opened"]
    asked = await machine("mihon-life").post("/portal/guest-notices", json={"handle": "x"})
    assert problem(asked) == (403, "not_allowed")


async def test_a_pass_lets_in_once_for_a_minute_and_here_alone(meeting: Meeting, clock: Clock) -> None:
    visitor = meeting.resident.visitor

    async def entered(shown: bytes) -> httpx.Response:
        return await visitor.people.post("/oauth/sessions", content=shown)

    shown = (await visitor.post("/passes", PassRequest(service="oauth"))).content
    assert (await entered(shown)).status_code == 200
    assert problem(await entered(shown)) == (403, "pass_invalid")
    late = (await visitor.post("/passes", PassRequest(service="oauth"))).content
    first, second = (msgspec.json.decode(one, type=Pass) for one in (shown, late))
    mixed = msgspec.structs.replace(second, signature=first.signature)
    assert problem(await entered(msgspec.json.encode(mixed))) == (403, "pass_invalid")
    clock.turn(seconds=61)
    assert problem(await entered(late)) == (403, "pass_late")
    assert problem(await visitor.post("/passes", PassRequest(service="gateway"))) == (404, "not_found")
