"""A gateway's log alone: a wording, entries under it, and a log opened on a folder."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine

from backend_client.wire import LawWords, edition
from backend_stub.body import Call
from backend_stub.database import open_database
from backend_stub.gateway.log import TABLES, Entry, GatewayLog
from backend_stub.gateway.master import Master
from backend_stub.machines import Machine, Role

WORDS = LawWords(
    law="elderly-premium",
    basis="番号法 第19条第8号",
    requester="midori-city",
    requester_words="みどり市 国保年金課",
    provider="midori-tax",
    provider_words="みどり税務署",
    kind="income",
    kind_words="所得の情報",
    purpose="後期高齢者医療の保険料の計算",
)
EDITION = edition(WORDS)
MASTER = Master(b"\x07" * 32)
HANAKO, TARO = b"\x01" * 12, b"\x02" * 12


def database(folder: Path) -> Engine:
    return open_database(f"sqlite:///{folder / 'gateway.db'}", TABLES)


def open_log(folder: Path, clock: Callable[[], datetime], **changes: Any) -> GatewayLog:
    return GatewayLog(database(folder), folder, MASTER, clock, [WORDS], **changes)


def entry(log: GatewayLog, at: datetime, person: bytes | None = HANAKO, **changes: Any) -> Entry:
    """An exchange by relay in order, but for `changes`."""
    made = Entry("exchange", log.number(at), at, EDITION, "relay", "provided", person=person, requester=bytes(32))
    return msgspec.structs.replace(made, **changes)


async def filled(folder: Path, clock: Callable[[], datetime], size: int) -> GatewayLog:
    log = open_log(folder, clock)
    await log.append([entry(log, clock() + timedelta(microseconds=i)) for i in range(size)])
    return log


def call(now: datetime) -> Call:
    """A request of midori-city's."""
    key = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key()
    return Call(now, "trace-1", {}, "", Machine("midori-city", "", frozenset({Role.AGENCY}), key), b"")


def scalar(folder: Path, statement: str) -> Any:
    with database(folder).connect() as connection:
        return connection.exec_driver_sql(statement).scalar()


def change(folder: Path, statement: str) -> None:
    """Change the database behind the log's back."""
    with database(folder).begin() as connection:
        connection.exec_driver_sql(statement)
