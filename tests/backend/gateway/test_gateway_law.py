from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from backend_client.wire import Transport, edition
from backend_stub.agencies.catalogue import standard
from backend_stub.gateway.law import LawForbids, LawTable
from backend_stub.members import MEMBERS


def test_the_table_names_bodies_that_exist_and_that_can_be_asked() -> None:
    members = {member.id: member for member in MEMBERS}
    for law in LawTable.read():
        assert law.requester in members
        assert law.provider in members["gateway"].asks
        if law.transport is Transport.TOKEN:
            assert law.provider in members[law.requester].asks, law.id


def test_the_table_names_fields_of_the_standard_layout() -> None:
    for law in LawTable.read():
        fields = standard().fields(law.kind)
        assert fields.keys() >= set(law.fields), law.id
        own = law.requester == "portal"  # a person reads what is the person's own
        assert own or law.disaster or law.kind == "address" or not any(fields[name].identifies for name in law.fields)


def test_the_table_shows_every_rule() -> None:
    laws = tuple(LawTable.read())
    assert {law.transport for law in laws} == set(Transport)
    assert any(law.consent for law in laws)
    assert any(law.disaster for law in laws)
    assert any(law.hidden_days for law in laws)


def test_words_are_there_for_people() -> None:
    for law in LawTable.read():
        words = msgspec.structs.asdict(law.words)
        assert all(words.values()), law.id


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
    assert law.edition == edition(law.words)
    assert msgspec.structs.replace(law).edition == law.edition


@pytest.mark.parametrize("wrong", [{"fields": ()}, {"hidden_days": -1}, {"provider": "midori-city"}])
def test_an_entry_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    law = next(iter(LawTable.read()))
    with pytest.raises(ValueError, match="law entry"):
        msgspec.structs.replace(law, **wrong)


def test_one_id_has_one_entry() -> None:
    law = next(iter(LawTable.read()))
    with pytest.raises(ValueError, match="one id"):
        LawTable((law, law))


def test_an_entry_with_a_field_missing_or_misspelt_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "law.toml"
    table.write_text('[[law]]\nid = "x"\npurpos = "y"\n', "utf-8")
    with pytest.raises(msgspec.ValidationError):
        LawTable.read(table)
