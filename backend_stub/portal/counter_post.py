"""What people at a counter want in their post box: found by the certificate of the card that lies there."""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import Engine, select

from backend_client.wire import PostDelivery
from backend_stub.body import Call, Refusal
from backend_stub.portal.post import Post
from backend_stub.portal.tables import certificates, folders


class CounterPost:
    """The endpoint for counters. Whose folder it is they are not told."""

    def __init__(self, engine: Engine, post: Post) -> None:
        self._engine = engine
        self._post = post

    async def take_in(self, call: Call, message: PostDelivery) -> None:
        """Put a certificate of the sender's into a post box, once. Raises Refusal: not_found, content_wrong."""
        sender = call.machine.id
        self._post.check(message.certificate, sender)
        item = sha256(f"{sender} {message.item}".encode()).hexdigest()[:32]
        self._post.put(self._folder(message.certificate_serial), item, sender, message.certificate, call.now)

    def _folder(self, serial: str) -> str:
        mine = select(folders.c.id).join(certificates, folders.c.id == certificates.c.folder_id)
        with self._engine.connect() as connection:
            found = connection.scalar(mine.where(certificates.c.serial == serial, folders.c.closed_at.is_(None)))
        if found is None:
            raise Refusal("not_found")
        return str(found)
