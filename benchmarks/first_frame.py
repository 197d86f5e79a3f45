"""Time to first frame, and memory, of a kiosk process beside an empty QML window started the same way."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks._report import report

RUNS = 9
GOAL = 1.5
KIOSK = ("kiosk.app", "--show", "--size", "1920x1080", "--backend", "https://localhost:1", "--ca", os.devnull)
EMPTY = ("benchmarks._empty_window",)


@dataclass(frozen=True, slots=True)
class Start:
    frame_ms: float
    memory_mb: float


def main() -> None:
    starts: dict[tuple[str, ...], list[Start]] = {KIOSK: [], EMPTY: []}
    for _ in range(RUNS):  # in turns, so that a slow moment of the machine meets both
        starts[EMPTY].append(_start(EMPTY, "painted"))
        starts[KIOSK].append(_start(KIOSK, "shown"))
    frame = [statistics.median(s.frame_ms for s in starts[which]) for which in (KIOSK, EMPTY)]
    memory = [statistics.median(s.memory_mb for s in starts[which]) for which in (KIOSK, EMPTY)]
    report("first_frame.time", *frame, GOAL, unit="ms", runs=RUNS)
    report("first_frame.memory", *memory, GOAL, unit="MB", runs=RUNS)


def _start(module: tuple[str, ...], settled: str) -> Start:
    """One start. Memory is taken when the process has said `settled`: for the kiosk, with everything loaded."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software"}
    begin = time.monotonic()
    child = subprocess.Popen(
        [sys.executable, "-m", *module], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    )
    try:
        assert child.stdout is not None
        painted_at = None
        for line in child.stdout:
            said = json.loads(line)
            painted_at = painted_at or (said["at"] if said["said"] == "painted" else None)
            if said["said"] == settled and painted_at is not None:
                return Start(1000 * (painted_at - begin), _resident_mb(child.pid))
        sys.exit(f"{module[0]} ended before its first frame")
    finally:
        child.kill()
        child.communicate()


def _resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


if __name__ == "__main__":
    main()
