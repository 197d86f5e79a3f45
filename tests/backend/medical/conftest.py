from __future__ import annotations

import pytest

from backend_stub.medical.coverage import read_insured
from backend_stub.people import Resident
from backend_stub.town import Town


@pytest.fixture
async def insured_town(town: Town, residents: tuple[Resident, ...]) -> Town:
    """The town, with all insured people enrolled at the medical body."""
    people = {resident.id: resident for resident in residents}
    for insured in read_insured():
        await town.medical.enrol(people[insured.resident], insured)
    return town
