"""The gateway's endpoints, over real signed requests, with neighbours that do as they are told."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from datetime import timedelta

import httpx
import msgspec
import pytest
from backend_kit import START, Clock
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from gateway_kit import COMMITMENT, HANAKO, PROVIDED, TARO, Rig, build_rig, code_of, problem
from msgspec.structs import replace
from sqlalchemy import Engine, event

from backend_client import wire
from backend_stub.gateway import exchange
from backend_stub.gateway.law import LawTable

NOTICE = wire.NoticeDraft(title="お知らせ", summary=("一行",), body="本文", legal_effect=True)


def asking(symbol: str) -> wire.ExchangeRequest:
    return wire.ExchangeRequest(law="elderly-premium", symbol=symbol, commitment=COMMITMENT)


async def test_an_exchange_gives_what_was_sealed_and_leaves_the_six_items(rig: Rig, clock: Clock) -> None:
    symbol, portal = await rig.symbol("midori-city"), await rig.symbol("portal")
    answer = await rig.exchange(symbol)
    assert answer.status_code == 200
    message = msgspec.json.decode(answer.content, type=wire.ExchangeAnswer)
    assert (message.outcome, message.data_as_of, message.sealed) == (
        PROVIDED.outcome,
        PROVIDED.data_as_of,
        PROVIDED.sealed,
    )
    assert re.fullmatch(r"([0-9A-F]{4}-){7}[0-9A-F]{4}", message.transaction_number)
    (record,) = await rig.records(portal)
    assert (record.transaction_number, record.at) == (message.transaction_number, clock())
    assert (record.outcome, record.mark) == ("provided", "")
    assert (record.basis, record.requester, record.provider, record.kind, record.purpose) == (
        "番号法 第19条第8号（高齢者の医療の確保に関する法律による保険料の事務）",
        "みどり市 国保年金課",
        "みどり税務署",
        "所得の情報",
        "後期高齢者医療の保険料の計算",
    )


async def test_the_leaf_holds_the_three_commitments(rig: Rig) -> None:
    await rig.exchange(await rig.symbol("midori-city"))
    (leaf,) = rig.leaves()
    assert (leaf["what"], leaf["transport"], leaf["outcome"]) == ("exchange", "relay", "provided")
    assert (leaf["requester"], leaf["provider"], leaf["content"]) == (b"\5" * 32, b"\6" * 32, b"\7" * 32)


async def test_no_automatic_answer_is_an_answer(rig: Rig) -> None:
    symbol, portal = await rig.symbol("midori-city"), await rig.symbol("portal")
    outcome = wire.Outcome.NO_AUTOMATIC_ANSWER
    rig.neighbours["midori-tax"].answer = replace(PROVIDED, outcome=outcome, data_as_of=None, sealed="")
    answer = msgspec.json.decode((await rig.exchange(symbol)).content, type=wire.ExchangeAnswer)
    assert (answer.outcome, answer.data_as_of, answer.sealed) == (outcome, None, "")
    assert [record.outcome for record in await rig.records(portal)] == ["no_automatic_answer"]


async def test_the_provider_hears_its_own_symbol_the_kind_and_the_number(rig: Rig) -> None:
    symbol, theirs = await rig.symbol("midori-city"), await rig.symbol("midori-tax")
    answer = msgspec.json.decode((await rig.exchange(symbol)).content, type=wire.ExchangeAnswer)
    provider = rig.neighbours["midori-tax"]
    assert provider.asked[-1].url.path == "/provide"
    assert provider.asked[-1].headers["signature-input"]
    asked = provider.last(wire.ProvideRequest)
    assert asked == wire.ProvideRequest(
        transaction_number=answer.transaction_number,
        symbol=theirs,
        kind="income",
        fields=("年分", "合計所得金額"),
        requester="midori-city",
    )
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
    await rig.close()
    laws = LawTable(tuple(replace(law, purpose="新しい言い方") for law in LawTable.read()))
    again = build_rig(rig.data, clock, rig, laws=laws)
    await again.exchange(await again.symbol("midori-city"))
    records = await again.records(await again.symbol("portal"))
    await again.close()
    assert [record.purpose for record in records] == ["新しい言い方", "後期高齢者医療の保険料の計算"]


@pytest.mark.parametrize(
    ("law", "known", "code"),
    [
        ("return-address", "return-address", "law_forbids"),
        ("みたことのない法律", "", "law_forbids"),
        ("city-insurance", "city-insurance", "wrong_transport"),
        ("disaster-care", "disaster-care", "disaster_closed"),
    ],
)
async def test_what_the_law_does_not_allow_is_refused_and_noted(rig: Rig, law: str, known: str, code: str) -> None:
    symbol = await rig.symbol("midori-city")
    answer = await rig.exchange(symbol, law)
    assert (answer.status_code, code_of(answer)) == (wire.REFUSALS[code][0], code)
    assert rig.events() == [("law_forbade", "midori-city", known, code)]
    assert not any(neighbour.asked for name, neighbour in rig.neighbours.items() if name != "authority")
    assert not rig.leaves()


@pytest.mark.logs("alarm: wrong_symbol by midori-city")
@pytest.mark.parametrize("whose", ["midori-tax", "portal", "forged", "nonsense"])
async def test_a_wrong_symbol_is_an_alarm(rig: Rig, whose: str) -> None:
    made_up = {"forged": "01" + "ab" * 32, "nonsense": "見本 花子"}
    symbol = made_up.get(whose) or await rig.symbol(whose)
    answer = await rig.exchange(symbol)
    assert (answer.status_code, code_of(answer)) == (403, "symbol_invalid")
    assert rig.events() == [("wrong_symbol", "midori-city", "", "symbol_invalid")]
    assert not rig.neighbours["midori-tax"].asked
    assert not rig.leaves()


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
        (replace(PROVIDED, sealed=""), 502, "layout_wrong", "midori-tax"),
        (replace(PROVIDED, sealed="%%%"), 502, "layout_wrong", "midori-tax"),
        (replace(PROVIDED, data_as_of=None), 502, "layout_wrong", "midori-tax"),
        (replace(PROVIDED, outcome=wire.Outcome.NO_AUTOMATIC_ANSWER), 502, "layout_wrong", "midori-tax"),
        (replace(PROVIDED, provider="AQEB"), 502, "layout_wrong", "midori-tax"),
        (replace(PROVIDED, content="%%%"), 502, "layout_wrong", "midori-tax"),
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
    assert rig.events() == [("not_provided", "midori-city", "elderly-premium", code)]


async def test_a_provider_that_takes_too_long_is_not_waited_for(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    symbol = await rig.symbol("midori-city")
    monkeypatch.setattr(exchange, "DEADLINE_S", 0.01)
    rig.neighbours["midori-tax"].answer = lambda _request: asyncio.get_running_loop().create_future()
    answer = await rig.exchange(symbol)
    told = msgspec.json.decode(answer.content, type=wire.Problem)
    assert (answer.status_code, told.code, told.origin) == (502, "peer_unavailable", "midori-tax")
    assert rig.events() == [("not_provided", "midori-city", "elderly-premium", "peer_unavailable")]
    assert not rig.leaves()


@pytest.mark.parametrize("commitment", ["", "%%%", "AQEB", "A" * 44])
async def test_a_commitment_is_32_bytes(rig: Rig, commitment: str) -> None:
    request = wire.ExchangeRequest(law="elderly-premium", symbol=await rig.symbol("midori-city"), commitment=commitment)
    answer = await rig.call("midori-city", "/exchanges", request)
    expected = (409, "content_wrong") if len(commitment) == 44 else (400, "bad_request")
    assert (answer.status_code, code_of(answer)) == expected
    assert not rig.neighbours["midori-tax"].asked


@pytest.mark.logs("gateway: database, OperationalError")
async def test_no_answer_leaves_before_the_log_is_written(rig: Rig) -> None:
    symbol = await rig.symbol("midori-city")
    with sqlite3.connect(rig.database) as connection:
        connection.execute("DROP TABLE subjects")
    connection.close()
    answer = await rig.exchange(symbol)
    assert (answer.status_code, code_of(answer)) == (500, "fault")
    assert PROVIDED.sealed not in answer.text
    assert not rig.leaves(), "half a record would be a wrong record"


async def test_a_request_counts_once_and_only_as_it_was_signed(rig: Rig) -> None:
    content = msgspec.json.encode(asking(await rig.symbol("midori-city")))
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
    assert len(rig.leaves()) == 1


async def test_a_stranger_and_a_thief_of_the_name_are_refused(rig: Rig) -> None:
    for machine in ("midori-city", "nobody"):
        async with rig.caller(machine, Ed25519PrivateKey.generate()) as client:
            answer = await client.post("/records", content=b"{}")
        assert (answer.status_code, code_of(answer)) == (401, "machine_unknown")


@pytest.mark.parametrize(
    ("machine", "path", "message"),
    [
        ("midori-city", "/records", wire.RecordsRequest(symbol="00")),
        ("portal", "/notices", wire.NoticeRequest(symbol="00", draft=NOTICE)),
        ("portal", "/tokens", wire.TokenRequest(law="child-income", symbol="00", commitment=COMMITMENT)),
        ("portal", "/receipts", wire.Receipts(receipts=())),
        ("midori-city", "/consents", wire.ConsentWithdrawn(symbol="00", law="return-medical")),
        ("midori-city", "/disasters", wire.DisasterEnd(order="1")),
        ("portal", "/disaster-ends", wire.DisasterEnd(order="1")),
        ("midori-city", "/leaves", wire.LeavesRequest(start=0)),
        ("mihon-life", "/symbol-migrations", wire.SymbolMigration(symbol="00")),
        ("mihon-life", "/symbols", wire.AcquisitionNumber(number="1")),
        ("mihon-life", "/exchanges", asking("00")),
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
    assert rig.events() == [("foreign_acquisition", "midori-tax", "", "not_allowed")]


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
    assert rig.events() == [("notice_carried", machine, "", "")]
    assert not rig.leaves()


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
    assert rig.events() == [("notice_refused", "midori-city", "", "not_found")]


@pytest.mark.logs("alarm: wrong_symbol by portal")
async def test_records_need_the_portals_own_symbol(rig: Rig) -> None:
    answer = await rig.call("portal", "/records", wire.RecordsRequest(symbol=await rig.symbol("midori-city")))
    assert code_of(answer) == "symbol_invalid"


async def test_symbols_and_records_outlive_a_restart(rig: Rig, clock: Clock) -> None:
    symbol = await rig.symbol("midori-city")
    await rig.exchange(symbol)
    await rig.close()
    again = build_rig(rig.data, clock, rig)
    assert await again.symbol("midori-city") == symbol
    await again.exchange(symbol)
    records = await again.records(await again.symbol("portal"))
    await again.close()
    assert len({record.transaction_number for record in records}) == 2
    assert rig.data.joinpath("master.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("trace", ["見本 花子".encode(), b"x" * 65, b"a b"])
async def test_a_trace_id_is_never_free_text(rig: Rig, trace: bytes) -> None:
    symbol = await rig.symbol("midori-city")
    rig.neighbours["midori-tax"].answer = problem("no_data", "midori-tax")
    request = msgspec.json.encode(asking(symbol))
    async with rig.caller("midori-city") as client:
        await client.post("/exchanges", content=request, headers={b"x-trace-id": trace})
    (row,) = rig.rows("SELECT * FROM audit")
    assert re.fullmatch("[0-9a-f]{32}", row["trace_id"])


@pytest.mark.logs("gateway: database, OperationalError")
async def test_a_full_disk_refuses_and_what_was_answered_is_recorded(rig: Rig, clock: Clock) -> None:
    symbol, portal = await rig.symbol("midori-city"), await rig.symbol("portal")

    def no_more_pages(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # SQLite takes the present size for it

    event.listen(Engine, "connect", no_more_pages)
    try:
        await rig.close()
        full = build_rig(rig.data, clock, rig)
        answered = 0
        while (answer := await full.exchange(symbol)).status_code == 200:
            answered += 1
            assert answered < 1000
    finally:
        event.remove(Engine, "connect", no_more_pages)
    assert (answer.status_code, code_of(answer)) == (507, "storage_full")
    assert len(await full.records(portal)) == answered
    await full.close()
