"""Consent, disasters, hidden records, and what may I ask."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from backend_kit import Clock
from gateway_kit import HANAKO, TARO, Rig, build_rig, code_of

from backend_client import wire
from backend_stub.gateway.law import LawTable

MEDICAL = {"law": "return-medical", "machine": "midori-tax"}
CARE = {"law": "disaster-care", "machine": "midori-city"}


def given(symbol: str, clock: Clock, **until: float) -> wire.ConsentGiven:
    return wire.ConsentGiven(symbol=symbol, law="return-medical", until=clock() + timedelta(**until))


def order(clock: Clock, number: str = "2026-7", **until: float) -> wire.DisasterOrder:
    return wire.DisasterOrder(order=number, words="みほん県の大雨", until=clock() + timedelta(**(until or {"days": 3})))


async def code(rig: Rig, machine: str, path: str, message: wire.Message) -> str:
    return code_of(await rig.call(machine, path, message))


async def test_without_consent_nothing_flows(rig: Rig) -> None:
    answer = await rig.exchange(await rig.symbol("midori-tax"), **MEDICAL)
    assert (answer.status_code, code_of(answer)) == (403, "consent_missing")
    assert rig.events() == [("law_forbade", "midori-tax", "return-medical", "consent_missing")]
    assert not rig.neighbours["mihon-kokuho"].asked
    assert not rig.leaves()


async def test_consent_is_for_one_person_and_lasts_until_its_end(rig: Rig, clock: Clock) -> None:
    hanako, taro = await rig.symbol("midori-tax", HANAKO), await rig.symbol("midori-tax", TARO)
    await rig.done("portal", "/consents", given(await rig.symbol("portal", HANAKO), clock, hours=1))
    assert (await rig.exchange(hanako, **MEDICAL)).status_code == 200
    assert code_of(await rig.exchange(taro, **MEDICAL)) == "consent_missing"
    clock.turn(minutes=59, seconds=59)
    assert (await rig.exchange(hanako, **MEDICAL)).status_code == 200
    clock.turn(seconds=1)
    assert code_of(await rig.exchange(hanako, **MEDICAL)) == "consent_missing"


async def test_consent_is_taken_back_at_once_and_given_again(rig: Rig, clock: Clock) -> None:
    symbol, portal = await rig.symbol("midori-tax"), await rig.symbol("portal")
    withdrawn = wire.ConsentWithdrawn(symbol=portal, law="return-medical")
    await rig.done("portal", "/consent-withdrawals", withdrawn)
    for hours in (1, 2):
        await rig.done("portal", "/consents", given(portal, clock, hours=hours))
    assert (await rig.exchange(symbol, **MEDICAL)).status_code == 200
    await rig.done("portal", "/consent-withdrawals", withdrawn)
    assert code_of(await rig.exchange(symbol, **MEDICAL)) == "consent_missing"
    assert not rig.rows("SELECT * FROM consents")


async def test_consent_outlives_a_restart_and_leads_to_nobody(rig: Rig, clock: Clock) -> None:
    symbol, portal = await rig.symbol("midori-tax"), await rig.symbol("portal")
    await rig.done("portal", "/consents", given(portal, clock, days=1))
    await rig.close()
    again = build_rig(rig.data, clock, rig)
    assert (await again.exchange(symbol, **MEDICAL)).status_code == 200
    (row,) = again.rows("SELECT * FROM consents")
    await again.close()
    kept = row["holder"]
    assert HANAKO not in kept
    assert not any(kept in bytes.fromhex(one) or bytes.fromhex(one)[1:] in kept for one in (symbol, portal))


async def test_consents_that_are_over_do_not_pile_up(rig: Rig, clock: Clock) -> None:
    await rig.done("portal", "/consents", given(await rig.symbol("portal", HANAKO), clock, hours=1))
    clock.turn(hours=1)
    await rig.done("portal", "/consents", given(await rig.symbol("portal", TARO), clock, hours=1))
    assert len(rig.rows("SELECT * FROM consents")) == 1


@pytest.mark.parametrize("law", ["elderly-premium", "never-heard-of"])
async def test_consent_is_given_only_where_it_is_needed(rig: Rig, clock: Clock, law: str) -> None:
    message = msgspec.structs.replace(given(await rig.symbol("portal"), clock, hours=1), law=law)
    assert await code(rig, "portal", "/consents", message) == "law_forbids"
    withdrawn = wire.ConsentWithdrawn(symbol=message.symbol, law=law)
    assert await code(rig, "portal", "/consent-withdrawals", withdrawn) == "law_forbids"


async def test_consent_that_is_over_at_once_or_has_no_zone_is_refused(rig: Rig, clock: Clock) -> None:
    message = given(await rig.symbol("portal"), clock, hours=0)
    assert await code(rig, "portal", "/consents", message) == "content_wrong"
    nowhere = msgspec.structs.replace(message, until=message.until.replace(tzinfo=None, year=2030))
    assert await code(rig, "portal", "/consents", nowhere) == "bad_request"


@pytest.mark.logs("alarm: wrong_symbol by portal")
async def test_consent_needs_the_portals_own_symbol(rig: Rig, clock: Clock) -> None:
    message = given(await rig.symbol("midori-tax"), clock, hours=1)
    assert await code(rig, "portal", "/consents", message) == "symbol_invalid"


async def test_a_disaster_opens_its_law_tuples_and_all_of_it_is_marked(rig: Rig, clock: Clock) -> None:
    symbol, portal = await rig.symbol("midori-city"), await rig.symbol("portal")
    await rig.done("overseer", "/disasters", order(clock))
    assert (await rig.exchange(symbol, **CARE)).status_code == 200
    await rig.done("overseer", "/disaster-ends", wire.DisasterEnd(order="2026-7"))
    assert code_of(await rig.exchange(symbol, **CARE)) == "disaster_closed"
    marks = [(leaf["what"], leaf["mark"]) for leaf in rig.leaves()]
    assert marks == [
        ("mark", "disaster opened: 2026-7"),
        ("exchange", "disaster: 2026-7"),
        ("mark", "disaster closed: 2026-7"),
    ]
    assert [record.mark for record in await rig.records(portal)] == ["disaster: 2026-7"]


async def test_an_order_ends_by_itself_and_counts_once(rig: Rig, clock: Clock) -> None:
    symbol, end = await rig.symbol("midori-city"), wire.DisasterEnd(order="2026-7")
    await rig.done("overseer", "/disasters", order(clock, hours=1))
    clock.turn(hours=1)
    assert code_of(await rig.exchange(symbol, **CARE)) == "disaster_closed"
    assert await code(rig, "overseer", "/disaster-ends", end) == "order_expired"
    assert await code(rig, "overseer", "/disasters", order(clock)) == "order_expired"
    assert await code(rig, "overseer", "/disasters", order(clock, "2026-8", hours=0)) == "order_expired"
    assert await code(rig, "overseer", "/disaster-ends", wire.DisasterEnd(order="2026-9")) == "not_found"
    assert len(rig.leaves()) == 1


async def test_a_disaster_outlives_a_restart(rig: Rig, clock: Clock) -> None:
    symbol = await rig.symbol("midori-city")
    await rig.done("overseer", "/disasters", order(clock))
    await rig.close()
    again = build_rig(rig.data, clock, rig)
    assert (await again.exchange(symbol, **CARE)).status_code == 200
    assert await code(again, "overseer", "/disasters", order(clock)) == "order_expired"
    await again.close()


@pytest.mark.parametrize("changes", [{"order": "見本 花子"}, {"order": ""}, {"order": "1" * 65}, {"words": "雨" * 201}])
async def test_an_order_is_never_free_text(rig: Rig, clock: Clock, changes: dict[str, str]) -> None:
    message = msgspec.structs.replace(order(clock), **changes)
    assert await code(rig, "overseer", "/disasters", message) == "bad_request"
    assert not rig.leaves()


@pytest.mark.logs("gateway: LogClosed")
async def test_the_disaster_is_not_open_when_its_mark_could_not_be_written(rig: Rig, clock: Clock) -> None:
    symbol = await rig.symbol("midori-city")
    await rig.close()  # nothing can be written to the log any more
    answer = await rig.call("overseer", "/disasters", order(clock))
    assert answer.status_code == 500
    again = build_rig(rig.data, clock, rig)
    assert code_of(await again.exchange(symbol, **CARE)) == "disaster_closed"
    await again.close()


async def test_what_may_i_ask(rig: Rig, clock: Clock) -> None:
    async def laws(machine: str) -> dict[str, wire.LawEntry]:
        async with rig.caller(machine) as client:
            answer = await client.get("/laws")
        return {law.id: law for law in msgspec.json.decode(answer.content, type=wire.LawList).laws}

    city = await laws("midori-city")
    assert set(city) == {law.id for law in LawTable.read() if law.requester == "midori-city"}
    assert (city["elderly-premium"].transport, city["elderly-premium"].fields) == (
        wire.Transport.RELAY,
        ("年分", "合計所得金額"),
    )
    assert not city["disaster-care"].open_now
    assert (await laws("midori-tax"))["return-medical"].consent_needed
    await rig.done("overseer", "/disasters", order(clock))
    assert all(law.open_now for law in (await laws("midori-city")).values())


async def test_a_hidden_record_is_shown_when_its_time_has_come(tmp_path: Path, clock: Clock) -> None:
    laws = LawTable(
        tuple(msgspec.structs.replace(law, hidden_days=90 * (law.id == "elderly-premium")) for law in LawTable.read())
    )
    rig = build_rig(tmp_path, clock, laws=laws)
    symbol, portal = await rig.symbol("midori-city"), await rig.symbol("portal")
    await rig.exchange(symbol)
    await rig.exchange(symbol, "national-premium")
    assert [record.purpose for record in await rig.records(portal)] == ["国民健康保険料の計算"]
    clock.turn(days=90)
    assert len(await rig.records(portal)) == 2
    await rig.close()
