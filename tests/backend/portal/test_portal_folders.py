"""A folder over the years: applied for with a signature, renewed cards, blocked, closed, disposed of."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import httpx
import msgspec
import pytest
from backend_kit import Card, CardKeys, Cards, Clock, Machine, Visitor, make_paper, problem, registration
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ReasonFlags
from sqlalchemy import create_engine, inspect, text

from backend_client import wire
from backend_stub.authority.revocation import revoke
from backend_stub.body import Refusal
from backend_stub.portal.caretaker import Caretaker
from backend_stub.portal.folders import TERM
from backend_stub.portal.sign_ins import PAGE
from backend_stub.portal.tables import TABLES
from backend_stub.town import Town, body_folder

AUTH, SIGN = wire.CertificateKind.AUTHENTICATION, wire.CertificateKind.SIGNATURE


@pytest.fixture
def adult(people: httpx.AsyncClient, card: Cards) -> Visitor:
    return Visitor(people, card("adult"))


async def post(machine: Machine, path: str, message: wire.Message, by: str = "midori-city") -> httpx.Response:
    return await machine(by).post(path, content=msgspec.json.encode(message))


async def renewed(machine: Machine, old: Card, keys: CardKeys, kind: wire.CertificateKind) -> Card:
    """The same card, but for one certificate, which has taken the old one's place."""
    key = keys("renewed")
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, SHA256())
    content = b64encode(request.public_bytes(Encoding.DER)).decode()
    path = old.folder / f"{kind.value}.cer"
    serial = str(x509.load_der_x509_certificate(path.read_bytes()).serial_number)
    message = wire.CertificateApplication(reference="adult", kind=kind, request=content, renews=serial)
    answer = await post(machine, "/authority/certificates", message)
    der = b64decode(msgspec.json.decode(answer.content, type=wire.IssuedCertificate).certificate)
    path.write_bytes(der)
    return replace(old, key=key, der=der) if kind is AUTH else old


async def departs(machine: Machine, event: wire.ResidentEvent, clock: Clock) -> None:
    change = wire.ResidentChange(reference="adult", event=event, at=clock())
    assert (await post(machine, "/authority/resident-changes", change)).status_code == 204


def rows(data: Path, sql: str) -> list[tuple[object, ...]]:
    engine = create_engine(f"sqlite:///{body_folder(data, 'portal') / 'portal.db'}")
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(sql))]
    engine.dispose()
    return found


# --- the application -------------------------------------------------------------------------------------------------


async def test_a_paper_of_another_persons_card_opens_nothing(adult: Visitor, card: Cards) -> None:
    ticket = (await adult.sign_in()).json()["ticket"]
    refused = await adult.post("/registrations", await registration(card("first"), ticket))
    assert problem(refused) == (403, "paper_foreign")
    assert (await adult.sign_in()).json()["kind"] == "not_registered"


async def test_a_paper_for_another_ticket_or_purpose_opens_nothing(adult: Visitor) -> None:
    for changes in ({"application": "another"}, {"event": "move"}, {"receiver": "midori-city"}):
        ticket = (await adult.sign_in()).json()["ticket"]
        content = msgspec.structs.replace(wire.registration_content(ticket), **changes)
        paper = await make_paper(adult.card.folder, adult.card.key, content)
        message = wire.Registration(ticket=ticket, place="p", paper=paper)
        assert problem(await adult.post("/registrations", message)) == (403, "paper_foreign")


async def test_a_paper_altered_or_unsigned_opens_nothing(adult: Visitor) -> None:
    ticket = (await adult.sign_in()).json()["ticket"]
    good = await registration(adult.card, ticket)
    pdf = bytearray(b64decode(good.paper))
    pdf[len("%PDF-1.3") + 4] ^= 1  # outside the signature's own place, of which nothing is covered
    message = msgspec.structs.replace(good, paper=b64encode(pdf).decode())
    assert problem(await adult.post("/registrations", message)) == (403, "paper_wrong")


async def test_a_signature_certificate_revoked_meanwhile_opens_nothing(
    adult: Visitor, data: Path, clock: Clock
) -> None:
    ticket = (await adult.sign_in()).json()["ticket"]
    message = await registration(adult.card, ticket)
    serial = x509.load_der_x509_certificate((adult.card.folder / "sign.cer").read_bytes()).serial_number
    database = create_engine(f"sqlite:///{body_folder(data, 'authority') / 'authority.db'}")
    revoke(database, serial, ReasonFlags.key_compromise, clock(), SIGN)
    assert problem(await adult.post("/registrations", message)) == (403, "certificate_revoked")
    assert rows(data, "SELECT * FROM folders") == []


