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
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from backend_stub.authority import issue_cards
from backend_stub.people import load_residents
from backend_stub.seed import seed
from backend_stub.tls import TlsFiles, prepare_tls
from backend_stub.town import body_folder, build_town

log = logging.getLogger(__name__)

GOODBYE_S = 1
"""How long requests may still take after the order to stop. Kiosks keep connections open, so most stops take it all."""


class PortTaken(Exception):
    """Another program listens there, or this user may not."""


def issue(data: Path) -> list[str]:
    """Issue certificates for the cards in `data` that ask for them; gives their names."""
    names = issue_cards(data, body_folder(data, "authority"), load_residents(), _now())
    log.info("certificates issued for %d cards", len(names))
    return names


def serve(data: Path, port: int, with_parent: bool) -> None:
    """Serve until a signal, or the end of standard input when `with_parent`. Port 0 is any. Raises PortTaken."""
    if with_parent:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    listener = _bind(port)
    tls = prepare_tls(data / "tls", _now())
    issue(data)
    asyncio.run(_serve(data, listener, tls))


async def _serve(data: Path, listener: socket.socket, tls: TlsFiles) -> None:
    port = listener.getsockname()[1]
    origins = (f"https://localhost:{port}", f"https://127.0.0.1:{port}")
    residents = load_residents()
    town = build_town(data, origins, residents, _now)
    await seed(town, data, residents)
    await _Server(town.app, tls, origins[0]).serve([listener])


class _Server(uvicorn.Server):
    """uvicorn that says when it is ready and ends with status 0 on a signal."""

    def __init__(self, app: Starlette, tls: TlsFiles, origin: str) -> None:
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
        self._ready = {"ready": origin, "ca": str(tls.ca.absolute())}

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        sys.stdout.write(json.dumps(self._ready) + "\n")
        sys.stdout.flush()

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        # uvicorn raises the signal that stopped it once more when it is done; by then it has been obeyed.
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: None)
        await super().serve(sockets)


def _bind(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name != "nt":  # there it would let two servers share the port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as exc:
        listener.close()
        raise PortTaken from exc
    return listener


def _end_with_parent() -> None:
    # os.read and not sys.stdin: a thread that waits inside sys.stdin's buffer holds a lock that stops the exit.
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _now() -> datetime:
    return datetime.now(UTC)
