"""Four items that are written in another way are the same; those that fit two people, or nobody, match nobody."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from authority_kit import Office, open_office
from backend_kit import Clock
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import update

from backend_client.wire import AcquisitionNumber, MatchRequest
from backend_stub.authority.folding import fold, read_variants
from backend_stub.authority.tables import residents as table
from backend_stub.people import Resident, load_residents

LONG, ADULT = (next(one for one in load_residents() if one.id == name) for name in ("long-name", "adult"))


async def matches(office: Office, resident: Resident, **changes: Any) -> bool:
    """Whether the items, with changes, match that resident and nobody else."""
    wanted = MatchRequest(items=resident.items)
    theirs: AcquisitionNumber = await office.ask("midori-tax", "/acquisitions", wanted, AcquisitionNumber)
    message = MatchRequest(items=msgspec.structs.replace(resident.items, **changes))
    answer = await office.send("midori-tax", "/acquisitions", message)
    assert answer.status_code == 200 or answer.json()["code"] == "no_match"
    return answer.status_code == 200 and answer.json()["handle"] == theirs.handle


@pytest.mark.parametrize(
    "name",
    [
        "見本﨑𡈽 髙𠮷之葛\U000e0100太郎左衛門",
        "見本崎土 高吉之葛太郎左衛門",
        "見本嵜土　高吉之葛太郎左衛門",
        "見本崎土高吉之葛\ufe00太郎左衛門",
    ],
)
async def test_variants_of_characters_in_a_name(office: Office, name: str) -> None:
    assert await matches(office, LONG, name=name)


@pytest.mark.parametrize(
    "address",
    [
        "みほん県みどり市大字例示崎ノ下字試験ケ丘一丁目23番地45見本高台ハイツみどりの丘第二号棟1203号室",
        "みほん県みどり市大字例示﨑の下字試験ヶ丘一丁目２３番地４５　見本髙台ﾊｲﾂみどりの丘　第二号棟１２０３号室",
    ],
)
async def test_widths_kana_and_spaces_in_an_address(office: Office, address: str) -> None:
    assert await matches(office, LONG, address=address)


@pytest.mark.parametrize("hyphen", "-‐‑‒–—―−－ーｰ")
def test_hyphens_are_one(hyphen: str) -> None:
    assert fold(f"１{hyphen}２") == fold("1-2")


@pytest.mark.parametrize(
    ("one", "other"),
    [("渡邊", "渡辺"), ("渡邉", "渡辺"), ("齋藤", "斎藤"), ("濱田", "浜田"), ("冨田", "富田"), ("瀧", "滝"),
     ("\ufa19", "神"), ("ﾐﾎﾝ", "みほん"), ("Mihon", "ＭＩＨＯＮ"), ("カ\u3099", "ガ")],
)  # fmt: skip
def test_one_name_in_two_ways(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("斉藤", "斎藤"), ("中島", "中嶋"), ("桧", "檜"), ("阿部", "安部"), ("ハナ", "バナ")],
)
def test_two_names_stay_two(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_every_variant_is_folded_into_one_that_stays() -> None:
    variants = read_variants()
    assert len(variants) > 80
    for variant, common in variants.items():
        assert fold(variant) == fold(common) == common


def test_a_table_that_contradicts_itself_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "variants.toml"
    path.write_text('[[variant]]\nwhy = "x"\nrows = ["高髙", "崎髙"]\n')
    with pytest.raises(ValueError, match="two rows"):
        read_variants(path)


@given(st.text(max_size=30))
@example("A´")
def test_folding_again_changes_nothing(text: str) -> None:
    once = fold(text)
    assert fold(once) == once


@pytest.mark.parametrize(
    "changes", [{"name": "見本 花代"}, {"address": ADULT.address + "1"}, {"sex": "1"}, {"name": "-"}]
)
async def test_what_differs_matches_nobody(office: Office, changes: dict[str, Any]) -> None:
    assert not await matches(office, ADULT, **changes)


async def test_two_who_fit_are_nobody(data: Path, residents: tuple[Resident, ...], clock: Clock) -> None:
    twin = replace(ADULT, id="twin", name="見本花子")
    office = open_office(data, (*residents, twin), clock)
    for one in (ADULT, twin):
        assert await office.refused("midori-tax", "/acquisitions", MatchRequest(items=one.items)) == "no_match"


async def test_another_edition_of_the_table_folds_everybody_again(
    office: Office, data: Path, residents: tuple[Resident, ...], clock: Clock
) -> None:
    with office.database().begin() as connection:
        connection.execute(update(table).values(match_key=b"old", folded_by="old"))
    assert await office.refused("midori-tax", "/acquisitions", MatchRequest(items=ADULT.items)) == "no_match"
    assert await matches(open_office(data, residents, clock), ADULT)
