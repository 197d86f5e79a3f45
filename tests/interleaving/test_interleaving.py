"""Two residents whose visits meet at every await; `script/soak interleaving N` plays more orders."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from backend_client import wire
from backend_stub.body import Call
from backend_stub.portal.folders import Folders
from backend_stub.portal.neighbours import Neighbours
from backend_stub.portal.reading_room import ReadingRoom
from tests.flow.fake_tray import FakeTray
from tests.interleaving.orders import main
from tests.interleaving.stepper import pause
from tests.interleaving.watch import Leak

ORDERS = 100
FEW = 20


def test_nothing_of_the_one_reaches_the_other() -> None:
    played = main(ORDERS)
    assert played.orders == ORDERS
    assert played.turns > 100 * ORDERS  # they did meet
    assert {"notices.notice", "access_log", "bills", "cards", "move.check", "proxies"} <= played.screens.keys()
    assert {"/portal/applications", "/portal/record-proofs", "/payments/tokens"} <= played.asked.keys()


def test_what_is_kept_beside_a_session_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A list that is made once, for whoever comes first."""
    real, kept = ReadingRoom.notices, {}

    async def cached(self: ReadingRoom, call: Call, message: None) -> wire.NoticeList:
        if "list" not in kept:
            kept["list"] = await real(self, call, message)
        return kept["list"]

    monkeypatch.setattr(ReadingRoom, "notices", cached)
    with pytest.raises(Leak, match=r"the answer to /portal/notices of"):
        main(FEW, ["notices"])


def test_what_changes_during_an_await_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is wrong with it as long as one visit goes on after the other."""
    real = Neighbours.record_page

    async def forgetful(self: Any, symbol: str, asked: wire.RecordPageRequest, trace_id: str) -> wire.GatewayRecords:
        self.symbol = symbol
        await pause()
        return await real(self, self.symbol, asked, trace_id)

    monkeypatch.setattr(Neighbours, "record_page", forgetful)
    with pytest.raises(Leak, match=r"the answer to /portal/record-pages of"):
        main(FEW, ["access_log"])


def test_a_file_of_another_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """One stick in two kiosks."""
    kept: dict[str, bytes] = {}
    monkeypatch.setattr(FakeTray, "__init__", lambda self: self.__dict__.update(kept=kept, printed=[], jams=0))
    monkeypatch.setattr(FakeTray, "prints", True, raising=False)
    monkeypatch.setattr(FakeTray, "has_stick", True, raising=False)
    with pytest.raises(Leak, match="a file of"):
        main(FEW, ["access_log"])


def test_a_log_that_tells_of_people_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Folders.opened_by

    def talkative(self: Folders, *asked: Any) -> Any:
        visit = real(self, *asked)
        logging.getLogger("backend_stub").debug("%s came in", visit.name if visit else "nobody")
        return visit

    monkeypatch.setattr(Folders, "opened_by", talkative)
    with pytest.raises(Leak, match="in the log"):
        main(1)
