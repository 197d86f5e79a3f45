"""The gateway's benchmark works: every kind of load is answered, and what is said of it can be met and missed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from benchmarks import gateway
from benchmarks._gateway_costs import Cost, Costs
from benchmarks._gateway_docs import costs_text, symbols
from benchmarks._gateway_load import LoadFailed, Measured, load, serving
from benchmarks._gateway_requests import get
from benchmarks._gateway_schemes import Schemes, measure_schemes

TINY = gateway.Size(seconds=1, rounds=1, few=100, many=200)
QUICK = Measured(per_s=1000, p50_ms=1, p99_ms=2, cpu_us=100)
SLOW = Measured(per_s=100, p50_ms=10, p99_ms=20, cpu_us=1000)
NAMES = ("hello", "read", "relay_bare", "token", "token_signed", "relay", "batch")
needs_wrk = pytest.mark.skipif(shutil.which("wrk") is None, reason="needs wrk: apt-get install wrk")


@pytest.fixture(scope="module")
def schemes(tmp_path_factory: pytest.TempPathFactory) -> Schemes:
    return measure_schemes(tmp_path_factory.mktemp("schemes"), residents=20)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, gateway.Run]]:
    with ExitStack() as stack:
        yield gateway.runs(stack, tmp_path_factory.mktemp("bench"), TINY)


@needs_wrk
@pytest.mark.parametrize("name", ["hello", "token", "token_signed", "relay", "batch"])
def test_each_kind_of_request_is_answered(runs: dict[str, gateway.Run], name: str) -> None:
    measured = runs[name]()
    assert measured.per_s > 1
    assert 0 < measured.p50_ms <= measured.p99_ms


@needs_wrk
def test_what_was_refused_measures_nothing(tmp_path: Path) -> None:
    with serving("hello", tmp_path) as server, pytest.raises(LoadFailed):
        load(server, [get("/nowhere")], 1)


@pytest.mark.parametrize(("hello", "met"), [(QUICK, True), (Measured(1e6, 1, 2, 1), False)])
def test_goals_are_said_to_be_met_or_missed(capsys: pytest.CaptureFixture[str], hello: Measured, met: bool) -> None:
    measured = dict.fromkeys(NAMES, QUICK) | {"hello": hello}
    assert gateway.told(measured) is met
    said = {line["name"]: line for line in map(json.loads, capsys.readouterr().out.splitlines())}
    assert said["gateway.token"]["ok"] is met
    assert said["gateway.relay"]["ok"]
    assert said["gateway.batch"]["value"] == 1e6


def test_a_ratio_that_only_one_clock_shows_is_missed(capsys: pytest.CaptureFixture[str]) -> None:
    stalled = Measured(per_s=10, p50_ms=1, p99_ms=2, cpu_us=100)
    assert not gateway.told_population("siv", QUICK, stalled, TINY)
    assert json.loads(capsys.readouterr().out)["ratio"] == 1


def test_only_schemes_of_a_kind_for_each_body_notice_another_bodys_symbol(schemes: Schemes) -> None:
    noticed = {scheme.method.value: scheme.noticed for scheme in schemes.built}
    alike = {scheme.method.value: scheme.alike for scheme in schemes.built}
    assert noticed == {"siv": (1, 1), "table": (1, 1), "two-kinds": (0, 1), "one-kind": (0, 0)}
    assert alike == {"siv": (0, 0), "table": (0, 0), "two-kinds": (1, 0), "one-kind": (1, 1)}
    assert {s.method.value: s.links_in_database for s in schemes.built} == {
        "siv": 0,
        "table": 3,
        "two-kinds": 2,
        "one-kind": 1,
    }
    assert [scheme.left_without_table for scheme in schemes.built] == [1, 0, 0, 0]
    assert "案1" in schemes.refusal


def test_the_documents_hold_what_was_measured(schemes: Schemes) -> None:
    measured = dict.fromkeys(NAMES, QUICK)
    text = symbols(measured, {"siv": (QUICK, SLOW), "table": (SLOW, SLOW)}, schemes)
    assert "| 10,000 | 1,000 | as 案3 | as 案3 |" in text
    assert "| 1,000 | 1,000 | as 案3 | as 案3 |" in text
    cost = Cost(cpu_us=1234.4, bytes_kept=321)
    assert "| a sign-in | 1,234 | 321 |" in costs_text(measured, Costs(cost, cost, cost, cost))
