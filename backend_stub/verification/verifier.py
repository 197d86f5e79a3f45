"""What a body needs to check cards: the authority's certificates, its own origins and the way to the authority."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime

from cryptography import x509

from backend_client.wire import AuthToken
from backend_stub.peers import Peers
from backend_stub.verification.certificate import Checked, check_certificate, check_lasting, parse
from backend_stub.verification.ocsp import check_status
from backend_stub.verification.token import check_token, from_base64

MOST = 5_000
"""So many certificates are remembered."""


class Verifier:
    """One body's verification. `origins` are the scheme://host:port under which people reach it.

    `auth_ca` are the CAs for user authentication of all generations, PEM, one after the other.
    """

    def __init__(self, auth_ca: bytes, origins: tuple[str, ...], peers: Peers) -> None:
        self._cas = x509.load_pem_x509_certificates(auth_ca)
        self._origins = origins
        self._peers = peers
        self._known: OrderedDict[str, Checked] = OrderedDict()
        """Certificates (Base64) that have passed what stays as it is; the one used longest ago comes first."""

    async def token(self, token: AuthToken, nonce: str, now: datetime, trace_id: str) -> x509.Certificate:
        """Check a token for a challenge that was just used up; the certificate is the holder's. Raises Refusal."""
        checked = self.holder(token, nonce, now)
        await self.stands(checked, now, trace_id)
        return checked.certificate

    def holder(self, token: AuthToken, nonce: str, now: datetime, *, grace: bool = False) -> Checked:
        """Check a token but for revocation, which is the caller's to look at. `grace` as in `check_term`.

        What stays as it is of a certificate is checked once; term and the challenge's signature each time.
        Raises Refusal.
        """

        def certificate(text: str) -> Checked:
            checked = self._lasting(text)
            checked.check_term(now, grace=grace)
            return checked

        return check_token(token, nonce, self._origins, certificate)

    async def stands(self, checked: Checked, now: datetime, trace_id: str) -> None:
        """Ask the authority by OCSP. Raises Refusal."""
        await check_status(checked, self._peers, now, trace_id)

    def _lasting(self, text: str) -> Checked:
        checked = self._known.get(text)
        if checked is None:
            checked = self._known[text] = check_lasting(parse(from_base64(text)), self._cas)
            if len(self._known) > MOST:
                self._known.popitem(last=False)
        else:
            self._known.move_to_end(text)
        return checked

    async def certificate(self, base64: str, now: datetime, trace_id: str) -> x509.Certificate:
        """Check a certificate (Base64 of DER) that somebody vouches for, without its holder. Raises Refusal."""
        checked = check_certificate(parse(from_base64(base64)), self._cas, now)
        await check_status(checked, self._peers, now, trace_id)
        return checked.certificate
