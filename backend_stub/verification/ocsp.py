"""Asking the authority whether a certificate still stands (RFC 6960), and believing only a fresh, signed answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from secrets import token_bytes

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from backend_stub.body import Refusal
from backend_stub.peers import Peers
from backend_stub.verification.certificate import Checked
from backend_stub.verification.schemes import PublicKey, check_signature

SKEW = timedelta(seconds=60)
"""How far the authority's clock may be from ours."""
OLDEST = timedelta(minutes=15)
"""An answer of an earlier time is not taken, however long it says it holds."""


class NotAnAnswer(Exception):
    """What came back says nothing about the certificate that was asked about."""


async def check_status(checked: Checked, peers: Peers, now: datetime, trace_id: str) -> None:
    """Ask the authority; the CA that issued the certificate answers.

    Fails closed: no answer that can be believed is peer_unavailable.
    Raises Refusal: certificate_revoked, certificate_untrusted (the authority never issued it), peer_unavailable.
    """
    nonce = token_bytes(32)
    request = _request(checked.certificate, checked.ca, nonce)
    content = request.public_bytes(Encoding.DER)
    try:
        raw = await peers.ask_raw("authority", "/ocsp", content, "application/ocsp-request", trace_id)
        status = read_answer(raw, request, nonce, checked.ca, now)
    except (Refusal, NotAnAnswer) as exc:
        raise Refusal("peer_unavailable", "authority") from exc
    if status is ocsp.OCSPCertStatus.REVOKED:
        raise Refusal("certificate_revoked")
    if status is not ocsp.OCSPCertStatus.GOOD:
        raise Refusal("certificate_untrusted")


def _request(certificate: x509.Certificate, issuer: x509.Certificate, nonce: bytes) -> ocsp.OCSPRequest:
    builder = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, SHA256())
    return builder.add_extension(x509.OCSPNonce(nonce), critical=False).build()


def read_answer(
    raw: bytes, request: ocsp.OCSPRequest, nonce: bytes, ca: x509.Certificate, now: datetime
) -> ocsp.OCSPCertStatus:
    """What `raw` (DER) says about the certificate of `request`. Raises NotAnAnswer.

    The responder's own refusals are no answers either: the library has no value to read in them and raises ValueError.
    """
    try:
        answer = ocsp.load_der_ocsp_response(raw)
        _check_signature(answer, ca)
        _check_subject(answer, request, nonce)
        _check_age(answer, now)
        return answer.certificate_status
    except (ValueError, x509.ExtensionNotFound, InvalidSignature, UnsupportedAlgorithm) as exc:
        raise NotAnAnswer(type(exc).__name__) from exc


def _check_signature(answer: ocsp.OCSPResponse, ca: x509.Certificate) -> None:
    """Only the CA itself answers for its certificates; no responder is delegated."""
    key = ca.public_key()
    assert isinstance(key, PublicKey), "our own authority's key"  # noqa: S101
    check_signature(key, answer.signature, answer.tbs_response_bytes)


def _check_subject(answer: ocsp.OCSPResponse, request: ocsp.OCSPRequest, nonce: bytes) -> None:
    asked = (request.serial_number, request.issuer_name_hash, request.issuer_key_hash)
    _require((answer.serial_number, answer.issuer_name_hash, answer.issuer_key_hash) == asked, "another certificate")
    _require(answer.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce == nonce, "another request")


def _check_age(answer: ocsp.OCSPResponse, now: datetime) -> None:
    _require(answer.this_update_utc <= now + SKEW, "of the future")
    _require(answer.this_update_utc >= now - OLDEST, "too old")
    _require(answer.next_update_utc is not None and answer.next_update_utc >= now - SKEW, "run out")


def _require(condition: bool, why_not: str) -> None:
    if not condition:
        raise NotAnAnswer(why_not)
