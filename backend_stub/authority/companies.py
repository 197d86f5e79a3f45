"""Corporate numbers: given to companies and public bodies, searched by everybody, never given twice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from secrets import randbelow
from typing import Any, Final

from sqlalchemy import Connection, Engine

from backend_client.wire import Companies, Company, CompanyChange, CompanyEntry, CompanySearch
from backend_stub.authority.folding import EDITION, fold
from backend_stub.authority.rights import Right, Rights
from backend_stub.authority.tables import companies as table
from backend_stub.body import Call, Refusal
from backend_stub.people import RegisteredCompany
from backend_stub.people.codes import corporate_check_digit

JST = timezone(timedelta(hours=9))
WITHOUT_REGISTRY: Final = "7000"
"""What the numbers of bodies without a registry number begin with, after the check digit: no registry office has it."""


class CompanyRegister:
    """The register. `companies` are those there from the start."""

    def __init__(self, engine: Engine, companies: Iterable[RegisteredCompany], rights: Rights) -> None:
        self._engine = engine
        self._rights = rights
        with engine.begin() as connection:
            there = set(connection.execute(table.select().with_only_columns(table.c.number)).scalars())
            rows = [_row(one) for one in companies if _numbered(one.base) not in there]
            if rows:
                connection.execute(table.insert(), rows)
            _fold_again(connection)

    async def search_companies(self, _call: Call, message: CompanySearch) -> Companies:
        """Find companies by number, or by parts of name and address, however they are written."""
        found = table.c.number > message.after
        if message.number:
            found &= table.c.number == message.number
        for column, text in ((table.c.folded_name, message.name), (table.c.folded_address, message.address)):
            if fold(text):
                found &= column.contains(fold(text), autoescape=True)
        wanted = table.select().where(found).order_by(table.c.number).limit(message.limit + 1)
        with self._engine.connect() as connection:
            rows = connection.execute(wanted).all()
        page = [_company(row) for row in rows[: message.limit]]
        return Companies(companies=tuple(page), next=page[-1].number if len(rows) > len(page) else "")

    async def register_company(self, call: Call, message: CompanyEntry) -> Company:
        """Give a company its number."""
        self._rights.require(call, Right.COMPANIES)
        registry = message.registry_number
        if registry.startswith(WITHOUT_REGISTRY):
            raise Refusal("content_wrong")
        with self._engine.begin() as connection:
            base = registry or _free(connection)
            if _find(connection, _numbered(base)) is not None:
                raise Refusal("not_possible")
            new = RegisteredCompany(base, message.name, message.address, _today(call.now))
            connection.execute(table.insert().values(**_row(new)))
            return _company(_find(connection, _numbered(base)))

    async def change_company(self, call: Call, message: CompanyChange) -> Company:
        """Take down a new name or address, or the end. The number stays."""
        self._rights.require(call, Right.COMPANIES)
        with self._engine.begin() as connection:
            row = _find(connection, message.number)
            if row is None:
                raise Refusal("not_found")
            if row.closed_on:
                raise Refusal("not_possible")
            name, address = message.name or row.name, message.address or row.address
            closed = {"closed_on": _today(call.now).isoformat(), "closed_because": message.closed_because}
            values = {**_text(name, address), **(closed if message.closed_because else {})}
            connection.execute(table.update().where(table.c.number == message.number).values(**values))
            return _company(_find(connection, message.number))


def _find(connection: Connection, number: str) -> Any:
    return connection.execute(table.select().where(table.c.number == number)).first()


def _free(connection: Connection) -> str:
    """Twelve digits for a body without a registry number; a row that is taken stays taken for good."""
    while True:
        base = f"{WITHOUT_REGISTRY}{randbelow(10**8):08d}"
        if _find(connection, _numbered(base)) is None:
            return base


def _numbered(base: str) -> str:
    return f"{corporate_check_digit(base)}{base}"


def _row(company: RegisteredCompany) -> dict[str, str]:
    return {
        "number": _numbered(company.base),
        "registered_on": company.registered_on.isoformat(),
        "closed_on": company.closed_on.isoformat() if company.closed_on else "",
        "closed_because": company.closed_because,
        **_text(company.name, company.address),
    }


def _text(name: str, address: str) -> dict[str, str]:
    return {
        "name": name,
        "address": address,
        "folded_name": fold(name),
        "folded_address": fold(address),
        "folded_by": EDITION,
    }


def _fold_again(connection: Connection) -> None:
    """What was folded by another edition of the table of variants."""
    for row in connection.execute(table.select().where(table.c.folded_by != EDITION)).all():
        values = _text(row.name, row.address)
        connection.execute(table.update().where(table.c.number == row.number).values(**values))


def _company(row: Any) -> Company:
    return Company(
        number=row.number,
        name=row.name,
        address=row.address,
        registered_on=date.fromisoformat(row.registered_on),
        closed_on=date.fromisoformat(row.closed_on) if row.closed_on else None,
        closed_because=row.closed_because,
    )


def _today(now: datetime) -> date:
    return now.astimezone(JST).date()
