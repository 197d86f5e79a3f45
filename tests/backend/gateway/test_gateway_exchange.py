"""The gateway's endpoints, over real signed requests, with neighbours that do as they are told."""

from __future__ import annotations

import re
import sqlite3
from datetime import timedelta

import httpx
import msgspec
import pytest
from backend_kit import START, Clock
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from gateway_kit import HANAKO, PROVIDED, TARO, Rig, build_rig, code_of, problem
from sqlalchemy import Engine, event

from backend_client import wire

NOTICE = wire.NoticeDraft(title="お知らせ", summary=("一行",), body="本文", legal_effect=True)


def rows(rig: Rig, table: str) -> list[sqlite3.Row]:
    with sqlite3.connect(rig.database) as connection:
        connection.row_factory = sqlite3.Row
        found = connection.execute(f"SELECT * FROM {table} ORDER BY number").fetchall()  # noqa: S608
    connection.close()
    return found


def events(rig: Rig) -> list[tuple[str, str, str, str]]:
    return [(row["event"], row["machine"], row["law"], row["detail"]) for row in rows(rig, "audit")]


async def test_an_exchange_gives_the_payload_and_leaves_the_six_items(rig: Rig, clock: Clock) -> None:
    symbol, portal = await rig.symbol("midori-city"), await rig.symbol("portal")
    answer = await rig.exchange(symbol)
    assert answer.status_code == 200
    message = msgspec.json.decode(answer.content, type=wire.ExchangeAnswer)
    assert (message.data_as_of, message.payload) == (PROVIDED.data_as_of, PROVIDED.payload)
    assert re.fullmatch(r"([0-9A-F]{4}-){7}[0-9A-F]{4}", message.transaction_number)
    (record,) = await rig.records(portal)
    assert record == wire.Record(
        transaction_number=message.transaction_number,
        at=clock(),
        basis="番号法 第19条第8号（高齢者の医療の確保に関する法律による保険料の事務）",
        requester="みどり市 国保年金課",
        provider="みどり税務署",
        kind="所得の情報",
        purpose="後期高齢者医療の保険料の計算",
    )


async def test_the_provider_hears_its_own_symbol_the_kind_and_the_number(rig: Rig) -> None:
    symbol, theirs = await rig.symbol("midori-city"), await rig.symbol("midori-tax")
    answer = msgspec.json.decode((await rig.exchange(symbol)).content, type=wire.ExchangeAnswer)
    provider = rig.neighbours["midori-tax"]
    assert provider.asked[-1].url.path == "/provide"
    assert provider.asked[-1].headers["signature-input"]
    asked = provider.last(wire.ProvideRequest)
    assert asked == wire.ProvideRequest(transaction_number=answer.transaction_number, symbol=theirs, kind="income")
    assert symbol != theirs


async def test_records_are_of_one_person_newest_first(rig: Rig, clock: Clock) -> None:
    hanako, taro = await rig.symbol("midori-city", HANAKO), await rig.symbol("midori-city", TARO)
    portal = await rig.symbol("portal", HANAKO)
    await rig.exchange(hanako)
    await rig.exchange(taro)
    clock.turn(minutes=1)
    await rig.exchange(hanako, "national-premium")
    records = await rig.records(portal)
    assert [record.purpose for record in records] == ["国民健康保険料の計算", "後期高齢者医療の保険料の計算"]
    assert [record.at for record in records] == [START + timedelta(minutes=1), START]
    assert await rig.records(await rig.symbol("portal", b"\x03" * 12)) == ()


async def test_old_records_keep_the_words_of_their_time(rig: Rig, clock: Clock) -> None:
    await rig.exchange(await rig.symbol("midori-city"))
    with sqlite3.connect(rig.database) as connection:
        connection.execute("UPDATE law_words SET edition = 'old', purpose = '昔の言い方' WHERE law = 'elderly-premium'")
        connection.execute("UPDATE exchanges SET edition = 'old'")
    connection.close()
    again = build_rig(rig.data, clock)
    await again.exchange(await again.symbol("midori-city"))
    records = await again.records(await again.symbol("portal"))
    assert [record.purpose for record in records] == ["後期高齢者医療の保険料の計算", "昔の言い方"]


@pytest.mark.parametrize(("law", "known"), [("return-address", "return-address"), ("みたことのない法律", "")])
async def test_what_the_law_does_not_allow_is_refused_and_noted(rig: Rig, law: str, known: str) -> None:
    symbol = await rig.symbol("midori-city")
    answer = await rig.exchange(symbol, law)
    assert (answer.status_code, code_of(answer)) == (403, "law_forbids")
    assert events(rig) == [("law_forbade", "midori-city", known, "")]
    assert not rig.neighbours["midori-tax"].asked
    assert not rows(rig, "exchanges")


