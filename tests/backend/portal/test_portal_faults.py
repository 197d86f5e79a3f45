"""A full disk, and what must never be in a log."""

from __future__ import annotations

import logging
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from backend_kit import Cards, Machine, Visitor, problem
from sqlalchemy import create_engine, event, text
from sqlalchemy.pool import Pool

from backend_client.wire import CounterRegistration, IdentityRequest, NoticeDraft, PartnerNotice
from backend_stub.people import Resident
from backend_stub.seed import seed
from backend_stub.town import Town, body_folder

MANY = tuple(f"partner-{n}" for n in range(500))
"""More than fits into the pages the portal's database has."""


class Disk:
    """The disk under the bodies' databases; `full` names those that cannot grow any more."""

    def __init__(self) -> None:
        self.full: set[str] = set()

    def checkout(self, connection: Any, _record: object, _proxy: object) -> None:
        file = connection.execute("PRAGMA database_list").fetchone()[2]
        grows = not any(file.endswith(f"/{name}.db") for name in self.full)
        connection.execute(f"PRAGMA max_page_count = {2**30 if grows else 1}")  # never below what there is


@pytest.fixture
def disk() -> Iterator[Disk]:
    disk = Disk()
    event.listen(Pool, "checkout", disk.checkout)
    yield disk
    event.remove(Pool, "checkout", disk.checkout)


def rows(data: Path, body: str, *tables: str) -> list[int]:
    with create_engine(f"sqlite:///{body_folder(data, body) / body}.db").connect() as connection:
        return [connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() for table in tables]  # noqa: S608


@pytest.mark.logs("portal: database, OperationalError")
async def test_when_the_disk_is_full_nothing_is_half_stored(
    disk: Disk, machine: Machine, card: Cards, people: httpx.AsyncClient, data: Path
) -> None:
    adult = Visitor(people, card("adult"))
    request = msgspec.json.encode(
        CounterRegistration(certificate=b64encode(adult.card.der).decode(), partners=("mihon-life", *MANY))
    )
    disk.full = {"portal"}
    refused = await machine("midori-city").post("/portal/counter-registrations", content=request)
    assert problem(refused) == (507, "storage_full")
    assert rows(data, "portal", "folders", "certificates", "let_in") == [0, 0, 0]
    assert (await adult.sign_in()).json()["kind"] == "not_registered"
    disk.full = set()
    assert (await machine("midori-city").post("/portal/counter-registrations", content=request)).status_code == 204
    assert rows(data, "portal", "folders", "certificates", "let_in") == [1, 1, 501]

    (handle,) = (await machine("mihon-life").get("/portal/partner-handles")).json()["handles"]
    draft = NoticeDraft(title="長い", summary=(), body="あ" * 20_000)
    letter = msgspec.json.encode(PartnerNotice(handle=handle, draft=draft))
    disk.full = {"portal"}
    refused = await machine("mihon-life").post("/portal/partner-notices", content=letter)
    assert problem(refused) == (507, "storage_full")
    assert (await adult.sign_in()).json()["unread_notices"] == 0
    assert rows(data, "portal", "notices") == [0]


@pytest.mark.logs("authority: database, OperationalError")
async def test_the_authoritys_full_disk_is_named_as_its_own(
    disk: Disk, people: httpx.AsyncClient, card: Cards, machine: Machine, data: Path
) -> None:
    adult = Visitor(people, card("adult"))
    asked = msgspec.json.encode(IdentityRequest(certificate_serial=adult.card.serial))
    disk.full = {"authority"}
    answers = [await machine("portal").post("/authority/confirmations", content=asked) for _ in range(100)]
    assert problem(answers[-1]) == (507, "storage_full")  # the room left in the last pages is used up
    before = rows(data, "authority", "audit", "acquisitions")
    refused = await adult.come_in()
    assert problem(refused) == (507, "storage_full")
    assert refused.json()["origin"] == "authority"
    assert rows(data, "authority", "audit", "acquisitions") == before
    assert rows(data, "portal", "folders", "certificates") == [0, 0]
    disk.full = set()
    assert (await adult.come_in()).json()["kind"] == "signed_in"


async def test_no_log_record_says_who_was_there(
    town: Town, people: httpx.AsyncClient, card: Cards, machine: Machine, data: Path,
    residents: tuple[Resident, ...], caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """Every logger at DEBUG, over a whole day: seed, visits, refusals, faults."""
    caplog.set_level(logging.DEBUG)
    adult, first, revoked = (Visitor(people, card(name)) for name in ("adult", "first", "revoked"))
    await seed(town, data, residents)
    for visitor in (adult, first):
        await visitor.come_in()
        for notice in (await visitor.get("/notices")).json()["notices"]:
            await visitor.get(f"/notices/{notice['id']}")
        assert (await visitor.get("/records")).json()["records"]
    assert problem(await revoked.sign_in()) == (403, "certificate_revoked")
    nonce = await adult.nonce()
    await adult.post("/sign-in", {"nonce": nonce, "token": adult.card.serial, "place": "見本 花子"})
    sessions = {adult.session, first.session}
    await adult.post("/sign-out", {})

    with create_engine(f"sqlite:///{body_folder(data, 'portal') / 'portal.db'}").connect() as connection:
        symbols = set(connection.execute(text("SELECT symbol FROM folders")).scalars())
    assert len(symbols) == 2
    secrets = {r.name for r in residents} | {r.address for r in residents} | symbols | sessions | {nonce}
    for visitor in (adult, first, revoked):
        serial = int(visitor.card.serial)
        secrets |= {str(serial), f"{serial:x}", f"{serial:X}", b64encode(visitor.card.der).decode()[:60]}
    logged = "\n".join(f"{record.getMessage()} {record.args} {record.__dict__}" for record in caplog.records)
    assert "/portal/notices" in logged  # the log was on
    assert [secret for secret in secrets if secret in logged] == []
