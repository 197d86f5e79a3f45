"""Where a browser finds the town."""

from __future__ import annotations

from dataclasses import dataclass

from backend_kit import Clock

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
