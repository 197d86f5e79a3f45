"""Requests not in order, over a real connection to the real program: each is named, with origin and trace id."""

from __future__ import annotations

import re
import ssl
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE, Popen

import httpx
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from backend_client import wire
from backend_stub.body import MAX_BODY
from backend_stub.machines import Signer
from backend_stub.setups import body_folder, machine_key
from backend_stub.signatures import MAX_AGE_S, SKEW_S

BIG = 10 * 1024 * 1024


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, ssl.SSLContext, Path]]:
    """The program's origin, whom to trust, and its data."""
    data = tmp_path_factory.mktemp("wire")
    command = [sys.executable, "-m", "backend_stub", "serve", "--data", str(data), "--port", "0", "--log", "debug"]
    with (data / "log").open("wb") as log, Popen(command, stdout=PIPE, stderr=log) as program:
        assert program.stdout
        ready = msgspec.json.decode(program.stdout.readline())
        yield ready["ready"], ssl.create_default_context(cafile=ready["ca"]), data
        program.kill()


@pytest.fixture
def client(address: tuple[str, ssl.SSLContext, Path]) -> Iterator[httpx.Client]:
    origin, context, _ = address
    with httpx.Client(base_url=origin, verify=context, trust_env=False) as client:
        yield client


@pytest.fixture
def city(address: tuple[str, ssl.SSLContext, Path]) -> Ed25519PrivateKey:
    return machine_key(body_folder(address[2], "midori-city"))


def signed(client: httpx.Client, key: Ed25519PrivateKey, off: float = 0.0) -> httpx.Request:
    """A request that asks for the law table, signed by a clock that is off."""
    request = client.build_request("GET", "/gateway/laws")
    return next(Signer("midori-city", key, lambda: time.time() + off).auth_flow(request))


def code(answer: httpx.Response) -> tuple[int, str]:
    problem = msgspec.json.decode(answer.content, type=wire.Problem)
    assert problem.origin == "gateway"
    assert re.fullmatch(r"[0-9a-f]{32}", problem.trace_id)
    return answer.status_code, problem.code


def test_a_request_in_order_is_answered(client: httpx.Client, city: Ed25519PrivateKey) -> None:
    answer = client.send(signed(client, city))
    assert {law["id"] for law in answer.json()["laws"]} >= {"elderly-premium"}


def test_unsigned(client: httpx.Client) -> None:
    assert code(client.get("/gateway/laws")) == (401, "machine_unknown")


def test_altered(client: httpx.Client, city: Ed25519PrivateKey) -> None:
    request = signed(client, city)
    fields = {name: request.headers[name] for name in ("signature", "signature-input", "content-digest")}
    answer = client.request("GET", "/gateway/laws", content=b"{}", headers=fields)
    assert code(answer) == (401, "machine_unknown")


@pytest.mark.parametrize("off", [-MAX_AGE_S - SKEW_S - 2, SKEW_S + 2])
def test_late_or_by_a_clock_that_is_wrong(client: httpx.Client, city: Ed25519PrivateKey, off: float) -> None:
    assert code(client.send(signed(client, city, off))) == (401, "machine_unknown")


def test_replayed(client: httpx.Client, city: Ed25519PrivateKey) -> None:
    request = signed(client, city)
    assert client.send(request).status_code == 200
    assert code(client.send(request)) == (401, "machine_unknown")


def test_ten_megabytes(client: httpx.Client, city: Ed25519PrivateKey) -> None:
    auth = Signer("midori-city", city)
    assert code(client.post("/gateway/tokens", content=bytes(BIG), auth=auth)) == (413, "too_large")
    assert code(client.post("/gateway/tokens", content=bytes(MAX_BODY), auth=auth)) == (400, "bad_request")


def test_a_path_and_a_method_that_are_not_there(client: httpx.Client) -> None:
    assert code(client.get("/gateway/nothing")) == (404, "not_found")
    answer = client.delete("/gateway/laws")
    assert code(answer) == (405, "method_unknown")
    assert "GET" in answer.headers["allow"]


def test_the_trace_id_of_the_caller_goes_through_all_bodies(
    client: httpx.Client, city: Ed25519PrivateKey, address: tuple[str, ssl.SSLContext, Path]
) -> None:
    number = msgspec.json.encode(wire.AcquisitionNumber(number="nothing"))
    headers = {"x-trace-id": "trace-through-all"}
    answer = client.post("/gateway/symbols", content=number, headers=headers, auth=Signer("midori-city", city))
    assert answer.json()["trace_id"] == "trace-through-all"
    assert answer.json()["origin"] == "authority"
    lines = [msgspec.json.decode(line) for line in (address[2] / "log").read_bytes().splitlines()]
    said = [line["message"] for line in lines if line.get("trace") == "trace-through-all"]
    assert any(message.startswith("authority: POST /links, 409") for message in said), said
    assert any(message.startswith("gateway: POST /symbols, 409") for message in said), said


def test_metrics_count_by_body_endpoint_and_status(client: httpx.Client, city: Ed25519PrivateKey) -> None:
    client.get("/gateway/laws")
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    families = {family.name: family for family in text_string_to_metric_families(answer.text)}
    counted = {
        (sample.labels["body"], sample.labels["endpoint"], sample.labels["status"]): sample.value
        for sample in families["madoguchi_requests"].samples
    }
    assert counted["gateway", "GET /laws", "401"] >= 1
    spent = {
        sample.labels["le"]: sample.value
        for sample in families["madoguchi_request_seconds"].samples
        if sample.name.endswith("_bucket") and sample.labels["endpoint"] == "GET /laws"
    }
    assert spent["+Inf"] == sum(n for (body, name, _), n in counted.items() if (body, name) == ("gateway", "GET /laws"))
    leaves = families["madoguchi_log_leaves"].samples
    assert [sample.labels["body"] for sample in leaves] == ["gateway"]
    assert leaves[0].value > 0
    own = {family.name for family in text_string_to_metric_families(client.get("/gateway/metrics").text)}
    assert {"madoguchi_requests", "madoguchi_log_waiting", "madoguchi_audit_events"} <= own
