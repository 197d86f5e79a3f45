"""The agency's part of the log for the commission, its term, and the receipts on their way."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from agency_kit import CHILD, INCOME, TAX, Rig, month, parts, refusal

from backend_client import wire


async def redeem(rig: Rig, *people: str) -> tuple[str, ...]:
    numbers, token = rig.gateway.grant(CHILD, INCOME, list(people))
    answer = await rig.call(CHILD, TAX, "/redemptions", wire.Redemption(token=token))
    assert answer.status_code == 200, answer.text
    return numbers


async def test_an_order_that_is_over_opens_nothing(staffed: Rig) -> None:
    await redeem(staffed, "試験 冬樹")
    order = msgspec.structs.replace(month(staffed.clock), valid_until=staffed.clock.now)
    answer = await staffed.call("commission", TAX, "/parts", order)
    assert refusal(answer) == (403, "order_expired", TAX)
    assert staffed.rows(TAX, "orders") == []


@pytest.mark.parametrize("changes", [{"order": "x" * 101}, {"since": datetime(2026, 11, 1)}])  # noqa: DTZ001
async def test_an_order_that_makes_no_sense_opens_nothing(staffed: Rig, changes: dict[str, Any]) -> None:
    answer = await staffed.call("commission", TAX, "/parts", msgspec.structs.replace(month(staffed.clock), **changes))
    assert refusal(answer) == (400, "bad_request", TAX)
    assert staffed.rows(TAX, "orders") == []


async def test_only_the_commission_opens_parts_and_each_order_is_noted(staffed: Rig) -> None:
    for caller in (CHILD, "gateway"):
        answer = await staffed.call(caller, TAX, "/parts", month(staffed.clock))
        assert refusal(answer) == (403, "not_allowed", TAX)
    await parts(staffed, TAX)
    assert [row["order"] for row in staffed.rows(TAX, "orders")] == ["T-2026-1"]


async def test_the_time_asked_for_begins_inside_and_ends_outside(staffed: Rig) -> None:
    first = (await redeem(staffed, "試験 冬樹"))[0]
    staffed.clock.turn(seconds=1)
    second = (await redeem(staffed, "試験 冬樹"))[0]
    whole = month(staffed.clock)
    for since, until, numbers in (
        (whole.since, whole.until, [first, second]),
        (staffed.clock.now, whole.until, [second]),
        (whole.since, staffed.clock.now, [first]),
    ):
        order = msgspec.structs.replace(whole, since=since, until=until)
        answer = await staffed.call("commission", TAX, "/parts", order)
        found = msgspec.json.decode(answer.content, type=wire.Parts).parts
        assert [part.transaction_number for part in found] == numbers


async def test_after_the_term_salts_and_contents_are_gone(staffed: Rig) -> None:
    await redeem(staffed, "試験 冬樹")
    (salt,) = (row["content_salt"] for row in staffed.rows(TAX, "provided"))
    keep = timedelta(days=staffed.agencies[TAX].file.keep_parts_days)
    staffed.clock.now += keep
    await redeem(staffed, "仮名 二郎")
    assert len(staffed.rows(TAX, "provided")) == 2
    staffed.clock.now += timedelta(days=1)
    await redeem(staffed, "仮名 二郎")
    assert [row["reference"] for row in staffed.rows(TAX, "provided")] == ["wrong-policy", "wrong-policy"]
    with staffed.agencies[TAX]._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    assert salt.encode() not in (staffed.data / TAX / "agency.db").read_bytes()


async def test_receipts_go_in_order_and_in_one_message(staffed: Rig) -> None:
    numbers = [*await redeem(staffed, "試験 冬樹", "仮名 二郎"), *await redeem(staffed, "仮名 二郎")]
    await staffed.agencies[TAX].outbox.post()
    assert [receipt.transaction_number for receipt in staffed.gateway.receipts] == numbers
    assert staffed.rows(TAX, "outbox") == []


async def test_receipts_leave_of_themselves(staffed: Rig) -> None:
    numbers = await redeem(staffed, "試験 冬樹")
    async with asyncio.timeout(5):
        await staffed.gateway.received.wait()
    assert tuple(receipt.transaction_number for receipt in staffed.gateway.receipts) == numbers


@pytest.mark.logs("midori-city-tax: receipts wait for the gateway: fault")
async def test_receipts_wait_for_a_gateway_that_is_down_and_outlive_the_agency(staffed: Rig) -> None:
    numbers = list(await redeem(staffed, "試験 冬樹"))
    await staffed.agencies[TAX].outbox.post()
    staffed.gateway.refusal = "fault"
    numbers += [*await redeem(staffed, "仮名 二郎"), *await redeem(staffed, "試験 冬樹")]
    await staffed.agencies[TAX].close()
    assert [row["transaction_number"] for row in staffed.rows(TAX, "outbox")] == numbers[1:]
    staffed.gateway.refusal = ""
    staffed.agencies[TAX] = staffed.agency(TAX)
    await staffed.agencies[TAX].outbox.post()
    assert [receipt.transaction_number for receipt in staffed.gateway.receipts] == numbers


async def test_a_new_receipt_takes_the_waiting_ones_along(staffed: Rig) -> None:
    staffed.gateway.refusal = "fault"
    outbox = staffed.agencies[TAX].outbox
    first = await redeem(staffed, "試験 冬樹")
    with pytest.raises(Exception, match="fault"):
        await outbox.post()
    staffed.gateway.refusal = ""
    second = await redeem(staffed, "仮名 二郎")
    await outbox.post()
    assert [receipt.transaction_number for receipt in staffed.gateway.receipts] == [*first, *second]


@pytest.mark.logs("midori-city-tax: a receipt was refused for good: not_allowed")
async def test_a_receipt_the_gateway_never_takes_does_not_stop_the_others(staffed: Rig) -> None:
    numbers = [*await redeem(staffed, "試験 冬樹", "仮名 二郎"), *await redeem(staffed, "仮名 二郎")]
    staffed.gateway.unknown = numbers[1]
    await staffed.agencies[TAX].outbox.post()
    assert [receipt.transaction_number for receipt in staffed.gateway.receipts] == [numbers[0], numbers[2]]
    (kept,) = staffed.rows(TAX, "outbox")
    assert (kept["transaction_number"], kept["refused"]) == (numbers[1], "not_allowed")
    await staffed.agencies[TAX].outbox.post()


async def test_a_token_for_a_thousand_is_answered_at_once(staffed: Rig) -> None:
    numbers = await redeem(staffed, *["試験 冬樹", "仮名 二郎"] * 500)
    assert [row["transaction_number"] for row in staffed.rows(TAX, "provided")] == list(numbers)
    await staffed.agencies[TAX].outbox.post()
    assert [receipt.transaction_number for receipt in staffed.gateway.receipts] == list(numbers)
