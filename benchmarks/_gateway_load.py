"""The load: wrk on the other core, with requests made beforehand; and servers to be loaded, started and ended."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).with_name("_gateway.lua")
CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, LOAD_CORE = CORES[0], CORES[-1]
NOBODY = "http://127.0.0.1:9"
REST_S = 0.1
TICKS = os.sysconf("SC_CLK_TCK")


class LoadFailed(Exception):
    """Not every request was answered well, so that nothing was measured."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One run."""

    per_s: float
    """Requests."""
    p50_ms: float
    p99_ms: float
    cpu_us: float
    """Of the server, for each request."""

    @property
    def per_core(self) -> float:
        """Requests in a second of the core's time."""
        return 1e6 / self.cpu_us


@dataclass(frozen=True, slots=True)
class Server:
    port: int
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def at_rest(self) -> float:
        """The CPU time when it has come to rest: what it does after the answers belongs to them."""
        last, now = -1.0, self.cpu_s()
        while now != last:
            time.sleep(REST_S)
            last, now = now, self.cpu_s()
        return now

    def cpu_s(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


def check_wrk() -> None:
    if shutil.which("wrk") is None:
        sys.exit("this benchmark needs wrk: apt-get install wrk")


@contextmanager
def serving(what: str, data: Path, neighbours: str = NOBODY, on_load_core: bool = False) -> Iterator[Server]:
    """Run one server of `_gateway_server` on the servers' core, or beside the load. `neighbours` are at one URL."""
    core = str(LOAD_CORE if on_load_core else SERVER_CORE)
    command = [sys.executable, "-m", "benchmarks._gateway_server", what, str(data), core, neighbours]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            sys.exit(f"the server {what} did not start")
        yield Server(json.loads(line)["port"], process)
    finally:
        process.terminate()
        process.communicate()


def load(
    server: Server, requests: Iterable[bytes], seconds: float, connections: int = 64, again: bool = True
) -> Measured:
    """Send requests for so long; `again`: round and round, else each once at most. Raises LoadFailed."""
    with tempfile.NamedTemporaryFile() as file:
        file.writelines(b"%8d%b" % (len(one), one) for one in requests)
        file.flush()
        command = ["taskset", "-c", str(LOAD_CORE), "wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s"]
        command += ["-s", str(SCRIPT), server.url, "--", file.name, "again" if again else "once"]
        before = server.cpu_s()
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        cpu_s = server.at_rest() - before
    run = json.loads(said.splitlines()[-1])
    if run["refused"] or run["broken"] or not run["requests"]:
        raise LoadFailed(run)
    return Measured(run["requests"] / run["seconds"], run["p50_ms"], run["p99_ms"], 1e6 * cpu_s / run["requests"])
