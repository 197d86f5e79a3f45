"""Answering about certificates (RFC 6960). The CA signs itself; no responder is delegated."""

from __future__ import annotations

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from sqlalchemy import Engine

from backend_stub.authority.keys import Ca
from backend_stub.authority.tables import issued

HOLDS = timedelta(minutes=10)
"""How long an answer may be believed."""


def respond(content: bytes, cas: tuple[Ca, ...], engine: Engine, now: datetime) -> bytes:
    """Answer a request (DER) for one certificate, in DER; requests out of order get RFC 6960's own refusals."""
    try:
        request = ocsp.load_der_ocsp_request(content)
        ca = next((ca for ca in cas if _is_issuer(ca, request)), None)
        nonce = _nonce(request)
    except (ValueError, NotImplementedError, UnsupportedAlgorithm, x509.DuplicateExtension):
        return _refuse(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)
    if ca is None:
        return _refuse(ocsp.OCSPResponseStatus.UNAUTHORIZED)
    return _answer(request, nonce, ca, engine, now)


def _is_issuer(ca: Ca, request: ocsp.OCSPRequest) -> bool:
    """Whether the request's two hashes are those of the CA's name and key."""
    identifier = (
        ocsp.OCSPRequestBuilder().add_certificate(ca.certificate, ca.certificate, request.hash_algorithm).build()
    )
    own = (identifier.issuer_name_hash, identifier.issuer_key_hash)
    return own == (request.issuer_name_hash, request.issuer_key_hash)


def _nonce(request: ocsp.OCSPRequest) -> x509.OCSPNonce | None:
    try:
        return request.extensions.get_extension_for_class(x509.OCSPNonce).value
    except x509.ExtensionNotFound:
        return None


def _answer(request: ocsp.OCSPRequest, nonce: x509.OCSPNonce | None, ca: Ca, engine: Engine, now: datetime) -> bytes:
    status, revoked_at, reason = _status(request.serial_number, ca, engine)
    builder = (
        ocsp.OCSPResponseBuilder()
        .add_response_by_hash(
            request.issuer_name_hash,
            request.issuer_key_hash,
            request.serial_number,
            request.hash_algorithm,
            status,
            this_update=now,
            next_update=now + HOLDS,
            revocation_time=revoked_at,
            revocation_reason=reason,
        )
        .responder_id(ocsp.OCSPResponderEncoding.HASH, ca.certificate)
    )
    if nonce is not None:
        builder = builder.add_extension(nonce, critical=False)
    return builder.sign(ca.key, ca.generation.scheme.digest).public_bytes(Encoding.DER)


def _status(
    serial: int, ca: Ca, engine: Engine
) -> tuple[ocsp.OCSPCertStatus, datetime | None, x509.ReasonFlags | None]:
    # Serial numbers are random and long: no generation of a kind has another's.
    one = (issued.c.kind == ca.kind.value) & (issued.c.serial == str(serial))
    with engine.connect() as connection:
        row = connection.execute(issued.select().where(one)).first()
    if row is None:
        return ocsp.OCSPCertStatus.UNKNOWN, None, None
    if row.revoked_at is None:
        return ocsp.OCSPCertStatus.GOOD, None, None
    return ocsp.OCSPCertStatus.REVOKED, row.revoked_at, x509.ReasonFlags(row.reason)


def _refuse(status: ocsp.OCSPResponseStatus) -> bytes:
    return ocsp.OCSPResponseBuilder.build_unsuccessful(status).public_bytes(Encoding.DER)
