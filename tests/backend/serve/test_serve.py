"""The real program: `python -m backend_stub`, its TLS, its one line, its end."""

from __future__ import annotations

import json
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from backend_kit import make_token, write_requests
from cryptography.hazmat.primitives.asymmetric import rsa

from backend_client import wire
from backend_stub.members import MEMBERS
from backend_stub.tls import prepare_tls

START_S = 30.0
END_S = 3.0


class Program:
    """A running backend."""

    def __init__(self, data: Path, *options: str) -> None:
        self._errors = (data / "stderr.txt").open("wb")
        self.child = subprocess.Popen(
            [sys.executable, "-m", "backend_stub", "serve", "--data", str(data), *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
        )
        assert self.child.stdout
        self.line = self.child.stdout.readline()
        self.log = data / "stderr.txt"

    @property
    def ready(self) -> dict[str, str]:
        said: dict[str, str] = json.loads(self.line)
        return said

    def client(self) -> httpx.Client:
        context = ssl.create_default_context(cafile=self.ready["ca"])
        return httpx.Client(base_url=self.ready["ready"], verify=context, trust_env=False)

    def close(self) -> None:
        assert self.child.stdin
        assert self.child.stdout
        self.child.kill()
        self.child.wait()
        self.child.stdin.close()
        self.child.stdout.close()
        self._errors.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, card_keys: Callable[[str], rsa.RSAPrivateKey]) -> Path:
    """A data folder with a blank card, on which the program has run once."""
    data = tmp_path_factory.mktemp("data")
    write_requests(data / "cards" / "adult", card_keys("adult"), "adult")
    first = Program(data, "--port", "0")
    first.close()
    assert first.line, first.log.read_text()
    return data


@pytest.fixture(scope="module")
def program(served: Path) -> Iterator[Program]:
    program = Program(served, "--port", "0")
    yield program
    program.close()


@pytest.fixture
def start(served: Path) -> Iterator[Callable[..., Program]]:
    started: list[Program] = []

    def starter(*options: str, data: Path = served) -> Program:
        started.append(Program(data, *options))
        return started[-1]

    yield starter
    for program in started:
        program.close()


def ended_within(child: subprocess.Popen[bytes], seconds: float) -> int:
    began = time.monotonic()
    status = child.wait(timeout=START_S)
    assert time.monotonic() - began < seconds
    return status


def test_one_line_says_where_it_is_and_whom_to_trust(program: Program) -> None:
    assert program.ready.keys() == {"ready", "ca"}
    assert program.ready["ready"].startswith("https://localhost:")
    assert b"BEGIN CERTIFICATE" in Path(program.ready["ca"]).read_bytes()


def test_all_bodies_are_healthy(program: Program) -> None:
    with program.client() as client:
        health = msgspec.json.decode(client.get("/health").content, type=wire.Health)
        assert health == wire.Health(ok=True, bodies={member.id: True for member in MEMBERS})
        for member in MEMBERS:
            own = msgspec.json.decode(client.get(f"{member.mount}/health").content, type=wire.Health)
            assert own == wire.Health(ok=True, bodies={member.id: True})


def test_the_index_leads_to_each_bodys_openapi_document(program: Program) -> None:
    with program.client() as client:
        bodies = client.get("/").json()["bodies"]
        assert {body["name"]: body["path"] for body in bodies} == {member.id: member.mount for member in MEMBERS}
        for body in bodies:
            document = client.get(body["openapi"]).json()
            assert document["openapi"] == "3.1.0"
            assert document["info"]["title"] == body["title"]
            assert set(references(document)) <= {f"#/components/schemas/{n}" for n in document["components"]["schemas"]}
        exchanges = client.get("/gateway/openapi.json").json()["paths"]["/exchanges"]["post"]
        assert exchanges["requestBody"]["content"]["application/json"]["schema"]["$ref"].endswith("/ExchangeRequest")
        assert "law table" in exchanges["summary"]


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        yield from ([part["$ref"]] if "$ref" in part else [])
        for value in part.values():
            yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


