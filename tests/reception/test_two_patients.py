"""Two patients whose visits meet at every await; `script/soak patients N` plays many orders."""

from __future__ import annotations

import msgspec
import pytest

from backend_client import wire
from tests.flow.fakes import INSURANCE
from tests.soak import patients


def test_nothing_of_the_one_is_the_others() -> None:
    assert patients.main(60) == 120


def test_it_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """One patient's backend answers with the other's insurance."""
    real = patients.OwnNumber.eligibility

    async def mixed_up(self: patients.OwnNumber, request: wire.EligibilityRequest) -> object:
        self.insurance = msgspec.structs.replace(INSURANCE, name="見本 花子")
        return await real(self, request)

    monkeypatch.setattr(patients.OwnNumber, "eligibility", mixed_up)
    with pytest.raises(AssertionError, match="on the screen of taro"):
        patients.main(60)