# --- renewal ---------------------------------------------------------------------------------------------------------


async def test_a_renewed_authentication_certificate_opens_the_same_folder(
    adult: Visitor, machine: Machine, clock: Clock, card_keys: CardKeys, data: Path
) -> None:
    await adult.come_in()
    clock.turn(days=1)
    adult.card = await renewed(machine, adult.card, card_keys, AUTH)
    again = (await adult.sign_in()).json()
    assert (again["kind"], again["card_new"], again["last_sign_in"]["place"]) == ("signed_in", True, "このテレビ")
    assert (await adult.sign_in()).json()["card_new"] is False, "said once"
    assert rows(data, "SELECT serial FROM certificates") == [(adult.card.serial,)]


async def test_a_renewed_signature_certificate_changes_nothing(
    adult: Visitor, machine: Machine, clock: Clock, card_keys: CardKeys
) -> None:
    await adult.come_in()
    clock.turn(days=1)
    await renewed(machine, adult.card, card_keys, SIGN)
    again = (await adult.sign_in()).json()
    assert (again["kind"], again["card_new"]) == ("signed_in", False)


# --- 心当たりがない ---------------------------------------------------------------------------------------------------


async def test_a_blocked_folder_lets_nobody_in_until_the_counter_opens_it(
    adult: Visitor, people: httpx.AsyncClient, machine: Machine
) -> None:
    await adult.come_in()
    other = Visitor(people, adult.card)
    await other.sign_in("どこか")
    assert (await adult.post("/blocks", {})).status_code == 204
    for visitor in (adult, other):
        assert problem(await visitor.get("/notices")) == (401, "session_unknown"), "all of its sessions have ended"
    assert problem(await adult.sign_in()) == (403, "folder_blocked")
    release = wire.CounterRelease(certificate=b64encode(adult.card.der).decode())
    assert problem(await post(machine, "/portal/counter-releases", release, by="mihon-life")) == (403, "not_allowed")
    assert (await post(machine, "/portal/counter-releases", release)).status_code == 204
    assert (await adult.sign_in()).json()["last_sign_in"]["place"] == "どこか"


async def test_another_folder_is_not_blocked(adult: Visitor, people: httpx.AsyncClient, card: Cards) -> None:
    other = Visitor(people, card("first"))
    await other.come_in()
    await adult.come_in()
    await adult.post("/blocks", {})
    assert (await other.get("/notices")).status_code == 200
    assert (await other.sign_in()).json()["kind"] == "signed_in"


async def test_a_stranger_releases_nothing(adult: Visitor, machine: Machine) -> None:
    release = wire.CounterRelease(certificate=b64encode(adult.card.der).decode())
    assert problem(await post(machine, "/portal/counter-releases", release)) == (404, "not_found")


async def test_the_history_has_pages(adult: Visitor, clock: Clock) -> None:
    await adult.come_in()
    for number in range(PAGE):
        clock.turn(days=1)
        await adult.sign_in(f"{number}番の窓口")
    first, second = [(await adult.get(f"/sign-ins/{page}")).json() for page in (0, 1)]
    assert [one["place"] for one in first["sign_ins"]] == [f"{n}番の窓口" for n in reversed(range(PAGE))]
    assert ([one["place"] for one in second["sign_ins"]], second["more"]) == (["このテレビ"], False)
    assert first["more"] is True
    for page in ("x", "-1", "99999", "１"):
        assert problem(await adult.get(f"/sign-ins/{page}")) == (404, "not_found")


async def test_a_sign_in_of_last_year_is_forgotten(adult: Visitor, clock: Clock) -> None:
    await adult.come_in()
    clock.turn(days=366)
    await adult.sign_in("窓口")
    assert [one["place"] for one in (await adult.get("/sign-ins/0")).json()["sign_ins"]] == ["窓口"]


# --- the end ---------------------------------------------------------------------------------------------------------


async def days_later(anybody: Visitor, clock: Clock, days: int) -> None:
    """With the first sign-in of a day, whoever's, the portal looks after its folders."""
    clock.turn(days=days)
    assert (await anybody.sign_in()).status_code == 200


