"""Exchanges by access token: what the requester gets, what both keep, and what a token does not do."""

from __future__ import annotations

import sqlite3
from base64 import b64encode
from collections.abc import Callable
from datetime import date

import httpx
import msgspec
import pytest
from agency_kit import CHILD, INCOME, PENSION, TAX, Rig, parts, raw, refusal

from backend_client import wire
from backend_client.wire.log import commitment
from backend_stub.agencies.file import Ask, Desk
from backend_stub.body import Refusal
from backend_stub.sealing import seal

DESK = Desk(department="手当係", terminal="手当-01")
ASK = Ask(law="child-income", desk=DESK, purpose="現況の審査", residents=())


async def token_for(rig: Rig, *people: str, requester: str = CHILD) -> str:
    return rig.gateway.grant(requester, INCOME, list(people))[1]


async def redeem(rig: Rig, token: str, caller: str = CHILD, provider: str = TAX) -> httpx.Response:
    return await rig.call(caller, provider, "/redemptions", wire.Redemption(token=token))


async def test_only_what_the_law_names_arrives(staffed: Rig) -> None:
    answer = await staffed.agencies[CHILD].ask("not-yet", ASK)
    assert answer.payload == {"課税の区分": "課税", "合計所得金額": "3,870,000円"}
    assert (answer.outcome, answer.data_as_of) == (wire.Outcome.PROVIDED, date(2026, 6, 10))


async def test_all_parts_fit_what_the_gateway_was_told(staffed: Rig) -> None:
    answer = await staffed.agencies[CHILD].ask("not-yet", ASK)
    await staffed.agencies[TAX].outbox.post()
    (receipt,) = staffed.gateway.receipts
    (_, _, granted) = next(one for one in staffed.gateway.asked if one[1] == "/tokens")
    opened = {name: (await parts(staffed, name))[0] for name in (CHILD, TAX)}
    assert {one.transaction_number for one in opened.values()} == {receipt.transaction_number}
    assert receipt.transaction_number == answer.transaction_number
    theirs, ours = opened[TAX], opened[CHILD]
    assert ours.requester
    assert theirs.provider
    assert ours.content == theirs.content
    assert commitment(ours.requester) == raw(granted.commitment)
    assert commitment(theirs.provider) == raw(receipt.provider)
    assert ours.content
    assert commitment(ours.content) == raw(receipt.content)
    assert (ours.requester.department, ours.requester.purpose) == ("手当係", "現況の審査")


async def test_several_persons_take_one_token_and_keep_their_order(staffed: Rig) -> None:
    answers = await staffed.agencies[CHILD].ask_all(("wrong-policy", "not-yet"), ASK)
    assert [answer.payload["合計所得金額"] for answer in answers] == ["4,250,000円", "3,870,000円"]
    assert [path for caller, path, _ in staffed.gateway.asked if caller == CHILD][-1] == "/token-batches"
    numbers = [row["transaction_number"] for row in staffed.rows(TAX, "provided")]
    assert numbers == [answer.transaction_number for answer in answers]


