"""Exchanges by relay, and what is no plain answer."""

from __future__ import annotations

import msgspec
import pytest
from agency_kit import ADDRESS, CHILD, CITY, PENSION, Rig, parts, raw, refusal, symbol

from backend_client import wire
from backend_client.wire.log import commitment
from backend_stub.agencies.file import Ask, Desk
from backend_stub.body import Refusal
from backend_stub.sealing import NotForUs, unseal

DESK = Desk(department="通知書センター", terminal="通知-03")
ASK = Ask(law="pension-address", desk=DESK, purpose="送り先の確認", residents=())


def request(person: str, **changes: object) -> wire.ProvideRequest:
    plain = wire.ProvideRequest(
        transaction_number="0190-0000-0000-0000-0000-0000-0000-0001",
        symbol=symbol(CITY, person),
        kind="address",
        fields=("住所",),
        requester=PENSION,
    )
    return msgspec.structs.replace(plain, **changes)


async def test_the_register_gives_the_address_and_nothing_else_of_the_four_items(staffed: Rig) -> None:
    answer = await staffed.agencies[PENSION].ask("first", ASK)
    assert answer.payload == {"住所": "みほん県みどり市見本町一丁目4番5号"}
    (held,) = (row for row in staffed.rows(CITY, "holdings") if (row["reference"], row["kind"]) == ("first", "address"))
    assert set(msgspec.json.decode(held["payload"])) == {"氏名", "住所", "生年月日", "性別"}
    (ours,), (theirs,) = await parts(staffed, PENSION), await parts(staffed, CITY)
    assert ours.content == theirs.content
    assert (theirs.requester, ours.provider) == (None, None)
    (_, _, asked) = staffed.gateway.asked[-1]
    assert ours.requester
    assert commitment(ours.requester) == raw(asked.commitment)


async def test_the_gateway_carries_what_it_cannot_read(staffed: Rig) -> None:
    answer = await staffed.call("gateway", CITY, "/provide", request("見本 太郎"))
    provided = msgspec.json.decode(answer.content, type=wire.Provided)
    assert "見本町" not in answer.text
    context = request("").transaction_number.encode()
    content = msgspec.json.decode(unseal(raw(provided.sealed), staffed.sealing[PENSION], context), type=wire.Content)
    part = wire.ContentPart(payload=content.payload, salt=content.salt)
    assert commitment(part) == raw(provided.content)
    for key, bound_to in (("gateway", context), (CITY, context), (PENSION, b"another number")):
        with pytest.raises(NotForUs):
            unseal(raw(provided.sealed), staffed.sealing[key], bound_to)


async def test_no_automatic_answer_is_an_answer(staffed: Rig) -> None:
    answer = await staffed.agencies[PENSION].ask("revoked", ASK)
    assert (answer.outcome, answer.data_as_of, answer.payload) == (wire.Outcome.NO_AUTOMATIC_ANSWER, None, {})
    assert staffed.agencies[PENSION].parts.has_asked("revoked", "pension-address")
    (theirs,) = await parts(staffed, CITY)
    assert theirs.transaction_number == answer.transaction_number
    assert theirs.content
    assert theirs.content.payload == {}


async def test_no_automatic_answer_commits_to_its_part_too(staffed: Rig) -> None:
    answer = await staffed.call("gateway", CITY, "/provide", request("仮名 一子"))
    provided = msgspec.json.decode(answer.content, type=wire.Provided)
    (theirs,) = await parts(staffed, CITY)
    assert theirs.provider
    assert theirs.content
    assert (provided.sealed, raw(provided.provider)) == ("", commitment(theirs.provider))
    assert raw(provided.content) == commitment(theirs.content)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"symbol": "00" * 33}, (404, "no_data")),
        ({"symbol": "x" * 100_000}, (404, "no_data")),
        ({"kind": "pension"}, (404, "no_data")),
        ({"fields": ("住所", "電話番号")}, (502, "layout_wrong")),
        ({"requester": "nobody"}, (403, "not_allowed")),
        ({"transaction_number": "1"}, (400, "bad_request")),
    ],
)
async def test_what_cannot_be_answered_leaves_nothing(
    staffed: Rig, changes: dict[str, object], said: tuple[int, str]
) -> None:
    answer = await staffed.call("gateway", CITY, "/provide", request("見本 太郎", **changes))
    assert refusal(answer) == (*said, CITY)
    assert staffed.rows(CITY, "provided") == []


async def test_one_number_is_answered_once(staffed: Rig) -> None:
    assert (await staffed.call("gateway", CITY, "/provide", request("見本 太郎"))).status_code == 200
    again = await staffed.call("gateway", CITY, "/provide", request("見本 太郎"))
    assert refusal(again) == (409, "not_possible", CITY)


async def test_nobody_but_the_gateway_is_answered_without_a_token(staffed: Rig) -> None:
    for caller in (PENSION, CHILD, "commission"):
        answer = await staffed.call(caller, CITY, "/provide", request("見本 太郎"))
        assert refusal(answer) == (403, "not_allowed", CITY)


async def test_what_the_gateway_refuses_was_never_asked(staffed: Rig) -> None:
    await staffed.agencies[PENSION].ask("first", ASK)
    staffed.gateway.refusal = "consent_missing"
    with pytest.raises(Refusal) as refused:
        await staffed.agencies[PENSION].ask("revoked", ASK)
    assert (refused.value.code, refused.value.origin) == ("consent_missing", "gateway")
    assert [row["reference"] for row in staffed.rows(PENSION, "asked")] == ["first"]


async def test_after_a_gateway_that_broke_down_the_own_part_stays(staffed: Rig) -> None:
    await staffed.agencies[PENSION].ask("first", ASK)
    staffed.gateway.refusal = "fault"
    with pytest.raises(Refusal):
        await staffed.agencies[PENSION].ask("revoked", ASK)
    (kept,) = (row for row in staffed.rows(PENSION, "asked") if row["reference"] == "revoked")
    assert (kept["transaction_number"], kept["outcome"]) == (None, "")
    assert len(await parts(staffed, PENSION)) == 1


async def test_the_law_list_is_read_once_and_again_when_it_was_wrong(staffed: Rig) -> None:
    pension = staffed.agencies[PENSION]
    await pension.ask("first", ASK)
    await pension.ask("revoked", ASK)
    assert [path for _, path, _ in staffed.gateway.asked].count("/laws") == 1
    staffed.gateway.refusal = "wrong_transport"
    with pytest.raises(Refusal):
        await pension.ask("revoked", ASK)
    staffed.gateway.refusal = ""
    await pension.ask("revoked", ASK)
    assert [path for _, path, _ in staffed.gateway.asked].count("/laws") == 2


async def test_what_is_not_in_the_law_list_is_not_asked(staffed: Rig) -> None:
    del staffed.gateway.laws["pension-address"]
    with pytest.raises(Refusal) as refused:
        await staffed.agencies[PENSION].ask("first", ASK)
    assert (refused.value.code, refused.value.origin) == ("law_forbids", "gateway")
    assert staffed.rows(PENSION, "asked") == []


async def test_a_provider_that_says_more_than_the_law_names_is_not_believed(staffed: Rig) -> None:
    pension = staffed.agencies[PENSION]
    await pension.ask("first", ASK)
    wider = msgspec.structs.replace(ADDRESS, fields=("住所", "氏名"))
    staffed.gateway.laws["pension-address"] = wider
    with pytest.raises(Refusal) as refused:
        await pension.ask("first", ASK)
    assert (refused.value.code, refused.value.origin) == ("layout_wrong", CITY)
