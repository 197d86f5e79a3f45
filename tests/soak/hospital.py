"""A reception's day on a clock that jumps: `python -m tests.soak.hospital HOURS` (2 or more), 60 patients an hour.

Every visit is a whole one, of the product's own visit, flow and reception, with cards and backend that are played.
What a patient leaves in memory must be less than the smallest thing of a visit, and no file and no visit may be left.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import tempfile
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.flow.fakes import FakeCard
from tests.flow.front_desk import FrontOffice
from tests.flow.scene import Scene

PER_HOUR = 60
LEFT_KIB = 0.25
"""By a patient; one forgotten visit of the reception's list alone is 0.5, the flow's objects are 100."""


def main(hours: int) -> dict[str, object]:
    """Serve them; says how many KiB were held after each hour, and what was left."""
    with _empty_folder() as folder:
        office = FrontOffice()
        tracemalloc.start()
        held = [_hour(office, number) for number in range(hours)]
        tracemalloc.stop()
        files = [str(path) for path in folder.rglob("*")]
    return {
        "patients": office.reception.counts["visits"],
        "kib": [round(one / 1024) for one in held],
        "kib_a_patient": round((held[-1] - held[0]) / 1024 / PER_HOUR / (hours - 1), 3),
        "visits_left": len(office.reception.visits),
        "files_left": len(files),
    }


def _hour(office: FrontOffice, number: int) -> int:
    for patient in range(PER_HOUR):
        _serve(office, f"patient {(number * PER_HOUR + patient) % 2}")
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


def _serve(office: FrontOffice, name: str) -> None:
    scene = Scene.of("hospital", office=office)
    scene.card = FakeCard(name)
    scene.backend.cards = [scene.card, scene.other]
    scene.play(
        ("attract", scene.insert),
        ("hospital.consent", frozenset()),
        ("hospital.identity", "pin"),
        ("hospital.pin", "1234"),
        ("hospital.insurance", "electronic"),
        ("take_card", scene.remove),
        ("cleared",),
    )
    for visit in office.handed_over:  # the clerk is done with the patient, and the practice's computer has it
        office.reception.forget(visit.id)
    office.papers.clear()
    office.handed_over.clear()


@contextmanager
def _empty_folder() -> Iterator[Path]:
    """Work in a folder in which nothing is, and in which temporary files would lie too."""
    before = Path.cwd(), os.environ.get("TMPDIR")
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        tempfile.tempdir = folder
        try:
            yield Path(folder)
        finally:
            os.chdir(before[0])
            tempfile.tempdir = before[1]


if __name__ == "__main__":
    found = main(int(sys.argv[1]) if len(sys.argv) > 1 else 8)
    sys.stdout.write(json.dumps(found) + "\n")
    sys.exit(1 if found["visits_left"] or found["files_left"] or float(str(found["kib_a_patient"])) > LEFT_KIB else 0)
