"""Passes: the portal says who comes, the service lets in. One minute, one service, once.

A service knows a person by a handle that the portal made for it alone (`portal.partners`).
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import timedelta

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from backend_client.wire import Entered, Pass
from backend_stub.body import Call, Refusal
from backend_stub.nonces import Nonces
from backend_stub.peers import Setup
from backend_stub.sessions import SESSION_LIFETIME, Sessions
from backend_stub.signatures import Unsigned

LIFETIME = timedelta(minutes=1)
DOMAIN = b"madoguchi pass 1\0"
"""In front of what is signed, so that no signature made for anything else can be a pass's."""


class Statement(msgspec.Struct, frozen=True, array_like=True):
    """What the portal states."""

    service: str
    handle: str
    """By which this service, and no other, calls the person."""
    serial: str
    """Of the certificate that signed in, for services that may ask the authority about it; empty for all others."""
    nonce: str
    expires_ms: int
    """Since 1970."""


def write_pass(statement: Statement, sign: Callable[[bytes], bytes]) -> Pass:
    """Make a pass; `sign` is the portal's."""
    text = msgspec.msgpack.encode(statement)
    return Pass(statement=b64encode(text).decode(), signature=b64encode(sign(DOMAIN + text)).decode())


def read_pass(shown: Pass, key: Ed25519PublicKey) -> Statement:
    """Check the signature and read what it is over. Raises ValueError for what the portal never wrote."""
    text = b64decode(shown.statement, validate=True)
    try:
        key.verify(b64decode(shown.signature, validate=True), DOMAIN + text)
        return msgspec.msgpack.decode(text, type=Statement)
    except (InvalidSignature, msgspec.MsgspecError) as exc:
        raise ValueError("not a pass of the portal's") from exc


class Guest(msgspec.Struct, frozen=True):
    """Who is in a service."""

    handle: str
    serial: str
    """As in Statement."""


class Gatehouse:
    """Lets people into one service, and knows who is in. `close` with the body."""

    def __init__(self, setup: Setup, service: str) -> None:
        self._service = service
        self._portal = setup.directory["portal"].key
        self._nonces = Nonces(setup.data / "passes", setup.clock().timestamp())
        self._sessions = Sessions()

    async def enter(self, call: Call, shown: Pass) -> Entered:
        """Let in who shows a pass. Raises Refusal: pass_invalid, pass_late."""
        try:
            statement = read_pass(shown, self._portal)
        except ValueError as exc:
            raise Refusal("pass_invalid") from exc
        now = call.now.timestamp()
        if statement.service != self._service:
            raise Refusal("pass_invalid")
        if now * 1000 > statement.expires_ms:
            raise Refusal("pass_late")
        try:
            self._nonces.use("portal", statement.nonce, now)
        except Unsigned as exc:
            raise Refusal("pass_invalid") from exc
        guest = msgspec.json.encode(Guest(statement.handle, statement.serial)).decode()
        return Entered(session=self._sessions.open(guest, call.now), lifetime_s=int(SESSION_LIFETIME.total_seconds()))

    def guest(self, call: Call) -> Guest:
        """Whose session a call carries; using it keeps it alive. Raises Refusal: session_unknown."""
        return msgspec.json.decode(self._sessions.owner(call.bearer, call.now), type=Guest)

    async def leave(self, call: Call, _message: None) -> None:
        """End the session; quiet when it has ended already."""
        self._sessions.close(call.bearer, call.now)

    def close(self) -> None:
        self._nonces.close()
