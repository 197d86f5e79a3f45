"""Companies that a person lets in. Each calls the person by a random handle of its own."""

from __future__ import annotations

from secrets import token_urlsafe

from sqlalchemy import Connection, Engine, select

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

    def of(self, partner_id: str) -> tuple[str, ...]:
        """Everybody who has let the partner in."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(let_in.c.handle).where(let_in.c.partner_id == partner_id))
            return tuple(rows.scalars())

    @retried
    def handle(self, partner_id: str, folder_id: str) -> str:
        """What a partner calls the holder of a folder, who lets it in by this if it was not."""
        mine = select(let_in.c.handle).where(let_in.c.folder_id == folder_id, let_in.c.partner_id == partner_id)
        with self._engine.begin() as connection:
            let_in_partners(connection, folder_id, (partner_id,))
            return str(connection.execute(mine).scalar_one())

    def folder(self, partner_id: str, handle: str) -> str:
        """Raises Refusal: not_allowed, unless the handle was given to this very partner."""
        mine = select(let_in.c.folder_id).where(let_in.c.handle == handle, let_in.c.partner_id == partner_id)
        with self._engine.connect() as connection:
            folder_id = connection.scalar(mine)
        if folder_id is None:
            raise Refusal("not_allowed")
        return str(folder_id)
