"""利用者フォルダ: opened once for a person, found by any of the person's certificates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex

from sqlalchemy import Connection, Engine, select

from backend_client.wire import PersonChange, ResidentEvent
from backend_stub.body import Refusal
from backend_stub.database import moment_text, retried
from backend_stub.holding import HeldSymbols
from backend_stub.hot import HotLookUp
from backend_stub.portal.disposal import dispose
from backend_stub.portal.partners import let_in_partners
from backend_stub.portal.tables import certificates, folders, heard

TERM = timedelta(days=3 * 365)
"""How long a closed folder is kept, for who returns and for what heirs and courts may ask; then nothing is left."""

_OPENED_BY = (
    "SELECT folders.id, folders.name,"
    " (SELECT count(*) FROM notices WHERE notices.folder_id = folders.id AND notices.opened_at IS NULL),"
    " EXISTS (SELECT 1 FROM proxies WHERE proxies.proxy = folders.id AND ended_at IS NULL AND until > ?)"
    " FROM certificates JOIN folders ON folders.id = certificates.folder_id WHERE certificates.serial = ?"
)


@dataclass(frozen=True, slots=True, repr=False)
class Holder:
    """Whose folder is opened: what the gateway and the authority call the person, and the name for the greeting."""

    symbol: str
    handle: str
    name: str


@dataclass(frozen=True, slots=True)
class Visit:
    """What a person is told on signing in, but for when and where the last time was."""

    folder_id: str
    name: str
    unread_notices: int
    acts_for_others: bool


class Folders:
    """The folders of one portal. A new certificate of the same person opens the same folder."""

    def __init__(self, engine: Engine, symbols: HeldSymbols) -> None:
        self._engine = engine
        self._symbols = symbols
        self._opened_by = HotLookUp(engine, _OPENED_BY)

    def close(self) -> None:
        """Let go of the database."""
        self._opened_by.close()

    def opened_by(self, serial: str, now: datetime) -> Visit | None:
        """Find the folder that a certificate opens. Raises sqlalchemy.exc.DBAPIError."""
        row = self._opened_by.row(moment_text(now), serial)
        return None if row is None else Visit(row[0], row[1], row[2], bool(row[3]))

    @retried
    def open(self, holder: Holder, serial: str, partners: tuple[str, ...], now: datetime) -> bool:
        """Open the folder of a person, or bind one more certificate to it, and let partners in.

        Gives whether the folder was there already; one that was closed is open again.
        """
        with self._engine.begin() as connection:
            found = connection.scalar(select(folders.c.id).where(folders.c.symbol == holder.symbol))
            folder_id = token_hex(16) if found is None else str(found)
            values: dict[str, object] = {"name": holder.name, "handle": holder.handle, "closed_at": None}
            if found is None:
                values |= {"id": folder_id, "symbol": holder.symbol, "opened_at": now}
                connection.execute(folders.insert().values(values))
            else:
                connection.execute(folders.update().where(folders.c.id == folder_id).values(values))
            _bind(connection, folder_id, serial)
            let_in_partners(connection, folder_id, partners)
        return found is not None

    @retried
    def renew(self, serial: str, earlier: tuple[str, ...]) -> bool:
        """Let a certificate open what those that it renewed opened; False when they opened nothing."""
        with self._engine.begin() as connection:
            renewed = certificates.c.serial.in_(earlier)
            folder_id = connection.scalar(select(certificates.c.folder_id).where(renewed))
            if folder_id is None:
                return False
            connection.execute(certificates.delete().where(renewed))
            _bind(connection, folder_id, serial)
            return True

    @retried
    def block(self, folder_id: str, now: datetime) -> None:
        """Let nobody in until `release`."""
        with self._engine.begin() as connection:
            connection.execute(folders.update().where(folders.c.id == folder_id).values(blocked_at=now))

    @retried
    def release(self, serial: str) -> None:
        """Let the holder of a certificate in again. Raises Refusal: not_found, when it opens no folder."""
        mine = select(certificates.c.folder_id).where(certificates.c.serial == serial)
        with self._engine.begin() as connection:
            one = folders.update().where(folders.c.id.in_(mine)).values(blocked_at=None)
            if connection.execute(one).rowcount == 0:
                raise Refusal("not_found")

    def heard(self) -> int:
        """How far the authority's changes have been heard."""
        with self._engine.connect() as connection:
            return connection.scalar(select(heard.c.cursor)) or 0

    @retried
    def hear(self, changes: tuple[PersonChange, ...], cursor: int, now: datetime) -> None:
        """Apply changes, all or none: a new name for the greeting; a folder is closed for who has died or left."""
        with self._engine.begin() as connection:
            for change in changes:
                mine = folders.update().where(folders.c.handle == change.handle)
                if change.event is not ResidentEvent.CHANGED:
                    connection.execute(mine.where(folders.c.closed_at.is_(None)).values(closed_at=now))
                elif change.items is not None:
                    connection.execute(mine.values(name=change.items.name))
            connection.execute(heard.delete())
            connection.execute(heard.insert().values(cursor=cursor))

    @retried
    def dispose_of_closed(self, now: datetime) -> None:
        """Leave nothing of folders whose term is over."""
        with self._engine.begin() as connection:
            over = select(folders.c.id).where(folders.c.closed_at <= now - TERM)
            for folder_id in connection.execute(over).scalars().all():
                dispose(connection, folder_id)

    def by_symbol(self, symbol: str) -> str:
        """Raises Refusal: not_found, when the person has no folder, or has died or left."""
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
            open_one = (folders.c.symbol == symbol) & folders.c.closed_at.is_(None)
            return connection.scalar(select(folders.c.id).where(open_one))


def _bind(connection: Connection, folder_id: str, serial: str) -> None:
    connection.execute(certificates.delete().where(certificates.c.serial == serial))
    connection.execute(certificates.insert().values(serial=serial, folder_id=folder_id))
