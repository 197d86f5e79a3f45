"""The certificate link: the first check of a day asks everybody, those after it nobody, and what ends it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import msgspec
import pytest
from backend_kit import START, Card, Clock, Machine
from medical_kit import ask, eligibility

from backend_client import wire
from backend_stub.endpoint import Refusal
from backend_stub.medical.coverage import read_insured
from backend_stub.people import Resident
from backend_stub.setups import body_folder
from backend_stub.town import Town

CardOf = Callable[..., Card]
WHOLE_WAY = ["authority /ocsp", "authority /confirmations", "gateway /symbols"]
LIST = "authority /crl/auth/3"


@contextmanager
def database(data: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(body_folder(data, "medical") / "medical.db")
    with connection:
        yield connection
    connection.close()


def count(data: Path, table: str) -> int:
    with database(data) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608


class Line:
    """What the medical body asks its neighbours; `down` takes some of it away."""

    def __init__(self, town: Town) -> None:
        self.asked: list[str] = []
        self.down: set[str] = set()
        self._exchange = town.medical._peers._exchange
        town.medical._peers._exchange = self._noted  # type: ignore[method-assign]

    async def _noted(
        self, method: str, body: str, path: str, content: bytes, headers: dict[str, str], trace_id: str
    ) -> httpx.Response:
        self.asked.append(f"{body} {path}")
        if self.asked[-1] in self.down:
            raise Refusal("peer_unavailable", body)
        return await self._exchange(method, body, path, content, headers, trace_id)

    def since(self) -> list[str]:
        """What was asked since the last time."""
        asked, self.asked = self.asked, []
        return asked


@pytest.fixture
def line(insured_town: Town) -> Line:
    return Line(insured_town)


async def revoke(machine: Machine, card: Card) -> None:
    order = wire.CertificateOrder(
        kind=wire.CertificateKind.AUTHENTICATION,
        certificate_serial=card.serial,
        act=wire.CertificateAct.REVOKE,
        reason=wire.RevocationReason.KEY_COMPROMISE,
    )
    answer = await machine("midori-city").post("/authority/certificate-orders", content=msgspec.json.encode(order))
    assert answer.status_code == 204, answer.text


async def refused(people: httpx.AsyncClient, card: Card) -> str:
    answer = await ask(people, card)
    assert answer.status_code >= 400
    return str(answer.json()["code"])


async def test_only_the_first_check_of_a_day_asks_others(
    people: httpx.AsyncClient, card: CardOf, clock: Clock, line: Line
) -> None:
    hanako = card("adult")
    first = await eligibility(people, hanako)
    assert line.since() == WHOLE_WAY
    clock.turn(minutes=5)
    second = await eligibility(people, hanako)
    assert line.since() == [LIST], "once for all cards, while it is good"
    clock.turn(minutes=5)
    third = await eligibility(people, hanako)
    assert line.since() == []
    assert first.checked_at == second.checked_at == third.checked_at == START
    assert first.insurance == second.insurance == third.insurance is not None
    assert [one.reception_number for one in (first, second, third)] == ["1", "2", "3"]


async def test_the_link_is_over_with_the_day_in_japan(
    people: httpx.AsyncClient, card: CardOf, clock: Clock, line: Line, data: Path
) -> None:
    hanako = card("adult")
    await eligibility(people, hanako)
    clock.turn(hours=14, minutes=59)
    await eligibility(people, hanako)
    assert line.since() == [*WHOLE_WAY, LIST]
    clock.turn(minutes=1)
    answer = await eligibility(people, hanako)
    assert line.since() == WHOLE_WAY
    assert answer.checked_at == clock()
    assert count(data, "links") == 1, "what is over is gone"


async def test_a_link_of_a_later_time_is_of_a_wrong_clock(
    people: httpx.AsyncClient, card: CardOf, clock: Clock, line: Line
) -> None:
    hanako = card("adult")
    clock.turn(hours=3)
    await eligibility(people, hanako)
    line.since()
    clock.turn(hours=-2)
    await eligibility(people, hanako)
    assert line.since() == WHOLE_WAY


async def test_each_card_has_a_link_of_its_own(people: httpx.AsyncClient, card: CardOf, line: Line, data: Path) -> None:
    hanako, another, taro = card("adult"), card("adult", "new"), card("first")
    for one in (hanako, another, taro):
        await eligibility(people, one)
    assert line.since() == 3 * WHOLE_WAY
    assert (await eligibility(people, taro)).validity is wire.Validity.INVALID
    assert (await eligibility(people, hanako)).validity is wire.Validity.VALID
    assert count(data, "links") == 3


async def test_a_check_with_a_link_needs_the_card_all_the_same(
    people: httpx.AsyncClient, card: CardOf, line: Line
) -> None:
    hanako, taro = card("adult"), card("first")
    await eligibility(people, hanako)
    answer = await ask(people, hanako, signature=taro.token("of another challenge").signature)
    assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")


async def test_a_revocation_shows_in_the_next_list_and_ends_the_link(
    people: httpx.AsyncClient, card: CardOf, clock: Clock, machine: Machine, line: Line, data: Path
) -> None:
    hanako = card("adult")
    await eligibility(people, hanako)
    await eligibility(people, hanako)
    await revoke(machine, hanako)
    clock.turn(minutes=61)
    line.since()
    assert await refused(people, hanako) == "certificate_revoked"
    assert line.since() == [LIST]
    assert (count(data, "links"), count(data, "receptions")) == (0, 2)


async def test_without_a_list_ocsp_is_asked_and_a_revocation_shows_at_once(
    people: httpx.AsyncClient, card: CardOf, machine: Machine, line: Line, data: Path
) -> None:
    hanako = card("adult")
    line.down = {f"authority /crl/auth/{number}" for number in (2, 3, 4)}
    await eligibility(people, hanako)
    await eligibility(people, hanako)
    await eligibility(people, hanako)
    assert line.since().count("authority /ocsp") == 3
    await revoke(machine, hanako)
    assert await refused(people, hanako) == "certificate_revoked"
    assert count(data, "links") == 0


async def test_a_list_is_used_until_its_next_update_while_the_authority_is_away(
    people: httpx.AsyncClient, card: CardOf, clock: Clock, line: Line
) -> None:
    hanako = card("adult")
    await eligibility(people, hanako)
    await eligibility(people, hanako)
    line.down = {"authority /ocsp", *(f"authority /crl/auth/{number}" for number in (2, 3, 4))}
    clock.turn(minutes=119)
    assert (await eligibility(people, hanako)).validity is wire.Validity.VALID
    clock.turn(minutes=1)
    assert await refused(people, hanako) == "peer_unavailable"
    line.down = set()
    clock.turn(minutes=1)
    assert (await eligibility(people, hanako)).validity is wire.Validity.VALID


async def test_the_authority_is_left_in_peace_for_a_minute(
    people: httpx.AsyncClient, card: CardOf, clock: Clock, line: Line
) -> None:
    hanako = card("adult")
    line.down = {f"authority /crl/auth/{number}" for number in (2, 3, 4)}
    for _ in range(3):
        await eligibility(people, hanako)
    assert line.since().count(LIST) == 1
    clock.turn(minutes=1)
    await eligibility(people, hanako)
    assert line.since().count(LIST) == 1


async def test_a_membership_that_is_registered_begins_anew(
    town: Town, people: httpx.AsyncClient, card: CardOf, residents: tuple[Resident, ...], clock: Clock
) -> None:
    hanako = card("adult")
    assert (await eligibility(people, hanako)).validity is wire.Validity.NONE
    clock.turn(minutes=1)
    insured = next(one for one in read_insured() if one.resident == "adult")
    await town.medical.enrol(next(one for one in residents if one.id == "adult"), insured)
    answer = await eligibility(people, hanako)
    assert (answer.validity, answer.checked_at) == (wire.Validity.VALID, START + timedelta(minutes=1))


async def test_the_link_goes_with_its_symbol(
    insured_town: Town, people: httpx.AsyncClient, card: CardOf, data: Path
) -> None:
    hanako = card("adult")
    await eligibility(people, hanako)
    with database(data) as connection:
        ((symbol,),) = connection.execute("SELECT symbol FROM links").fetchall()
    newer = "ff" + symbol[2:]
    insured_town.medical.symbols._use(symbol, newer, START)
    assert count(data, "links") == 0
    assert not insured_town.medical._links._known, "not from memory either"
    with database(data) as connection:
        assert connection.execute("SELECT DISTINCT symbol FROM receptions").fetchall() == [(newer,)]


async def test_a_reception_on_its_way_is_kept_under_the_newer_symbol(
    insured_town: Town, people: httpx.AsyncClient, card: CardOf, data: Path
) -> None:
    hanako = card("adult")
    await eligibility(people, hanako)
    with database(data) as connection:
        (link,) = connection.execute("SELECT certificate, symbol, linked_at, until FROM links").fetchall()
    symbol = link[1]
    newer = "ff" + symbol[2:]
    insured_town.medical.symbols._put_beside(symbol, newer)
    insured_town.medical.symbols._use(symbol, newer, START)
    with database(data) as connection:  # as if the check had found its link before that
        connection.execute("INSERT INTO links VALUES (?, ?, ?, ?)", link)
    await eligibility(people, hanako)
    with database(data) as connection:
        assert connection.execute("SELECT DISTINCT symbol FROM receptions").fetchall() == [(newer,)]
