"""Two patients whose visits meet at every await, in 1,000 orders; `script/soak patients N` plays more."""

from __future__ import annotations

import msgspec
import pytest

from backend_client import wire
from kiosk.reception.beside import Beside
from kiosk.reception.reception import Reception
from kiosk.reception.visit import Visit
from tests.flow.fakes import INSURANCE
from tests.soak import patients


@pytest.mark.parametrize("first", range(0, 1_000, 250))
def test_nothing_of_the_one_is_the_others(first: int) -> None:
    assert patients.main(250, first) > 250


def test_another_answer_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """One patient's backend answers with the other's insurance."""
    real = patients.OwnNumber.eligibility

    async def mixed_up(self: patients.OwnNumber, request: wire.EligibilityRequest) -> object:
        self.insurance = msgspec.structs.replace(INSURANCE, name="見本 花子")
        return await real(self, request)

    monkeypatch.setattr(patients.OwnNumber, "eligibility", mixed_up)
    with pytest.raises(AssertionError, match="on the screen of taro"):
        patients.main(60)


def test_a_slip_of_the_one_before_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was printed last comes out again on the next slip."""
    real = Beside.print
    before: list[tuple[str, ...]] = [()]

    async def again(self: Beside, name: str, lines: tuple[str, ...]) -> bool:
        last, before[0] = before[0], lines
        return await real(self, name, (*lines, *last))

    monkeypatch.setattr(Beside, "print", again)
    with pytest.raises(AssertionError, match="on one slip"):
        patients.main(60)


def test_whoever_is_kept_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The list keeps what it has forgotten."""
    real = Reception.forget
    kept: list[Visit] = []

    def forget(self: Reception, visit: int) -> None:
        kept.append(self.visit(visit))
        real(self, visit)

    monkeypatch.setattr(Reception, "forget", forget)
    with pytest.raises(AssertionError, match="left in memory"):
        patients.main(60)
