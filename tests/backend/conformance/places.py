"""A town as operators run it: real processes, all bodies in one or each in its own, on SQLite or PostgreSQL."""

from __future__ import annotations

import json
import signal
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import create_engine, text

from backend_stub.agencies import Agency
from backend_stub.apart import build
from backend_stub.directory import FILE, Directory, make, read
from backend_stub.machines import Signer
from backend_stub.serve import Serving, issue
from backend_stub.setups import Databases, body_folder
from backend_stub.town import BODIES, MOUNTS

END_S = 10.0


@dataclass
class Process:
    """One `python -m backend_stub serve`."""

    arguments: tuple[str, ...]
    log: Path
    child: subprocess.Popen[bytes] = field(init=False)

    def start(self) -> None:
        with self.log.open("ab") as errors:
            self.child = subprocess.Popen(
                [sys.executable, "-m", "backend_stub", *self.arguments, "--with-parent"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
            )

    def ready(self) -> dict[str, str]:
        """Wait for its line."""
        assert self.child.stdout
        line = self.child.stdout.readline()
        assert line, self.log.read_text()
        said: dict[str, str] = json.loads(line)
        return said

    def kill(self) -> None:
        """kill -9, and nobody is left."""
        self.child.send_signal(signal.SIGKILL)
        self.child.wait(END_S)
        for pipe in (self.child.stdin, self.child.stdout):
            assert pipe
            pipe.close()


@dataclass
class Place:
    """A town at work. `apart` says whether each body has its own process; `database` is a URL pattern or empty."""

    data: Path
    apart: bool
    database: str
    processes: dict[str, Process] = field(default_factory=dict)
    directory: Directory = field(init=False)

    @property
    def databases(self) -> Databases:
        return Databases(pattern=self.database)

    def start(self) -> None:
        """Set up, start, and let happen what has happened before the first visitor."""
        path = make(self.data, 0, datetime.now(UTC))
        self.directory = read(path)
        if self.apart:
            issue(self.data, self.databases)
        for name in BODIES if self.apart else ("",):
            self.run(name)
        for process in self.processes.values():
            process.ready()
        if self.apart:
            seeding = [sys.executable, "-m", "backend_stub", "seed", *self._options]
            subprocess.run(seeding, check=True, stderr=subprocess.PIPE)
        else:
            self._all_at_one_address()

    def run(self, body: str) -> None:
        """Start the process of one body, or of all."""
        port = self.url("portal").rpartition(":")[2].partition("/")[0]
        arguments = ("serve", *((body,) if body else ("--port", port)), *self._options)
        self.processes[body] = Process(arguments, self.data / f"{body or 'all'}.log")
        self.processes[body].start()

    @property
    def _options(self) -> tuple[str, ...]:
        return ("--data", str(self.data), *(("--database", self.database) if self.database else ()))

    def _all_at_one_address(self) -> None:
        origin = self.origin("portal")
        members = [msgspec.structs.replace(m, url=origin + MOUNTS[m.id]) for m in self.directory.members]
        self.directory = msgspec.structs.replace(self.directory, members=tuple(members))
        (self.data / FILE).write_bytes(msgspec.json.encode(self.directory))

    def kill(self, body: str) -> Process:
        """kill -9 of the process that body is in."""
        process = self.processes[body if self.apart else ""]
        process.kill()
        return process

    def close(self) -> None:
        for process in self.processes.values():
            process.kill()

    def url(self, body: str) -> str:
        return self.directory.entry(body).url

    def origin(self, body: str) -> str:
        return self.url(body).removesuffix(MOUNTS[body])

    def client(self, body: str, as_member: str = "") -> httpx.Client:
        """A way to one body, as a citizen or as one of the members."""
        auth = None
        if as_member:
            key = (body_folder(self.data, as_member) / "machine.key").read_bytes()
            auth = Signer(as_member, Ed25519PrivateKey.from_private_bytes(key))
        context = ssl.create_default_context(cadata=self.directory.ca)
        return httpx.Client(base_url=self.url(body), verify=context, trust_env=False, auth=auth)

    @asynccontextmanager
    async def staff(self, *bodies: str) -> AsyncIterator[dict[str, Agency]]:
        """Agencies' own people, at desks of their own: what an agency does of itself, it does through them."""
        town = build(bodies, Serving(self.data, 0, self.databases), self.directory, ())
        try:
            yield town.agencies
        finally:
            await town.close()

    def rows(self, body: str, question: str) -> list[Any]:
        """Look into one body's database."""
        engine = create_engine(self.databases.url(body, body_folder(self.data, body)))
        with engine.connect() as connection:
            found = list(connection.execute(text(question)))
        engine.dispose()
        return found
