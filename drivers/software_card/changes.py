"""Secrets that took the place of those a card was issued with: remembered without power, as the counters are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from drivers.software_card.durable import write_durably

Keep = Callable[[Mapping[str, bytes]], None]


class Changes:
    """New secrets by name. A change is kept before it is true: when keeping fails (OSError), nothing has changed."""

    def __init__(self, secrets: Mapping[str, bytes] | None = None, keep: Keep = lambda secrets: None) -> None:
        self._secrets = dict(secrets or {})
        self._keep = keep

    def secret(self, name: str, issued: bytes) -> bytes:
        """What counts now."""
        return self._secrets.get(name, issued)

    def put(self, name: str, secret: bytes) -> None:
        """Raises OSError when that could not be kept."""
        changed = self._secrets | {name: secret}
        self._keep(changed)
        self._secrets = changed


def changes_on_disk(path: Path) -> Changes:
    """Changes that survive power-off. Raises OSError, or ValueError when the file is not what was written."""
    secrets = msgspec.json.decode(path.read_bytes(), type=dict[str, bytes]) if path.exists() else {}
    return Changes(secrets, lambda changed: write_durably(path, msgspec.json.encode(changed)))
