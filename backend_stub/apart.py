"""A body alone in its process: its own port, folder and database, and the others by the directory of members."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from pathlib import Path
from urllib.parse import urlsplit

from backend_stub.directory import Directory, read
from backend_stub.doors import Doors
from backend_stub.members import MEMBERS
from backend_stub.people import load_residents
from backend_stub.seed import seed
from backend_stub.serve import Server, Serving, bind, end_with_parent, now, run
from backend_stub.setups import body_folder, setup_of
from backend_stub.tls import tls_files
from backend_stub.town import CLERKS, Public, Town

log = logging.getLogger(__name__)


def serve_body(body: str, how: Serving, directory: Path) -> None:
    """Serve one body until a signal. `how.port` 0 is the one that the directory names.

    Raises PortTaken, SchemaRefused, OSError and msgspec.DecodeError for a directory that cannot be read.
    """
    if how.with_parent:
        threading.Thread(target=end_with_parent, daemon=True).start()
    known = read(directory)
    address = urlsplit(known.entry(body).url)
    listener = bind(how.port or address.port or 443)
    run(_serve(body, how, known, listener))


async def _serve(body: str, how: Serving, known: Directory, listener: socket.socket) -> None:
    own = "https://" + urlsplit(known.entry(body).url).netloc
    town = build((body,), how, known, (*how.origins, own))
    tls = tls_files(body_folder(how.data, body) / "tls")
    try:
        town.start()
        await Server(town.app, tls, {"ready": own, "body": body}).serve([listener])
    finally:
        await town.close()


def seed_apart(how: Serving, directory: Path) -> None:
    """Do once what each body does of itself, as its staff would at a desk of its own. Raises Refusal."""
    asyncio.run(_seed(how, read(directory)))


async def _seed(how: Serving, known: Directory) -> None:
    staff = build(CLERKS, how, known, ())
    try:
        await seed(staff, how.data, load_residents())
    finally:
        await staff.close()


def build(bodies: tuple[str, ...], how: Serving, known: Directory, origins: tuple[str, ...]) -> Town:
    """Put some bodies together that find all others in the directory."""
    machines = known.machines()
    setups = {
        member.id: setup_of(member, how.data, machines, known.way, how.databases, now)
        for member in MEMBERS
        if member.id in bodies
    }
    cas = known.auth_ca.encode("ascii"), known.sign_ca.encode("ascii")
    return Town(Doors(), setups, Public(*cas, origins, load_residents()))
