"""Serving the town: TLS at localhost, one process, one line when it is ready, and a quick, clean end."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from uvicorn.loops.auto import auto_loop_factory

from backend_stub import garbage
from backend_stub.authority import issue_cards
from backend_stub.people import load_residents
from backend_stub.seed import seed
from backend_stub.setups import Databases, body_folder
from backend_stub.tls import TlsFiles, prepare_tls
from backend_stub.town import build_town

log = logging.getLogger(__name__)

GOODBYE_S = 1
"""How long requests may still take after the order to stop. Kiosks keep connections open, so most stops take it all."""


class PortTaken(Exception):
    """Another program listens there, or this user may not."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.port = port


@dataclass(frozen=True, slots=True)
class Serving:
    """How to serve."""

    data: Path
    port: int
    """0 is any."""
    databases: Databases = field(default_factory=Databases)
    origins: tuple[str, ...] = ()
    """Under which kiosks reach the backend, when that is not the address it listens on: behind a proxy."""
    with_parent: bool = False
    """Whether to end with standard input."""


def issue(data: Path, databases: Databases | None = None) -> list[str]:
    """Issue certificates for the cards in `data` that ask for them; gives their names."""
    folder = body_folder(data, "authority")
    url = (databases or Databases()).url("authority", folder)
    names = issue_cards(data, folder, load_residents(), now(), url)
    log.info("certificates issued for %d cards", len(names))
    return names


def serve(how: Serving) -> None:
    """Serve all bodies until a signal. Raises PortTaken, SchemaRefused, and Refusal when the town was not set up."""
    if how.with_parent:
        threading.Thread(target=end_with_parent, daemon=True).start()
    listener = bind(how.port)
    tls = prepare_tls(how.data / "tls", now())
    issue(how.data, how.databases)
    run(_serve(how, listener, tls))


def run(program: Coroutine[Any, Any, None]) -> None:
    """Run it on uvloop where there is one (not on Windows): it takes half the time of asyncio's own loop."""
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        runner.run(program)


async def _serve(how: Serving, listener: socket.socket, tls: TlsFiles) -> None:
    port = listener.getsockname()[1]
    own = (f"https://localhost:{port}", f"https://127.0.0.1:{port}")
    residents = load_residents()
    town = build_town(how.data, (*how.origins, *own), residents, now, how.databases)
    try:
        await seed(town, how.data, residents)
        town.start()
        await Server(town.app, tls, {"ready": own[0]}).serve([listener])
    finally:
        await town.close()


class Server(uvicorn.Server):
    """uvicorn that says when it is ready and ends with status 0 on a signal."""

    def __init__(self, app: Starlette, tls: TlsFiles, ready: dict[str, str]) -> None:
        config = uvicorn.Config(
            app,
            ssl_certfile=tls.certificate,
            ssl_keyfile=tls.key,
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=GOODBYE_S,
        )
        super().__init__(config)
        self._ready = ready | {"ca": str(tls.ca.absolute())}

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        garbage.settle()
        sys.stdout.write(json.dumps(self._ready) + "\n")
        sys.stdout.flush()

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        # uvicorn raises the signal that stopped it once more when it is done; by then it has been obeyed.
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: None)
        await super().serve(sockets)


def bind(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name != "nt":  # there it would let two servers share the port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as exc:
        listener.close()
        raise PortTaken(port) from exc
    return listener


def end_with_parent() -> None:
    # os.read and not sys.stdin: a thread that waits inside sys.stdin's buffer holds a lock that stops the exit.
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def now() -> datetime:
    return datetime.now(UTC)
