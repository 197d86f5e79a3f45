"""The log as others see it: heads and proofs for everybody, leaves, audit and live events for the commission."""

from __future__ import annotations

from collections.abc import AsyncIterator

from backend_client.wire import Audit, AuditRequest, Consistency, Leaves, LeavesRequest, SignedHead
from backend_stub.body import Call, Refusal
from backend_stub.gateway.log import GatewayLog, NoSuchTree, event_stream

MOST_LEAVES = 10_000
MOST_DIGITS = 18


class LogDesk:
    """Reads the log out."""

    def __init__(self, log: GatewayLog) -> None:
        self._log = log

    async def head(self, _call: Call, _message: None) -> SignedHead:
        """Give the newest signed head."""
        return self._log.head()

    async def consistency(self, call: Call, _message: None) -> Consistency:
        """Prove that an older tree is the beginning of a newer one."""
        try:
            return self._log.consistency(_size(call.params["old"]), _size(call.params["new"]))
        except NoSuchTree as exc:
            raise Refusal("not_found") from exc

    async def leaves(self, _call: Call, request: LeavesRequest) -> Leaves:
        """Give the leaves from a position on."""
        return self._log.leaves(request.start, MOST_LEAVES)

    async def audits(self, _call: Call, request: AuditRequest) -> Audit:
        """Give what went wrong or was out of the ordinary in a time, oldest first."""
        return self._log.audits(request.since, request.until)

    async def stream_events(self, _call: Call, _message: None) -> AsyncIterator[bytes]:
        """Tell what happens from now on, as server-sent events: each a Happening."""
        return event_stream(self._log)


def _size(text: str) -> int:
    """Read a size off a URL. Raises Refusal."""
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise Refusal("not_found")
    return int(text)
