"""DPoP: a proof, with each request, that its sender has the key that the token was given to. Source: RFC 9449."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hmac import compare_digest

from backend_stub.jose import NotSigned, digest, shown_key, thumbprint, unproven, verify
from backend_stub.nonces import Nonces
from backend_stub.oauth.faults import Fault, bad_proof
from backend_stub.signatures import MAX_AGE_S, SKEW_S, Unsigned

KIND = "dpop+jwt"
LONGEST = 4096


class Proofs:
    """Checks proofs; each counts once. `issuer` is the address under which all endpoints lie."""

    def __init__(self, issuer: str, nonces: Nonces) -> None:
        self._issuer = issuer
        self._nonces = nonces

    def check(self, shown: Sequence[str], method: str, path: str, now: datetime, token: str = "") -> str:
        """The thumbprint of the key that sends this request (with this access token). Raises Fault."""
        if len(shown) != 1 or len(shown[0]) > LONGEST:
            raise bad_proof("exactly one proof is needed")
        try:
            key = shown_key(unproven(shown[0], 0).get("jwk"))
            claims = verify(shown[0], key, KIND)
        except NotSigned as exc:
            raise bad_proof("not a proof signed by the key it shows") from exc
        self._check_claims(claims, method, path, now)
        if token and not compare_digest(str(claims.get("ath")), digest(token)):
            raise bad_proof("for another access token")
        jkt = thumbprint(key)
        self._use(f"{jkt} {claims['jti']}", now)
        return jkt

    def _check_claims(self, claims: dict[str, object], method: str, path: str, now: datetime) -> None:
        if claims.get("htm") != method or _without_query(claims.get("htu")) != self._issuer + path:
            raise bad_proof("for another request")
        issued, at = claims.get("iat"), now.timestamp()
        if not isinstance(issued, (int, float)) or not at - MAX_AGE_S - SKEW_S <= issued <= at + SKEW_S:
            raise bad_proof("late or early")
        if not isinstance(claims.get("jti"), str) or not claims["jti"]:
            raise bad_proof("without jti")

    def _use(self, proof: str, now: datetime) -> None:
        try:
            self._nonces.use("dpop", digest(proof), now.timestamp())
        except Unsigned as exc:
            raise bad_proof("used before") from exc
        except OSError as exc:  # it could not be kept, and without it the proof could come again
            raise Fault("temporarily_unavailable", status=503) from exc


def _without_query(uri: object) -> str:
    return str(uri).partition("#")[0].partition("?")[0]
