"""What the provider of the relay's benchmark answers, always: sealed bytes as long as a real answer's."""

from __future__ import annotations

from base64 import b64encode
from datetime import date
from pathlib import Path
from secrets import token_bytes

import msgspec

from backend_client.wire import Outcome, Provided

NAME = "provided.json"
SEALED_BYTES = 400


def write_answer(folder: Path) -> None:
    answer = Provided(
        outcome=Outcome.PROVIDED,
        data_as_of=date(2026, 6, 1),
        sealed=b64encode(token_bytes(SEALED_BYTES)).decode(),
        provider=b64encode(token_bytes(32)).decode(),
        content=b64encode(token_bytes(32)).decode(),
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NAME).write_bytes(msgspec.json.encode(answer))


def read_answer(folder: Path) -> bytes:
    return (folder / NAME).read_bytes()
