"""`madoguchi verify FILE`: words, exit status and JSON; offline, and without the backend's code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from backend_client.wire import Message
from tests.backend_client.evidence import OPENED, PUBLIC, RECORD, TWO_HEADS
from tests.cli.command import run, run_json


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "record.json"


def write(file: Path, evidence: Message) -> str:
    file.write_bytes(msgspec.json.encode(evidence))
    return str(file)


def test_a_record_in_order_is_proven_and_told_in_its_own_words(file: Path) -> None:
    done = run("verify", write(file, RECORD), "--key", PUBLIC.upper())
    assert done.returncode == 0
    assert done.stdout.count("✓") == 4
    assert "みどり市 ← みどり税務署: 所得の情報" in done.stdout
    assert "--key" not in done.stdout
    assert done.stdout.endswith("\nProven.\n")


def test_the_files_own_key_is_used_with_a_warning(file: Path) -> None:
    done = run("verify", write(file, OPENED))
    assert done.returncode == 0
    assert done.stdout.count("✓") == 7
    assert "! The key was taken from the file itself" in done.stdout


def test_two_heads_are_proven(file: Path) -> None:
    done = run("verify", write(file, TWO_HEADS), "--key", PUBLIC)
    assert (done.returncode, done.stdout.count("✓")) == (0, 3)
    assert "The log has only grown" in done.stdout


def test_a_changed_record_is_named_and_the_rest_still_told(file: Path) -> None:
    leaf = msgspec.structs.replace(RECORD.leaf, transport="relay")
    status, told = run_json("verify", write(file, msgspec.structs.replace(RECORD, leaf=leaf)), "--key", PUBLIC)
    assert status == 1
    assert told["proven"] is False
    assert told["key_given"] is True
    assert {check["check"]: check["proven"] for check in told["checks"]} == {
        "head": True, "place": False, "words": True, "receipt": True,
    }  # fmt: skip
    text = run("verify", str(file), "--key", PUBLIC).stdout
    assert "✗ The record is NOT in that log" in text
    assert text.endswith("\nNOT proven.\n")


def test_another_key_than_the_logs_is_not_enough(file: Path) -> None:
    assert run("verify", write(file, RECORD), "--key", "00" * 32).returncode == 1


def test_what_cannot_be_read_is_said_so(file: Path) -> None:
    file.write_text("no record")
    done = run("verify", str(file))
    assert (done.returncode, done.stderr) == (2, "")
    assert "no record that could be checked" in done.stdout
    assert run("verify", str(file.with_name("none.json"))).returncode == 2
    assert run("verify", str(file.parent)).returncode == 2
    status, told = run_json("verify", str(file))
    assert status == 2
    assert told["proven"] is False


def test_it_needs_no_backend_no_driver_and_no_network(file: Path) -> None:
    code = """
import sys
from kiosk import verify
verdict = verify.examine(open(sys.argv[1], "rb").read(), None)
loaded = {name.partition(".")[0] for name in sys.modules}
assert verdict.proven and not loaded & {"backend_stub", "drivers", "httpx", "socket", "PySide6", "sqlalchemy"}, loaded
"""
    done = subprocess.run(
        [sys.executable, "-c", code, write(file, RECORD)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
