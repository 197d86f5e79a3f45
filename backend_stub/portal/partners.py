"""Companies that a person lets in. Each calls the person by a random handle of its own."""

from __future__ import annotations

from datetime import datetime
from secrets import token_urlsafe

from sqlalchemy import ColumnElement, Connection, Engine, select

from backend_stub.body import Refusal
from backend_stub.database import retried
from backend_stub.portal.tables import let_in


def let_in_partners(connection: Connection, folder_id: str, partners: tuple[str, ...]) -> None:
    """Let companies in; one that is in already keeps its handle."""
    rows = connection.execute(select(let_in.c.partner_id).where(let_in.c.folder_id == folder_id))
    for partner_id in set(partners) - set(rows.scalars()):
        connection.execute(let_in.insert().values(partner_id=partner_id, folder_id=folder_id, handle=token_urlsafe(32)))


class Handles:
    """The handles by which partners reach folders."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, partner_id: str, now: datetime) -> dict[str, str]:
        """Everybody who lets the partner in now: folders by handle."""
        mine = select(let_in.c.handle, let_in.c.folder_id).where(let_in.c.partner_id == partner_id, _open(now))
        with self._engine.connect() as connection:
            return {row.handle: row.folder_id for row in connection.execute(mine)}

    @retried
    def handle(self, partner_id: str, folder_id: str) -> str:
        """What a partner calls the holder of a folder, who lets it in by this if it was not."""
        mine = select(let_in.c.handle).where(let_in.c.folder_id == folder_id, let_in.c.partner_id == partner_id)
        with self._engine.begin() as connection:
            let_in_partners(connection, folder_id, (partner_id,))
            return str(connection.execute(mine).scalar_one())

    @retried
    def open(self, partner_id: str, folder_id: str, until: datetime) -> str:
        """Let a partner in for a term; gives the handle. One that was let in without a term stays so."""
        mine = (let_in.c.folder_id == folder_id) & (let_in.c.partner_id == partner_id)
        with self._engine.begin() as connection:
            found = connection.execute(let_in.select().where(mine)).first()
            if found is None:
                values = {"partner_id": partner_id, "folder_id": folder_id, "handle": token_urlsafe(32)}
                connection.execute(let_in.insert().values(values | {"until": until}))
            elif found.until is not None:
                connection.execute(let_in.update().where(mine).values(until=until))
            return str(connection.execute(select(let_in.c.handle).where(mine)).scalar_one())

    @retried
    def close(self, partner_id: str, folder_id: str, now: datetime) -> None:
        """End a term; quiet where there is none. The handle is kept: opened again it is the same."""
        mine = (let_in.c.folder_id == folder_id) & (let_in.c.partner_id == partner_id) & (let_in.c.until > now)
        with self._engine.begin() as connection:
            connection.execute(let_in.update().where(mine).values(until=now))

    def folder(self, partner_id: str, handle: str, now: datetime) -> str:
        """Raises Refusal: not_allowed, unless the handle was given to this very partner, and its term is not over."""
        its = (let_in.c.handle == handle) & (let_in.c.partner_id == partner_id) & _open(now)
        mine = select(let_in.c.folder_id).where(its)
        with self._engine.connect() as connection:
            folder_id = connection.scalar(mine)
        if folder_id is None:
            raise Refusal("not_allowed")
        return str(folder_id)


def _open(now: datetime) -> ColumnElement[bool]:
    return let_in.c.until.is_(None) | (let_in.c.until > now)
