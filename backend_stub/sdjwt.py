"""SD-JWT: signed claims of which only some can be read. Source: RFC 9901.

The issuer signs digests of salted claims; who is given the salt and value of one (its disclosure) can check that one,
and learns of the others no more than how many there are.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode
from binascii import Error
from collections.abc import Collection, Mapping
from secrets import token_urlsafe
from typing import Any

import msgspec
from joserfc.jwk import OKPKey

from backend_stub.jose import NotSigned, PublicKey, digest, encode, sign, verify

KIND = "sd-jwt"
RESERVED = frozenset({"_sd", "...", "_sd_alg"})


def write(open_claims: Mapping[str, Any], hidden: Mapping[str, Any], shown: Collection[str], key: OKPKey) -> str:
    """Sign all claims, and disclose those of `hidden` that are in `shown`."""
    disclosures = {name: _disclosure(name, value) for name, value in hidden.items()}
    digests = sorted(map(digest, disclosures.values()))  # their order tells nothing of which is which
    token = sign({"typ": KIND}, {**open_claims, "_sd_alg": "sha-256", "_sd": digests}, key)
    return "~".join((token, *(disclosures[name] for name in hidden if name in shown), ""))


def read(text: str, key: PublicKey) -> dict[str, Any]:
    """The claims that can be read. Raises NotSigned; times and audiences are the caller's to check."""
    token, *disclosures, rest = text.split("~")
    claims = verify(token, key, KIND)
    digests = claims.pop("_sd", None)
    if rest or not isinstance(digests, list) or claims.pop("_sd_alg", None) != "sha-256":
        raise NotSigned
    for disclosure in disclosures:
        name, value = _read_disclosure(disclosure)
        if digests.count(digest(disclosure)) != 1 or name in RESERVED or name in claims:
            raise NotSigned
        claims[name] = value
    return claims


def _disclosure(name: str, value: object) -> str:
    return encode(msgspec.json.encode([token_urlsafe(16), name, value]))


def _read_disclosure(text: str) -> tuple[str, Any]:
    try:
        content = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        _salt, name, value = msgspec.json.decode(content, type=tuple[str, str, Any])
    except (Error, ValueError) as exc:
        raise NotSigned from exc
    return name, value
