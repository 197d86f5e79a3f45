"""A practice's computer and an insurer, as the exchange meets them. The people are those of the synthetic residents."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from kiosk.handover.exchange import Exchange, Unanswered
from kiosk.handover.folders import Folders
from kiosk.handover.shapes import Message, standard
from kiosk.handover.tree import Document, read, write

NOW = datetime(2026, 11, 21, 9, 0, 5, tzinfo=timezone(timedelta(hours=9)))
SEARCH = {
    "insurer": "39990015",
    "number": "01234567",
    "birth": "19440503",
    "limit_consent": "1",
    "id": "P-1",
}
RESULT = {
    "card": "01",
    "insurer": "39990015",
    "number": "01234567",
    "family": "1",
    "name": "見本　花子",
    "kana": "ﾐﾎﾝ ﾊﾅｺ",
    "sex": "2",
    "birth": "19440503",
    "from": "20190503",
    "ratio": "020",
    "insurer_name": "みほん県後期高齢者医療広域連合",
    "elderly": ({"from": "20260801", "until": "20270731", "ratio": "020"},),
    "limit_consent": "1",
    "limit": ({"kind": "01", "class": "B10", "from": "20260801"},),
    "disease_consent": "1",
    "diseases": ({"category": "1", "from": "20240401"}, {"category": "3", "from": "20250401", "self_pay": "10000"}),
    "medicines": "1",
    "medicines_at": "20261121090000",
    "medicines_until": "20261122090000",
    "treatment": "0",
    "reference_number": "M-0001",
}
PATIENT_NUMBER = {"insurer": "39990015", "number": "01234567", "birth": "19440503", "reference_number": "M-0001"}
HEADER = {"day": "20261121", "facility": "9910000001"}


@dataclass
class Insurer:
    """Answers every request of its kind. `fault` is raised instead."""

    asked: list[tuple[str, Message]] = field(default_factory=list)
    fault: Unanswered | None = None
    changes: dict[str, Any] = field(default_factory=dict)

    async def answer(self, begin: str, message: Message) -> Message:
        self.asked.append((begin, message))
        if self.fault is not None:
            raise self.fault
        one = {"status": "1", "validity": "1", "results": ({**RESULT, **self.changes},)}
        bodies: dict[str, tuple[dict[str, Any], ...]] = {
            "OQSsiquc01req_": (one,),
            "OQSmuquc01req_": ({"receipt": "R-1"},),
            "OQSmuquc02req_": ({**one, "id": "P-1"}, {"status": "1", "validity": "4", "id": "P-2"}),
            "OQSsiimm01req_": ({"status": "1"},),
        }
        return Message({}, bodies[begin])


REQUESTS = {
    "OQSsiquc01req_": Message({**HEADER, "file": "A1"}, (SEARCH,)),
    "OQSmuquc01req_": Message(HEADER, (SEARCH, {**SEARCH, "symbol": "みどり", "id": "P-2"})),
    "OQSmuquc02req_": Message(HEADER, ({"receipt": "R-1"},)),
    "OQSsiimm01req_": Message(
        HEADER, ({**{k: SEARCH[k] for k in ("insurer", "number", "birth")}, "reference_number": "M-1"},)
    ),
}


def written(begin: str, message: Message, encoding: str = "utf-8") -> bytes:
    """A request as the practice's computer writes it."""
    return write(Document(standard().files[begin].message.give(message), encoding))


class Office:
    """The folders below one place, the exchange at work in them, and the practice's computer beside them."""

    def __init__(self, place: Path) -> None:
        self.req, self.res, self.face = (place / name for name in ("req", "res", "face"))
        for folder in (self.req, self.res, self.face):
            folder.mkdir(exist_ok=True)
        self.now = NOW
        self.insurer = Insurer()
        self.folders = Folders(self.req, self.res, self.face)
        self.exchange = self.new_exchange()

    def new_exchange(self) -> Exchange:
        """As after a restart."""
        return Exchange(self.folders, self.insurer, lambda: self.now)

    def put(self, name: str, content: bytes) -> None:
        (self.req / name).write_bytes(content)

    async def steps(self, count: int = 2) -> None:
        for _ in range(count):
            await self.exchange.step()

    def answer(self, name: str, message: str = "answer") -> Message:
        return standard().messages[message].take(read((self.res / name).read_bytes()).root)

    def all_files(self) -> set[str]:
        return {path.name for folder in (self.req, self.res, self.face) for path in folder.iterdir()}
