"""Keys on disk: readable by their owner alone, and there whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4


def keep(path: Path, make: Callable[[], bytes]) -> bytes:
    """Read the key in `path`; make and keep it first when there is none. Of two processes that make it, one wins."""
    if not path.exists():
        draft = _draft(path, make())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # another process was first: its key counts
        finally:
            draft.unlink()
    return path.read_bytes()


def replace(path: Path, content: bytes) -> None:
    """Put `content` in the place of what `path` held, in one step."""
    _draft(path, content).replace(path)


def _draft(path: Path, content: bytes) -> Path:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{uuid4().hex}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return draft
