"""The gateway as the product builds it, with its data in a folder: to be served, and to prepare its load."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from secrets import token_bytes

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.types import Scope

from backend_stub import gateway
from backend_stub.body import Body
from backend_stub.database import open_database
from backend_stub.gateway.law import Law, LawTable
from backend_stub.gateway.log import Entry, GatewayLog
from backend_stub.gateway.log.subjects import BLOCK
from backend_stub.gateway.master import Master
from backend_stub.gateway.symbols import PlanFile, Versions, open_symbols, symbols_file
from backend_stub.gateway.symbols.table import MOST_KINDS, key_of
from backend_stub.gateway.tables import TABLES
from backend_stub.machines import Machine, Registry, Unsigned
from backend_stub.members import MEMBERS, Member
from backend_stub.setups import Databases, body_folder, machine_of, setup_of
from benchmarks._gateway_bare import ASKED_AGENCY, ASKING_AGENCY, ASKING_KIND

GATEWAY = "gateway"
CODE_BYTES = 32
AT_ONCE = 50_000


class Trusting(Registry):
    """Believes whoever says who he is: what all but the signatures costs. The product has no such thing."""

    def verify(self, scope: Scope, body: bytes) -> Machine:
        for name, value in scope["headers"]:
            if name == b"x-machine":
                return self._machines[value.decode()]
        raise Unsigned("nobody")


def folder_of(data: Path) -> Path:
    return body_folder(data, GATEWAY)


def lay_out(data: Path, method: str) -> None:
    """Make the keys of all members and an empty gateway whose symbols are of one scheme."""
    for member in MEMBERS:
        machine_of(member, data)
    plan = f'keep_numbers = ["{ASKING_AGENCY}"]\n[[version]]\nnumber = 1\nmethod = "{method}"\nstate = "present"\n'
    (folder_of(data) / "symbols.toml").write_text(plan, "utf-8")


def machine_key(data: Path, member: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes((body_folder(data, member) / "machine.key").read_bytes())


def build(data: Path, trusting: bool, neighbours: str) -> Body:
    """The gateway over `data`. All its neighbours are at one URL."""
    machines = {member.id: machine_of(member, data) for member in MEMBERS}

    def way(_member: Member) -> httpx.AsyncClient:
        return client(neighbours)

    (member,) = (member for member in MEMBERS if member.id == GATEWAY)
    setup = setup_of(member, data, machines, way, Databases(), _now)
    if trusting:
        setup = replace(setup, registry=Trusting(tuple(machines.values())))
    return gateway.build(setup)


def client(url: str) -> httpx.AsyncClient:
    """How both sides reach a neighbour."""
    return httpx.AsyncClient(base_url=url, trust_env=False)


def person(number: int) -> bytes:
    """The n-th resident."""
    return blake2b(number.to_bytes(8), digest_size=12).digest()


def symbols(data: Path, numbers: Sequence[int]) -> list[str]:
    """What the asking agency calls these residents, as on the wire. Makes them where they are kept in a table."""
    folder = folder_of(data)
    engine = open_symbols(f"sqlite:///{folder / GATEWAY}.db")
    versions = Versions(PlanFile(folder).read(), Master.kept_in(folder), engine)
    made = [versions.issue(person(number), ASKING_AGENCY).hex() for number in numbers]
    versions.close()
    engine.dispose()
    return made


def fill_table(data: Path, residents: int) -> None:
    """Fill the conversion table for so many residents, as years of enrolment would."""
    folder_of(data).mkdir(parents=True, exist_ok=True)
    database = folder_of(data) / "gateway.db"
    open_symbols(f"sqlite:///{database}").dispose()
    fill_rows(symbols_file(database), residents, (ASKING_AGENCY, ASKED_AGENCY))


def fill_rows(database: Path, residents: int, kinds: Sequence[str]) -> None:
    """The same with codes of any kinds, for a database that has its tables. The first kind is 1."""
    with sqlite3.connect(database) as connection:
        connection.executemany("INSERT INTO symbol_kinds VALUES (?, 1, ?)", enumerate(kinds, 1))
        for start in range(0, residents, AT_ONCE):
            _fill(connection, range(start, min(residents, start + AT_ONCE)), len(kinds))
    connection.close()


def _fill(connection: sqlite3.Connection, numbers: range, kinds: int) -> None:
    persons = [(number + 1, person(number)) for number in numbers]
    rows = [(token_bytes(CODE_BYTES), kind, *one) for one in persons for kind in range(1, kinds + 1)]
    connection.executemany("INSERT INTO symbol_persons VALUES (?, ?)", persons)
    places = ((number * MOST_KINDS + kind, code) for code, kind, number, _ in rows)
    connection.executemany("INSERT INTO symbol_codes VALUES (?, ?)", places)
    symbols = sorted((key_of(code, kind), code, kind, *rest) for code, kind, *rest in rows)
    connection.executemany("INSERT INTO symbols VALUES (?, ?, ?, ?, ?)", symbols)


def codes(data: Path) -> list[str]:
    """Some codes of the asking agency in the table, hex."""
    query = "SELECT code FROM symbols WHERE kind = ? LIMIT 10000"
    with sqlite3.connect(symbols_file(folder_of(data) / "gateway.db")) as connection:
        found = [code.hex() for (code,) in connection.execute(query, (ASKING_KIND,))]
    connection.close()
    return found


def fill_log(data: Path, residents: int) -> None:
    """Write one exchange about each resident into the log, by the log itself."""
    asyncio.run(_fill_log(data, residents))


async def _fill_log(data: Path, residents: int) -> None:
    folder = folder_of(data)
    engine = open_database(f"sqlite:///{folder / GATEWAY}.db", TABLES)
    laws = LawTable.read()
    law = laws.get("child-income")
    log = GatewayLog(engine, folder, Master.kept_in(folder), _now, [one.words for one in laws])
    for start in range(0, residents, 1000):
        numbers = range(start, min(residents, start + 1000))
        await log.append([_entry(log, law, number) for number in numbers])
    unindexed = next(figure for figure in log.figures if figure.name == "log_unindexed")
    # Below a block nothing is left to do until more comes. The index is another thread's and tells nobody.
    while unindexed.read()[""] >= BLOCK:  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    await log.close()
    engine.dispose()


def _entry(log: GatewayLog, law: Law, number: int) -> Entry:
    now = _now()
    commitment = token_bytes(32)
    return Entry("exchange", log.number(now), now, law.edition, "token", requester=commitment, person=person(number))


def _now() -> datetime:
    return datetime.now(UTC)


def bytes_of(database: Path) -> int:
    """A SQLite database's size on disk, its write-ahead log folded in."""
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return database.stat().st_size


__all__ = ["ASKED_AGENCY", "ASKING_AGENCY"]
