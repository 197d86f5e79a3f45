"""Access tokens: five minutes, for some resources, of no use without the key that they are bound to.

Source: RFC 9068; RFC 9449, section 6; RFC 8707.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from secrets import token_urlsafe

import msgspec
from joserfc.jwk import OKPKey

from backend_stub.jose import NotSigned, sign, verify
from backend_stub.oauth.consents import Consent
from backend_stub.oauth.faults import bad_token

KIND = "at+jwt"
LIFETIME = timedelta(minutes=5)


class Confirmation(msgspec.Struct, frozen=True):
    jkt: str


class Claims(msgspec.Struct, frozen=True):
    """What an access token says. The consent that it names is looked up at each read: a withdrawal counts at once."""

    iss: str
    aud: tuple[str, ...]
    sub: str
    client_id: str
    consent: str
    iat: int
    exp: int
    jti: str
    cnf: Confirmation


class AccessTokens:
    """Writes and reads the tokens of one issuer."""

    def __init__(self, issuer: str, key: OKPKey) -> None:
        self.issuer = issuer
        self._key = key

    def write(self, consent: Consent, audiences: Collection[str], jkt: str, now: datetime) -> str:
        """`audiences` are paths of resources."""
        at = int(now.timestamp())
        claims = Claims(
            iss=self.issuer,
            aud=tuple(self.issuer + path for path in audiences),
            sub=consent.subject,
            client_id=consent.partner,
            consent=consent.id,
            iat=at,
            exp=at + int(LIFETIME.total_seconds()),
            jti=token_urlsafe(16),
            cnf=Confirmation(jkt),
        )
        return sign({"typ": KIND}, msgspec.to_builtins(claims), self._key)

    def read(self, token: str, audience: str, now: datetime) -> Claims:
        """Raises Fault: invalid_token, also for a token of another resource or issuer."""
        try:
            claims = msgspec.convert(verify(token, self._key, KIND), Claims)
        except (NotSigned, msgspec.ValidationError) as exc:
            raise bad_token("not a token of this issuer") from exc
        if claims.iss != self.issuer or self.issuer + audience not in claims.aud:
            raise bad_token("for another resource")
        if now.timestamp() >= claims.exp:
            raise bad_token("its time is over")
        return claims
