"""GET /health: is the backend there, genuine and well, and what time is it there?"""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
import msgspec

from backend_client import wire
from backend_client.client import DEADLINE_S, not_genuine
from backend_client.errors import Broken, NotGenuine, TooSlow, Unreachable


@dataclass(frozen=True, slots=True)
class Pulse:
    health: wire.Health
    date: datetime | None
    """The server's clock, to the second; None when it did not say."""


async def feel_pulse(base_url: str, ca_file: Path, deadline_s: float = DEADLINE_S) -> Pulse:
    """Ask once, trusting the authority in `ca_file` (PEM) and no other; nothing of a citizen is sent.

    Raises BackendError leaves, OSError for a `ca_file` that cannot be used, ValueError for an address without TLS.
    """
    if httpx.URL(base_url).scheme != "https":
        raise ValueError(f"{base_url}: the backend is reached by https only")
    trust = ssl.create_default_context(cafile=str(ca_file))
    try:
        async with (
            asyncio.timeout(deadline_s),
            httpx.AsyncClient(verify=trust, trust_env=False, timeout=httpx.Timeout(deadline_s)) as http,
        ):
            answer = await http.get(f"{base_url.rstrip('/')}/health")
    except (TimeoutError, httpx.TimeoutException) as exc:
        raise TooSlow from exc
    except httpx.TransportError as exc:
        raise (NotGenuine if not_genuine(exc) else Unreachable) from exc
    return Pulse(_health(answer), _date(answer))


def _health(answer: httpx.Response) -> wire.Health:
    try:
        return msgspec.json.decode(answer.content, type=wire.Health)
    except (msgspec.DecodeError, UnicodeDecodeError) as exc:
        raise Broken(f"status {answer.status_code}") from exc


def _date(answer: httpx.Response) -> datetime | None:
    try:
        return parsedate_to_datetime(answer.headers["Date"])
    except (KeyError, ValueError):
        return None
