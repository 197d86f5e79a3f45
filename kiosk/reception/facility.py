"""What a facility asks the medical body by its own machine, and not by a patient's card."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Protocol, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from backend_client import wire
from backend_client.machine import Signer

T = TypeVar("T")


class Line(Protocol):
    """`backend_client.client.Backend` with a signer."""

    async def ask(
        self, method: str, path: str, message: wire.Message | None, kind: type[T], session: str | None
    ) -> T: ...


class Facility:
    """Methods raise BackendError leaves."""

    def __init__(self, line: Line) -> None:
        self._line = line

    async def again(self, day: date, number: str) -> wire.Eligibility:
        """Ask once more about a visit that was received here today."""
        visit = wire.Visit(day=day, reception_number=number)
        return await self._post("/questions-again", wire.AskedAgain(visit=visit))

    async def later(self, confirmation: str, day: date, serial: str) -> wire.Eligibility:
        """Confirm a visit of an outage; `confirmation` names it, so that repeating does no harm."""
        asked = wire.LaterConfirmation(confirmation=confirmation, day=day, certificate_serial=serial)
        return await self._post("/later-confirmations", asked)

    async def disaster(self) -> wire.DisasterTerm:
        """The order under which one may look without a card; refused while there is none."""
        return await self._line.ask("GET", "/medical/disaster", None, wire.DisasterTerm, None)

    async def search(self, items: wire.FourItems) -> wire.Eligibility:
        """Look somebody up without a card, in a disaster."""
        return await self._post("/disaster-searches", wire.DisasterSearch(items=items))

    async def _post(self, path: str, message: wire.Message) -> wire.Eligibility:
        return await self._line.ask("POST", "/medical" + path, message, wire.Eligibility, None)


def machine_of(folder: Path) -> Signer | None:
    """Read the facility's machine: `machine.toml` (its `id`) and `machine.key`; None where it has none here.

    Raises OSError, ValueError.
    """
    path = folder / "machine.toml"
    if not path.is_file():
        return None
    key = Ed25519PrivateKey.from_private_bytes((folder / "machine.key").read_bytes())
    return Signer(tomllib.loads(path.read_text("utf-8"))["id"], key)
