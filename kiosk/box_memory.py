"""What this box remembers beyond a visit, in one small file: notices that were confirmed, and whom it marks days for.

Nothing in it says who anybody is: ids of public notices, and tokens that open nothing but a mark.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable
from pathlib import Path


class BoxMemory:
    """Without a file, or on a box that cannot keep one, it remembers for this process only."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        kept = _read(file)
        self.confirmed = kept["confirmed"]
        """Ids of notices."""
        self.marks_for = kept["marks_for"]
        """Tokens of consents to the care mark."""

    def confirm(self, notices: Iterable[str]) -> None:
        """These were confirmed; notices that are over are forgotten by it."""
        self.confirmed = frozenset(notices)
        self._keep()

    def mark_for(self, token: str) -> None:
        self.marks_for |= {token}
        self._keep()

    def no_longer_for(self, tokens: Iterable[str]) -> None:
        self.marks_for -= frozenset(tokens)
        self._keep()

    def _keep(self) -> None:
        if self._file is None:
            return
        beside = self._file.with_suffix(".new")
        kept = {"confirmed": sorted(self.confirmed), "marks_for": sorted(self.marks_for)}
        with contextlib.suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(json.dumps(kept), "utf-8")
            beside.replace(self._file)


def _read(file: Path | None) -> dict[str, frozenset[str]]:
    """What was kept; nothing where there is no file, or a damaged one: a notice is then shown once more."""
    try:
        kept = {} if file is None else json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        kept = {}
    return {name: _strings(kept.get(name) if isinstance(kept, dict) else ()) for name in ("confirmed", "marks_for")}


def _strings(value: object) -> frozenset[str]:
    return frozenset(each for each in value if isinstance(each, str)) if isinstance(value, list) else frozenset()