@pytest.mark.logs("alarm: wrong_symbol by midori-city")
@pytest.mark.parametrize("whose", ["midori-tax", "portal", "forged", "nonsense"])
async def test_a_wrong_symbol_is_an_alarm(rig: Rig, whose: str) -> None:
    made_up = {"forged": "01" + "ab" * 32, "nonsense": "見本 花子"}
    symbol = made_up.get(whose) or await rig.symbol(whose)
    answer = await rig.exchange(symbol)
    assert (answer.status_code, code_of(answer)) == (403, "symbol_invalid")
    assert events(rig) == [("wrong_symbol", "midori-city", "", "symbol_invalid")]
    assert not rig.neighbours["midori-tax"].asked
    assert not rows(rig, "exchanges")


@pytest.mark.parametrize(
    ("outcome", "status", "code", "origin"),
    [
        (problem("no_data", "midori-tax"), 404, "no_data", "midori-tax"),
        (problem("storage_full", "midori-tax"), 507, "storage_full", "midori-tax"),
        (httpx.ConnectError("down"), 502, "peer_unavailable", "midori-tax"),
        (httpx.ReadTimeout("slow"), 502, "peer_unavailable", "midori-tax"),
        (httpx.Response(500, text="oops"), 502, "peer_unavailable", "midori-tax"),
        (httpx.Response(200, text="{"), 502, "peer_unavailable", "midori-tax"),
        (problem("never_heard_of", "midori-tax"), 502, "peer_unavailable", "midori-tax"),
    ],
)
async def test_a_provider_that_fails_leaves_no_record_but_an_audit_line(
    rig: Rig, outcome: object, status: int, code: str, origin: str
) -> None:
    symbol = await rig.symbol("midori-city")
    rig.neighbours["midori-tax"].answer = outcome
    answer = await rig.exchange(symbol)
    told = msgspec.json.decode(answer.content, type=wire.Problem)
    assert (answer.status_code, told.code, told.origin) == (status, code, origin)
    assert await rig.records(await rig.symbol("portal")) == ()
    assert events(rig) == [("not_provided", "midori-city", "elderly-premium", code)]


@pytest.mark.logs("gateway: database, OperationalError")
async def test_no_answer_leaves_before_the_log_is_written(rig: Rig) -> None:
    symbol = await rig.symbol("midori-city")
    with sqlite3.connect(rig.database) as connection:
        connection.execute("DROP TABLE subjects")
    connection.close()
    answer = await rig.exchange(symbol)
    assert (answer.status_code, code_of(answer)) == (500, "fault")
    assert "1,640,000" not in answer.text
    assert not rows(rig, "exchanges"), "half a record would be a wrong record"


async def test_a_request_counts_once_and_only_as_it_was_signed(rig: Rig) -> None:
    content = msgspec.json.encode(wire.ExchangeRequest(law="elderly-premium", symbol=await rig.symbol("midori-city")))
    async with (
        rig.caller("midori-city") as signed,
        httpx.AsyncClient(transport=httpx.ASGITransport(rig.app), base_url="https://gateway.example") as wiretap,
    ):
        first = await signed.post("/exchanges", content=content)
        headers = first.request.headers
        replayed = await wiretap.post("/exchanges", content=content, headers=headers)
        altered = await wiretap.post("/exchanges", content=content.replace(b"elderly", b"national"), headers=headers)
        elsewhere = await wiretap.post("/records", content=content, headers=headers)
        unsigned = await wiretap.post("/exchanges", content=content)
    assert first.status_code == 200
    for refused in (replayed, altered, elsewhere, unsigned):
        assert (refused.status_code, code_of(refused)) == (401, "machine_unknown")
    assert len(rows(rig, "exchanges")) == 1


async def test_a_stranger_and_a_thief_of_the_name_are_refused(rig: Rig) -> None:
    for machine in ("midori-city", "nobody"):
        async with rig.caller(machine, Ed25519PrivateKey.generate()) as client:
            answer = await client.post("/records", content=b"{}")
        assert (answer.status_code, code_of(answer)) == (401, "machine_unknown")


@pytest.mark.parametrize(
    ("machine", "path", "message"),
    [
        ("midori-city", "/records", wire.RecordsRequest(symbol="00")),
        ("portal", "/exchanges", wire.ExchangeRequest(law="elderly-premium", symbol="00")),
        ("portal", "/notices", wire.NoticeRequest(symbol="00", draft=NOTICE)),
        ("mihon-life", "/symbols", wire.AcquisitionNumber(number="1")),
        ("mihon-life", "/exchanges", wire.ExchangeRequest(law="elderly-premium", symbol="00")),
    ],
)
async def test_each_endpoint_serves_its_roles_alone(rig: Rig, machine: str, path: str, message: wire.Message) -> None:
    answer = await rig.call(machine, path, message)
    assert (answer.status_code, code_of(answer)) == (403, "not_allowed")


@pytest.mark.logs("alarm: foreign_acquisition by midori-tax")
async def test_an_acquisition_number_of_another_body_gives_no_symbol(rig: Rig) -> None:
    rig.neighbours["authority"].answer = wire.Link(person="AQEBAQEBAQEBAQEB", for_body="midori-city")
    answer = await rig.call("midori-tax", "/symbols", wire.AcquisitionNumber(number="stolen"))
    assert (answer.status_code, code_of(answer)) == (403, "not_allowed")
    assert events(rig) == [("foreign_acquisition", "midori-tax", "", "not_allowed")]


