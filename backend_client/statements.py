"""Checking a certificate of the post box where it is shown."""

from __future__ import annotations

from base64 import b64decode

import msgspec

from backend_client import wire


class NotGenuine(Exception):
    """The issuer has not signed this."""


def check_statement(item: wire.PostItem) -> wire.Statement:
    """What the certificate says, if its issuer's key has signed just that. Raises NotGenuine.

    The key is the one that the portal names: docs/decisions/0017-post-box.md says what that is worth.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        text = b64decode(item.certificate.statement, validate=True)
        signature = b64decode(item.certificate.signature, validate=True)
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(item.key))
        key.verify(signature, wire.STATEMENT_DOMAIN + text)
        return msgspec.json.decode(text, type=wire.Statement)
    except (InvalidSignature, ValueError) as exc:  # msgspec's and Base64's errors are ValueErrors
        raise NotGenuine from exc
