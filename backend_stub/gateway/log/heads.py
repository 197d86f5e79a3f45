"""Signed heads: each second in which the log grew, one signature over the root of all of it.

The key lies in the gateway's folder. Heads are kept in the database and pushed to a witness, so that nobody can cut the
log off at its end unseen. Source: gateway reference, section 4.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable
from datetime import datetime

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError

from backend_client.wire import SignedHead
from backend_client.wire.log import signed_part
from backend_stub.gateway.log.entry import LogAltered
from backend_stub.gateway.log.rows import text_of
from backend_stub.gateway.log.tables import HEADS
from backend_stub.gateway.log.tree import Tree

log = logging.getLogger(__name__)

EVERY_S = 1.0
_KEEP = text("INSERT INTO heads (size, head) VALUES (:size, :head) ON CONFLICT DO NOTHING")
"""A commit that seemed to fail may have happened: then the head is there."""
Witness = Callable[[SignedHead], Awaitable[None]]


class Heads:
    """Signs, keeps and hands on. `tick` runs in the writer's thread, everything else in the body's loop."""

    def __init__(self, engine: Engine, tree: Tree, key: Ed25519PrivateKey, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._tree = tree
        self._key = key
        self._public = key.public_key().public_bytes_raw().hex()
        self._clock = clock
        self._witness: Witness | None = None
        self._witness_away = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._pushing: asyncio.Future[None] | None = None
        self._due = time.monotonic()
        self._kept = self._check()
        self.newest = self.sign()

    def sign(self) -> SignedHead:
        """Sign the tree as it is now."""
        size = self._tree.size
        head = SignedHead(
            size=size, root=self._tree.root(size).hex(), at=text_of(self._clock()), key=self._public, signature=""
        )
        signature = b64encode(self._key.sign(signed_part(head))).decode()
        return msgspec.structs.replace(head, signature=signature)

    def fresh(self, size: int) -> SignedHead:
        """Give a head of at least `size` leaves, signed now if the last one is older than that."""
        if self.newest.size < size:
            self.newest = self.sign()
        return self.newest

    def watched_by(self, witness: Witness) -> None:
        """Let `witness` have every new head; while it is busy it misses those between."""
        self._witness = witness

    def follow(self, loop: asyncio.AbstractEventLoop) -> None:
        """Push heads from this loop from now on."""
        self._loop = loop

    def tick(self) -> float | None:
        """Sign and keep a head if one is due; the seconds until the next, None while nothing changes."""
        if self._tree.size == self._kept:
            return None
        now = time.monotonic()
        if now >= self._due:
            self._due = now + EVERY_S
            self._keep(self.sign())
        return self._due - now

    def _keep(self, head: SignedHead) -> None:
        try:
            with self._engine.begin() as connection:
                connection.execute(_KEEP, {"size": head.size, "head": msgspec.json.encode(head).decode()})
        except DBAPIError as exc:
            log.error("no signed head was kept: %s", type(exc.orig).__name__)
            return
        self.newest, self._kept = head, head.size
        if self._witness is not None and self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: the body has ended
                self._loop.call_soon_threadsafe(self._push)

    def _push(self) -> None:
        if self._pushing is None or self._pushing.done():
            self._pushing = asyncio.ensure_future(self._tell_witness())

    async def _tell_witness(self) -> None:
        told = None
        while told is not self.newest and self._witness is not None:
            told = self.newest
            try:
                await self._witness(told)
                self._witness_away = False
            except Exception as exc:  # noqa: BLE001 - a witness is another's: its faults must not stop the log
                # Said once: it comes each second, and the next head that is taken makes up for all that were not.
                level = logging.INFO if self._witness_away else logging.WARNING
                log.log(level, "a witness did not take the head of %d leaves: %s", told.size, type(exc).__name__)
                self._witness_away = True

    def _check(self) -> int:
        """Compare the last head with the tree; gives its size. Raises LogAltered."""
        newest = select(HEADS.c.head).order_by(HEADS.c.size.desc()).limit(1)
        with self._engine.connect() as connection:
            kept = connection.execute(newest).scalar()
        if kept is None:
            return 0
        head = msgspec.json.decode(kept, type=SignedHead)
        try:
            self._key.public_key().verify(b64decode(head.signature), signed_part(head))
        except InvalidSignature as exc:
            raise LogAltered("the last head was not signed by this log's key") from exc
        if head.size > self._tree.size or self._tree.root(head.size).hex() != head.root:
            raise LogAltered(f"the leaves are not those of the head signed at {head.at}")
        return head.size
