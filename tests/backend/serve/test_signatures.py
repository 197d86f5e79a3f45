"""Signed requests against a general RFC 9421 library: what either signs the other takes; what is changed, neither."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    InvalidSignature,
    algorithms,
)
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from backend_stub.machines import Machine, Registry, Signer
from backend_stub.nonces import TERM_S, Nonces
from backend_stub.signatures import MAX_AGE_S, SKEW_S, Unsigned

COVERED = ("@method", "@authority", "@path", "content-digest")
KEY, STRANGERS = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
CITY = Machine("midori-city", "みどり市", frozenset(), KEY.public_key())
NONCE = "0123456789abcdefABCDEF"
paths = st.lists(st.text("abz09-_.~%", min_size=1, max_size=8).map(lambda s: s.replace("%", "%41")), max_size=4)
urls = st.builds(
    lambda scheme, host, port, parts: f"{scheme}://{host}{port}/" + "/".join(parts),
    st.sampled_from(["http", "https"]),
    st.sampled_from(["localhost", "GateWay.Example", "127.0.0.1"]),
    st.sampled_from(["", ":80", ":443", ":8443"]),
    paths.filter(lambda parts: "." not in parts and ".." not in parts),
)
methods = st.sampled_from(["GET", "POST"])
contents = st.binary(max_size=64)


class Keys(HTTPSignatureKeyResolver):
    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey:
        if key_id != CITY.id:
            raise InvalidSignature("nobody")
        return KEY.public_key()

    def resolve_private_key(self, key_id: str) -> Ed25519PrivateKey:
        return KEY


def by_library(request: httpx.Request, **options: Any) -> httpx.Request:
    signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=Keys())
    options = {"key_id": CITY.id, "nonce": NONCE, "covered_component_ids": COVERED} | options
    signer.sign(request, body=request.content, **options)
    return request


def by_us(request: httpx.Request, key: Ed25519PrivateKey = KEY, at: float | None = None) -> httpx.Request:
    signer = Signer(CITY.id, key) if at is None else Signer(CITY.id, key, lambda: at)
    return next(signer.auth_flow(request))


def arrived(request: httpx.Request) -> Request:
    """The request as a server sees it."""
    url = request.url
    return Request(
        {
            "type": "http",
            "method": request.method,
            "scheme": url.scheme,
            "path": url.path,
            "raw_path": url.raw_path.partition(b"?")[0],
            "query_string": url.query,
            "headers": [(name.lower(), value) for name, value in request.headers.raw],
            "server": (url.host, url.port),
        }
    )


def we_accept(request: httpx.Request, registry: Registry | None = None) -> bool:
    try:
        return (registry or Registry((CITY,))).verify(arrived(request), request.content) is CITY
    except Unsigned:
        return False


def library_accepts(request: httpx.Request) -> bool:
    verifier = HTTPMessageVerifier(signature_algorithm=algorithms.ED25519, key_resolver=Keys())
    try:
        return bool(verifier.verify(request, require_components=COVERED, body=request.content))
    except (InvalidSignature, ValueError):
        return False


@given(method=methods, url=urls, content=contents)
def test_what_the_library_signs_we_accept(method: str, url: str, content: bytes) -> None:
    assert we_accept(by_library(httpx.Request(method, url, content=content)))


@given(method=methods, url=urls, content=contents)
def test_what_we_sign_the_library_accepts(method: str, url: str, content: bytes) -> None:
    request = by_us(httpx.Request(method, url, content=content))
    assert library_accepts(request)
    assert we_accept(request)


@given(data=st.data(), name=st.sampled_from(["signature", "signature-input", "content-digest", "host"]))
def test_a_changed_character_is_refused_by_both(data: st.DataObject, name: str) -> None:
    request = by_us(httpx.Request("POST", "https://gateway.example/exchanges", content=b"{}"))
    value = request.headers[name]
    at = data.draw(st.integers(0, len(value) - 1))
    other = data.draw(
        st.sampled_from('abcdefghijklmnopqrstuvwxyz0123456789=:;,"() +/').filter(lambda c: c != value[at])
    )
    request.headers[name] = value[:at] + other + value[at + 1 :]
    assert not we_accept(request)
    # The last character of Base64 has bits that mean nothing: the library passes over them. It takes the URL's host.
    if name not in ("signature", "host"):
        assert not library_accepts(request)


@pytest.mark.parametrize(
    ("method", "url", "content"),
    [
        ("GET", "https://gateway.example/exchanges", b"{}"),
        ("POST", "https://portal.example/exchanges", b"{}"),
        ("POST", "https://gateway.example/notices", b"{}"),
        ("POST", "https://gateway.example/exchanges", b"{ }"),
    ],
)
def test_a_signature_on_another_request_is_refused_by_both(method: str, url: str, content: bytes) -> None:
    signed = by_us(httpx.Request("POST", "https://gateway.example/exchanges", content=b"{}"))
    fields = {name: signed.headers[name] for name in ("signature", "signature-input", "content-digest")}
    moved = httpx.Request(method, url, content=content, headers=fields)
    assert not we_accept(moved)
    assert not library_accepts(moved)


@pytest.mark.parametrize("content", [b"", b"{}"])
def test_another_key_is_refused_by_both(content: bytes) -> None:
    request = by_us(httpx.Request("POST", "https://gateway.example/", content=content), STRANGERS)
    assert not we_accept(request)
    assert not library_accepts(request)


@pytest.mark.parametrize("name", ["signature", "signature-input", "content-digest"])
def test_what_is_missing_or_there_twice_is_refused(name: str) -> None:
    request = by_us(httpx.Request("POST", "https://gateway.example/", content=b"{}"))
    value = request.headers.pop(name)
    assert not we_accept(request)
    twice = httpx.Request(
        "POST",
        request.url,
        content=b"{}",
        headers=[*request.headers.multi_items(), (name, value), (name, value)],
    )
    assert not we_accept(twice)


@pytest.mark.parametrize(
    "options",
    [
        {"covered_component_ids": ("@method", "@path", "content-digest")},
        {"covered_component_ids": ("@authority", "@method", "@path", "content-digest")},
        {"nonce": None},
        {"nonce": "short"},
        {"tag": "more"},
        {"include_alg": False},
        {"key_id": 'no"body'},
    ],
)
def test_other_profiles_are_refused(options: dict[str, Any]) -> None:
    assert not we_accept(by_library(httpx.Request("POST", "https://gateway.example/", content=b""), **options))


def test_a_query_is_refused() -> None:
    assert not we_accept(by_us(httpx.Request("GET", "https://gateway.example/laws?all=1")))


@pytest.mark.parametrize(
    ("off", "taken"),
    [(0, True), (-MAX_AGE_S, True), (-MAX_AGE_S - SKEW_S - 1, False), (SKEW_S, True), (SKEW_S + 1, False)],
)
def test_a_clock_may_be_off_by_little(off: int, taken: bool) -> None:
    now = 1_800_000_000
    registry = Registry((CITY,), clock=lambda: now)
    assert we_accept(by_us(httpx.Request("GET", "https://gateway.example/laws"), at=now + off), registry) is taken


def test_a_request_counts_once() -> None:
    registry, request = Registry((CITY,)), by_us(httpx.Request("GET", "https://gateway.example/laws"))
    assert we_accept(request, registry)
    assert not we_accept(request, registry)


def test_a_request_that_was_not_in_order_uses_no_nonce_up() -> None:
    registry, request = Registry((CITY,)), by_us(httpx.Request("GET", "https://gateway.example/laws"))
    forged = by_us(httpx.Request("GET", "https://gateway.example/laws"), STRANGERS)
    forged.headers["signature-input"] = request.headers["signature-input"]
    assert not we_accept(forged, registry)
    assert we_accept(request, registry)


def test_a_request_counts_once_also_across_a_restart(tmp_path: Path) -> None:
    request = by_us(httpx.Request("GET", "https://gateway.example/laws"))
    assert we_accept(request, Registry((CITY,), Nonces(tmp_path)))
    assert not we_accept(request, Registry((CITY,), Nonces(tmp_path)))


def test_nonces_are_known_for_as_long_as_they_could_count_and_then_forgotten(tmp_path: Path) -> None:
    now = time.time()
    nonces = Nonces(tmp_path, now)
    for second in range(0, 5 * TERM_S, 10):
        nonces.use(CITY.id, f"at {second}", now + second)
        with pytest.raises(Unsigned):
            nonces.use(CITY.id, f"at {max(second - TERM_S, 0) // 10 * 10}", now + second)
    nonces.use(CITY.id, "at 0", now + 5 * TERM_S)
    nonces.close()
    assert sum(len(path.read_text().splitlines()) for path in tmp_path.iterdir()) < 3 * TERM_S / 10


def test_nonces_are_the_bodys_own(tmp_path: Path) -> None:
    nonces = Nonces(tmp_path)
    nonces.use(CITY.id, "one", time.time())
    nonces.close()
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