async def test_more_than_a_token_holds_takes_two(staffed: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend_stub.agencies.requester.MOST_PERSONS", 1)
    assert len(await staffed.agencies[CHILD].ask_all(("wrong-policy", "not-yet"), ASK)) == 2
    assert [path for _, path, _ in staffed.gateway.asked].count("/tokens") == 2


async def test_a_token_counts_once_also_after_a_restart(staffed: Rig) -> None:
    token = await token_for(staffed, "試験 冬樹")
    assert (await redeem(staffed, token)).status_code == 200
    assert refusal(await redeem(staffed, token)) == (409, "access_token_used", TAX)
    await staffed.agencies[TAX].close()
    staffed.agencies[TAX] = staffed.agency(TAX)
    assert refusal(await redeem(staffed, token)) == (409, "access_token_used", TAX)
    assert len(staffed.rows(TAX, "provided")) == 1


async def test_a_batch_with_one_used_number_gives_nothing(staffed: Rig) -> None:
    token = await token_for(staffed, "試験 冬樹", "仮名 二郎")
    assert (await redeem(staffed, token)).status_code == 200
    staffed.sql(TAX, "DELETE FROM provided WHERE reference = 'not-yet'")
    assert refusal(await redeem(staffed, token)) == (409, "access_token_used", TAX)
    assert [row["reference"] for row in staffed.rows(TAX, "provided")] == ["wrong-policy"]


@pytest.mark.parametrize(
    ("code", "spoil"),
    [
        ("access_token_invalid", lambda token: token[:40] + ("A" if token[40] != "A" else "B") + token[41:]),
        ("access_token_invalid", lambda token: "nothing like it"),
        ("access_token_invalid", lambda token: ""),
    ],
)
async def test_a_forged_token_is_refused(staffed: Rig, code: str, spoil: Callable[[str], str]) -> None:
    answer = await redeem(staffed, spoil(await token_for(staffed, "試験 冬樹")))
    assert refusal(answer) == (403, code, TAX)
    assert staffed.rows(TAX, "provided") == staffed.rows(TAX, "outbox") == []


async def test_a_token_is_for_one_requester_and_one_provider(staffed: Rig) -> None:
    token = await token_for(staffed, "試験 冬樹")
    assert refusal(await redeem(staffed, token, caller=PENSION)) == (403, "access_token_invalid", TAX)
    assert refusal(await redeem(staffed, token, provider=PENSION)) == (403, "access_token_invalid", PENSION)
    assert refusal(await redeem(staffed, token, caller="gateway")) == (403, "not_allowed", TAX)
    assert (await redeem(staffed, token)).status_code == 200


async def test_a_token_is_late_after_a_minute(staffed: Rig) -> None:
    token = await token_for(staffed, "試験 冬樹")
    staffed.clock.turn(seconds=60)
    assert refusal(await redeem(staffed, token)) == (403, "access_token_late", TAX)


async def test_who_is_no_client_gives_no_data_and_nothing_of_the_batch(staffed: Rig) -> None:
    token = await token_for(staffed, "試験 冬樹", "どこにもいない人")
    assert refusal(await redeem(staffed, token)) == (404, "no_data", TAX)
    assert staffed.rows(TAX, "provided") == staffed.rows(TAX, "outbox") == []


async def test_data_of_another_form_stays_where_it_is(staffed: Rig) -> None:
    staffed.sql(TAX, """UPDATE holdings SET payload = '{"課税の区分": "見本 花子"}' WHERE reference = 'not-yet'""")
    answer = await redeem(staffed, await token_for(staffed, "試験 冬樹", "仮名 二郎"))
    assert refusal(answer) == (502, "layout_wrong", TAX)
    assert "花子" not in answer.text
    assert staffed.rows(TAX, "provided") == []


async def test_a_provider_that_is_down_leaves_the_part_without_an_answer(staffed: Rig) -> None:
    def slow(_answer: httpx.Response) -> httpx.Response:
        raise httpx.ReadTimeout("no answer in time")

    staffed.between = slow
    with pytest.raises(Refusal) as refused:
        await staffed.agencies[CHILD].ask("not-yet", ASK)
    assert (refused.value.code, refused.value.origin) == ("peer_unavailable", TAX)
    (row,) = staffed.rows(CHILD, "asked")
    assert row["transaction_number"] == staffed.rows(TAX, "provided")[0]["transaction_number"]
    assert row["outcome"] == ""
    assert not staffed.agencies[CHILD].parts.has_asked("not-yet", "child-income")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda answer: {"sealed": "A" + answer.sealed[1:] if answer.sealed[0] != "A" else "B" + answer.sealed[1:]},
        lambda answer: {"sealed": "not Base64"},
        lambda answer: {"sealed": ""},
        lambda answer: {"transaction_number": "0000-" + answer.transaction_number[5:]},
    ],
)
async def test_an_altered_answer_is_not_taken(
    staffed: Rig, spoil: Callable[[wire.RedeemedAnswer], dict[str, str]]
) -> None:
    def alter(answer: httpx.Response) -> httpx.Response:
        (one,) = msgspec.json.decode(answer.content, type=wire.Redeemed).answers
        altered = wire.Redeemed(answers=(msgspec.structs.replace(one, **spoil(one)),))
        return httpx.Response(200, content=msgspec.json.encode(altered))

    staffed.between = alter
    with pytest.raises(Refusal) as refused:
        await staffed.agencies[CHILD].ask("not-yet", ASK)
    assert (refused.value.code, refused.value.origin) == ("layout_wrong", TAX)
    assert refused.value.trace_id
    (row,) = staffed.rows(CHILD, "asked")
    assert (row["outcome"], row["payload"]) == ("", None)


@pytest.mark.parametrize("lies", ["fewer answers", "the content of another exchange"])
async def test_a_provider_that_answers_something_else_is_not_believed(staffed: Rig, lies: str) -> None:
    def alter(answer: httpx.Response) -> httpx.Response:
        (one,) = msgspec.json.decode(answer.content, type=wire.Redeemed).answers
        other = wire.Content(transaction_number="another", payload={"課税の区分": "課税"}, salt="AA" * 21 + "A=")
        sealed = seal(msgspec.json.encode(other), key, one.transaction_number.encode())
        wrong = msgspec.structs.replace(one, sealed=b64encode(sealed).decode())
        answers = () if lies == "fewer answers" else (wrong,)
        return httpx.Response(200, content=msgspec.json.encode(wire.Redeemed(answers=answers)))

    key = staffed.sealing[CHILD].public_key()
    staffed.between = alter
    with pytest.raises(Refusal) as refused:
        await staffed.agencies[CHILD].ask("not-yet", ASK)
    assert (refused.value.code, refused.value.origin) == ("layout_wrong", TAX)


@pytest.mark.logs("midori-city-tax: database")
async def test_a_full_database_gives_nothing_away(staffed: Rig) -> None:
    with staffed.agencies[TAX]._engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    people = ["試験 冬樹", "仮名 二郎"] * 40
    answer = await redeem(staffed, await token_for(staffed, *people))
    assert refusal(answer) == (507, "storage_full", TAX)
    assert staffed.rows(TAX, "provided") == staffed.rows(TAX, "outbox") == []


@pytest.mark.logs("midori-city-tax: database")
async def test_a_locked_database_gives_nothing_away(staffed: Rig) -> None:
    token = await token_for(staffed, "試験 冬樹")
    await staffed.call(CHILD, TAX, "/redemptions", wire.Redemption(token=""))  # the day's tidying is done
    with staffed.agencies[TAX]._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=0")
    other = sqlite3.connect(staffed.data / TAX / "agency.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert refusal(await redeem(staffed, token))[2] == TAX
    other.execute("ROLLBACK")
    other.close()
    assert staffed.rows(TAX, "provided") == []
    assert (await redeem(staffed, token)).status_code == 200
