"""How a person enters a service beside the portal: by a pass, without showing the card or a PIN again.

The kiosk fetches the pass from the portal and hands it to the service, which lets it in once. Each service calls the
person by a handle of its own, so that two of them cannot link what they know. What a pass says: backend_stub/passes.py.
"""

from __future__ import annotations

from backend_client.wire.basic import Base64, Message, Name


class PassRequest(Message, frozen=True):
    """POST /portal/passes (session) -> Pass. With the first one the person lets the service in."""

    service: Name
    """A member's id."""


class Pass(Message, frozen=True):
    """POST /<service>/sessions (a Pass) -> Entered."""

    statement: Base64
    signature: Base64


class Entered(Message, frozen=True):
    """The person is in; the session goes along as a bearer token, to this service alone."""

    session: str
    lifetime_s: int
    """Unused."""
