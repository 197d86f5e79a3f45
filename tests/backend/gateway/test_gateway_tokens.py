"""Access tokens and receipts, over real signed requests; each token is opened as its provider opens it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import msgspec
import pytest
from backend_kit import Clock
from gateway_kit import COMMITMENT, HANAKO, TARO, Rig, code_of

from backend_client import wire
from backend_client.wire.token import AccessClaims, TokenInvalid

RECEIPT = wire.Receipt(
    transaction_number="", outcome=wire.Outcome.PROVIDED, provider=COMMITMENT, content=COMMITMENT[::-1][1:] + "="
)


async def granted(rig: Rig, symbol: str) -> wire.TokenGrant:
    answer = await rig.token(symbol)
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=wire.TokenGrant)


def batch(symbols: list[str], law: str = "child-income") -> wire.TokenBatchRequest:
    entries = tuple(wire.TokenBatchEntry(symbol=symbol, commitment=COMMITMENT) for symbol in symbols)
    return wire.TokenBatchRequest(law=law, entries=entries)


def receipt(number: str, **changes: object) -> wire.Receipt:
    return msgspec.structs.replace(RECEIPT, transaction_number=number, **changes)


async def test_a_token_says_who_may_ask_whom_for_what(rig: Rig, clock: Clock) -> None:
    symbol, theirs = await rig.symbol("midori-child"), await rig.symbol("midori-city-tax")
    grant = await granted(rig, symbol)
    assert grant.provider == "midori-city-tax"
    assert rig.open(grant.token, clock()) == AccessClaims(
        numbers=(grant.transaction_number,),
        symbols=(theirs,),
        law="child-income",
        kind="resident-tax",
        fields=("年度", "課税の区分", "合計所得金額"),
        requester="midori-child",
        expires=clock() + timedelta(minutes=1),
    )


async def test_a_token_is_in_the_log_before_it_leaves(rig: Rig, clock: Clock) -> None:
    symbol, portal = await rig.symbol("midori-child"), await rig.symbol("portal")
    grant = await granted(rig, symbol)
    (record,) = await rig.records(portal)
    assert (record.transaction_number, record.at, record.outcome) == (grant.transaction_number, clock(), "")
    (leaf,) = rig.leaves()
    assert (leaf["what"], leaf["transport"], leaf["requester"]) == ("exchange", "token", b"\x05" * 32)
    assert (leaf["provider"], leaf["content"]) == (b"", b"")


async def test_tokens_of_one_moment_share_a_signature_and_each_stands_alone(rig: Rig, clock: Clock) -> None:
    symbols = [await rig.symbol("midori-child", bytes([n]) * 12) for n in range(1, 8)]
    grants = await asyncio.gather(*(granted(rig, symbol) for symbol in symbols))
    assert len({grant.transaction_number for grant in grants}) == len(symbols)
    for grant in grants:
        assert rig.open(grant.token, clock()).numbers == (grant.transaction_number,)


async def test_a_batch_is_one_token_in_the_order_asked(rig: Rig, clock: Clock) -> None:
    symbols = [await rig.symbol("midori-child", person) for person in (HANAKO, TARO)]
    theirs = tuple([await rig.symbol("midori-city-tax", person) for person in (HANAKO, TARO)])
    grant = await rig.done("midori-child", "/token-batches", batch(symbols), wire.TokenBatchGrant)
    claims = rig.open(grant.token, clock())
    assert (claims.numbers, claims.symbols) == (grant.transaction_numbers, theirs)
    assert [leaf["what"] for leaf in rig.leaves()] == ["exchange", "exchange"]
    (record,) = await rig.records(await rig.symbol("portal", TARO))
    assert record.transaction_number == grant.transaction_numbers[1]


@pytest.mark.logs("alarm: wrong_symbol by midori-child")
async def test_one_wrong_symbol_refuses_the_batch(rig: Rig) -> None:
    symbols = [await rig.symbol("midori-child"), await rig.symbol("midori-city-tax")]
    answer = await rig.call("midori-child", "/token-batches", batch(symbols))
    assert (answer.status_code, code_of(answer)) == (403, "symbol_invalid")
    assert rig.events() == [("wrong_symbol", "midori-child", "", "symbol_invalid")]
    assert not rig.leaves()


@pytest.mark.parametrize("count", [0, 1001])
async def test_a_batch_has_1_to_1000_persons(rig: Rig, count: int) -> None:
    answer = await rig.call("midori-child", "/token-batches", batch([await rig.symbol("midori-child")] * count))
    assert (answer.status_code, code_of(answer)) == (400, "bad_request")
    assert not rig.leaves()


@pytest.mark.parametrize(
    ("law", "machine", "code"),
    [
        ("pension-address", "mihon-pension", "wrong_transport"),
        ("child-income", "midori-care", "law_forbids"),
        ("never-heard-of", "midori-care", "law_forbids"),
    ],
)
async def test_what_the_law_does_not_allow_gets_no_token(rig: Rig, law: str, machine: str, code: str) -> None:
    symbol = await rig.symbol(machine)
    answers = [await rig.token(symbol, law, machine), await rig.call(machine, "/token-batches", batch([symbol], law))]
    assert [code_of(answer) for answer in answers] == [code, code]
    assert [(event, detail) for event, _, _, detail in rig.events()] == [("law_forbade", code)] * 2
    assert not rig.leaves()


async def test_a_token_is_of_no_use_to_others(rig: Rig, clock: Clock) -> None:
    grant = await granted(rig, await rig.symbol("midori-child"))
    with pytest.raises(TokenInvalid):
        rig.open(grant.token, clock(), requester="midori-care")
    with pytest.raises(TokenInvalid):
        rig.open(grant.token, clock(), provider="mihon-pension")


async def test_epochs_change_and_what_was_granted_before_can_still_be_opened(rig: Rig, clock: Clock) -> None:
    symbol, theirs = await rig.symbol("midori-child"), await rig.symbol("midori-city-tax")
    before, granted_at = await granted(rig, symbol), clock()
    clock.turn(minutes=11)
    after = await granted(rig, symbol)
    assert rig.open(before.token, granted_at).symbols == rig.open(after.token, clock()).symbols == (theirs,)


@pytest.mark.logs("gateway: database, OperationalError")
async def test_no_token_leaves_when_the_log_cannot_be_written(rig: Rig) -> None:
    symbol = await rig.symbol("midori-child")
    rig.rows("DROP TABLE leaves")
    answer = await rig.token(symbol)
    assert (answer.status_code, code_of(answer)) == (500, "fault")


async def test_a_receipt_completes_the_record(rig: Rig, clock: Clock) -> None:
    grant = await granted(rig, await rig.symbol("midori-child"))
    clock.turn(seconds=5)
    await rig.done("midori-city-tax", "/receipts", wire.Receipts(receipts=(receipt(grant.transaction_number),)))
    (record,) = await rig.records(await rig.symbol("portal"))
    assert record.outcome == "provided"
    _, leaf = rig.leaves()
    assert (leaf["what"], leaf["outcome"], leaf["provider"]) == ("receipt", "provided", b"\x05" * 32)


async def test_a_receipt_counts_once(rig: Rig) -> None:
    grant = await granted(rig, await rig.symbol("midori-child"))
    one = receipt(grant.transaction_number)
    for receipts in ((one, one), (one,)):
        await rig.done("midori-city-tax", "/receipts", wire.Receipts(receipts=receipts))
    assert [leaf["what"] for leaf in rig.leaves()] == ["exchange", "receipt"]


@pytest.mark.logs("alarm: foreign_receipt by")
@pytest.mark.parametrize("whose", ["another's", "relay", "nobody's"])
async def test_a_receipt_of_what_was_not_the_senders_to_answer_is_an_alarm(rig: Rig, whose: str) -> None:
    grant = await granted(rig, await rig.symbol("midori-child"))
    answer = await rig.exchange(await rig.symbol("midori-city"))
    relayed: str = answer.json()["transaction_number"]
    number, sender = {
        "another's": (grant.transaction_number, "mihon-pension"),
        "relay": (relayed, "midori-tax"),
        "nobody's": ("-".join(["0000"] * 8), "midori-city-tax"),
    }[whose]
    refused = await rig.call(sender, "/receipts", wire.Receipts(receipts=(receipt(number),)))
    assert (refused.status_code, code_of(refused)) == (403, "not_allowed")
    assert rig.events() == [("foreign_receipt", sender, "", "not_allowed")]
    assert [leaf["what"] for leaf in rig.leaves()] == ["exchange", "exchange"]


@pytest.mark.parametrize("changes", [{"transaction_number": "見本"}, {"provider": "AQEB"}, {"content": "%%%"}])
async def test_a_receipt_that_cannot_be_read_is_refused(rig: Rig, changes: dict[str, str]) -> None:
    grant = await granted(rig, await rig.symbol("midori-child"))
    wrong = msgspec.structs.replace(receipt(grant.transaction_number), **changes)
    answer = await rig.call("midori-city-tax", "/receipts", wire.Receipts(receipts=(wrong,)))
    assert (answer.status_code, code_of(answer)) == (400, "bad_request")
    assert len(rig.leaves()) == 1
