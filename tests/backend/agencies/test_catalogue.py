"""The standard layout: what fits, and that an excerpt never holds more than it should."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend_stub.agencies import read_file
from backend_stub.agencies.catalogue import Catalogue, Field, FieldType, LayoutWrong, standard
from backend_stub.agencies.file import FILES
from backend_stub.members import AGENCIES

PENSION = {"基礎年金番号": "9900-000001", "年金の種類": "老齢", "1年の額": "1,740,000円", "納めた月数": "480"}


@pytest.mark.parametrize(
    ("type_", "good", "bad"),
    [
        (
            FieldType.YEN,
            ["0円", "1円", "999円", "1,640,000円"],
            ["", "1640000円", "01円", "1,64円", "-5円", "1円 ", "１円"],
        ),
        (FieldType.YEAR, ["令和7年度", "平成30年分"], ["2025", "令和7年", "令和07年度", "令和七年度"]),
        (
            FieldType.DATE,
            ["2026-11-01", "2028-02-29"],
            ["2026-11-31", "20261101", "令和8年11月1日"],
        ),
        (FieldType.COUNT, ["0", "480"], ["", "-1", "01", "1.5", "123456", "４"]),
        (FieldType.TEXT, ["見本", "x" * 200], ["", "x" * 201, "a\nb", "a\0"]),
    ],
)
def test_a_value_fits_its_type_or_not(type_: FieldType, good: list[str], bad: list[str]) -> None:
    field = Field("x", type_)
    assert [value for value in good if not field.fits(value)] == []
    assert [value for value in bad if field.fits(value)] == []


@pytest.mark.parametrize(
    ("kind", "payload", "field"),
    [
        ("nothing", {}, ""),
        ("pension", PENSION | {"電話番号": "00"}, ""),
        ("pension", PENSION | {"年金の種類": "たくさん"}, "年金の種類"),
        ("pension", {name: value for name, value in PENSION.items() if name != "1年の額"}, "1年の額"),
    ],
)
def test_what_does_not_fit_is_named_without_its_value(kind: str, payload: dict[str, str], field: str) -> None:
    with pytest.raises(LayoutWrong) as wrong:
        standard().check(kind, payload)
    assert (wrong.value.kind, wrong.value.field) == (kind, field)
    assert str(wrong.value) == f"{kind} {field}".strip()


@given(named=st.sets(st.sampled_from(sorted(PENSION))))
def test_an_excerpt_is_what_the_law_names(named: set[str]) -> None:
    assert standard().excerpt("pension", PENSION, named) == {name: PENSION[name] for name in PENSION if name in named}


def test_an_optional_field_may_be_missing_from_an_excerpt() -> None:
    held = {"被保険者番号": "x", "給付": "受けていない"}
    assert standard().excerpt("employment", held, ("給付", "1日の額")) == {"給付": "受けていない"}


def test_no_field_is_laid_down_twice_and_choices_stand_where_they_belong() -> None:
    kinds = msgspec.toml.decode((FILES / "catalogue.toml").read_bytes())["kind"]
    assert len({kind["id"] for kind in kinds}) == len(kinds)
    for kind in kinds:
        names = [field["name"] for field in kind["field"]]
        assert len(set(names)) == len(names)
        assert all(("choices" in field) == (field["type"] == "choice") for field in kind["field"])


@pytest.mark.parametrize("agency", AGENCIES)
def test_every_agency_has_its_file_and_holds_something(agency: str) -> None:
    file = read_file(agency)
    assert file.id == agency
    assert file.holdings


def test_a_file_that_does_not_fit_the_layout_is_not_loaded(tmp_path: Path) -> None:
    text = (FILES / "midori-care.toml").read_text().replace("要介護2", "だいたい要介護2", 1)
    (tmp_path / "midori-care.toml").write_text(text)
    with pytest.raises(LayoutWrong):
        read_file("midori-care", tmp_path)


def test_a_catalogue_with_an_unknown_type_is_not_loaded(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.toml"
    path.write_text('kind = [{ id = "x", words = "x", field = [{ name = "x", type = "picture" }] }]')
    with pytest.raises(msgspec.ValidationError):
        Catalogue.read(path)
