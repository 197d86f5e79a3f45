"""A change at a counter reaches what agencies hold: the next day, once, by handles that fit no other agency's."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import msgspec
import pytest
from agency_kit import CITY, PENSION, Rig, handle
from backend_kit import Clock, Machine

from backend_client import wire
from backend_stub.agencies.file import Ask, Desk
from backend_stub.body import Refusal
from backend_stub.people import Resident
from backend_stub.town import Town, body_folder

ASK = Ask(law="pension-address", desk=Desk(department="業務課", terminal="業務-01"), purpose="送り先", residents=())
RETURN = Ask(law="return-address", desk=Desk(department="個人課税", terminal="個-01"), purpose="確認", residents=())
NEW = "みほん県みどり市例示台九丁目9番9号"


def moved(agency: str, resident: Resident, address: str = NEW) -> wire.PersonChange:
    items = wire.FourItems(name=resident.name, address=address, birth_date=resident.birth_date, sex=resident.items.sex)
    return wire.PersonChange(
        handle=handle(agency, resident.name), event=wire.ResidentEvent.CHANGED, on=date(2026, 11, 21), items=items
    )


@pytest.fixture
def first(residents: tuple[Resident, ...]) -> Resident:
    return next(resident for resident in residents if resident.id == "first")


def asked_for_changes(rig: Rig) -> int:
    return sum(call[:2] == (CITY, "/synchronisations") for call in rig.gateway.daily)


async def test_a_move_at_the_counter_is_in_the_answer_of_the_next_day_once(
    town: Town, residents: tuple[Resident, ...], machine: Machine, clock: Clock, data: Path
) -> None:
    city, tax = town.agencies["midori-city"], town.agencies["midori-tax"]
    adult = next(resident for resident in residents if resident.id == "adult")
    for agency in (city, tax):
        await agency.enrol("adult", adult.items)
    assert (await tax.ask("adult", RETURN)).payload == {"住所": adult.address}
    items = wire.FourItems(name=adult.name, address=NEW, birth_date=adult.birth_date, sex=adult.items.sex)
    change = wire.ResidentChange(reference="adult", event=wire.ResidentEvent.CHANGED, at=clock(), items=items)
    counter = machine("midori-city")
    answer = await counter.post("/authority/resident-changes", content=msgspec.json.encode(change))
    assert answer.status_code == 204, answer.text
    assert (await tax.ask("adult", RETURN)).payload == {"住所": adult.address}, "once a day"
    clock.turn(days=1)
    answers = [await tax.ask("adult", RETURN) for _ in range(2)]
    assert [one.payload for one in answers] == [{"住所": NEW}] * 2
    assert answers[0].data_as_of == date(2026, 11, 21)
    assert city.book.heard() == (1, date(2026, 11, 22))
    heard = [row for row in rows_of(data, "authority", "SELECT act FROM audit") if row == ("synchronisation",)]
    assert len(heard) == 2, "each of the two agencies heard it once"


async def test_who_has_died_is_in_no_register(staffed: Rig, clock: Clock, first: Resident) -> None:
    died = wire.PersonChange(
        handle=handle(CITY, first.name), event=wire.ResidentEvent.DIED, on=date(2026, 11, 21), items=None
    )
    staffed.gateway.changes[CITY] = [died]
    await staffed.agencies[CITY].synchronise()
    kinds = {row["kind"] for row in staffed.rows(CITY, "holdings") if row["reference"] == "first"}
    assert "address" not in kinds
    assert {row["kind"] for row in staffed.rows(CITY, "holdings") if row["reference"] == "not-yet"} >= {"address"}


async def test_pages_cut_short_go_on_and_repeat_nothing_wrong(staffed: Rig, clock: Clock, first: Resident) -> None:
    city, gateway = staffed.agencies[CITY], staffed.gateway
    gateway.page = 1
    gateway.changes[CITY] = [moved(CITY, first, address) for address in ("仮名通1番", "仮名通2番", NEW)]
    gateway.fails_after["/synchronisations"] = 2
    with pytest.raises(Refusal):
        await city.synchronise()
    assert city.book.heard()[0] == 2
    assert address_of(staffed) == "仮名通2番"
    gateway.fails_after.clear()
    again = staffed.agency(CITY)
    await again.synchronise()
    assert (again.book.heard()[0], address_of(staffed)) == (3, NEW)
    await again.close()


async def test_what_was_not_kept_whole_is_heard_again(staffed: Rig, first: Resident) -> None:
    staffed.gateway.changes[CITY] = [moved(CITY, first)]
    staffed.sql(CITY, "CREATE TRIGGER cut BEFORE UPDATE ON heard BEGIN SELECT RAISE(ABORT, 'cut'); END")
    with pytest.raises(Exception, match="cut"):
        await staffed.agencies[CITY].synchronise()
    assert address_of(staffed) == first.address
    staffed.sql(CITY, "DROP TRIGGER cut")
    await staffed.agencies[CITY].synchronise()
    assert address_of(staffed) == NEW


@pytest.mark.logs("changes were not heard: peer_unavailable")
async def test_without_the_authority_work_goes_on_and_it_is_asked_again(
    staffed: Rig, clock: Clock, first: Resident
) -> None:
    gateway = staffed.gateway
    gateway.changes[CITY] = [moved(CITY, first)]
    gateway.fails_after["/synchronisations"] = 0
    clock.turn(days=1)
    pension = staffed.agencies[PENSION]
    for _ in range(2):
        assert (await pension.ask("first", ASK)).payload == {"住所": first.address}
    assert asked_for_changes(staffed) == 1
    gateway.fails_after.clear()
    clock.turn(minutes=11)
    for _ in range(2):
        assert (await pension.ask("first", ASK)).payload == {"住所": NEW}
    assert asked_for_changes(staffed) == 2
    clock.turn(days=1)
    await pension.ask("first", ASK)
    assert asked_for_changes(staffed) == 3


async def test_somebody_who_is_no_client_changes_nothing(staffed: Rig, residents: tuple[Resident, ...]) -> None:
    stranger = next(resident for resident in residents if resident.id == "adult")
    before = staffed.rows(CITY, "holdings")
    staffed.gateway.changes[CITY] = [moved(CITY, stranger)]
    await staffed.agencies[CITY].synchronise()
    assert staffed.rows(CITY, "holdings") == before
    assert staffed.agencies[CITY].book.heard()[0] == 1


def address_of(rig: Rig) -> str:
    (held,) = (row for row in rig.rows(CITY, "holdings") if (row["reference"], row["kind"]) == ("first", "address"))
    payload: dict[str, str] = msgspec.json.decode(held["payload"])
    return payload["住所"]


def rows_of(data: Path, body: str, question: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(body_folder(data, body) / f"{body}.db")
    found = connection.execute(question).fetchall()
    connection.close()
    return found
