"""The till against the real cashier: one charge for one yes, whatever is cut, lost or killed on the way."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from backend_client.errors import Refused, Unreachable
from backend_client.outbox import Elsewhere, Outbox
from kiosk.desk import Unsettled
from tests.till.place import TODAY, Place

CHARGES, CLOSINGS = "/cashier/charges", "/cashier/closings"


def charged(place: Place) -> list[tuple[str, int]]:
    """What was really taken: key and yen."""
    with sqlite3.connect(place.data / "backend" / "payments" / "payments.db") as database:
        return database.execute("SELECT key, amount FROM payments WHERE state = 'paid'").fetchall()


async def test_a_bill_is_paid_once_and_told_once(place: Place) -> None:
    place.post("a")
    async with place.open() as (till, _):
        due = await till.due(place.certificate)
        assert due is not None
        paid = await till.pay(due, place.certificate, None)
        assert paid is not None
        assert [amount for _, amount in charged(place)] == [1200]
        told = place.told()["a"]
        assert (told["kind"], told["key"], told["receipt"], told["amount"]) == ("paid", paid.key, paid.receipt, 1200)
        assert await till.due(place.certificate) == paid, "until the receipt is given"
        assert await till.pay(due, place.certificate, None) == paid, "a second yes charges nothing"
        await till.given(paid)
        assert await till.due(place.certificate) is None
    assert len(charged(place)) == 1
    assert list((place.bills / "req").iterdir()) == []
    assert Outbox(place.own).under_way() == []


@pytest.mark.parametrize(
    ("cut", "lost", "taken"),
    [([CHARGES], [], False), ([], [CHARGES], True)],
    ids=["never arrived", "answer lost"],
)
async def test_what_became_of_it_is_asked(place: Place, cut: list[str], lost: list[str], taken: bool) -> None:
    place.post("a")
    async with place.open() as (till, line):
        due = await till.due(place.certificate)
        assert due is not None
        line.cut, line.lose = cut, lost
        if taken:
            assert await till.pay(due, place.certificate, None) is not None
        else:
            with pytest.raises(Unreachable):
                await till.pay(due, place.certificate, None)
            assert Outbox(place.own).under_way() == []
            assert await till.pay(due, place.certificate, None) is not None, "tried again"
    assert len(charged(place)) == 1


@pytest.mark.parametrize("arrived", [False, True])
async def test_the_line_stays_down_and_it_is_settled_later(place: Place, arrived: bool) -> None:
    place.post("a")
    async with place.open() as (till, line):
        due = await till.due(place.certificate)
        assert due is not None
        (line.lose if arrived else line.cut).append(CHARGES)
        line.cut += [CLOSINGS, CLOSINGS, CLOSINGS]
        with pytest.raises(Unsettled):
            await till.pay(due, place.certificate, None)
        with pytest.raises(Unsettled):
            await till.pay(due, place.certificate, None)
        with pytest.raises(Unreachable):
            await till.settle()
    async with place.open() as (till, _):
        await till.settle()
        due = await till.due(place.certificate)
        assert due is not None
        assert bool(due.receipt) == arrived
        assert len(charged(place)) == len(place.told()) == int(arrived)


async def test_cancelled_in_the_middle(place: Place) -> None:
    """The card is pulled, the red key pressed: the charge that had gone out is found out."""
    place.post("a")
    async with place.open() as (till, line):
        due = await till.due(place.certificate)
        assert due is not None
        paying = asyncio.ensure_future(till.pay(due, place.certificate, None))
        line.before = lambda path: paying.cancel() if path == CHARGES else None
        with pytest.raises(asyncio.CancelledError):
            await paying
        await till.settle()
        found = await till.due(place.certificate)
        assert found is not None
        assert bool(found.receipt) == (len(charged(place)) == 1)


async def test_two_windows_at_once(place: Place) -> None:
    place.post("a")
    async with place.open() as (one, _), place.open() as (two, _):
        due = await one.due(place.certificate)
        assert due is not None
        paid = await asyncio.gather(one.pay(due, place.certificate, None), two.pay(due, place.certificate, None))
        assert paid[0] == paid[1]
    assert len(charged(place)) == 1


def test_one_at_a_time(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    with outbox.alone(), pytest.raises(Elsewhere), outbox.alone(0):
        raise AssertionError
    with outbox.alone(0):
        pass


async def test_above_the_limit_only_with_the_digits(place: Place) -> None:
    place.post("a", 10_001)
    async with place.open() as (till, _):
        due = await till.due(place.certificate)
        card = await till.card(place.certificate)
        assert due is not None
        assert card is not None
        assert due.amount > card.digits_above
        with pytest.raises(Refused, match="not_allowed"):
            await till.pay(due, place.certificate, None)
        assert charged(place) == []
        proof = place.proof((await till.challenge()).nonce)
        assert await till.pay(due, place.certificate, proof) is not None


async def test_only_the_cards_own_bill_of_today(place: Place) -> None:
    place.post("other", number="13")
    place.post("yesterday", day=TODAY - timedelta(days=1))
    place.write("wrong", {"kind": "bill", "number": "12"})
    (place.bills / "req" / "half.json").write_text('{"kind": "bill", "day": "2026-11-2')
    async with place.open() as (till, _):
        assert await till.due(place.certificate) is None
        assert await till.due(b"another card") is None
        place.post("mine", 300)
        due = await till.due(place.certificate)
        assert due is not None
        assert (due.bill, due.amount) == ("mine", 300)


async def test_a_receipt_of_another_is_nobodys(place: Place) -> None:
    place.post("a")
    async with place.open() as (till, _):
        due = await till.due(place.certificate)
        assert due is not None
        await till.pay(due, place.certificate, None)
        await till.remember(b"another card", "12")
        assert await till.due(b"another card") is None


async def test_a_refund_is_made_and_told_once(place: Place) -> None:
    place.post("a")
    async with place.open() as (till, line):
        due = await till.due(place.certificate)
        assert due is not None
        paid = await till.pay(due, place.certificate, None)
        assert paid is not None
        place.write("r", {"kind": "refund", "key": paid.key, "receipt": paid.receipt})
        place.write("strange", {"kind": "refund", "key": paid.key, "receipt": "0"})
        line.lose = ["/cashier/refunds"]
        with pytest.raises(Unreachable):
            await till.settle()
        await till.settle()
    assert charged(place) == []
    assert place.told()["r"]["kind"] == "refunded"
    assert place.told()["strange"]["kind"] == "impossible"
    assert list((place.bills / "req").iterdir()) == []


async def test_a_folder_that_went_away_is_told_later(place: Place) -> None:
    place.post("a")
    away = place.bills.with_name("away")
    async with place.open() as (till, line):
        due = await till.due(place.certificate)
        assert due is not None
        line.before = lambda path: place.bills.replace(away) if path == CHARGES else None
        paid = await till.pay(due, place.certificate, None)
        assert paid is not None
        await till.given(paid)
        away.replace(place.bills)
        assert await till.due(place.certificate) is None, "it is paid, although its file still lies there"
        await till.settle()
    assert place.told()["a"]["key"] == paid.key
    assert Outbox(place.own).under_way() == []
    assert len(charged(place)) == 1


async def test_no_account_number_anywhere_but_at_the_payment_body(place: Place) -> None:
    place.post("a")
    async with place.open() as (till, _):
        due = await till.due(place.certificate)
        assert due is not None
        await till.pay(due, place.certificate, None)
    own = place.data / "backend" / "payments"
    files = [path for path in place.data.parent.rglob("*") if path.is_file()]
    holding = [path for path in files if b"9000000" in path.read_bytes()]
    assert {path.parent for path in holding} == {own}, "the search finds what is there"
    kept = Outbox(place.own).under_way()[0]
    assert b"9000000" not in msgspec.json.encode(replace(kept))
