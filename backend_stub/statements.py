"""Certificates for the post box: written by a body with its machine key, checked with the directory's."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from backend_client.wire import STATEMENT_DOMAIN, SignedStatement, Statement


def write_statement(statement: Statement, sign: Callable[[bytes], bytes]) -> SignedStatement:
    """Sign what a certificate says; `sign` is the issuer's."""
    text = msgspec.json.encode(statement)
    signature = sign(STATEMENT_DOMAIN + text)
    return SignedStatement(statement=b64encode(text).decode(), signature=b64encode(signature).decode())


def read_statement(signed: SignedStatement, key: Ed25519PublicKey) -> Statement:
    """Check the signature and read what it is over. Raises ValueError for what the issuer never wrote."""
    text = b64decode(signed.statement, validate=True)
    try:
        key.verify(b64decode(signed.signature, validate=True), STATEMENT_DOMAIN + text)
        return msgspec.json.decode(text, type=Statement)
    except (InvalidSignature, msgspec.MsgspecError) as exc:
        raise ValueError("not a certificate of this body's") from exc
