"""Two residents with folders: a few exchanges about the one, and many about the other, written by the log itself."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from sqlalchemy import select

from backend_stub.database import open_database
from backend_stub.gateway.law import LawTable
from backend_stub.gateway.log import Entry, GatewayLog
from backend_stub.gateway.master import Master
from backend_stub.gateway.symbols import PlanFile, Versions, open_symbols
from backend_stub.gateway.tables import TABLES as GATEWAY_TABLES
from backend_stub.people import load_residents
from backend_stub.portal.tables import TABLES, certificates, folders
from backend_stub.seed import COUNTER
from backend_stub.setups import body_folder
from backend_stub.town import build_town

FEW, MANY = "first", "adult"
RECORDS = {FEW: 10, MANY: 10_000}
LAW = "elderly-premium"
AT_ONCE = 1_000
APART = timedelta(minutes=7)


def fill(data: Path) -> None:
    """Open both folders at the counter, then fill the log."""
    asyncio.run(_open(data))
    for who, count in RECORDS.items():
        asyncio.run(_write(data, _symbol(data, who), count))


async def _open(data: Path) -> None:
    town = build_town(data, (), load_residents(), _now)
    try:
        for who in RECORDS:
            await town.agencies[COUNTER].open_folder((data / "cards" / who / "auth.cer").read_bytes(), ())
    finally:
        await town.close()


async def _write(data: Path, symbol: str, count: int) -> None:
    folder = body_folder(data, "gateway")
    url = f"sqlite:///{folder / 'gateway.db'}"
    engine, symbols, master = open_database(url, GATEWAY_TABLES), open_symbols(url), Master.kept_in(folder)
    versions = Versions(PlanFile(folder).read(), master, symbols)
    person = versions.verify(bytes.fromhex(symbol), "portal")
    versions.close()
    symbols.dispose()
    laws = LawTable.read()
    log = GatewayLog(engine, folder, master, _now, [one.words for one in laws])
    edition, last = laws.get(LAW).edition, _now()
    for start in range(0, count, AT_ONCE):
        at = [last - APART * number for number in range(start, min(count, start + AT_ONCE))]
        entries = [Entry("exchange", log.number(one), one, edition, "relay", "answered", person=person) for one in at]
        await log.append(entries)
    await log.close()
    engine.dispose()


def _symbol(data: Path, who: str) -> str:
    """What the gateway calls a resident towards the portal."""
    certificate = x509.load_der_x509_certificate((data / "cards" / who / "auth.cer").read_bytes())
    engine = open_database(f"sqlite:///{body_folder(data, 'portal') / 'portal.db'}", TABLES)
    mine = certificates.c.serial == str(certificate.serial_number)
    with engine.connect() as connection:
        found = connection.scalar(
            select(folders.c.symbol).join(certificates, certificates.c.folder_id == folders.c.id).where(mine)
        )
    engine.dispose()
    return str(found)


def _now() -> datetime:
    return datetime.now(UTC)
