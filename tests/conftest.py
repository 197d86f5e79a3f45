"""For every test: no display of its own, and a log record at WARNING or above that nobody expected is a failure."""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import Iterator

import pytest

from tests import namespace

if sys.platform.startswith("linux"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")


def pytest_configure(config: pytest.Config) -> None:
    """Where tests run side by side each worker has a card service of its own."""
    if hasattr(config, "workerinput"):
        namespace.enter()


def pytest_collection_finish() -> None:
    """Tens of thousands of tests are no garbage, and to look through them each time takes a second."""
    gc.collect()
    gc.freeze()


class _Unexpected(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def quiet_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail on unexpected log records; `@pytest.mark.logs("part of the message")` names the expected ones."""
    handler = _Unexpected()
    logging.getLogger().addHandler(handler)
    yield
    logging.getLogger().removeHandler(handler)
    expected = [part for mark in request.node.iter_markers("logs") for part in mark.args]
    unexpected = [r.getMessage() for r in handler.records if not any(part in r.getMessage() for part in expected)]
    assert not unexpected, unexpected
