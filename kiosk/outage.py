"""What does not work while the line, or a body behind it, is away: which items need what, and how that is said."""

from __future__ import annotations

from dataclasses import dataclass, replace

from backend_client import wire
from kiosk.screens import Attract, Choice
from kiosk.words import Words

ENTRY = {"my_portal": frozenset({"portal", "authority"}), "hospital": frozenset({"medical", "authority"})}
"""Bodies without which nobody can be signed in, by `Profile.entry`."""

NEEDS: dict[str, frozenset[str]] = {
    "card_status": frozenset(),
    "phone": frozenset(),
    "access_log": frozenset({"portal", "gateway"}),
    "notices": frozenset({"portal"}),
    "booking": frozenset({"portal", "facilities"}),
}
"""Bodies that an item of the menu asks; of any other item, the portal and the body of its name."""


@dataclass(frozen=True, slots=True)
class Outage:
    """What is away now; by default nothing is."""

    line: bool = False
    """No body can be reached."""
    bodies: frozenset[str] = frozenset()
    """Bodies that are reached and say that they are not well."""

    def stops(self, needs: frozenset[str]) -> bool:
        """Whether what asks these bodies cannot work now."""
        return bool(needs) and (self.line or not needs.isdisjoint(self.bodies))


def told_by(health: wire.Health) -> Outage:
    """As the backend's own GET /health has it."""
    return Outage(bodies=frozenset(name for name, well in health.bodies.items() if not well))


def needs(item: str) -> frozenset[str]:
    return NEEDS.get(item, frozenset({"portal", item}))


def invitation(screen: Attract, entry: str, outage: Outage, words: Words) -> Attract:
    """Say before a card is put down what can be done with it now."""
    return replace(screen, lead=words(f"outage.{entry}_lead")) if outage.stops(ENTRY[entry]) else screen


def marked(choice: Choice, outage: Outage, words: Words) -> Choice:
    """An item of the menu: it stays where it is and can be tried, for what is known here may be seconds old."""
    if not outage.stops(needs(choice.key)):
        return choice
    return replace(choice, badge=words("outage.badge"), detail=words("outage.detail"))