def test_the_origin_it_names_is_the_one_that_cards_sign(
    program: Program, served: Path, card_keys: Callable[[str], rsa.RSAPrivateKey]
) -> None:
    der = (served / "cards" / "adult" / "auth.cer").read_bytes()
    with program.client() as client:
        nonce = client.post("/portal/challenges").json()["nonce"]
        token = make_token(card_keys("adult"), der, nonce, program.ready["ready"])
        request = wire.SignIn(nonce=nonce, token=token, place="このテレビ")
        answer = client.post("/portal/sign-in", content=msgspec.json.encode(request))
        signed_in = msgspec.json.decode(answer.content, type=wire.SignInAnswer)
        assert isinstance(signed_in, wire.SignedIn)
        session = {"authorization": f"Bearer {signed_in.session}"}
        records = msgspec.json.decode(client.get("/portal/records", headers=session).content, type=wire.RecordList)
    assert len(records.records) == 3
    assert records.records[0].sentence.endswith("受け取りました。")


def test_who_trusts_another_ca_is_not_connected(program: Program, tmp_path: Path, served: Path) -> None:
    strangers = prepare_tls(tmp_path, datetime.now(UTC)).ca
    context = ssl.create_default_context(cafile=strangers)
    with (
        httpx.Client(verify=context, trust_env=False) as client,
        pytest.raises(httpx.ConnectError, match="verify failed"),
    ):
        client.get(program.ready["ready"] + "/health")


def test_plain_http_is_not_answered(program: Program) -> None:
    with httpx.Client(trust_env=False) as client, pytest.raises(httpx.TransportError):
        client.get(program.ready["ready"].replace("https", "http") + "/health")


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_quickly_and_well(start: Callable[..., Program], name: signal.Signals) -> None:
    program = start("--port", "0")
    with program.client() as client:  # a connection that is kept open must not hold it up
        assert client.get("/health").status_code == 200
        program.child.send_signal(name)
        assert ended_within(program.child, END_S) == 0


def test_it_ends_with_its_parent(start: Callable[..., Program]) -> None:
    program = start("--port", "0", "--with-parent")
    assert program.child.stdin
    program.child.stdin.close()
    assert ended_within(program.child, END_S) == 0


def test_it_does_not_end_with_its_input_unless_asked(start: Callable[..., Program]) -> None:
    program = start("--port", "0")
    assert program.child.stdin
    program.child.stdin.close()
    with program.client() as client:
        assert client.get("/health").status_code == 200
    with pytest.raises(subprocess.TimeoutExpired):
        program.child.wait(timeout=0.5)


def test_a_port_that_is_taken_is_said_in_one_sentence(program: Program, start: Callable[..., Program]) -> None:
    port = program.ready["ready"].rpartition(":")[2]
    second = start("--port", port)
    assert second.child.wait(timeout=START_S) == 1
    assert second.line == b""
    assert f"Port {port} of localhost is taken." in second.log.read_text()


def test_the_log_is_json_lines_without_a_person(served: Path, start: Callable[..., Program]) -> None:
    program = start("--port", "0")
    program.child.send_signal(signal.SIGTERM)
    program.child.wait(timeout=START_S)
    lines = program.log.read_text().splitlines()
    assert lines
    for line in lines:
        assert json.loads(line).keys() >= {"at", "level", "from", "message"}
        assert "見本" not in line


def test_issue_gives_blank_cards_their_certificates(
    tmp_path: Path, card_keys: Callable[[str], rsa.RSAPrivateKey]
) -> None:
    write_requests(tmp_path / "cards" / "first", card_keys("first"), "first")
    issue = [sys.executable, "-m", "backend_stub", "issue", "--data", str(tmp_path)]
    subprocess.run(issue, check=True, capture_output=True, timeout=START_S)
    first = (tmp_path / "cards" / "first" / "auth.cer").read_bytes()
    subprocess.run(issue, check=True, capture_output=True, timeout=START_S)
    assert (tmp_path / "cards" / "first" / "auth.cer").read_bytes() == first
