"""The accounts of a bank: opened once for each consent, kept up with what is told under it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from secrets import randbelow

from sqlalchemy import Engine, insert, select

from backend_stub.body import Clock
from backend_stub.database import retried
from backend_stub.partners.tables import ACCOUNTS, ADDRESSES


@dataclass(frozen=True, slots=True)
class Account:
    """One account, and where its holder lives as far as the bank knows."""

    number: str
    name: str
    address: str
    opened_at: datetime


class Accounts:
    """One bank's."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def of(self, consent: str) -> Account | None:
        both = select(ACCOUNTS, ADDRESSES.c.address).join(ADDRESSES, ADDRESSES.c.consent == ACCOUNTS.c.consent)
        with self._engine.connect() as connection:
            row = connection.execute(both.where(ACCOUNTS.c.consent == consent)).first()
        return None if row is None else Account(row.number, row.name, row.address, row.opened_at)

    @retried
    def open(self, consent: str, name: str, address: str) -> None:
        """Open one; quiet when it is open. An address that was pushed meanwhile is newer than this one."""
        values = {"consent": consent, "name": name, "number": f"9{randbelow(10**6):06}", "opened_at": self._clock()}
        with self._engine.begin() as connection:
            if connection.execute(select(ACCOUNTS).where(ACCOUNTS.c.consent == consent)).first() is None:
                connection.execute(insert(ACCOUNTS).values(values))
            if connection.execute(select(ADDRESSES).where(ADDRESSES.c.consent == consent)).first() is None:
                connection.execute(insert(ADDRESSES).values(consent=consent, address=address))
