"""Symbols in a body's keeping, and their exchange for newer ones while work goes on.

A newer symbol is kept beside the older one before the gateway hears that it is held, and the older one stays for a
while after that: whatever is on its way under either finds its person. The first byte of a symbol is its version.
Source: wire.SymbolMigration.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from uuid import uuid4

from sqlalchemy import Column, Engine, MetaData, String, Table, delete, insert, select, union, update

from backend_client.wire import SymbolGrant, SymbolMigration
from backend_stub.database import Moment, retried
from backend_stub.endpoint import Refusal
from backend_stub.peers import Peers

log = logging.getLogger(__name__)

KEEP = timedelta(minutes=10)
"""How long an older symbol is still understood; an access token, which holds one, lives for a minute."""
PORTION = 100
"""So many are exchanged while somebody waits; the others at the next opportunity."""
VERSION = slice(0, 2)


def beside(tables: MetaData) -> Table:
    """The table of symbols that are kept beside those in use, for the database of one body."""
    return Table(
        "symbols_beside",
        tables,
        Column("other", String(66), primary_key=True),
        Column("symbol", String(66), nullable=False, index=True),  # the one in use
        Column("until", Moment),  # none: a newer one, not in use yet
    )


class HeldSymbols:
    """One body's symbols (hex), in some columns of its database. Methods may raise sqlalchemy.exc.DBAPIError.

    Rows of `forgotten` go with the symbol they name: they can be made anew. `exchanged` hears of each exchange.
    """

    def __init__(
        self,
        engine: Engine,
        peers: Peers,
        table: Table,
        *columns: Column[str],
        forgotten: Column[str] | None = None,
        exchanged: Callable[[], None] = lambda: None,
    ) -> None:
        self._engine = engine
        self._peers = peers
        self._table = table
        self._columns = columns
        self._forgotten = forgotten
        self._exchanged = exchanged
        self._kept_up: date | None = None
        self._one_at_a_time = asyncio.Lock()

    def in_use(self, others: Collection[str]) -> dict[str, str]:
        """Find, for symbols that are kept beside others, those in use."""
        if not others:
            return {}
        table = self._table.c
        with self._engine.connect() as connection:
            rows = connection.execute(select(table.other, table.symbol).where(table.other.in_(others)))
            return {row.other: row.symbol for row in rows}

    async def keep_up(self, now: datetime) -> None:
        """Once a day, exchange what the gateway wants exchanged. What cannot be done now is done later."""
        if self._kept_up == now.date() or self._one_at_a_time.locked():
            return
        try:
            if await self.migrate(now, PORTION):
                self._kept_up = now.date()
        except Refusal as refusal:
            self._kept_up = now.date()  # until then the older ones are taken, or the operator sees `symbol_old`
            log.info("symbols stay as they are today: %s, trace %s", refusal.code, refusal.trace_id)

    async def keep_up_with(self, granted: str, now: datetime) -> None:
        """Exchange all symbols if one that was granted just now is of a version the body has not got. Raises Refusal.

        Without this the body would not know the person of a new symbol by an old one.
        """
        if any(version != granted[VERSION] for version in self._by_version()):
            await self.migrate(now)
        self._kept_up = now.date()

    async def migrate(self, now: datetime, most: int | None = None) -> bool:
        """Exchange all symbols of older versions, or so many; whether none is left. Raises Refusal.

        What was exchanged before a refusal stays exchanged, and the next time goes on from there.
        """
        async with self._one_at_a_time:
            self._drop(now)
            outdated = [old for held in self._by_version().values() for old in await self._outdated(held)]
            for old in outdated[:most]:
                await self._exchange(old, now)
            return most is None or len(outdated) <= most

    async def _outdated(self, held: list[str]) -> list[str]:
        """All symbols of a version, unless the gateway says of one that it is of the present version."""
        return [] if await self._newest(held[0]) == held[0] else held

    async def _exchange(self, old: str, now: datetime) -> None:
        new = await self._newest(old)
        while new != old:
            self._put_beside(old, new)
            shown = await self._newest(new)  # from here on the gateway uses it towards this body
            if shown == new:
                return self._use(old, new, now)
            new = shown

    async def _newest(self, symbol: str) -> str:
        request = SymbolMigration(symbol=symbol)
        grant: SymbolGrant = await self._peers.ask("gateway", "/symbol-migrations", request, SymbolGrant, uuid4().hex)
        return grant.symbol

    def _by_version(self) -> dict[str, list[str]]:
        by_version: dict[str, list[str]] = {}
        with self._engine.connect() as connection:
            for symbol in connection.execute(union(*map(select, self._columns))).scalars():
                by_version.setdefault(symbol[VERSION], []).append(symbol)
        return by_version

    @retried
    def _put_beside(self, old: str, new: str) -> None:
        table = self._table
        with self._engine.begin() as connection:
            connection.execute(delete(table).where(table.c.other == new))
            connection.execute(insert(table).values(other=new, symbol=old, until=None))

    @retried
    def _use(self, old: str, new: str, now: datetime) -> None:
        table = self._table
        with self._engine.begin() as connection:
            for column in self._columns:
                connection.execute(update(column.table).where(column == old).values({column: new}))
            if self._forgotten is not None:
                connection.execute(delete(self._forgotten.table).where(self._forgotten == old))
            connection.execute(delete(table).where(table.c.other == new))
            connection.execute(update(table).where(table.c.symbol == old).values(symbol=new))
            connection.execute(insert(table).values(other=old, symbol=new, until=now + KEEP))
        self._exchanged()

    @retried
    def _drop(self, now: datetime) -> None:
        table = self._table
        with self._engine.begin() as connection:
            connection.execute(delete(table).where(table.c.until <= now))
