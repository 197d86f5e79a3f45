"""What the practice's computer posts into the till's folders, and what it is told there. JSON, one thing a file.

    req/NAME.json: {"kind": "bill", "day": "2026-11-21", "number": "12", "amount": 1200}
                   or {"kind": "refund", "key": …, "receipt": …}
    res/NAME.json: {"kind": "paid", …} or {"kind": "refunded", …}, once

States are in names as in `kiosk/handover/folders.py`, so a kill loses nothing. Everything here may block.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import msgspec

from backend_client.wire.medical import ReceptionNumber
from kiosk.handover.folders import Folders, NoLongerThere

LARGEST = 4096
_NAME = re.compile(r"[0-9A-Za-z_-]{1,64}\.json")
Yen = Annotated[int, msgspec.Meta(ge=1, le=10_000_000)]


class Bill(msgspec.Struct, frozen=True, tag_field="kind", tag="bill", forbid_unknown_fields=True):
    """Who had this reception number on that day has to pay so much."""

    day: date
    number: ReceptionNumber
    amount: Yen


class Refund(msgspec.Struct, frozen=True, tag_field="kind", tag="refund", forbid_unknown_fields=True):
    """Give back what was paid; both are of the answer `paid`."""

    key: Annotated[str, msgspec.Meta(pattern="^[0-9A-Za-z_-]{1,64}$")]
    receipt: Annotated[str, msgspec.Meta(pattern="^[0-9A-Za-z_-]{1,64}$")]


class Told(msgspec.Struct, frozen=True):
    """What became of a bill or of a refund."""

    kind: str
    """paid or refunded; impossible for a refund of what was not paid so."""
    key: str
    receipt: str
    amount: int
    at: datetime | None


class BillFolder:
    """`root` has `req` and `res`. Methods raise FolderTrouble."""

    def __init__(self, root: Path) -> None:
        self._req = root / "req"
        self._folders = Folders(self._req, root / "res", root / "res", ".json")

    def bills(self) -> dict[str, Bill]:
        """Those that are not paid, by name. What cannot be read, as it is being written, is left alone."""
        return {name: post for name, post in self._posts().items() if isinstance(post, Bill)}

    def refunds(self) -> dict[str, Refund]:
        """Those that are wanted and not made, by name."""
        return {name: post for name, post in self._posts().items() if isinstance(post, Refund)}

    def tell(self, name: str, told: Told) -> None:
        """Put the answer into its place, unless that was done, whatever was done of it before."""
        file = f"{name}.json"
        if file in self._folders.requests():
            try:
                self._folders.take(file)
            except NoLongerThere:
                return
        if file in self._folders.taken():
            self._folders.place(file, file, msgspec.json.encode(told))
        if file in self._folders.placed():
            self._folders.hand_over(file, file)

    def _posts(self) -> dict[str, Bill | Refund]:
        names = [*self._folders.requests(), *self._folders.taken()]
        found = {name.removesuffix(".json"): self._read(name) for name in names if _NAME.fullmatch(name)}
        return {name: post for name, post in found.items() if post is not None}

    def _read(self, name: str) -> Bill | Refund | None:
        for path in (self._req / name, self._req / f"{name}.taken"):
            try:
                with path.open("rb") as file:
                    return msgspec.json.decode(file.read(LARGEST), type=Bill | Refund)
            except (OSError, msgspec.DecodeError, UnicodeDecodeError):
                continue
        return None
