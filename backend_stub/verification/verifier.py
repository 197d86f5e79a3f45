"""What a body needs to check cards: the authority's certificates, its own origins and the way to the authority."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from cryptography import x509

from backend_client.wire import AuthToken
from backend_stub.peers import Peers
from backend_stub.verification.certificate import check_certificate, parse
from backend_stub.verification.ocsp import check_status
from backend_stub.verification.token import from_base64, verify_token


class Verifier:
    """One body's verification. `origins` are the scheme://host:port under which people reach it.

    `auth_ca` are the CAs for user authentication of all generations, PEM, one after the other.
    """

    def __init__(self, auth_ca: bytes, origins: tuple[str, ...], peers: Peers) -> None:
        self._cas = x509.load_pem_x509_certificates(auth_ca)
        self._origins = origins
        self._peers = peers

    async def token(self, token: AuthToken, nonce: str, now: datetime, trace_id: str) -> x509.Certificate:
        """Check a token for a challenge that was just used up; the certificate is the holder's. Raises Refusal."""
        status = partial(check_status, peers=self._peers, now=now, trace_id=trace_id)
        return await verify_token(token, nonce, self._origins, self._cas, now, status)

    async def certificate(self, base64: str, now: datetime, trace_id: str) -> x509.Certificate:
        """Check a certificate (Base64 of DER) that somebody vouches for, without its holder. Raises Refusal."""
        checked = check_certificate(parse(from_base64(base64)), self._cas, now)
        await check_status(checked, self._peers, now, trace_id)
        return checked.certificate
