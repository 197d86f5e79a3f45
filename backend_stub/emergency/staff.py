"""The municipality's staff: issue an evacuation notice, or end all of them, with the municipality's machine key."""

from __future__ import annotations

import ssl
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from backend_client.wire import (
    EmergencyState,
    EvacuationEnd,
    EvacuationNotice,
    EvacuationOrder,
    Level,
    Message,
    Problem,
    Shelter,
)
from backend_stub.body import Refusal
from backend_stub.machines import Signer

EXAMPLE = Path(__file__).with_name("example.toml")
MUNICIPALITY = "midori-city"


class Draft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A notice as staff write it, TOML."""

    area: str
    lines: tuple[str, ...]
    shelters: tuple[Shelter, ...] = ()


class Staff:
    """A desk with the municipality's key. `url` is the emergency body's, `key` the 32 bytes of the machine key."""

    def __init__(self, url: str, key: bytes, ca: Path) -> None:
        self._http = httpx.Client(
            base_url=url,
            auth=Signer(MUNICIPALITY, Ed25519PrivateKey.from_private_bytes(key)),
            verify=ssl.create_default_context(cafile=str(ca)),
            trust_env=False,
        )

    def evacuate(self, level: Level, hours: float, now: datetime, draft: Path = EXAMPLE) -> EvacuationNotice:
        """Issue a notice. Raises Refusal, httpx.HTTPError; OSError, msgspec.DecodeError for a draft not in order."""
        text = msgspec.toml.decode(draft.read_bytes(), type=Draft)
        until = now + timedelta(hours=hours)
        order = EvacuationOrder(
            level=level, area=text.area, lines=text.lines, shelters=text.shelters, valid_until=until
        )
        return msgspec.json.decode(self._post("/notices", order), type=EvacuationNotice)

    def all_clear(self) -> int:
        """End all that is in force; how many that were. Raises Refusal, httpx.HTTPError."""
        standing = msgspec.json.decode(_content(self._http.get("/state")), type=EmergencyState).notices
        for notice in standing:
            self._post("/ends", EvacuationEnd(notice=notice.id))
        return len(standing)

    def close(self) -> None:
        self._http.close()

    def _post(self, path: str, message: Message) -> bytes:
        return _content(self._http.post(path, content=msgspec.json.encode(message)))


def _content(answer: httpx.Response) -> bytes:
    if answer.is_error:
        problem = msgspec.json.decode(answer.content, type=Problem)
        raise Refusal(problem.code, problem.origin, problem.trace_id)
    return answer.content
