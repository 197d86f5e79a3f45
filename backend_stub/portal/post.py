"""電子私書箱: the certificates in the folders, and sending one on to a body."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Engine, Row

from backend_client.wire import PostItem, PostList, SendOn, SignedStatement, Statement, StatementDelivery
from backend_stub.body import Call, Refusal
from backend_stub.database import retried
from backend_stub.machines import Machine
from backend_stub.peers import Peers
from backend_stub.portal.folder_keys import FolderKeys
from backend_stub.portal.signed_in import SignedInPeople
from backend_stub.portal.tables import post
from backend_stub.statements import read_statement


class Post:
    """What was put into the folders. `members` are all bodies by id."""

    def __init__(self, engine: Engine, members: Mapping[str, Machine], keys: FolderKeys) -> None:
        self._engine = engine
        self._keys = keys
        self._members = members

    def check(self, signed: SignedStatement, issuer: str) -> Statement:
        """What a certificate says. Raises Refusal: content_wrong, for what this body has not signed as its own."""
        try:
            statement = read_statement(signed, self._members[issuer].key)
        except ValueError as exc:
            raise Refusal("content_wrong") from exc
        if statement.issuer != issuer:
            raise Refusal("content_wrong")
        return statement

    @retried
    def put(self, folder_id: str, item_id: str, issuer: str, signed: SignedStatement, now: datetime) -> None:
        """Put a certificate into a folder, once. Raises Refusal: not_possible for an id that another folder has."""
        values = {"id": item_id, "folder_id": folder_id, "issuer": issuer, "sent_to": [], "arrived_at": now}
        values |= {"statement": self._keys.seal_heading(folder_id, msgspec.json.encode(signed))}
        with self._engine.begin() as connection:
            there = connection.execute(post.select().where(post.c.id == item_id)).first()
            if there is None:
                connection.execute(post.insert().values(values))
            elif (there.folder_id, there.issuer) != (folder_id, issuer):
                raise Refusal("not_possible")

    def of(self, folder_id: str) -> tuple[PostItem, ...]:
        """Newest first."""
        mine = post.select().where(post.c.folder_id == folder_id).order_by(post.c.arrived_at.desc(), post.c.id)
        with self._engine.connect() as connection:
            rows = connection.execute(mine).all()
        opened = self._keys.open_headings(folder_id, [row.statement for row in rows])
        return tuple(map(self._item, rows, opened))

    def some(self, folder_id: str, ids: Collection[str]) -> tuple[SignedStatement, ...]:
        """Some of a folder. Raises Refusal: not_found, when one is not there."""
        found = {item.id: item.certificate for item in self.of(folder_id) if item.id in ids}
        if len(found) < len(ids):
            raise Refusal("not_found")
        return tuple(found[one] for one in ids)

    @retried
    def sent(self, item: PostItem, receiver: str) -> None:
        """Note to whom a certificate was sent on."""
        sent_to = [*(one for one in item.sent_to if one != receiver), receiver]
        with self._engine.begin() as connection:
            connection.execute(post.update().where(post.c.id == item.id).values(sent_to=sent_to))

    def _item(self, row: Row[Any], signed: bytes) -> PostItem:
        return PostItem(
            id=row.id,
            arrived_at=row.arrived_at,
            certificate=msgspec.json.decode(signed, type=SignedStatement),
            key=self._members[row.issuer].key.public_bytes_raw().hex(),
            sent_to=tuple(row.sent_to),
        )


class PostDesk:
    """The endpoints for people. `receivers` are the bodies that take certificates, name by id."""

    def __init__(self, post: Post, sessions: SignedInPeople, peers: Peers, receivers: Mapping[str, str]) -> None:
        self._post = post
        self._sessions = sessions
        self._peers = peers
        self._receivers = receivers

    async def list_post(self, call: Call, _message: None) -> PostList:
        """List the certificates in the person's post box."""
        items = self._post.of(self._sessions.folder(call.bearer, call.now))
        return PostList(items=items, receivers=tuple(self._receivers.items()))

    async def send_on(self, call: Call, message: SendOn) -> None:
        """Give one certificate to one body, as the person has just consented to."""
        items = self._post.of(self._sessions.folder(call.bearer, call.now))
        item = next((one for one in items if one.id == message.item), None)
        if item is None or message.receiver not in self._receivers:
            raise Refusal("not_found")
        delivery = StatementDelivery(certificate=item.certificate)
        await self._peers.ask(message.receiver, "/certificates", delivery, None, call.trace_id)
        self._post.sent(item, message.receiver)
