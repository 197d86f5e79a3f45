"""Every message of the exchange: golden files, round trips, and what has no place in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.handover.shapes import Fields, Message, Part, Shape, ShapeWrong, standard
from kiosk.handover.tree import Document, Element, read, write
from tests.handover.office import HEADER, REQUESTS, SEARCH, written

GOLDEN = Path(__file__).parent / "golden"
MESSAGES = standard().messages


def test_the_names_are_the_published_ones() -> None:
    assert {begin: kind.named for begin, kind in standard().files.items()} == {
        "OQSsiquc01req_": "OQSsiquc01res_",
        "OQSmuquc01req_": "OQSmuquc01res_",
        "OQSmuquc02req_": "OQSmuquc02res_",
        "OQSsiimm01req_": "OQSsiimm01res_",
    }


@pytest.mark.parametrize("begin", list(REQUESTS))
@pytest.mark.parametrize("encoding", ["utf-8", "shift_jis"])
def test_requests_are_read_from_golden_files(begin: str, encoding: str) -> None:
    content = (GOLDEN / f"{begin}{encoding}.xml").read_bytes()
    assert standard().files[begin].message.take(read(content).root) == REQUESTS[begin]
    assert written(begin, REQUESTS[begin], encoding) == content


def values(part: Part) -> st.SearchStrategy[Any]:
    if part.group:
        return st.lists(fields(part.group), min_size=1, max_size=2).map(tuple)
    if part.kind == "day":
        return st.dates().map(lambda day: f"{day.year:04}{day:%m%d}")
    if part.kind == "moment":
        return st.datetimes().map(lambda at: f"{at.year:04}{at:%m%d%H%M%S}")
    if part.kind == "digits":
        return st.text("0123456789", min_size=1, max_size=part.most)
    if part.kind == "kana":
        return st.text("ｱｲｳﾞﾟ -(A", min_size=1, max_size=part.most)
    if part.kind == "text":
        return st.text(st.sampled_from("見本　花子●<&>\"'A1 -"), min_size=1, max_size=part.most)
    return st.sampled_from(part.kind.split("|"))


@st.composite
def fields(draw: st.DrawFn, parts: tuple[Part, ...]) -> Fields:
    chosen = [part for part in parts if part.needed or draw(st.booleans())]
    return {part.field: draw(values(part)) for part in chosen}


@given(st.data(), st.sampled_from(sorted(MESSAGES)), st.sampled_from(["utf-8", "shift_jis"]))
def test_every_message_comes_back_as_it_was_given(data: st.DataObject, name: str, encoding: str) -> None:
    shape = MESSAGES[name]
    bodies = data.draw(st.lists(fields(shape.body).filter(bool), min_size=1, max_size=min(2, shape.most)).map(tuple))
    message = Message(data.draw(fields(shape.header)), bodies)
    assert shape.take(read(write(Document(shape.give(message), encoding))).root) == message


def changed(root: Element, at: str, replacement: tuple[Element, ...]) -> Element:
    """The tree with every element called `at` replaced."""
    children: list[Element] = []
    for child in root.children:
        children += replacement if child.name == at else (changed(child, at, replacement),)
    return Element(root.name, root.text, tuple(children))


@pytest.mark.parametrize(
    ("at", "replacement"),
    [
        ("Birthdate", ()),
        ("Birthdate", (Element("Birthdate", "19440231"),)),
        ("Birthdate", (Element("Birthdate", "1944-05-03"),)),
        ("Birthdate", (Element("Birthdate", "１９４４０５０３"),)),
        ("Birthdate", (Element("Birthdate", "19440503"), Element("Birthdate", "19440503"))),
        ("Birthdate", (Element("Birthdate", "", (Element("Year", "1944"),)),)),
        ("InsurerNumber", (Element("InsurerNumber", "123456789"),)),
        ("InsurerNumber", (Element("InsurerNumber", "12\n4"),)),
        ("ArbitraryIdentifier", (Element("IndividualNumber", "1"),)),
        ("LimitApplicationCertificateRelatedConsFlg", (Element("LimitApplicationCertificateRelatedConsFlg", "2"),)),
        ("MedicalInstitutionCode", (Element("MedicalInstitutionCode", "99１0000001"),)),
        ("MessageHeader", ()),
        ("MessageBody", (Element("MessageBody"), Element("MessageBody"))),
        ("QualificationConfirmSearchInfo", (Element("Other"),)),
    ],
)
def test_what_has_no_place_is_refused(at: str, replacement: tuple[Element, ...]) -> None:
    shape = MESSAGES["search"]
    root = shape.give(REQUESTS["OQSsiquc01req_"])
    assert changed(root, "NoSuchElement", ()) == root
    with pytest.raises(ShapeWrong):
        shape.take(changed(root, at, replacement))


def test_no_more_bodies_than_there_may_be() -> None:
    shape = MESSAGES["submit"]
    with pytest.raises(ShapeWrong):
        shape.give(Message(HEADER, (SEARCH,) * 2001))
    many = shape.give(Message(HEADER, (SEARCH,) * 2000))
    assert len(shape.take(many).bodies) == 2000
    header, body = many.children
    with pytest.raises(ShapeWrong):
        shape.take(Element("XmlMsg", "", (header, Element("MessageBody", "", (*body.children, body.children[0])))))


@pytest.mark.parametrize("wrong", [{"nobody": "1"}, {"executed": ""}, {"segment": "3"}, {"executed": "20261121"}])
def test_an_answer_of_ours_that_does_not_fit_is_found(wrong: dict[str, str]) -> None:
    header = {"executed": "20261121090000", "segment": "1", "characters": "0"}
    shape: Shape = MESSAGES["answer"]
    shape.give(Message(header, ()))
    with pytest.raises(ShapeWrong):
        shape.give(Message({**header, **wrong}, ()))
