"""Carries papers to their bodies: in order for each body, again until it is there, and so that it counts once."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime
from uuid import uuid4

from backend_client.wire import Delivery, Parcel, ParcelState, Withdrawal
from backend_stub.body import Clock, Refusal
from backend_stub.errand import Errand
from backend_stub.peers import Peers
from backend_stub.portal.applications import Applications, Waiting
from backend_stub.portal.life_events import certificates_named
from backend_stub.portal.post import Post

log = logging.getLogger(__name__)

LATER = frozenset({"peer_unavailable", "storage_busy", "storage_full", "fault"})
"""After these the same paper may be taken at another time; after all others never, and the person is told."""
REASONS = {
    "certificate_revoked": "電子のはんこが 使えなくなっていました",
    "certificate_expired": "電子のはんこの 期限が 切れていました",
    "paper_wrong": "書類が こわれていました",
}
OTHER_REASON = "受けつけることが できませんでした"


class Postman:
    """One portal's. A body that is down holds up its own papers and no others."""

    def __init__(self, applications: Applications, post: Post, peers: Peers, clock: Clock) -> None:
        self._applications = applications
        self._post = post
        self._peers = peers
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()
        self.errand = Errand("a paper", self.carry)

    async def carry(self) -> bool:
        """Carry everything once. False when a body did not take all of its papers."""
        async with self._one_at_a_time:
            down: set[str] = set()
            for one in self._applications.waiting():
                if one.receiver not in down and not await self._carry(one):
                    down.add(one.receiver)
            return not down

    async def take_back(self, parcel: Parcel, now: datetime, trace_id: str) -> None:
        """Withdraw a paper. Raises Refusal: not_possible when it is done with, peer_unavailable."""
        async with self._one_at_a_time:  # it cannot be on its way meanwhile
            if parcel.state not in (ParcelState.WAITING, ParcelState.RECEIVED):
                raise Refusal("not_possible")
            # Also where it seems to wait: the answer to its delivery may have been lost.
            await self._peers.ask(parcel.receiver, "/withdrawals", Withdrawal(parcel=parcel.id), None, trace_id)
            self._applications.settle(parcel.id, ParcelState.WITHDRAWN, "", now)

    async def _carry(self, one: Waiting) -> bool:
        try:
            along = self._post.some(one.folder_id, certificates_named(one.event, one.answers))
            message = Delivery(parcel=one.parcel, paper=one.paper, certificates=along)
            await self._peers.ask(one.receiver, "/applications", message, None, uuid4().hex)
        except Refusal as refusal:
            if refusal.code in LATER:
                log.info("%s does not take papers now: %s", one.receiver, refusal.code)
                return False
            reason = REASONS.get(refusal.code, OTHER_REASON)
            self._applications.settle(one.parcel, ParcelState.SENT_BACK, reason, self._clock())
        else:
            self._applications.settle(one.parcel, ParcelState.RECEIVED, "", self._clock())
        return True
