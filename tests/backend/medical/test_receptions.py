"""Many receptions in one commit: numbers without gaps, and nobody is answered before it is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import httpx
import msgspec
import pytest
from backend_kit import ORIGIN, START, Card
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from medical_kit import HOSPITAL, NOTHING, ask, eligibility
from postgres import Cluster
from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError

from backend_client import wire
from backend_stub.authority.keys import auth_ca
from backend_stub.database import open_database
from backend_stub.machines import Signer
from backend_stub.medical.book import Book, Person
from backend_stub.medical.clocks import day_of
from backend_stub.medical.coverage import read_insured
from backend_stub.medical.links import Links
from backend_stub.medical.receptions import Reception, Receptions
from backend_stub.medical.standing import judge_person
from backend_stub.medical.tables import CONSENTS, TABLES
from backend_stub.medical.ways import Way
from backend_stub.peers import Peers
from backend_stub.town import Town
from backend_stub.verification import Verifier

CardOf = Callable[..., Card]
DAY = day_of(START)


def reception(facility: str, consent: wire.HealthConsent = NOTHING) -> Reception:
    return Reception(facility, "01" + "ab" * 32, DAY, START, consent, START + timedelta(hours=24))


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path / 'medical.db'}"
    if request.param == "postgresql":
        cluster: Cluster = request.getfixturevalue("cluster")
        name = f"receptions-{tmp_path.name}"
        cluster.create(name)
        url = cluster.url(name)
    engine = open_database(url, TABLES)
    yield engine
    engine.dispose()


async def test_numbers_go_up_by_one_at_each_facility(engine: Engine) -> None:
    receptions = Receptions(engine)
    places = [f"みほん病院 {number % 7}" for number in range(700)]
    numbers = await asyncio.gather(*(receptions.receive(reception(place)) for place in places))
    for place in set(places):
        mine = [number for number, where in zip(numbers, places, strict=True) if where == place]
        assert mine == list(range(1, 101))
    await receptions.close()
    assert await Receptions(engine).receive(reception(places[0])) == 101, "also after a restart"


async def test_a_later_confirmation_is_received_once(engine: Engine) -> None:
    receptions, symbol = Receptions(engine), "01" + "cd" * 32
    later = Reception(HOSPITAL, symbol, DAY, START, way=Way.LATER, reference="r")
    other = msgspec.structs.replace(later, reference="s")
    assert await asyncio.gather(*map(receptions.receive, (later, reception(HOSPITAL), later, other))) == [1, 2, 1, 3]
    assert await asyncio.gather(*map(receptions.receive, (later, reception(HOSPITAL)))) == [1, 4]
    await receptions.close()


async def test_what_was_said_is_kept_with_the_reception(engine: Engine) -> None:
    receptions, book, one = Receptions(engine), Book(engine), reception(HOSPITAL, wire.HealthConsent(checkup=True))
    await receptions.receive(one)
    assert book.consented(HOSPITAL, one.symbol, START) == wire.HealthConsent(checkup=True)
    await receptions.close()


async def test_a_no_is_kept_where_it_withdraws_something(engine: Engine) -> None:
    receptions, yes, no = Receptions(engine), wire.HealthConsent(treatment=True), NOTHING

    async def receive(consent: wire.HealthConsent, hours: int, facility: str = HOSPITAL) -> int:
        at = START + timedelta(hours=hours)
        one = Reception(facility, "01" + "ab" * 32, DAY, at, consent, at + timedelta(hours=24))
        return await receptions.receive(one)

    def kept() -> list[bool]:
        with engine.connect() as connection:
            return list(connection.execute(select(CONSENTS.c.treatment).order_by(CONSENTS.c.given_at)).scalars())

    await receive(no, 0)
    assert kept() == []
    await receive(yes, 1)
    await receive(no, 2, "another")
    assert kept() == [True]
    await receive(no, 3)
    await receive(no, 4)
    assert kept() == [True, False]
    await receive(yes, 5)
    await receive(no, 29)
    assert kept() == [True, False, True], "it was over"
    await asyncio.gather(receive(yes, 30), receive(no, 31))
    assert kept() == [True, False, True, True, False]
    await receptions.close()


def test_a_link_finds_the_person_as_registered(engine: Engine, card: CardOf, authority_keys: Path) -> None:
    links = Links(engine, b"a key of the test")
    nobody = Peers(Signer("medical", Ed25519PrivateKey.generate()), {})
    verifier = Verifier(auth_ca(authority_keys, START), (ORIGIN,), nobody)
    holder = verifier.holder(card("adult").token("nonce"), "nonce", START)
    insured = next(one for one in read_insured() if one.resident == "adult")
    person = Person("見本 花子", "ミホン ハナコ", date(1944, 5, 3), insured.coverages)
    symbol = "01" + "ab" * 32
    Book(engine).add("adult", symbol, person)
    links.keep(holder, symbol, START)
    link = links.find(holder, START)
    assert link is not None
    assert (link.symbol, link.linked_at, link.day) == (symbol, START, DAY)
    assert link.judged == judge_person(person, DAY)
    assert links.find(holder, START) is link, "from memory"
    links.forget()
    assert links.find(holder, START) == link
    assert links.find(holder, START + timedelta(hours=15)) is None
    links.drop(holder)
    assert links.find(holder, START) is None
    links.close()


@pytest.mark.logs("medical: database")
async def test_what_is_not_kept_is_not_answered(
    insured_town: Town, people: httpx.AsyncClient, card: CardOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanako, receptions = card("adult"), insured_town.medical._desk._receptions
    await eligibility(people, hanako)

    def full(_group: object) -> list[int]:
        raise OperationalError("INSERT", None, Exception("database or disk is full"))

    with monkeypatch.context() as patched:
        patched.setattr(receptions._commits, "_commit", full)
        answers = await asyncio.gather(*(ask(people, hanako) for _ in range(3)))
    assert {answer.json()["code"] for answer in answers} == {"storage_full"}
    assert (await eligibility(people, hanako)).reception_number == "2"
