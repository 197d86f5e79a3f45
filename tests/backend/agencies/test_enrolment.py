"""Many clients enrolled at once: all or none, and nobody gets a symbol with another's acquisition number."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import msgspec
import pytest
from backend_kit import Machine, problem

from backend_client import wire
from backend_stub.body import Refusal
from backend_stub.people import Resident
from backend_stub.town import Town, body_folder


def count(data: Path, table: str) -> int:
    connection = sqlite3.connect(body_folder(data, "authority") / "authority.db")
    (found,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
    connection.close()
    return int(found)


async def test_one_who_matches_nobody_leaves_all_out(town: Town, data: Path, residents: tuple[Resident, ...]) -> None:
    city = town.agencies["midori-city"]
    people = {one.id: one.items for one in residents}
    wrong = people | {"wrong": msgspec.structs.replace(residents[0].items, address="どこにもない町1番")}
    with pytest.raises(Refusal) as refused:
        await city.enrol_all(wrong)
    assert (refused.value.code, refused.value.origin) == ("no_match", "authority")
    assert [city.book.symbol(one) for one in people] == [None] * len(people)
    assert (count(data, "acquisitions"), count(data, "held")) == (0, 0)
    await city.enrol_all(people)
    assert len({city.book.symbol(one) for one in people}) == len(people)
    assert (count(data, "acquisitions"), count(data, "held")) == (0, len(people))


@pytest.mark.logs("alarm: foreign_acquisition by midori-tax")
async def test_numbers_of_another_agency_give_no_symbols(
    machine: Machine, data: Path, residents: tuple[Resident, ...]
) -> None:
    match = wire.MatchBatch(people=tuple(one.items for one in residents[:2]))
    answer = await machine("midori-city").post("/authority/acquisition-batches", content=msgspec.json.encode(match))
    theirs = msgspec.json.decode(answer.content, type=wire.AcquisitionBatch)
    stolen = await machine("midori-tax").post("/gateway/symbol-batches", content=msgspec.json.encode(theirs))
    assert problem(stolen) == (403, "not_allowed")
    again = await machine("midori-city").post("/gateway/symbol-batches", content=msgspec.json.encode(theirs))
    assert problem(again) == (409, "acquisition_unknown"), "a number counts once"
