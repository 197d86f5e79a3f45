"""利用者フォルダ: opened once for a person, found by any of the person's certificates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex

from sqlalchemy import Connection, Engine, func, select

from backend_client.wire import LastSignIn
from backend_stub.body import Refusal
from backend_stub.database import retried
from backend_stub.holding import HeldSymbols
from backend_stub.portal.partners import let_in_partners
from backend_stub.portal.tables import certificates, folders, notices


@dataclass(frozen=True, slots=True)
class Visit:
    """What a person is told on signing in."""

    folder_id: str
    name: str
    last_sign_in: LastSignIn | None
    unread_notices: int


class Folders:
    """The folders of one portal. A new certificate of the same person opens the same folder."""

    def __init__(self, engine: Engine, symbols: HeldSymbols) -> None:
        self._engine = engine
        self._symbols = symbols

    @retried
    def enter(self, serial: str, place: str, now: datetime) -> Visit | None:
        """Enter the folder of a certificate and remember when and where; None when it has no folder."""
        with self._engine.begin() as connection:
            mine = folders.c.id == certificates.c.folder_id
            row = connection.execute(
                select(folders).join(certificates, mine).where(certificates.c.serial == serial)
            ).first()
            if row is None:
                return None
            last = None
            if row.last_sign_in_at is not None:
                last = LastSignIn(at=row.last_sign_in_at, place=row.last_sign_in_place)
            entered = {"last_sign_in_at": now, "last_sign_in_place": place}
            connection.execute(folders.update().where(folders.c.id == row.id).values(entered))
            return Visit(row.id, row.name, last, _unread(connection, row.id))

    @retried
    def open(self, symbol: str, name: str, serial: str, partners: tuple[str, ...], now: datetime) -> None:
        """Open the folder of a person, or bind one more certificate to it, and let partners in."""
        with self._engine.begin() as connection:
            folder_id = self._folder_of(connection, symbol, name, now)
            connection.execute(certificates.delete().where(certificates.c.serial == serial))
            connection.execute(certificates.insert().values(serial=serial, folder_id=folder_id))
            let_in_partners(connection, folder_id, partners)

    def by_symbol(self, symbol: str) -> str:
        """Raises Refusal: not_found, when the person has no folder."""
        folder_id = self._with(symbol) or self._with(self._symbols.in_use([symbol]).get(symbol))
        if folder_id is None:
            raise Refusal("not_found")
        return folder_id

    def symbol(self, folder_id: str) -> str:
        """What the gateway calls the holder of a folder."""
        with self._engine.connect() as connection:
            return str(connection.execute(select(folders.c.symbol).where(folders.c.id == folder_id)).scalar_one())

    def _with(self, symbol: str | None) -> str | None:
        with self._engine.connect() as connection:
            return connection.scalar(select(folders.c.id).where(folders.c.symbol == symbol))

    def _folder_of(self, connection: Connection, symbol: str, name: str, now: datetime) -> str:
        found = connection.scalar(select(folders.c.id).where(folders.c.symbol == symbol))
        if found is not None:
            connection.execute(folders.update().where(folders.c.id == found).values(name=name))
            return str(found)
        folder_id = token_hex(16)
        connection.execute(folders.insert().values(id=folder_id, symbol=symbol, name=name, opened_at=now))
        return folder_id


def _unread(connection: Connection, folder_id: str) -> int:
    unread = select(func.count()).where(notices.c.folder_id == folder_id, notices.c.opened_at.is_(None))
    return connection.execute(unread).scalar_one()
