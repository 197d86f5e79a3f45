"""Every code in the list of refusals is said by some body, and some test has heard it."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend_client.wire import REFUSALS

TESTS = Path(__file__).parents[2]
SOURCES = TESTS.parent / "backend_stub"


def _mentioned_in(folder: Path, but: str = "") -> str:
    return "\n".join(path.read_text() for path in sorted(folder.rglob("*.py")) if path.name != but)


@pytest.fixture(scope="module")
def said() -> str:
    return _mentioned_in(SOURCES)


@pytest.fixture(scope="module")
def heard() -> str:
    return _mentioned_in(TESTS / "backend", Path(__file__).name)


@pytest.mark.parametrize("code", REFUSALS)
def test_a_code_is_said_and_heard(code: str, said: str, heard: str) -> None:
    assert f'"{code}"' in said, "no body says it"
    assert f'"{code}"' in heard, "no test has heard it"
