"""What the gate and the process of the visit say to each other: JSON objects, one a line, over stdin and stdout."""

from __future__ import annotations

import msgspec


class _Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


# --- to the gate ------------------------------------------------------------------------------------------------------


class Send(_Line, frozen=True, tag="send"):
    to: int
    frame: str | None = None
    sealed: bytes | None = None


class Close(_Line, frozen=True, tag="close"):
    to: int


class Door(_Line, frozen=True, tag="door"):
    """Whether the page for pairing is served."""

    open: bool


class Keep(_Line, frozen=True, tag="keep"):
    """A sealed file for one download."""

    name: str
    sealed: bytes


ORDER = Send | Close | Door | Keep

# --- from the gate ----------------------------------------------------------------------------------------------------


class Listening(_Line, frozen=True, tag="listening"):
    address: str
    """`https://HOST:PORT`."""
    certificate: bytes
    """SHA-256."""


class Came(_Line, frozen=True, tag="came"):
    connection: int


class Heard(_Line, frozen=True, tag="heard"):
    connection: int
    frame: str | None = None
    sealed: bytes | None = None


class Went(_Line, frozen=True, tag="went"):
    connection: int


class Fetched(_Line, frozen=True, tag="fetched"):
    name: str


REPORT = Listening | Came | Heard | Went | Fetched


def line(word: ORDER | REPORT) -> bytes:
    return msgspec.json.encode(word) + b"\n"


to_order = msgspec.json.Decoder(ORDER)
to_report = msgspec.json.Decoder(REPORT)
