"""The real reception with its real folders, for visits in virtual time: played are the staff's cards and the paper.

A slip is a file with its lines as text, so that what stands on it can be read.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

from backend_client import wire
from drivers.card.terminal import SimulatedTerminalAuthentication
from kiosk.handover.shapes import Message
from kiosk.printer import Tray
from kiosk.reception import office, papers, shown
from kiosk.reception.beside import Beside
from kiosk.reception.office import Office
from kiosk.words import load
from tests.flow.fakes import NOON, FakeReaders
from tests.flow.front_desk import STAFF, FrontOffice
from tests.handover.office import HEADER, written

FOLDERS = ("req", "res", "face", "slips")
SEARCH = "OQSsiquc01req_"
WORDS = load()


class RealOffice(FrontOffice):
    """Stands below `folder`. The practice's computer asks about everybody who was answered, at once."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        for name in FOLDERS:
            (folder / name).mkdir()
        (folder / "duty.toml").write_text(f'[staff]\n{STAFF} = "受付 1"\n', "utf-8")
        self.office = Office(folder, HEADER["facility"], "", _readers, lambda: NOON, None, _health)
        self.office._staff = self  # type: ignore[assignment]
        self.office._terminal = self._open
        self.reception = self.office.reception
        self.reception.listeners.append(self._look)
        self.tray = Tray(printouts=folder / "slips")
        self.windows: list[str] = []
        """What the staff's window said of one visit, each time that anything changed."""
        self.asked: set[int] = set()

    def beside(self) -> Beside:
        return self.office.beside(self.tray)

    async def follow(self) -> None:
        """The staff's reader has nothing to follow."""

    def files(self, name: str) -> dict[str, str]:
        """What is in a folder: name and content."""
        return {path.name: path.read_text("utf-8") for path in sorted((self.folder / name).iterdir())}

    def _look(self) -> None:
        for visit in self.reception.visits:
            facts = ["　".join(fact) for fact in shown.facts(visit, WORDS, None)]
            self.windows.append("\n".join((str(shown.row(visit, WORDS)), *shown.hints(visit, WORDS), *facts)))
            if visit.answer is not None and visit.answer.insurance is not None and visit.id not in self.asked:
                self.asked.add(visit.id)
                self._ask(visit.id, visit.answer.insurance)

    def _ask(self, visit: int, insurance: wire.Insurance) -> None:
        items = {
            "insurer": insurance.insurer_number,
            "number": insurance.insured_identification_number,
            "birth": f"{insurance.birth_date:%Y%m%d}",
        }
        message = Message({**HEADER, "file": f"A{visit}"}, (items,))
        (self.folder / "req" / f"{SEARCH}A{visit}.xml").write_bytes(written(SEARCH, message))


def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what takes longer than a visit and is not looked at: a paper's layout, a key's primes, the disk."""
    monkeypatch.setattr(papers, "make_paper", lambda name, lines: "\n".join(lines).encode())
    monkeypatch.setattr(office, "_terminal", lambda folder: SimulatedTerminalAuthentication(b"", _key()))
    monkeypatch.setattr(os, "fsync", lambda file: None)


def _readers() -> Any:
    return FakeReaders()


async def _health() -> wire.Health:
    return wire.Health(ok=True, bodies={})


@cache
def _key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)
