"""Records of exchanges that really ran, told as sentences."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from backend_kit import Cards, Visitor, problem, unplug

from backend_client.wire import GatewayRecords, LawWords, Record, RecordSentence
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
    unplug(town, "/gateway")
    refused = await adult.get("/records")
    assert problem(refused) == (502, "peer_unavailable")
    assert refused.json()["origin"] == "gateway"


def record(at: datetime, **changes: Any) -> Record:
    words = {
        "transaction_number": "1", "basis": "根拠", "requester": "みどり市", "provider": "みどり税務署",
        "kind": "所得の情報", "purpose": "保険料の計算", "outcome": "provided",
    }  # fmt: skip
    return Record(at=at, **(words | changes))


def version(since: str, name: str, reason: str) -> str:
    """A version of the templates that says its name in each language."""
    languages = {"japanese": name, "easy": f"{name}（やさしい）", "english": f"{name} in English"}
    return f"[[version]]\nsince = {since}\n" + "".join(
        f"""[version.{language}]
provided = "{said}：{{requester}}"
no_automatic_answer = "{said}×：{{requester}}"
asked = "{said}？：{{requester}}"
reason = "{reason}"
disaster = "災害"
"""
        for language, said in languages.items()
    )


TWO_VERSIONS = version("2026-01-01T00:00:00+09:00", "新", "{purpose}") + version(
    "2020-01-01T00:00:00+09:00", "旧", "{purpose}（{basis}）"
)


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
    assert told[0].easy == "新（やさしい）：みどり市 保険料の計算"
    assert told[1].english == "旧 in English：みどり市 保険料の計算（根拠）"


def tell(**changes: Any) -> RecordSentence:
    records = GatewayRecords(records=(record(datetime(2026, 1, 1, tzinfo=UTC), **changes),))
    (told,) = Sentences().tell(records).records
    return told


def test_each_language_has_its_own_words_where_the_law_table_has_them() -> None:
    words = LawWords(
        law="x", basis="根拠", requester="midori-city", requester_words="みどり市", provider="midori-tax",
        provider_words="みどり税務署", kind="income", kind_words="所得の情報", purpose="保険料の計算",
        requester_english="Midori City", kind_english="income", purpose_english="calculating the premium",
        kind_easy="お金の 情報", purpose_easy="保険料を 決める",
    )  # fmt: skip
    told = tell(words=words, outcome="provided")
    assert told.sentence == "みどり市 が、みどり税務署 の持つ あなたの所得の情報を受け取りました。"
    assert told.easy == "みどり市は みどり税務署から あなたの お金の 情報を もらいました。 保険料を 決める ためです。"
    assert told.english == (
        "Midori City received your information (income) from みどり税務署. Purpose: calculating the premium."
    )


def test_what_was_not_handed_over_is_not_told_as_received() -> None:
    for outcome in ("", "no_automatic_answer"):
        told = tell(outcome=outcome)
        assert "受け取りました" not in told.sentence
        assert "もらいました" not in told.easy
        assert "received" not in told.english
    assert "渡されていません" in tell(outcome="no_automatic_answer").sentence
    assert "渡されて" not in tell(outcome="").sentence


def test_a_disaster_is_told() -> None:
    assert "災害" in tell(outcome="provided", mark="disaster: order-1").sentence
    assert "災害" not in tell(outcome="provided").sentence


@pytest.mark.parametrize("word", ["{basis}", "{0.__class__}", "{", "}}", "%s"])
def test_words_of_a_record_are_never_taken_for_a_template(word: str) -> None:
    (told,) = (
        Sentences()
        .tell(GatewayRecords(records=(record(datetime(2026, 1, 1, tzinfo=UTC), requester=word, purpose=word),)))
        .records
    )
    assert told.sentence == f"{word} が、みどり税務署 の持つ あなたの所得の情報を受け取りました。"
    assert told.reason == f"{word}のため"