@pytest.mark.parametrize("person", ["AQEB", "%%%", ""])
async def test_a_link_that_is_no_person_is_refused(rig: Rig, person: str) -> None:
    rig.neighbours["authority"].answer = wire.Link(person=person, for_body="midori-city")
    answer = await rig.call("midori-city", "/symbols", wire.AcquisitionNumber(number="1"))
    assert (answer.status_code, code_of(answer)) == (502, "peer_unavailable")


async def test_the_authoritys_refusal_is_passed_on(rig: Rig) -> None:
    rig.neighbours["authority"].answer = problem("acquisition_unknown", "authority")
    answer = await rig.call("midori-city", "/symbols", wire.AcquisitionNumber(number="used"))
    told = msgspec.json.decode(answer.content, type=wire.Problem)
    assert (answer.status_code, told.code, told.origin) == (409, "acquisition_unknown", "authority")


@pytest.mark.parametrize(("machine", "kind"), [("midori-city", "MUNICIPALITY"), ("midori-tax", "AGENCY")])
async def test_a_notice_arrives_under_the_portals_symbol(rig: Rig, machine: str, kind: str) -> None:
    symbol, portals = await rig.symbol(machine), await rig.symbol("portal")
    answer = await rig.call(machine, "/notices", wire.NoticeRequest(symbol=symbol, draft=NOTICE))
    assert answer.status_code == 204
    delivery = rig.neighbours["portal"].last(wire.PortalDelivery)
    assert (delivery.symbol, delivery.draft) == (portals, NOTICE)
    assert delivery.sender_kind is wire.SenderKind[kind]
    assert events(rig) == [("notice_carried", machine, "", "")]
    assert not rows(rig, "exchanges")


@pytest.mark.logs("alarm: wrong_symbol by midori-city")
async def test_a_notice_needs_the_senders_own_symbol(rig: Rig) -> None:
    request = wire.NoticeRequest(symbol=await rig.symbol("midori-tax"), draft=NOTICE)
    answer = await rig.call("midori-city", "/notices", request)
    assert code_of(answer) == "symbol_invalid"
    assert not rig.neighbours["portal"].asked


async def test_a_notice_that_the_portal_refuses_is_noted(rig: Rig) -> None:
    symbol = await rig.symbol("midori-city")
    rig.neighbours["portal"].answer = problem("not_found", "portal")
    answer = await rig.call("midori-city", "/notices", wire.NoticeRequest(symbol=symbol, draft=NOTICE))
    told = msgspec.json.decode(answer.content, type=wire.Problem)
    assert (answer.status_code, told.code, told.origin) == (404, "not_found", "portal")
    assert events(rig) == [("notice_refused", "midori-city", "", "not_found")]


@pytest.mark.logs("alarm: wrong_symbol by portal")
async def test_records_need_the_portals_own_symbol(rig: Rig) -> None:
    answer = await rig.call("portal", "/records", wire.RecordsRequest(symbol=await rig.symbol("midori-city")))
    assert code_of(answer) == "symbol_invalid"


async def test_symbols_and_records_outlive_a_restart(rig: Rig, clock: Clock) -> None:
    symbol = await rig.symbol("midori-city")
    await rig.exchange(symbol)
    again = build_rig(rig.data, clock)
    assert await again.symbol("midori-city") == symbol
    await again.exchange(symbol)
    records = await again.records(await again.symbol("portal"))
    assert len({record.transaction_number for record in records}) == 2
    assert rig.data.joinpath("master.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("trace", ["見本 花子".encode(), b"x" * 65, b"a b"])
async def test_a_trace_id_is_never_free_text(rig: Rig, trace: bytes) -> None:
    symbol = await rig.symbol("midori-city")
    rig.neighbours["midori-tax"].answer = problem("no_data", "midori-tax")
    request = msgspec.json.encode(wire.ExchangeRequest(law="elderly-premium", symbol=symbol))
    async with rig.caller("midori-city") as client:
        await client.post("/exchanges", content=request, headers={b"x-trace-id": trace})
    (row,) = rows(rig, "audit")
    assert re.fullmatch("[0-9a-f]{32}", row["trace_id"])


@pytest.mark.logs("gateway: database, OperationalError")
async def test_a_full_disk_refuses_and_what_was_answered_is_recorded(rig: Rig, clock: Clock) -> None:
    symbol, portal = await rig.symbol("midori-city"), await rig.symbol("portal")

    def no_more_pages(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # SQLite takes the present size for it

    event.listen(Engine, "connect", no_more_pages)
    try:
        full = build_rig(rig.data, clock)
        answered = 0
        while (answer := await full.exchange(symbol)).status_code == 200:
            answered += 1
            assert answered < 1000
    finally:
        event.remove(Engine, "connect", no_more_pages)
    assert (answer.status_code, code_of(answer)) == (507, "storage_full")
    assert len(await full.records(portal)) == answered
