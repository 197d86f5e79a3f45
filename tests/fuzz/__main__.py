"""All harnesses under atheris, one after the other: `python -m tests.fuzz SECONDS [NAME ...]`. See `script/soak`.

What is found on the way goes to build/fuzz/NAME; the kept corpus is only read. An input that broke something is
build/fuzz/NAME.crash-...: once its cause is mended it belongs into the corpus.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

from tests.fuzz.harnesses import HARNESSES
from tests.fuzz.seeds import CORPUS

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build" / "fuzz"
LONGEST_INPUT, LONGEST_RUN_S, MEMORY_MB = 4096, 20, 2048


def main(arguments: list[str]) -> int:
    if importlib.util.find_spec("atheris") is None:
        sys.stderr.write("atheris is not installed; please run: .venv/bin/pip install atheris==3.0.0\n")
        return 2
    seconds, names = int(arguments[0]), arguments[1:] or list(HARNESSES)
    found = [name for name in names if not run(name, max(1, seconds // len(names)))]
    sys.stderr.write(f"findings: {', '.join(found) or 'none'}, of {len(names)} harnesses in {seconds} s\n")
    return 1 if found else 0


def run(name: str, seconds: int) -> bool:
    """Whether the harness held for so long."""
    kept = BUILD / name
    kept.mkdir(parents=True, exist_ok=True)
    options = (
        f"-max_total_time={seconds}",
        f"-max_len={LONGEST_INPUT}",
        f"-timeout={LONGEST_RUN_S}",
        f"-rss_limit_mb={MEMORY_MB}",
        f"-artifact_prefix={kept}.",
        "-print_final_stats=1",
        "-verbosity=0",
    )
    sys.stderr.write(f"--- {name}, {seconds} s\n")
    command = [sys.executable, "-m", "tests.fuzz.one", name, *options, str(kept), str(CORPUS / name)]
    return subprocess.run(command, cwd=ROOT, env=os.environ, check=False).returncode == 0


sys.exit(main(sys.argv[1:]))
