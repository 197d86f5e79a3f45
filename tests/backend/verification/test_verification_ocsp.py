"""Asking the authority: what answers are believed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from backend_kit import START, Cards
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, HashAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from backend_stub.authority.keys import Ca, Keys, open_keys
from backend_stub.authority.profile import Kind
from backend_stub.body import Refusal
from backend_stub.machines import Signer
from backend_stub.peers import Peers
from backend_stub.verification.certificate import Checked
from backend_stub.verification.ocsp import check_status
from backend_stub.verification.schemes import PublicKey, scheme_of

MINUTE = timedelta(minutes=1)
GOOD, REVOKED, UNKNOWN = ocsp.OCSPCertStatus.GOOD, ocsp.OCSPCertStatus.REVOKED, ocsp.OCSPCertStatus.UNKNOWN
Handler = Callable[[httpx.Request], httpx.Response]
DEAF = ("peer_unavailable", "authority")


@pytest.fixture(scope="session")
def keys(authority_keys: Path) -> Keys:
    return open_keys(authority_keys, START)


def answering(handler: Handler) -> Peers:
    """The way to an authority whose part is played by `handler`."""
    client = httpx.AsyncClient(transport=httpx.MockTransport(handler), base_url="https://authority.test")
    return Peers(Signer("portal", Ed25519PrivateKey.generate()), {"authority": client})


def checked(certificate: x509.Certificate, ca: x509.Certificate) -> Checked:
    """As if all but revocation had been looked at."""
    key = certificate.public_key()
    scheme = scheme_of(key)
    assert isinstance(key, PublicKey)
    assert scheme is not None
    return Checked(certificate, ca, key, scheme)


async def outcome(handler: Handler, certificate: x509.Certificate, ca: x509.Certificate) -> tuple[str, str]:
    try:
        await check_status(checked(certificate, ca), answering(handler), START, "trace")
    except Refusal as refusal:
        return refusal.code, refusal.origin
    return "good", ""


def answer(
    request: httpx.Request,
    ca: Ca,
    *,
    status: ocsp.OCSPCertStatus = GOOD,
    digest: HashAlgorithm | None = None,
    nonce: bytes | None = None,
    serial: int | None = None,
    this_update: datetime = START,
    next_update: datetime | None = START + 10 * MINUTE,
) -> httpx.Response:
    """What an honest responder sends, but for the named changes."""
    asked = ocsp.load_der_ocsp_request(request.content)
    revoked = START - MINUTE if status is REVOKED else None
    builder = ocsp.OCSPResponseBuilder().add_response_by_hash(
        asked.issuer_name_hash, asked.issuer_key_hash, asked.serial_number if serial is None else serial,
        asked.hash_algorithm, status, this_update, next_update, revoked, None,
    ).responder_id(ocsp.OCSPResponderEncoding.NAME, ca.certificate)  # fmt: skip
    sent = asked.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce
    if nonce != b"":
        builder = builder.add_extension(x509.OCSPNonce(nonce or sent), critical=False)
    done = builder.sign(ca.key, digest or SHA256())
    return httpx.Response(200, content=done.public_bytes(Encoding.DER))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ("good", "")),
        ({"status": REVOKED}, ("certificate_revoked", "")),
        ({"status": UNKNOWN}, ("certificate_untrusted", "")),
        ({"serial": 1}, DEAF),
        ({"nonce": b"another request's nonce........."}, DEAF),
        ({"nonce": b""}, DEAF),
        ({"this_update": START + 2 * MINUTE}, DEAF),
        ({"this_update": START - 16 * MINUTE}, DEAF),
        ({"this_update": START - 14 * MINUTE}, ("good", "")),
        ({"this_update": START - 5 * MINUTE, "next_update": START - 2 * MINUTE}, DEAF),
        ({"next_update": None}, DEAF),
        ({"digest": SHA384()}, DEAF),
    ],
)
async def test_only_a_fresh_answer_to_this_question_counts(
    card: Cards, keys: Keys, changes: dict[str, Any], expected: tuple[str, str]
) -> None:
    ca, certificate = keys.cas[Kind.AUTHENTICATION], card("adult").certificate
    assert await outcome(lambda request: answer(request, ca, **changes), certificate, ca.certificate) == expected


async def test_only_the_cas_own_signature_counts(card: Cards, keys: Keys, tmp_path: Path) -> None:
    """Neither the card's other CA answers for it, nor an impostor of the same name."""
    ca, certificate = keys.cas[Kind.AUTHENTICATION], card("adult").certificate
    impostor = open_keys(tmp_path / "impostor", START).cas[Kind.AUTHENTICATION]
    assert impostor.certificate.subject == ca.certificate.subject
    for signer in (keys.cas[Kind.SIGNATURE], impostor):
        assert await outcome(partial(answer, ca=signer), certificate, ca.certificate) == DEAF


@pytest.mark.parametrize(
    "reply",
    [
        httpx.Response(200, content=b""),
        httpx.Response(200, content=b"\x30\x03\x0a\x01\x00"),
        httpx.Response(200, content=b"<html>"),
        httpx.Response(200, content=ocsp.OCSPResponseBuilder.build_unsuccessful(
            ocsp.OCSPResponseStatus.TRY_LATER).public_bytes(Encoding.DER)),
        httpx.Response(500, content=b"oops"),
        httpx.Response(403, json={"code": "not_allowed", "origin": "authority", "trace_id": "t", "message": "m"}),
    ],
)  # fmt: skip
async def test_no_answer_is_no_good_answer(card: Cards, keys: Keys, reply: httpx.Response) -> None:
    ca = keys.cas[Kind.AUTHENTICATION].certificate
    assert await outcome(lambda request: reply, card("adult").certificate, ca) == DEAF


async def test_a_dead_line_is_no_good_answer(card: Cards, keys: Keys) -> None:
    def dead(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("cut", request=request)

    ca = keys.cas[Kind.AUTHENTICATION].certificate
    assert await outcome(dead, card("adult").certificate, ca) == DEAF


async def test_an_answer_spoiled_on_the_way_is_not_believed(card: Cards, keys: Keys) -> None:
    ca, certificate = keys.cas[Kind.AUTHENTICATION], card("adult").certificate
    size = len(answer(await _asked(certificate, ca), ca).content)

    def spoiled(request: httpx.Request, place: int) -> httpx.Response:
        content = bytearray(answer(request, ca, status=REVOKED).content)
        content[place] ^= 0x10
        return httpx.Response(200, content=bytes(content))

    for place in range(0, size, 5):
        code, _ = await outcome(partial(spoiled, place=place), certificate, ca.certificate)
        assert code != "good", place


async def _asked(certificate: x509.Certificate, ca: Ca) -> httpx.Request:
    requests: list[httpx.Request] = []

    def keep(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(500)

    await outcome(keep, certificate, ca.certificate)
    return requests[0]


async def test_each_question_has_its_own_nonce_and_carries_the_trace(card: Cards, keys: Keys) -> None:
    ca, certificate = keys.cas[Kind.AUTHENTICATION], card("adult").certificate
    first, second = await _asked(certificate, ca), await _asked(certificate, ca)
    nonces = [
        ocsp.load_der_ocsp_request(r.content).extensions.get_extension_for_class(x509.OCSPNonce).value.nonce
        for r in (first, second)
    ]
    assert nonces[0] != nonces[1]
    assert len(nonces[0]) == 32
    assert first.headers["content-type"] == "application/ocsp-request"
    assert first.headers["x-trace-id"] == "trace"
