"""Looking into the memory of a running process (Linux): whether given bytes stand anywhere in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path


def regions(pid: int) -> Iterator[bytes]:
    """All memory of the process that is its own: heap, stacks, anonymous and private writable maps."""
    maps = Path(f"/proc/{pid}/maps").read_text("utf-8").splitlines()
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in maps:
            fields = line.split()
            if not fields[1].startswith("rw"):
                continue
            start, end = (int(part, 16) for part in fields[0].split("-"))
            memory.seek(start)
            try:
                yield memory.read(end - start)
            except OSError:
                continue  # a guard page, or a region that went away in between


Needles = dict[str, re.Pattern[bytes]]


def exactly(content: bytes) -> re.Pattern[bytes]:
    """A needle that is found wherever these bytes stand."""
    return re.compile(re.escape(content))


def alone(digits: str, encoding: str) -> re.Pattern[bytes]:
    """A needle for a few digits: not within a time, a hash or Base64, where they stand by chance."""
    needle, wide = digits.encode(encoding), b"\\x00" * (len("0".encode(encoding)) - 1)
    around = rb"[0-9A-Za-z+/._-]" + wide
    return re.compile(needle + rb"(?!" + around + rb")(?<!" + around + needle + rb")")


def found(pid: int, needles: Needles) -> set[str]:
    """The names of those needles that stand in the process's memory."""
    hits: set[str] = set()
    for region in regions(pid):
        hits |= {name for name, needle in needles.items() if name not in hits and needle.search(region)}
    return hits


def absent_digits(pids: list[int], length: int = 4) -> str:
    """A digit string of this length that stands in none of these processes: a PIN whose trace would be telling."""
    present: set[bytes] = set()
    for pid in pids:
        for region in regions(pid):
            present |= _digit_strings(region, length)
    for number in range(10**length):
        digits = f"{number:0{length}d}"
        if digits.encode() not in present:
            return digits
    raise LookupError("every digit string occurs by chance")


def _digit_strings(region: bytes, length: int) -> set[bytes]:
    found_strings: set[bytes] = set()
    for match in re.finditer(rb"[0-9]{%d,}" % length, region):
        run = match.group()
        found_strings |= {run[i : i + length] for i in range(len(run) - length + 1)}
    return found_strings
