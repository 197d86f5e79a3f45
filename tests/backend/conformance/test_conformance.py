"""The same town, however it is run: what citizens and agencies are promised holds in each of the four arrangements."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import msgspec
import pytest
from backend_kit import make_paper, make_token
from cryptography.hazmat.primitives.asymmetric import rsa
from places import Place

from backend_client import wire
from backend_client.proof import checks, key_of, read_evidence
from backend_stub.agencies.file import Ask, Desk
from backend_stub.body import Refusal

DESK = Desk(department="試験係", terminal="試験-01")
CardKeys = Callable[[str], rsa.RSAPrivateKey]


def asking(law: str) -> Ask:
    return Ask(law=law, desk=DESK, purpose="適合性の試験", residents=())


async def visit(place: Place, card_keys: CardKeys, name: str) -> tuple[wire.SignedIn, httpx.Headers]:
    """Sign in with a card; the first time the folder is opened."""
    der = (place.data / "cards" / name / "auth.cer").read_bytes()
    with place.client("portal") as client:
        nonce = client.post("/challenges").json()["nonce"]
        token = make_token(card_keys(name), der, nonce, place.origin("portal"))
        request = wire.SignIn(nonce=nonce, token=token, place="試験機")
        answer = read(client.post("/sign-in", content=msgspec.json.encode(request)), wire.SignInAnswer)
        if isinstance(answer, wire.NotRegistered):
            content = wire.registration_content(answer.ticket)
            paper = await make_paper(place.data / "cards" / name, card_keys(name), content)
            registration = wire.Registration(ticket=answer.ticket, place="試験機", paper=paper)
            answer = read(client.post("/registrations", content=msgspec.json.encode(registration)), wire.SignedIn)
    return answer, httpx.Headers({"authorization": f"Bearer {answer.session}"})


def read(answer: httpx.Response, type_: Any) -> Any:
    assert answer.is_success, answer.text
    return msgspec.json.decode(answer.content, type=type_)


def portal_symbol(place: Place, name: str) -> str:
    (row,) = place.rows("portal", f"SELECT symbol FROM folders WHERE name = '{name}'")  # noqa: S608
    symbol: str = row.symbol
    return symbol


def post(place: Place, member: str, path: str, message: wire.Message, body: str = "gateway") -> httpx.Response:
    with place.client(body, member) as client:
        return client.post(path, content=msgspec.json.encode(message))


def proven(place: Place, symbol: str, number: str) -> wire.ProvenRecord:
    """A record with its proof, checked as a citizen checks it at home."""
    asked = wire.ProofRequest(symbol=symbol, transaction_number=number)
    record: wire.ProvenRecord = read(post(place, "portal", "/proofs", asked), wire.ProvenRecord)
    evidence = read_evidence(msgspec.json.encode(record))
    found = checks(evidence, key_of(evidence))
    assert [check.fault for check in found] == [None] * len(found)
    return record


async def test_a_visitor_finds_notices_and_records(place: Place, card_keys: CardKeys) -> None:
    signed_in, session = await visit(place, card_keys, "adult")
    assert signed_in.name == "見本 花子"
    with place.client("portal") as client:
        notices = read(client.get("/notices", headers=session), wire.NoticeList).notices
        assert {notice.sender for notice in notices} == {"みどり市 国保年金課", "みほん生命"}
        opened = read(client.get(f"/notices/{notices[0].id}", headers=session), wire.Notice)
        assert opened.body
        records = read(client.get("/records", headers=session), wire.RecordList).records
        assert len(records) >= 3
        assert client.post("/sign-out", headers=session).status_code == 204
        assert client.get("/records", headers=session).status_code == 401


async def test_an_exchange_by_relay(place: Place) -> None:
    async with place.staff("midori-city") as agencies:
        answer = await agencies["midori-city"].ask("adult", asking("elderly-premium"))
    assert answer.payload == {"年分": "令和7年分", "合計所得金額": "1,640,000円"}


async def test_an_exchange_by_token_and_a_batch_of_them(place: Place) -> None:
    async with place.staff("midori-child") as agencies:
        child = agencies["midori-child"]
        one = await child.ask("not-yet", asking("child-income"))
        batch = await child.ask_all(("wrong-policy", "not-yet"), asking("child-income"))
    assert [answer.payload["合計所得金額"] for answer in (one, *batch)] == [
        "3,870,000円",
        "4,250,000円",
        "3,870,000円",
    ]
    numbers = [answer.transaction_number for answer in (one, *batch)]
    assert len(set(numbers)) == 3
    kept = {row.transaction_number for row in place.rows("midori-city-tax", "SELECT transaction_number FROM provided")}
    assert kept >= set(numbers)


async def test_a_consent_opens_and_its_withdrawal_closes(place: Place, card_keys: CardKeys) -> None:
    await visit(place, card_keys, "first")
    symbol = portal_symbol(place, "見本 太郎")
    until = datetime.now(UTC) + timedelta(days=1)
    async with place.staff("midori-tax") as agencies:
        tax = agencies["midori-tax"]
        with pytest.raises(Refusal) as refused:
            await tax.ask("first", asking("return-medical"))
        assert (refused.value.code, refused.value.origin) == ("consent_missing", "gateway")
        given = wire.ConsentGiven(symbol=symbol, law="return-medical", until=until)
        assert post(place, "portal", "/consents", given).status_code == 204
        answer = await tax.ask("first", asking("return-medical"))
        assert answer.payload
        withdrawn = wire.ConsentWithdrawn(symbol=symbol, law="return-medical")
        assert post(place, "portal", "/consent-withdrawals", withdrawn).status_code == 204
        with pytest.raises(Refusal, match="consent_missing"):
            await tax.ask("first", asking("return-medical"))
    record = proven(place, symbol, answer.transaction_number)
    assert record.words.law == "return-medical"


async def test_a_disaster_opens_its_tuples_until_it_ends(place: Place) -> None:
    order = wire.DisasterOrder(order="R8-1", words="試験の水害", until=datetime.now(UTC) + timedelta(days=1))
    async with place.staff("midori-care") as agencies:
        care = agencies["midori-care"]
        with pytest.raises(Refusal, match="disaster_closed"):
            await care.ask("last-try", asking("disaster-address"))
        assert post(place, "midori-care", "/disasters", order).status_code == 403
        assert post(place, "commission", "/disasters", order).status_code == 204
        answer = await care.ask("last-try", asking("disaster-address"))
        assert answer.payload
        assert post(place, "commission", "/disaster-ends", wire.DisasterEnd(order="R8-1")).status_code == 204
        with pytest.raises(Refusal, match="disaster_closed"):
            await care.ask("last-try", asking("disaster-address"))
    number = answer.transaction_number.replace("-", "").lower()
    marks = {row.number.hex(): row.mark for row in place.rows("gateway", "SELECT number, mark FROM leaves")}
    assert "R8-1" in marks[number]


def test_a_symbol_of_another_is_an_alarm_that_is_counted(place: Place) -> None:
    stolen = portal_symbol(place, "見本 花子")
    request = wire.ExchangeRequest(law="elderly-premium", symbol=stolen, commitment=b64encode(bytes(32)).decode())
    refused = post(place, "midori-city", "/exchanges", request)
    assert (refused.status_code, refused.json()["code"]) == (403, "symbol_invalid")
    with place.client("gateway") as client:
        metrics = client.get("/metrics").text
    assert 'madoguchi_audit_events_total{body="gateway",kind="wrong_symbol"} 1.0' in metrics


async def test_a_body_that_is_down_is_named_and_nothing_is_half_done(place: Place) -> None:
    process = place.kill("midori-tax")
    first_to_miss = "midori-tax" if place.apart else "gateway"  # together all are up or none
    async with place.staff("midori-city") as agencies:
        with pytest.raises(Refusal) as refused:
            await agencies["midori-city"].ask("adult", asking("elderly-premium"))
    assert (refused.value.code, refused.value.origin) == ("peer_unavailable", first_to_miss)
    process.start()
    process.ready()
    async with place.staff("midori-city") as agencies:
        assert (await agencies["midori-city"].ask("adult", asking("elderly-premium"))).payload


@pytest.mark.parametrize("body", ["gateway", "portal"])
async def test_what_was_acknowledged_outlives_kill_9(place: Place, card_keys: CardKeys, body: str) -> None:
    symbol = portal_symbol(place, "見本 花子")
    async with place.staff("midori-city") as agencies:
        answer = await agencies["midori-city"].ask("adult", asking("elderly-premium"))
    before = read(look(place, "/head"), wire.SignedHead)
    process = place.kill(body)
    process.start()
    process.ready()
    assert proven(place, symbol, answer.transaction_number).leaf.outcome == "provided"
    after = read(look(place, "/head"), wire.SignedHead)
    assert after.size >= before.size
    signed_in, _ = await visit(place, card_keys, "adult")
    assert signed_in.last_sign_in is not None


def look(place: Place, path: str) -> httpx.Response:
    with place.client("gateway") as client:
        return client.get(path)
