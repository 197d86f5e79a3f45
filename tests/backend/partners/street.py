"""Where a browser finds the town."""

from __future__ import annotations

from dataclasses import dataclass

from backend_kit import Clock

from backend_client.wire import FourItems, ResidentChange, ResidentEvent
from backend_stub.town import Town


@dataclass
class Street:
    """The town, where a browser finds it, and its clock."""

    town: Town
    origin: str
    clock: Clock

    @property
    def page(self) -> str:
        return f"{self.origin}/partners/mihon-life/site/"

    async def moves(self, resident: str, items: FourItems) -> None:
        """The city tells the register, and the town works after the time between two looks."""
        self.clock.turn(minutes=1)
        change = ResidentChange(reference=resident, event=ResidentEvent.CHANGED, at=self.clock(), items=items)
        peers = self.town.agencies["midori-city"]._peers
        await peers.ask("authority", "/resident-changes", change, None, "0" * 32)
        self.clock.turn(minutes=10)
        await self.town.work()
