"""Who asks: a company proves itself by an assertion signed with its machine's key. Source: RFC 7523, section 3."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from backend_stub.jose import NotSigned, digest, public_jwk, unproven, verify
from backend_stub.machines import Machine
from backend_stub.nonces import Nonces
from backend_stub.oauth.faults import Fault
from backend_stub.oauth.register import Partner, Register
from backend_stub.signatures import MAX_AGE_S, SKEW_S, Unsigned

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST = 4096


class Clients:
    """Knows companies by their assertions; each assertion counts once."""

    def __init__(
        self, register: Register, members: Mapping[str, Machine], audiences: frozenset[str], nonces: Nonces
    ) -> None:
        """`audiences` are what an assertion may be addressed to: the issuer, and the endpoints that take one."""
        self._register = register
        self._members = members
        self._audiences = audiences
        self._nonces = nonces

    def who(self, form: Mapping[str, str], now: datetime) -> Partner:
        """Raises Fault: invalid_client."""
        assertion = form.get("client_assertion", "")
        if form.get("client_assertion_type") != ASSERTION or len(assertion) > LONGEST:
            raise Fault("invalid_client", "private_key_jwt is needed", 401)
        try:
            client_id = str(unproven(assertion, 1).get("sub"))
            partner, machine = self._register.partner(client_id), self._members[client_id]
            claims = verify(assertion, public_jwk(machine.key), "")
        except (NotSigned, KeyError) as exc:
            raise Fault("invalid_client", "not signed by this client", 401) from exc
        if form.get("client_id", client_id) != client_id:
            raise Fault("invalid_client", "client_id is another's", 401)
        self._check(claims, client_id, now)
        return partner

    def _check(self, claims: dict[str, object], client_id: str, now: datetime) -> None:
        issued, expires, at = claims.get("iat"), claims.get("exp"), now.timestamp()
        # As long as nonces are kept: an assertion that lives longer could come again after that.
        in_time = (
            isinstance(issued, (int, float))
            and isinstance(expires, (int, float))
            and at < expires + SKEW_S
            and at - MAX_AGE_S - SKEW_S <= issued <= at + SKEW_S
        )
        if claims.get("iss") != client_id or claims.get("sub") != client_id or not in_time:
            raise Fault("invalid_client", "iss, sub or time of the assertion", 401)
        if str(claims.get("aud")) not in self._audiences or not isinstance(claims.get("jti"), str):
            raise Fault("invalid_client", "aud or jti of the assertion", 401)
        try:
            self._nonces.use(client_id, digest(str(claims["jti"])), at)
        except Unsigned as exc:
            raise Fault("invalid_client", "assertion used before", 401) from exc
        except OSError as exc:
            raise Fault("temporarily_unavailable", status=503) from exc
