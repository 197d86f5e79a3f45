"""docs/privacy.md names every risk of the table, and for each a control and tests that exist."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "privacy.md").read_text("utf-8")
TEST_ID = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
RISKS = {
    "入手": (
        "①目的外の入手が行われるリスク",
        "②不適切な方法で入手が行われるリスク",
        "③入手した特定個人情報が不正確であるリスク",
        "④入手の際に特定個人情報が漏えい・紛失するリスク",
    ),
    "使用・利用": (
        "①目的を超えた紐付け、事務に必要のない情報との紐付けが行われるリスク",
        "②権限のない者(元職員、アクセス権限のない職員等)によって不正に使用されるリスク",
        "③従業者が事務外で使用するリスク",
        "④特定個人情報ファイルが不正に複製されるリスク",
    ),
    "委託": (
        "①委託先による特定個人情報の不正入手・不正な使用に関するリスク",
        "②委託先による特定個人情報の不正な提供に関するリスク",
        "③委託先による特定個人情報の保管・消去に関するリスク",
        "④委託契約終了後の不正な使用等のリスク",
        "⑤再委託に関するリスク",
    ),
    "提供・移転": (
        "①不正な提供・移転が行われるリスク",
        "②不適切な方法で提供・移転が行われるリスク",
        "③誤った情報を提供・移転してしまうリスク、誤った相手に提供・移転してしまうリスク",
    ),
    "保管・消去": (
        "①特定個人情報の漏えい・滅失・毀損リスク",
        "②特定個人情報が古い情報のまま保管され続けるリスク",
        "③特定個人情報が消去されずいつまでも存在するリスク",
    ),
    "情報提供ネットワークシステムとの接続 — 入手": (
        "①目的外の入手が行われるリスク",
        "②安全が保たれない方法によって入手が行われるリスク",
        "③入手した特定個人情報が不正確であるリスク",
        "④入手の際に特定個人情報が漏えい・紛失するリスク",
    ),
    "情報提供ネットワークシステムとの接続 — 提供": (
        "①不正な提供が行われるリスク",
        "②不適切な方法で提供されるリスク",
        "③誤った情報を提供してしまうリスク、誤った相手に提供してしまうリスク",
    ),
}
"""The table's columns and risks, both lines, in its own words."""


def rows(column: str) -> dict[str, tuple[str, str]]:
    """Control and tests by risk, as the page has them for one column."""
    (section,) = (part for part in DOCUMENT.split("\n## ") if re.match(rf"{column}(,| — [a-z])", part))
    cells = [
        [cell.strip() for cell in line.strip("| ").split("|")] for line in section.splitlines() if "リスク" in line
    ]
    return {risk: (control, tests) for risk, control, tests in cells}


@cache
def names_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    defined = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, defined))


@pytest.mark.parametrize("column", RISKS)
def test_every_risk_has_its_row_with_a_control_and_a_test(column: str) -> None:
    found = rows(column)
    assert tuple(found) == RISKS[column]
    for control, tests in found.values():
        assert len(control) > 20
        assert TEST_ID.search(tests)


@pytest.mark.parametrize(("path", "name"), sorted(set(TEST_ID.findall(DOCUMENT))))
def test_every_test_the_page_names_exists(path: str, name: str) -> None:
    assert name.startswith("test_")
    assert name in names_in(path)


def test_nothing_looks_like_a_test_and_is_none() -> None:
    assert DOCUMENT.count("::test_") == len(TEST_ID.findall(DOCUMENT))
