"""Bodies apart: set-up, directory, which database is whose, and what is said when something is not there."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from backend_kit import START

from backend_stub.directory import make, read
from backend_stub.members import MEMBERS
from backend_stub.setups import Databases, NoSuchDatabase, body_folder
from backend_stub.tls import RENEW_BEFORE, SERVER_TERM
from kiosk import cli

FOLDER = Path("folder")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "backend_stub", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


def test_the_directory_names_every_member_with_its_own_address_and_keys(data: Path) -> None:
    directory = read(make(data, 9000, START))
    assert [entry.url for entry in directory.members] == [
        f"https://localhost:{9000 + place}{member.mount}" for place, member in enumerate(MEMBERS)
    ]
    machines = directory.machines()
    assert len({machine.key.public_bytes_raw() for machine in machines.values()}) == len(MEMBERS)
    assert {member.id: machines[member.id].roles for member in MEMBERS} == {m.id: m.roles for m in MEMBERS}


def test_nothing_in_the_directory_is_secret(data: Path) -> None:
    text = make(data, 9000, START).read_text()
    assert "PRIVATE" not in text
    for member in MEMBERS:
        for key in ("machine.key", "sealing.key"):
            assert (body_folder(data, member.id) / key).read_bytes().hex() not in text


def test_a_second_set_up_keeps_all_keys_and_renews_what_runs_out(data: Path) -> None:
    first = read(make(data, 9000, START))
    certificate = body_folder(data, "portal") / "tls" / "server.pem"
    before = certificate.read_bytes()
    assert read(make(data, 9000, START)) == first
    assert certificate.read_bytes() == before
    assert read(make(data, 9000, START + SERVER_TERM - RENEW_BEFORE)) == first
    assert certificate.read_bytes() != before


def test_any_free_ports_are_all_different(data: Path) -> None:
    assert len({entry.url.split("/")[2] for entry in read(make(data, 0, START)).members}) == len(MEMBERS)


@pytest.mark.parametrize(
    ("arguments", "only", "body", "url"),
    [
        ((), "", "portal", "sqlite:///folder/portal.db"),
        (("postgresql+psycopg://h/{body}",), "", "portal", "postgresql+psycopg://h/portal"),
        (("gateway=sqlite:////g.db",), "", "gateway", "sqlite:////g.db"),
        (("gateway=sqlite:////g.db",), "", "portal", "sqlite:///folder/portal.db"),
        (("postgresql+psycopg://h/p?user=u",), "portal", "portal", "postgresql+psycopg://h/p?user=u"),
        (("pg://h/{body}", "gateway=sqlite:////g.db"), "", "gateway", "sqlite:////g.db"),
    ],
)
def test_each_body_has_its_database(arguments: tuple[str, ...], only: str, body: str, url: str) -> None:
    assert Databases.of(arguments, only).url(body, FOLDER) == url


def test_two_bodies_never_share_a_database() -> None:
    with pytest.raises(NoSuchDatabase):
        Databases.of(("postgresql+psycopg://h/all",))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("serve", "portal"), "There is no directory of members to be read."),
        (("seed",), "There is no directory of members to be read."),
        (("serve", "--database", "sqlite:////tmp/x"), "Two bodies never share a database"),
    ],
)
def test_what_is_missing_is_said_in_one_sentence(tmp_path: Path, arguments: tuple[str, ...], sentence: str) -> None:
    ended = run(*arguments, "--data", str(tmp_path))
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1].startswith(sentence)


def test_a_database_from_the_future_is_said_in_one_sentence(tmp_path: Path) -> None:
    folder = body_folder(tmp_path, "authority")
    folder.mkdir(parents=True)
    connection = sqlite3.connect(folder / "authority.db")
    connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
    connection.execute("INSERT INTO alembic_version VALUES ('9999')")
    connection.commit()
    connection.close()
    ended = run("serve", "--data", str(tmp_path), "--port", "0")
    assert ended.returncode == 1
    last = ended.stderr.splitlines()[-1]
    assert last == "The database cannot be used: authority: revision 9999 is newer than this program."


def test_the_command_hands_everything_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    called: list[list[str]] = []
    monkeypatch.setattr(subprocess, "call", lambda command: called.append(command[2:]) or 0)
    data = ["--data", str(tmp_path)]
    assert cli.main(["backend", *data]) == 0
    cli.main(["backend", "--port", "0", *data])
    cli.main(["backend", "portal", *data, "--url", "https://p.example", "--database", "a", "--database", "gateway=b"])
    cli.main(["backend", "directory", *data, "--port", "9000"])
    assert called == [
        ["backend_stub", "serve", *data],
        ["backend_stub", "serve", *data, "--port", "0"],
        [
            "backend_stub",
            "serve",
            "portal",
            *data,
            "--url",
            "https://p.example",
            "--database",
            "a",
            "--database",
            "gateway=b",
        ],
        ["backend_stub", "directory", *data, "--port", "9000"],
    ]