@pytest.mark.parametrize("event", [wire.ResidentEvent.DIED, wire.ResidentEvent.LEFT])
async def test_a_folder_of_who_is_gone_is_closed_kept_and_then_nothing_is_left(
    adult: Visitor, people: httpx.AsyncClient, card: Cards, machine: Machine, clock: Clock, data: Path, town: Town,
    event: wire.ResidentEvent,
) -> None:  # fmt: skip
    await adult.come_in()
    anybody = Visitor(people, card("first"))
    company, *_ = town.companies
    counter = wire.CounterRegistration(certificate=b64encode(adult.card.der).decode(), partners=("mihon-life",))
    await post(machine, "/portal/counter-registrations", counter)
    await company.send(company.file.mailings[0])
    draft = wire.DraftSave(event="move", answers={"day": "2026-12-01"}, receivers=("midori-city",))
    assert (await adult.post("/drafts", draft)).status_code == 200
    ((folder_id, symbol),) = rows(data, "SELECT id, symbol FROM folders")

    await departs(machine, event, clock)
    await days_later(anybody, clock, 1)
    assert rows(data, "SELECT closed_at IS NULL FROM folders") == [(0,)]
    assert problem(await adult.sign_in()) == (403, "certificate_revoked")
    await days_later(anybody, clock, TERM.days - 1)
    assert rows(data, "SELECT id FROM folders") == [(folder_id,)], "kept for its term"

    await days_later(anybody, clock, 1)
    said = str([rows(data, f'SELECT * FROM "{table}"') for table in inspect_names(data)])  # noqa: S608
    for secret in (folder_id, symbol, "見本 花子", company.file.mailings[0].draft.title, adult.card.serial):
        assert str(secret) not in said


def inspect_names(data: Path) -> list[str]:
    engine = create_engine(f"sqlite:///{body_folder(data, 'portal') / 'portal.db'}")
    names = inspect(engine).get_table_names()
    engine.dispose()
    return names


def test_every_table_hangs_on_a_folder_or_holds_nothing_of_a_person() -> None:
    """What a new table keeps of a person has to lead to the folder by foreign keys, or it would outlive it."""
    reached = {"folders"}
    while (
        more := {
            table.name
            for table in TABLES.sorted_tables
            if {key.column.table.name for key in table.foreign_keys} & reached
        }
        - reached
    ):
        reached |= more
    assert set(TABLES.tables) - reached == {"symbols_beside", "heard"}


async def test_who_comes_back_finds_the_folder(
    adult: Visitor, people: httpx.AsyncClient, card: Cards, machine: Machine, clock: Clock, data: Path
) -> None:
    await adult.come_in()
    engine = create_engine(f"sqlite:///{body_folder(data, 'portal') / 'portal.db'}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE folders SET closed_at = :at"), {"at": clock().isoformat()})
    engine.dispose()
    clock.turn(seconds=1)
    back = Visitor(people, card("adult", "back"))
    assert (await back.come_in()).json()["card_new"] is True
    assert rows(data, "SELECT closed_at FROM folders") == [(None,)]


async def test_a_new_name_greets(
    adult: Visitor,
    people: httpx.AsyncClient,
    card: Cards,
    machine: Machine,
    clock: Clock,
    residents: tuple[object, ...],
) -> None:
    await adult.come_in()
    items = next(one.items for one in residents if one.id == "adult")  # type: ignore[attr-defined]
    married = msgspec.structs.replace(items, name="試験 花子")
    change = wire.ResidentChange(reference="adult", event=wire.ResidentEvent.CHANGED, at=clock(), items=married)
    assert (await post(machine, "/authority/resident-changes", change)).status_code == 204
    clock.turn(days=1)
    assert (await adult.sign_in()).json()["name"] == "試験 花子"


async def test_without_the_authority_the_caretaker_does_it_tomorrow(clock: Clock) -> None:

    class Neighbours:
        asked = 0

        async def changes(self, _after: int, _trace_id: str) -> wire.PersonChanges:
            self.asked += 1
            raise Refusal("peer_unavailable")

    class Folders:
        def heard(self) -> int:
            return 0

    class Notices:
        def expire(self, _now: datetime) -> None:
            pass

    class SignIns:
        def forget(self, _now: datetime) -> None:
            pass

    neighbours = Neighbours()
    caretaker = Caretaker(Folders(), Notices(), neighbours, SignIns())  # type: ignore[arg-type]
    for days in (0, 0, 1):
        clock.turn(days=days)
        await caretaker.keep_up(clock())
    assert neighbours.asked == 2
