"""Answers carry no identifying field that the law tuple does not name: dropped by who provides, refused by who asks."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from backend_stub.agencies.catalogue import Catalogue, Field, FieldType, LayoutWrong, standard
from backend_stub.agencies.file import Ask, Desk
from backend_stub.body import Refusal
from backend_stub.gateway.law import Law, LawTable
from backend_stub.people import Resident
from backend_stub.setups import body_folder
from backend_stub.town import Town

LAWS = tuple(LawTable.read())
CITY, TAX = "midori-city", "midori-tax"
RETURN_ADDRESS = Ask("return-address", Desk("個人課税部門", "個課-12"), "申告書の住所の確認", ("adult",))
VALUES = {
    FieldType.TEXT: "見本",
    FieldType.YEN: "1,640,000円",
    FieldType.YEAR: "令和7年度",
    FieldType.DATE: "2026-11-01",
    FieldType.COUNT: "3",
}


def value(field: Field) -> str:
    return field.choices[0] if field.type is FieldType.CHOICE else VALUES[field.type]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.id)
def test_nothing_but_what_the_law_names_leaves_or_is_taken(law: Law) -> None:
    held = {name: value(field) for name, field in standard().fields(law.kind).items()}
    given = standard().excerpt(law.kind, held, law.fields)
    assert set(given) == set(law.fields)
    for name in set(held) - set(law.fields):
        with pytest.raises(LayoutWrong):
            standard().check_excerpt(law.kind, given | {name: held[name]}, law.fields)


def test_what_identifies_is_named_for_addresses_alone() -> None:
    naming = {law: {n for n in law.fields if standard().fields(law.kind)[n].identifies} for law in LAWS}
    others = {law.id: names for law, names in naming.items() if names and law.requester != "portal"}
    assert others == {  # whoever asks for the own information reads it alone (decision 0036)
        "return-address": {"住所"},
        "pension-address": {"住所"},
        "disaster-address": {"氏名", "住所"},
    }


@pytest.fixture
async def enrolled(town: Town, residents: tuple[Resident, ...]) -> AsyncIterator[Town]:
    """A town in which the city and the tax office know one client."""
    (hanako,) = (one for one in residents if one.id == "adult")
    for agency in (CITY, TAX):
        await town.agencies[agency].enrol_all({hanako.id: hanako.items})
    yield town
    await town.close()


def rows(data: Path, body: str, statement: str, *values: Any) -> list[Any]:
    with closing(sqlite3.connect(body_folder(data, body) / f"{body}.db")) as connection, connection:
        return connection.execute(statement, values).fetchall()


def held_by_the_city(data: Path) -> dict[str, str]:
    ((payload,),) = rows(data, CITY, "SELECT payload FROM holdings WHERE reference = 'adult' AND kind = 'address'")
    held: dict[str, str] = json.loads(payload)
    return held


async def test_name_birth_date_and_sex_stay_where_an_address_is_asked_for(enrolled: Town, data: Path) -> None:
    assert set(held_by_the_city(data)) == {"氏名", "住所", "生年月日", "性別"}, "they are there to be given away"
    answered = await enrolled.agencies[TAX].ask("adult", RETURN_ADDRESS)
    assert set(answered.payload) == {"住所"}


async def test_an_identifying_field_that_was_planted_goes_nowhere(enrolled: Town, data: Path) -> None:
    planted = json.dumps(held_by_the_city(data) | {"個人番号": "000000000000"})
    rows(data, CITY, "UPDATE holdings SET payload = ? WHERE kind = 'address'", planted)
    with pytest.raises(Refusal, match="layout_wrong") as refused:
        await enrolled.agencies[TAX].ask("adult", RETURN_ADDRESS)
    assert refused.value.origin == CITY
    assert rows(data, "gateway", "SELECT count(*) FROM leaves") == [(0,)]


async def test_a_provider_that_gives_more_than_the_law_names_is_not_believed(
    enrolled: Town, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Catalogue, "excerpt", lambda _self, _kind, payload, _named: dict(payload))
    with pytest.raises(Refusal, match="layout_wrong"):
        await enrolled.agencies[TAX].ask("adult", RETURN_ADDRESS)
    ((kept,),) = rows(data, TAX, "SELECT payload FROM asked")
    assert kept in (None, "null"), "nothing of it is kept"
