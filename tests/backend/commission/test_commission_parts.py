"""Reviews: the parts that agencies open, held against the commitments in the gateway's tree."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from backend_kit import START, problem
from commission_kit import CHILD, CITY, CITY_TAX, RELAY, TAX, TOKEN, Seeded

from backend_client import wire


async def test_a_normal_day_gives_no_finding(seeded: Seeded) -> None:
    assert await seeded.review() == ()
    assert await seeded.findings() == ()


@pytest.mark.parametrize(
    ("agency", "change", "rule"),
    [
        (CITY, "UPDATE asked SET terminal = '国保-99' WHERE law = 'elderly-premium'", "part_mismatch"),
        (CITY, "UPDATE asked SET purpose = '別の事務' WHERE law = 'elderly-premium'", "part_mismatch"),
        (CITY, 'UPDATE asked SET payload = \'{"年分": "令和6年分"}\' WHERE payload IS NOT NULL', "part_mismatch"),
        (TAX, "UPDATE provided SET department = '総務課'", "part_mismatch"),
        (TAX, "UPDATE provided SET payload = '{}'", "part_mismatch"),
        (CITY_TAX, "UPDATE provided SET content_salt = salt", "part_mismatch"),
        (CITY, "DELETE FROM asked WHERE law = 'elderly-premium'", "part_missing"),
        (CHILD, "DELETE FROM asked", "part_missing"),
        (TAX, "DELETE FROM provided", "part_missing"),
        (CITY_TAX, "DELETE FROM provided", "part_missing"),
    ],
)
async def test_a_part_that_was_changed_or_taken_away_is_found(
    seeded: Seeded, agency: str, change: str, rule: str
) -> None:
    seeded.sql(agency, change)
    assert await seeded.rules() == {(rule, agency)}


async def test_a_token_that_nobody_redeems_is_in_order(seeded: Seeded) -> None:
    numbers = await seeded.ask(CHILD, TOKEN)
    hexed = bytes.fromhex(numbers[0].replace("-", ""))
    seeded.sql(CITY_TAX, "DELETE FROM provided WHERE transaction_number = ?", numbers[0])
    seeded.sql(CITY_TAX, "DELETE FROM outbox")
    assert ("part_missing", CITY_TAX) not in await seeded.rules()
    assert not seeded.sql("gateway", "SELECT * FROM leaves WHERE number = ? AND what = 'receipt'", hexed)


@pytest.mark.logs("receipts wait for the gateway")
async def test_an_answer_without_a_receipt_is_found(seeded: Seeded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeded.town.agencies[CITY_TAX].outbox, "kick", lambda: None)
    await seeded.ask(CHILD, TOKEN)
    assert await seeded.rules() == {("no_receipt", CITY_TAX)}
    await seeded.town.agencies[CITY_TAX].outbox.post()
    assert await seeded.rules() == set(), "late, but it came"


async def test_what_may_still_be_under_way_is_left_to_a_later_review(
    seeded: Seeded, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeded.clock.turn(minutes=15)
    monkeypatch.setattr(seeded.town.agencies[CITY_TAX].outbox, "kick", lambda: None)
    await seeded.ask(CHILD, TOKEN)
    request = wire.ReviewRequest(since=START, until=START + timedelta(days=1))
    answer = await seeded.staff.post("/commission/reviews", content=msgspec.json.encode(request))
    assert msgspec.json.decode(answer.content, type=wire.Review).findings == ()


@pytest.mark.parametrize(("agency", "table"), [(CITY, "asked"), (TAX, "provided")])
async def test_a_part_of_what_the_gateway_never_logged_is_found(seeded: Seeded, agency: str, table: str) -> None:
    seeded.sql(agency, f"UPDATE {table} SET transaction_number = replace(transaction_number, '0', 'F')")  # noqa: S608
    assert ("not_in_log", agency) in await seeded.rules()


@pytest.mark.logs("midori-tax: database, OperationalError")
async def test_an_agency_that_opens_nothing_is_named_and_the_others_are_checked(seeded: Seeded) -> None:
    seeded.sql(TAX, "DROP TABLE orders")
    seeded.sql(CITY, "DELETE FROM asked WHERE law = 'elderly-premium'")
    assert await seeded.rules() == {("parts_refused", TAX), ("part_missing", CITY)}
    assert seeded.sql("commission", "SELECT complete FROM reviews") == [(0,)]


async def test_each_review_has_an_order_of_its_own_that_agencies_note(seeded: Seeded) -> None:
    await seeded.review()
    await seeded.review()
    own = seeded.sql("commission", 'SELECT "order" FROM reviews ORDER BY at')
    noted = seeded.sql(CITY, 'SELECT "order" FROM orders ORDER BY at')
    assert own == noted
    assert len(set(own)) == 2


async def test_a_finding_found_again_is_said_once_and_names_no_person(seeded: Seeded) -> None:
    seeded.sql(CITY, "UPDATE asked SET terminal = '国保-99' WHERE law = 'elderly-premium'")
    first = await seeded.review()
    await seeded.review()
    kept = await seeded.findings()
    assert sorted(kept, key=str) == sorted(set(first), key=str)
    assert kept
    assert all(
        one.words == "midori-city opened ⑦ ⑨ ⑫ that are not what was committed to (elderly-premium)" for one in kept
    )


async def test_only_the_staff_reads_findings_and_orders_reviews(seeded: Seeded) -> None:
    review = wire.ReviewRequest(since=START, until=START + timedelta(days=1))
    async with seeded.machine("gateway") as gateway, seeded.machine("commission") as itself:
        for client, refusal in (
            (seeded.people, "machine_unknown"),
            (gateway, "not_allowed"),
            (itself, "machine_unknown"),
        ):
            assert problem(await client.get("/commission/findings"))[1] == refusal
            answer = await client.post("/commission/reviews", content=msgspec.json.encode(review))
            assert problem(answer)[1] == refusal


@pytest.mark.parametrize(("since", "until"), [(0, 0), (1, 0), (0, 8)])
async def test_a_review_is_of_a_time_and_of_no_more_than_a_week(seeded: Seeded, since: int, until: int) -> None:
    request = wire.ReviewRequest(since=START + timedelta(days=since), until=START + timedelta(days=until))
    answer = await seeded.staff.post("/commission/reviews", content=msgspec.json.encode(request))
    assert problem(answer) == (409, "content_wrong")


async def test_salts_contents_and_symbols_never_stay_with_the_commission(seeded: Seeded) -> None:
    await seeded.ask(CITY, RELAY)
    await seeded.review()
    kept = b"".join(path.read_bytes() for path in (seeded.data / "backend" / "commission").iterdir())
    secrets = seeded.sql(CITY, "SELECT salt FROM asked UNION SELECT content_salt FROM asked WHERE content_salt > ''")
    secrets += seeded.sql(CITY, "SELECT symbol FROM clients")
    secrets += [("合計所得金額",), ("国保-07",)]
    assert len(secrets) > 10
    assert not [text for (text,) in secrets if text.encode() in kept]
    assert "後期高齢者医療の保険料の計算".encode() in kept, "it was searched"
