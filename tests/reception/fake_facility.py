"""The medical body as a facility's own machine reaches it, with a switch for what can go wrong."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from backend_client import wire
from backend_client.errors import Unreachable
from tests.flow.fakes import INSURANCE, refused

TERM = wire.DisasterTerm(order="D-1", words="みどり川の洪水", until=datetime(2026, 11, 24, tzinfo=UTC))
ANSWER = wire.Eligibility(
    validity=wire.Validity.VALID,
    insurance=INSURANCE,
    consent=wire.HealthConsent(),
    consent_ends_at=None,
    reception_number="12",
)


@dataclass
class FakeFacility:
    """Answers with `answer`; `faults` are raised first, one each. `asked` has every question."""

    answer: wire.Eligibility = ANSWER
    term: wire.DisasterTerm | None = TERM
    faults: deque[Exception] = field(default_factory=deque)
    line_is_up: bool = True
    asked: list[tuple[object, ...]] = field(default_factory=list)

    async def again(self, day: date, number: str) -> wire.Eligibility:
        return self._answered("again", day, number)

    async def later(self, confirmation: str, day: date, serial: str) -> wire.Eligibility:
        return self._answered("later", confirmation, day, serial)

    async def disaster(self) -> wire.DisasterTerm:
        if self.term is None:
            raise refused("disaster_closed")
        return self.term

    async def search(self, items: wire.FourItems) -> wire.Eligibility:
        await self.disaster()
        return self._answered("search", items)

    async def health(self) -> wire.Health:
        if not self.line_is_up:
            raise Unreachable
        return wire.Health(ok=True, bodies={})

    def _answered(self, *question: object) -> wire.Eligibility:
        self.asked.append(question)
        if self.faults:
            raise self.faults.popleft()
        return self.answer
