"""The tries left are kept, whatever happens."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from drivers.software_card.errors import BrokenCard
from drivers.software_card.folder import card_folder, open_card
from tests.card.software.conftest import asking, jpki_tries, powered

JPKI, WRONG_PIN, PIN = "00A4040C0AD392F000260100000001", "002000980434333231", "002000980431323334"

VICTIM = """
import sys
from pathlib import Path
from drivers.software_card.folder import card_folder, open_card
card = open_card(card_folder(Path(sys.argv[1]), "adult"))
card.power_on()
for command in sys.stdin:
    sys.stdout.write(card.answer(bytes.fromhex(command)).hex() + "\\n")
    sys.stdout.flush()
"""


def kept(data: Path) -> dict[str, int]:
    tries: dict[str, int] = json.loads(card_folder(data, "adult").counters.read_bytes())
    return jpki_tries(tries)


def test_they_survive_a_killed_process(data: Path) -> None:
    """Killed at the moment the answer is out, without any chance to tidy up."""
    arguments = [sys.executable, "-c", VICTIM, str(data)]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as victim:
        assert victim.stdin is not None
        assert victim.stdout is not None
        for command, answer in ((JPKI, "9000"), (WRONG_PIN, "63c2"), (WRONG_PIN, "63c1")):
            victim.stdin.write(command + "\n")
            victim.stdin.flush()
            assert victim.stdout.readline().strip() == answer
        victim.kill()
    assert kept(data) == {"auth": 1, "sign": 5}
    ask = asking(powered(data, "adult"))
    ask(JPKI)
    assert [ask(c) for c in ("00200098", WRONG_PIN, PIN)] == ["63C1", "63C0", "6984"]
    assert kept(data) == {"auth": 0, "sign": 5}


def test_success_writes_only_what_changed(data: Path) -> None:
    ask = asking(powered(data, "adult"))
    ask(JPKI)
    before = card_folder(data, "adult").counters.stat()
    assert ask(PIN) == "9000"
    assert card_folder(data, "adult").counters.stat() == before
    ask(WRONG_PIN)
    ask(PIN)
    assert kept(data) == {"auth": 3, "sign": 5}


@pytest.mark.logs("counters could not be kept")
def test_a_full_disk_answers_no_pin(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither right nor wrong is said when the try cannot be counted, and nothing is opened."""
    card = powered(data, "adult")
    ask = asking(card)
    ask(JPKI)
    ask(WRONG_PIN)

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        assert (ask(WRONG_PIN), ask(PIN)) == ("6581", "6581")
        assert ask("802A0097013100") == "6982"
        assert ask("00200098") == "63C2"
    assert kept(data) == {"auth": 2, "sign": 5}
    assert ask(PIN) == "9000"


@pytest.mark.parametrize("content", ["", "{", '{"auth":3}', '{"auth":4,"sign":0}', '{"auth":-1,"sign":0}', "[]"])
def test_a_file_that_does_not_fit_is_refused(data: Path, content: str) -> None:
    card_folder(data, "child").counters.write_text(content)
    with pytest.raises(BrokenCard, match="'child' cannot be read"):
        open_card(card_folder(data, "child"))
