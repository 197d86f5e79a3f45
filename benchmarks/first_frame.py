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
    frame_mb: float
    loaded_mb: float


def main() -> None:
    starts: dict[tuple[str, ...], list[Start]] = {KIOSK: [], EMPTY: []}
    for _ in range(RUNS):  # in turns, so that a slow moment of the machine meets both
        starts[EMPTY].append(_start(EMPTY, "painted"))
        starts[KIOSK].append(_start(KIOSK, "shown"))
    fields = {"time": ("frame_ms", "ms"), "memory": ("frame_mb", "MB"), "memory_loaded": ("loaded_mb", "MB")}
    for name, (field, unit) in fields.items():
        ours, floor = (statistics.median(getattr(start, field) for start in starts[which]) for which in (KIOSK, EMPTY))
        report(f"first_frame.{name}", ours, floor, GOAL, unit=unit, runs=RUNS)


def _start(module: tuple[str, ...], settled: str) -> Start:
    """One start. Memory is taken at the first frame, and again once the process has said `settled`: all is loaded."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software"}
    begin = time.monotonic()
    child = subprocess.Popen(
        [sys.executable, "-m", *module], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    )
    try:
        assert child.stdout is not None
        frame_ms, frame_mb = None, 0.0
        for line in child.stdout:
            said = json.loads(line)
            if said["said"] == "painted" and frame_ms is None:
                frame_ms, frame_mb = 1000 * (said["at"] - begin), _resident_mb(child.pid)
            if said["said"] == settled and frame_ms is not None:
                return Start(frame_ms, frame_mb, _resident_mb(child.pid))
        sys.exit(f"{module[0]} ended before its first frame")
    finally:
        child.kill()
        child.communicate()


def _resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


if __name__ == "__main__":
    main()
