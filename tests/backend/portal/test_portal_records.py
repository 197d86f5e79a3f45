"""Records of exchanges that really ran, told as sentences."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from backend_kit import Cards, Visitor, problem

from backend_client.wire import GatewayRecords, Record
from backend_stub.people import Resident
from backend_stub.portal.sentences import Sentences
from backend_stub.town import Town


async def exchange_all(town: Town, residents: tuple[Resident, ...], *ids: str) -> None:
    """Let the agencies ask what they ask in the seed, about some residents."""
    for resident in residents:
        for agency in town.agencies.values():
            if resident.id in ids:
                await agency.enrol(resident.id, resident.items)
    for agency in town.agencies.values():
        for ask in agency.file.asks:
            for reference in set(ids).intersection(ask.residents):
                await agency.ask(reference, ask)


async def test_a_person_reads_who_looked_at_the_own_data_and_nobody_elses(
    people: httpx.AsyncClient, card: Cards, town: Town, residents: tuple[Resident, ...]
) -> None:
    adult, first = Visitor(people, card("adult")), Visitor(people, card("first"))
    for visitor in (adult, first):
        await visitor.come_in()
        assert (await visitor.get("/records")).json() == {"records": []}
    await exchange_all(town, residents, "adult", "first")
    shown = [(await visitor.get("/records")).json()["records"] for visitor in (adult, first)]
    assert all(shown)
    numbers = [{sentence["record"]["transaction_number"] for sentence in records} for records in shown]
    assert not numbers[0] & numbers[1]
    for sentence in (*shown[0], *shown[1]):
        record = sentence["record"]
        assert sentence["sentence"] == (
            f"{record['requester']} が、{record['provider']} の持つ あなたの{record['kind']}を受け取りました。"
        )
        assert sentence["reason"] == f"{record['purpose']}のため"
        assert record["basis"]


async def test_without_the_gateway_there_are_no_records_but_a_reason(
    people: httpx.AsyncClient, card: Cards, town: Town
) -> None:
    adult = Visitor(people, card("adult"))
    await adult.come_in()
    town.app.router.routes[:] = [route for route in town.app.routes if getattr(route, "path", "") != "/gateway"]
    refused = await adult.get("/records")
    assert problem(refused) == (502, "peer_unavailable")
    assert refused.json()["origin"] == "gateway"


def record(at: datetime, **changes: str) -> Record:
    words = {
        "transaction_number": "1", "basis": "根拠", "requester": "みどり市", "provider": "みどり税務署",
        "kind": "所得の情報", "purpose": "保険料の計算",
    }  # fmt: skip
    return Record(at=at, **(words | changes))


TWO_VERSIONS = """
[[version]]
since = 2026-01-01T00:00:00+09:00
sentence = "新：{requester}"
reason = "{purpose}"
[[version]]
since = 2020-01-01T00:00:00+09:00
sentence = "旧：{requester}"
reason = "{purpose}（{basis}）"
"""


def test_a_record_keeps_the_words_of_its_time_and_the_newest_comes_first(tmp_path: Path) -> None:
    path = tmp_path / "sentences.toml"
    path.write_text(TWO_VERSIONS, "utf-8")
    moments = [
        datetime(2019, 1, 1, tzinfo=UTC),
        datetime(2025, 12, 31, 14, 59, 59, tzinfo=UTC),
        datetime(2025, 12, 31, 15, tzinfo=UTC),
    ]
    told = Sentences(path).tell(GatewayRecords(records=tuple(map(record, moments)))).records
    assert [s.record.at for s in told] == moments[::-1]
    assert [s.sentence for s in told] == ["新：みどり市", "旧：みどり市", "旧：みどり市"]
    assert [s.reason for s in told] == ["保険料の計算", *["保険料の計算（根拠）"] * 2]


@pytest.mark.parametrize("word", ["{basis}", "{0.__class__}", "{", "}}", "%s"])
def test_words_of_a_record_are_never_taken_for_a_template(word: str) -> None:
    (told,) = (
        Sentences()
        .tell(GatewayRecords(records=(record(datetime(2026, 1, 1, tzinfo=UTC), requester=word, purpose=word),)))
        .records
    )
    assert told.sentence == f"{word} が、みどり税務署 の持つ あなたの所得の情報を受け取りました。"
    assert told.reason == f"{word}のため"
