"""Requests signed by a machine, in our one profile of RFC 9421: Ed25519 over method, authority, path and digest.

The half that signs; bodies check it with `backend_stub.signatures`. Source: RFC 9421, sections 2 and 3; RFC 9530;
gateway reference, section 3.3.
"""

from __future__ import annotations

import time
from binascii import b2a_base64
from collections.abc import Callable, Generator
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_urlsafe

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

LABEL = b"sig"
COMPONENTS = b'("@method" "@authority" "@path" "content-digest")'
SecondsClock = Callable[[], float]
"""Seconds since 1970. Signatures live by the time of the machine, whatever day a body believes it is."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a signature binds beside the content, as it stands on the wire."""

    method: bytes
    scheme: bytes
    path: bytes
    """Percent-encoded, without a query."""


class Signer(httpx.Auth):
    """Signs every request of one machine."""

    requires_request_body = True

    def __init__(self, machine_id: str, key: Ed25519PrivateKey, clock: SecondsClock = time.time) -> None:
        self._id = machine_id
        self._key = key
        self._clock = clock

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        url = request.url
        target = Target(request.method.encode(), url.raw_scheme, url.raw_path.partition(b"?")[0])
        host = request.headers["host"].encode()
        signed = sign(self._key, self._id, token_urlsafe(16), int(self._clock()), target, host, request.content)
        request.headers.update(signed)
        yield request

    def sign(self, content: bytes) -> bytes:
        """Sign what is no request; `content` begins with what it is, so that it passes for nothing else."""
        return self._key.sign(content)


def sign(
    key: Ed25519PrivateKey, machine_id: str, nonce: str, created: int, target: Target, host: bytes, content: bytes
) -> dict[str, str]:
    """Give the three header fields that sign a request."""
    digest = digest_of(content)
    parameters = b'%b;created=%d;keyid="%b";alg="ed25519";nonce="%b"' % (
        COMPONENTS,
        created,
        machine_id.encode(),
        nonce.encode(),
    )
    signature = b2a_base64(key.sign(base_of(target, host, digest, parameters)), newline=False)
    return {
        "content-digest": digest.decode(),
        "signature-input": (LABEL + b"=" + parameters).decode(),
        "signature": (LABEL + b"=:" + signature + b":").decode(),
    }


def base_of(target: Target, host: bytes, digest: bytes, parameters: bytes) -> bytes:
    """The bytes that are signed."""
    return b'"@method": %b\n"@authority": %b\n"@path": %b\n"content-digest": %b\n"@signature-params": %b' % (
        target.method,
        _authority(target.scheme, host),
        target.path,
        digest,
        parameters,
    )


def digest_of(content: bytes) -> bytes:
    """The content-digest field."""
    return b"sha-256=:" + b2a_base64(sha256(content).digest(), newline=False) + b":"


def _authority(scheme: bytes, host: bytes) -> bytes:
    """In lower case, and without the scheme's own port. Source: RFC 9421, section 2.2.3."""
    return host.lower().removesuffix(b":443" if scheme == b"https" else b":80")
