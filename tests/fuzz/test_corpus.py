"""Every kept input through its harness; and each harness would notice if what it stands for broke. Needs no atheris."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fuzz.harnesses import HARNESSES
from tests.fuzz.pieces import pieces, together
from tests.fuzz.seeds import CORPUS

INPUTS = [(path.parent.name, path) for path in sorted(CORPUS.glob("*/*"))]

SUBJECTS = {
    "tlv": "drivers.tlv.whole_size",
    "response": "drivers.apdu.fetching._with_le",
    "command": "drivers.software_card.command._extended_body",
    "card_files": "drivers.card.layouts.offset_table",
    "card_answers": "drivers.card.certificate_cv.parse_key",
    "software_card": "drivers.software_card.pins.compare_digest",
    "secured_card": "drivers.software_card.secure_messaging.secured_answer",
    "cv_certificate": "drivers.card.certificate_cv.CvCertificate.checked",
    "control": "drivers.software_card.exchange._refused",
    "fault_rule": "drivers.software_card.faults._checked",
    "token": "backend_stub.verification.token.check_token_signature",
    "vpcd": "drivers.software_card.exchange.Exchange.answer",
    "isodep": "drivers.software_card.links.isodep.Picc._hear_receipt",
}
"""What lies deep inside each, and is reached by the kept inputs."""

LARGEST_FOLDER = 150_000


@pytest.mark.parametrize(("name", "path"), INPUTS, ids=[f"{name}-{path.name}" for name, path in INPUTS])
def test_a_kept_input(name: str, path: Path) -> None:
    HARNESSES[name](path.read_bytes())


@pytest.mark.parametrize("name", HARNESSES)
def test_a_harness_notices_what_breaks(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(Exception):
        pass

    def breaks(*_: object, **__: object) -> None:
        raise Broken

    monkeypatch.setattr(SUBJECTS[name], breaks)
    with pytest.raises(Broken):
        replay(HARNESSES[name], CORPUS / name)


def replay(harness: Callable[[bytes], None], folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        harness(path.read_bytes())


def test_the_corpus_stays_small_and_is_all_used() -> None:
    assert {name for name, _ in INPUTS} == set(HARNESSES) == set(SUBJECTS)
    assert sum(path.stat().st_size for _, path in INPUTS) < LARGEST_FOLDER


def test_pieces() -> None:
    parts = [b"", b"\x00", bytes(300)]
    assert list(pieces(together(parts))) == parts
    assert list(pieces(b"\x00\x05abc")) == [b"abc"]
