from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from backend_stub.gateway.law import LawForbids, LawTable
from backend_stub.members import MEMBERS


def test_the_table_names_bodies_that_exist_and_that_the_gateway_may_ask() -> None:
    members = {member.id: member for member in MEMBERS}
    for law in LawTable.read():
        assert law.requester in members
        assert law.provider in members["gateway"].asks
        assert law.requester != law.provider


def test_words_are_there_for_people() -> None:
    for law in LawTable.read():
        assert all((law.purpose, law.kind_words, law.basis, law.requester_words, law.provider_words))


def test_only_the_requester_of_an_entry_may_use_it() -> None:
    table = LawTable.read()
    assert table.entry("return-address", "midori-tax").kind == "address"
    with pytest.raises(LawForbids) as refused:
        table.entry("return-address", "midori-city")
    assert refused.value.law == "return-address"
    with pytest.raises(LawForbids) as refused:
        table.entry("no such entry", "midori-city")
    assert refused.value.law == ""


def test_another_wording_is_another_edition() -> None:
    law = next(iter(LawTable.read()))
    assert msgspec.structs.replace(law, purpose="別の事務").edition != law.edition
    assert msgspec.structs.replace(law).edition == law.edition


def test_one_id_has_one_entry() -> None:
    law = next(iter(LawTable.read()))
    with pytest.raises(ValueError, match="one id"):
        LawTable((law, law))


def test_an_entry_with_a_field_missing_or_misspelt_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "law.toml"
    table.write_text('[[law]]\nid = "x"\npurpos = "y"\n', "utf-8")
    with pytest.raises(msgspec.ValidationError):
        LawTable.read(table)
