"""The events due between two looks at the readers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import ServiceCause
from drivers.readers import CardAway, CardHere, ReaderAway, ReaderEvent, ReaderHere, ServiceAway, ServiceHere
from drivers.readers.seen import Seen

Look = dict[str, int | None]


@pytest.mark.parametrize(
    ("before", "now", "events"),
    [
        ({}, {}, []),
        ({}, {"A": None}, [ReaderHere("A")]),
        ({}, {"A": 0}, [ReaderHere("A"), CardHere("A")]),
        ({"A": None}, {"A": 0}, [CardHere("A")]),
        ({"A": 1}, {"A": 1}, []),
        ({"A": 1}, {"A": 3}, [CardAway("A"), CardHere("A")]),
        ({"A": 1}, {"A": None}, [CardAway("A")]),
        ({"A": 1}, {}, [CardAway("A"), ReaderAway("A")]),
        ({"A": None}, {}, [ReaderAway("A")]),
        ({"A": 1}, {"B": 1}, [CardAway("A"), ReaderAway("A"), ReaderHere("B"), CardHere("B")]),
    ],
)
def test_two_looks(before: Look, now: Look, events: list[ReaderEvent]) -> None:
    seen = Seen()
    list(seen.readers(before))
    assert list(seen.readers(now)) == events


def test_the_service_is_told_once() -> None:
    seen = Seen()
    assert list(seen.service_here()) == [ServiceHere()]
    assert list(seen.service_here()) == []


def test_a_service_away_takes_the_readers_with_it() -> None:
    seen = Seen()
    list(seen.readers({"A": 1, "B": None}))
    gone = [CardAway("A"), ReaderAway("A"), ReaderAway("B"), ServiceAway(ServiceCause.NOT_RUNNING)]
    assert list(seen.service_away(ServiceCause.NOT_RUNNING)) == gone
    assert list(seen.service_away(ServiceCause.NOT_RUNNING)) == []
    assert list(seen.service_away(ServiceCause.NOT_AUTHORISED)) == [ServiceAway(ServiceCause.NOT_AUTHORISED)]
    assert list(seen.service_here()) == [ServiceHere()]


looks = st.lists(st.dictionaries(st.sampled_from("ABC"), st.none() | st.integers(0, 3)))


@given(looks)
def test_who_only_listens_knows_what_who_looks_knows(looks: list[Look]) -> None:
    """Nothing comes twice, nothing leaves that was not there."""
    seen = Seen()
    heard: dict[str, bool] = {}
    for look in looks:
        for event in seen.readers(look):
            match event:
                case ReaderHere(reader):
                    assert reader not in heard
                    heard[reader] = False
                case ReaderAway(reader):
                    assert not heard.pop(reader)
                case CardHere(reader):
                    assert not heard[reader]
                    heard[reader] = True
                case CardAway(reader):
                    assert heard[reader]
                    heard[reader] = False
        assert heard == {reader: insertion is not None for reader, insertion in look.items()}
