"""A PostgreSQL of the tests' own: in a temporary folder, on a socket, as an unprivileged user, gone at the end."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType

import psycopg

PROGRAMS = Path("/usr/lib/postgresql/15/bin")
ACCOUNT = "postgres"
"""Debian's package makes it; PostgreSQL does not run as root."""
# Nothing here outlives the tests, so nothing needs to be on the disk. What a killed body has committed is in any case.
SETTINGS = "-c fsync=off -c full_page_writes=off -c max_connections=250 -c listen_addresses='' -c shared_buffers=64MB"


class Cluster:
    """A running server; use it with `with`."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="madoguchi-pg-"))

    def __enter__(self) -> Cluster:
        if os.getuid() == 0:
            shutil.chown(self.folder, ACCOUNT, ACCOUNT)
        self._run(
            "initdb", "-D", str(self._data), "-U", ACCOUNT, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"
        )
        options = f"{SETTINGS} -k {self.folder}"
        self._run("pg_ctl", "start", "-w", "-D", str(self._data), "-o", options, "-l", str(self.folder / "log"))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._run("pg_ctl", "stop", "-m", "immediate", "-D", str(self._data))
        shutil.rmtree(self.folder)

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _run(self, program: str, *arguments: str) -> None:
        account = ACCOUNT if os.getuid() == 0 else None
        with (self.folder / "out").open("ab") as out:
            subprocess.run(
                [PROGRAMS / program, *arguments],
                check=True, user=account, group=account, extra_groups=[] if account else None,
                cwd=self.folder, stdout=out, stderr=out,
            )  # fmt: skip

    def url(self, database: str) -> str:
        """For SQLAlchemy; `database` may be a pattern."""
        return f"postgresql+psycopg://{ACCOUNT}@/{database}?host={self.folder}"

    def create(self, *databases: str) -> None:
        """Make empty databases."""
        address = f"host={self.folder} user={ACCOUNT} dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            for database in databases:
                connection.execute(f'CREATE DATABASE "{database}"'.encode())
