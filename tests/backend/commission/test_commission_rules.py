"""The rules one by one: what each must find, and the nearest thing that it must not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from commission_kit import CITY, WORDS, act, exchange, happening

from backend_client.wire import Finding, edition
from backend_client.wire.gateway import shown
from backend_stub.commission.facts import JST, Act, Order, Tuple, View
from backend_stub.commission.rules import OF_THE_LOG, OF_THE_PARTS, apply
from backend_stub.commission.thresholds import FILE, read_thresholds

THRESHOLDS = read_thresholds()
NOON = datetime(2026, 11, 20, 12, tzinfo=JST).astimezone(UTC)
LAW = {WORDS.law: Tuple(NOON, "", disaster=False)}
HOUR = timedelta(hours=1)


def found(**seen: Any) -> list[Finding]:
    """What all rules find in a view where the kit's wording is law."""
    view = View(**{"tuples": LAW, "editions": frozenset({edition(WORDS)}), **seen})
    return list(apply((*OF_THE_LOG, *OF_THE_PARTS), view, THRESHOLDS))


def rules(**seen: Any) -> list[str]:
    return [one.rule for one in found(**seen)]


@pytest.mark.parametrize(("hour", "night"), [(6, 0), (12, 0), (21, 0), (22, 1), (0, 1), (5, 1)])
def test_night_access(hour: int, night: int) -> None:
    at = NOON.astimezone(JST).replace(hour=hour, minute=59)
    assert rules(acts=(act(at),)) == ["night_access"] * night
    assert rules(acts=(act(at, terminal="一括照会"),)) == [], "where nobody sits, nobody is up at night"


def test_night_access_names_the_desk() -> None:
    (one,) = found(acts=(act(NOON + 12 * HOUR),))
    assert (one.body, one.words) == (CITY, "midori-city, 国保年金課, terminal 国保-07, asked at 00:00")


def busy(count: int, terminals: int = 1, hours: int = 1) -> tuple[Act, ...]:
    """Acts about different people, spread over some terminals and hours."""
    return tuple(
        act(NOON + (i % hours) * HOUR + timedelta(seconds=i), i, f"国保-{i % terminals}", who=str(i))
        for i in range(1, count + 1)
    )


def test_volume_per_terminal() -> None:
    most = THRESHOLDS.volume.per_hour
    assert rules(acts=busy(most)) == []
    assert rules(acts=busy(most + 1)) == ["volume"]
    assert rules(acts=busy(2 * most, terminals=2)) == [], "two terminals"
    assert rules(acts=busy(2 * most, hours=2)) == [], "two hours"
    machine = tuple(act(NOON, i, "自動応答", who=str(i)) for i in range(10 * most))
    assert rules(acts=machine) == []


def test_one_person_by_one_terminal() -> None:
    most = THRESHOLDS.one_person.per_day
    curious = tuple(act(NOON + i * HOUR, i, who="neighbour") for i in range(most + 1))
    (one,) = found(acts=curious)
    assert (one.rule, one.transaction_number) == ("one_person", shown(bytes(16)))
    assert "neighbour" not in one.words
    assert rules(acts=curious[1:]) == []
    assert rules(acts=tuple(act(NOON, i, who=str(i)) for i in range(most + 1))) == []


def test_alarms_of_the_gateway() -> None:
    events = ("wrong_symbol", "foreign_acquisition", "foreign_receipt", "old_symbol", "not_provided", "notice_carried")
    seen = tuple(happening(NOON, event, i) for i, event in enumerate(events))
    assert rules(happenings=seen) == ["wrong_symbol", "foreign_acquisition", "foreign_receipt"]
    assert {one.body for one in found(happenings=seen)} == {CITY}


def test_a_search_for_what_can_be_had() -> None:
    most = THRESHOLDS.law_forbidden.per_day
    refused = tuple(happening(NOON, "law_forbade", i) for i in range(most + 1))
    assert rules(happenings=refused) == ["law_forbidden"]
    assert rules(happenings=refused[1:]) == []
    assert rules(happenings=(*refused[1:], happening(NOON + 24 * HOUR, "law_forbade"))) == [], "another day"
    assert rules(happenings=(*refused[1:], happening(NOON, "law_forbade", machine="midori-tax"))) == [], "another body"


def test_what_is_no_law() -> None:
    (one,) = found(exchanges=(exchange(NOON, words=msgspec.structs.replace(WORDS, basis="")),))
    assert (one.rule, one.body) == ("law_unknown", "gateway")
    assert rules(exchanges=(exchange(NOON),)) == []


@pytest.mark.parametrize(
    ("mark", "minutes", "outside"),
    [
        ("disaster: D-1", 0, False),
        ("disaster: D-1", 29, False),
        ("disaster: D-1", -1, True),
        ("disaster: D-1", 30, True),
        ("disaster: D-2", 60, True),
        ("disaster: D-3", 0, True),
        ("disaster: D-4", 0, True),
        ("", 0, True),
    ],
)
def test_the_disaster_exception_outside_an_order(mark: str, minutes: int, outside: bool) -> None:
    """D-1 was ended after half an hour, D-2 ran out after an hour, D-3 was never confirmed, D-4 never given."""
    orders = {
        "D-1": Order(NOON + HOUR, NOON, NOON + HOUR / 2),
        "D-2": Order(NOON + HOUR, NOON, None),
        "D-3": Order(NOON + HOUR, None, None),
    }
    one = exchange(NOON + timedelta(minutes=minutes), mark=mark)
    tuples = {WORDS.law: Tuple(NOON, "", disaster=True)}
    assert rules(exchanges=(one,), orders=orders, tuples=tuples) == ["disaster_outside"] * outside


def test_a_disaster_that_the_gateway_opened_by_itself() -> None:
    marks = (exchange(NOON, what="mark", mark="disaster opened: D-1").leaf,)
    (one,) = found(marks=marks)
    assert (one.rule, one.body) == ("disaster_outside", "gateway")
    assert rules(marks=marks, orders={"D-1": Order(NOON + HOUR, NOON, None)}) == []


def test_a_law_tuple_that_lay_unused() -> None:
    first = exchange(NOON, 7)
    term = timedelta(days=THRESHOLDS.never_used.days)

    def known(since: datetime, first_use: str = first.leaf.number) -> dict[str, Tuple]:
        return {WORDS.law: Tuple(since, first_use, disaster=False)}

    assert rules(exchanges=(first,), tuples=known(NOON - term - HOUR)) == ["never_used"]
    assert rules(exchanges=(first,), tuples=known(NOON - term)) == []
    assert rules(exchanges=(first,), tuples=known(NOON - 2 * term, "00" * 16)) == [], "not the first use"


def test_every_rule_says_what_it_looks_for() -> None:
    assert all(rule.__doc__ for rule in (*OF_THE_LOG, *OF_THE_PARTS))


@pytest.mark.parametrize("change", [("per_hour = 60", "per_hour = -1"), ("per_hour", "per_minute"), ("[night]", "[x]")])
def test_a_file_of_rules_out_of_order_is_refused(tmp_path: Path, change: tuple[str, str]) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(FILE.read_text("utf-8").replace(*change), "utf-8")
    with pytest.raises(msgspec.ValidationError):
        read_thresholds(path)
