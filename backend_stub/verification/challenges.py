"""One-time challenges, held in memory."""

from __future__ import annotations

from base64 import b64encode
from collections import OrderedDict
from datetime import datetime, timedelta
from secrets import token_bytes

from backend_client.wire import Challenge
from backend_stub.body import Refusal

LIFETIME = timedelta(minutes=5)
REMEMBERED = timedelta(hours=1)
"""How long an old challenge is still called stale and not unknown."""
MOST = 20_000


class Challenges:
    """The nonces given and not yet used. When there are too many, the oldest are forgotten."""

    def __init__(self, most: int = MOST) -> None:
        self._given: OrderedDict[str, datetime] = OrderedDict()
        self._most = most

    def give(self, now: datetime) -> Challenge:
        """Make a challenge of 32 random bytes that can be used once within LIFETIME."""
        self._forget_before(now - REMEMBERED)
        nonce = b64encode(token_bytes(32)).decode()
        self._given[nonce] = now
        if len(self._given) > self._most:
            self._given.popitem(last=False)
        return Challenge(nonce=nonce, lifetime_s=int(LIFETIME.total_seconds()))

    def use(self, nonce: str, now: datetime) -> None:
        """Use it up, whatever comes of it. Raises Refusal: challenge_unknown, challenge_stale."""
        given = self._given.pop(nonce, None)
        if given is None:
            raise Refusal("challenge_unknown")
        if now - given > LIFETIME:
            raise Refusal("challenge_stale")

    def _forget_before(self, moment: datetime) -> None:
        while self._given and next(iter(self._given.values())) < moment:
            self._given.popitem(last=False)
