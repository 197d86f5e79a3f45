"""Passes to services: who is signed in here need not show the card there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from secrets import token_urlsafe

from backend_client.wire import Pass, PassRequest
from backend_stub.body import Call, Refusal
from backend_stub.machines import Machine, Role
from backend_stub.passes import LIFETIME, Statement, write_pass
from backend_stub.portal.partners import Handles
from backend_stub.portal.signed_in import SignedInPeople


class PassDesk:
    """The endpoint that gives passes. `members` are all bodies by id; `sign` signs with the portal's machine key."""

    def __init__(
        self, sessions: SignedInPeople, handles: Handles, members: Mapping[str, Machine], sign: Callable[[bytes], bytes]
    ) -> None:
        self._sessions = sessions
        self._handles = handles
        self._members = members
        self._sign = sign

    async def give_pass(self, call: Call, request: PassRequest) -> Pass:
        """Give a pass for one service. Raises Refusal: session_unknown, not_found."""
        folder_id, serial = self._sessions.both(call.bearer, call.now)
        service = self._members.get(request.service)
        if service is None or Role.SERVICE not in service.roles:
            raise Refusal("not_found")
        statement = Statement(
            service=service.id,
            handle=self._handles.handle(service.id, folder_id),
            serial=serial if Role.VERIFIER in service.roles else "",
            nonce=token_urlsafe(16),
            expires_ms=int((call.now + LIFETIME).timestamp() * 1000),
        )
        return write_pass(statement, self._sign)
