"""Coming in and leaving: challenge, sign-in, registration, session."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import httpx
import msgspec
import pytest
from backend_kit import ORIGIN, Cards, Clock, Machine, Visitor, problem, registration, unplug
from cryptography.x509 import ReasonFlags
from sqlalchemy import create_engine

from backend_client.wire import CounterRegistration, SignIn
from backend_stub.authority.lifecycle import RELEASE, STOP, act, find
from backend_stub.authority.profile import Kind
from backend_stub.authority.revocation import revoke
from backend_stub.body import Refusal
from backend_stub.sessions import Sessions, Tickets
from backend_stub.town import Town, body_folder


@pytest.fixture
def adult(people: httpx.AsyncClient, card: Cards) -> Visitor:
    return Visitor(people, card("adult"))


async def open_at_counter(machine: Machine, der: bytes, *partners: str, by: str = "midori-city") -> httpx.Response:
    request = CounterRegistration(certificate=b64encode(der).decode(), partners=partners)
    return await machine(by).post("/portal/counter-registrations", content=msgspec.json.encode(request))


async def test_the_first_visit_opens_the_folder_and_the_next_tells_of_it(adult: Visitor, clock: Clock) -> None:
    first = await adult.sign_in()
    assert (first.status_code, first.json()["kind"]) == (200, "not_registered")
    opened = await adult.post("/registrations", await registration(adult.card, first.json()["ticket"], "市役所の窓口"))
    assert opened.json() | {"session": ""} == {
        "kind": "signed_in", "session": "", "lifetime_s": 600, "name": "見本 花子", "last_sign_in": None,
        "unread_notices": 0, "card_new": False, "acts_for_others": False,
    }  # fmt: skip
    clock.turn(days=1)
    again = await adult.sign_in()
    assert again.json()["last_sign_in"] == {"at": "2026-11-21T00:00:00Z", "place": "市役所の窓口"}
    clock.turn(days=1)
    assert (await adult.sign_in()).json()["last_sign_in"] == {"at": "2026-11-22T00:00:00Z", "place": "このテレビ"}


@pytest.mark.parametrize(
    ("resident", "code"),
    [
        ("expired", "certificate_expired"),
        ("not-yet", "certificate_not_yet_valid"),
        ("revoked", "certificate_revoked"),
        ("wrong-policy", "certificate_policy"),
    ],
)
async def test_each_flaw_of_a_card_is_named(people: httpx.AsyncClient, card: Cards, resident: str, code: str) -> None:
    assert problem(await Visitor(people, card(resident)).sign_in()) == (403, code)


async def test_a_token_is_taken_once(adult: Visitor) -> None:
    nonce = await adult.nonce()
    message = SignIn(nonce=nonce, token=adult.card.token(nonce), place="このテレビ")
    assert (await adult.post("/sign-in", message)).status_code == 200
    assert problem(await adult.post("/sign-in", message)) == (409, "challenge_unknown")


async def test_a_challenge_is_used_up_by_whatever_comes(adult: Visitor) -> None:
    nonce = await adult.nonce()
    bad = adult.card.token(nonce, algorithm="none")
    assert problem(await adult.post("/sign-in", SignIn(nonce=nonce, token=bad, place="p"))) == (401, "token_invalid")
    good = SignIn(nonce=nonce, token=adult.card.token(nonce), place="p")
    assert problem(await adult.post("/sign-in", good)) == (409, "challenge_unknown")


async def test_a_challenge_grows_stale(adult: Visitor, clock: Clock) -> None:
    nonce = await adult.nonce()
    clock.turn(minutes=5, seconds=1)
    message = SignIn(nonce=nonce, token=adult.card.token(nonce), place="このテレビ")
    assert problem(await adult.post("/sign-in", message)) == (409, "challenge_stale")


async def test_a_token_for_another_origin_or_challenge_is_refused(adult: Visitor) -> None:
    for origin, signed in (("https://evil.test", ""), (ORIGIN, "b3RoZXI=")):
        nonce = await adult.nonce()
        message = SignIn(nonce=nonce, token=adult.card.token(signed or nonce, origin), place="このテレビ")
        assert problem(await adult.post("/sign-in", message)) == (401, "token_invalid")


@pytest.mark.parametrize("place", ["", "あ" * 51])
async def test_a_place_has_a_name_and_not_a_novel(adult: Visitor, place: str) -> None:
    await adult.come_in()
    assert problem(await adult.sign_in(place)) == (400, "bad_request")


async def test_a_card_revoked_after_registration_opens_nothing(adult: Visitor, data: Path, clock: Clock) -> None:
    await adult.come_in()
    database = create_engine(f"sqlite:///{body_folder(data, 'authority') / 'authority.db'}")
    revoke(database, int(adult.card.serial), ReasonFlags.key_compromise, clock())
    assert problem(await adult.sign_in()) == (403, "certificate_revoked")


async def test_a_card_revoked_since_the_list_was_asked_for_opens_nothing_after_five_seconds(
    adult: Visitor, data: Path, clock: Clock
) -> None:
    await adult.come_in()
    await adult.sign_in()
    database = create_engine(f"sqlite:///{body_folder(data, 'authority') / 'authority.db'}")
    revoke(database, int(adult.card.serial), ReasonFlags.key_compromise, clock())
    clock.turn(seconds=3)
    assert (await adult.sign_in()).json()["kind"] == "signed_in", "decision 0038"
    clock.turn(seconds=2)
    for _ in range(2):
        assert problem(await adult.sign_in()) == (403, "certificate_revoked")


async def test_a_stopped_card_opens_nothing_until_it_is_released(adult: Visitor, data: Path, clock: Clock) -> None:
    await adult.come_in()
    await adult.sign_in()
    database = create_engine(f"sqlite:///{body_folder(data, 'authority') / 'authority.db'}")
    for what, status in ((STOP, 403), (RELEASE, 200), (STOP, 403)):
        with database.begin() as connection:
            act(connection, find(connection, Kind.AUTHENTICATION, adult.card.serial), what, clock())
        clock.turn(seconds=5)
        assert (await adult.sign_in()).status_code == status


async def test_a_certificate_without_a_folder_is_asked_about_each_time(
    adult: Visitor, people: httpx.AsyncClient, card: Cards, data: Path, clock: Clock
) -> None:
    newcomer = Visitor(people, card("first"))
    await adult.come_in()
    await adult.sign_in()  # from here on there is a list
    assert (await newcomer.sign_in()).json()["kind"] == "not_registered"
    database = create_engine(f"sqlite:///{body_folder(data, 'authority') / 'authority.db'}")
    revoke(database, int(newcomer.card.serial), ReasonFlags.key_compromise, clock())
    assert problem(await newcomer.sign_in()) == (403, "certificate_revoked")


async def test_a_card_revoked_between_ticket_and_registration_opens_nothing(
    adult: Visitor, data: Path, clock: Clock
) -> None:
    ticket = (await adult.sign_in()).json()["ticket"]
    database = create_engine(f"sqlite:///{body_folder(data, 'authority') / 'authority.db'}")
    revoke(database, int(adult.card.serial), ReasonFlags.key_compromise, clock())
    refused = await adult.post("/registrations", await registration(adult.card, ticket))
    assert problem(refused) == (403, "certificate_revoked")
    assert refused.json()["origin"] == "authority"


async def test_without_the_authority_nobody_signs_in(adult: Visitor, town: Town) -> None:
    await adult.come_in()
    unplug(town, "/authority")
    refused = await adult.sign_in()
    assert problem(refused) == (502, "peer_unavailable")
    assert refused.json()["origin"] == "authority"


async def test_the_list_counts_for_fifteen_seconds_without_the_authority(
    adult: Visitor, town: Town, clock: Clock
) -> None:
    await adult.come_in()
    await adult.sign_in()
    plug_in = unplug(town, "/authority")
    clock.turn(seconds=14)
    assert (await adult.sign_in()).json()["kind"] == "signed_in"
    clock.turn(seconds=1)
    assert problem(await adult.sign_in()) == (502, "peer_unavailable")
    plug_in()
    clock.turn(seconds=5)
    assert (await adult.sign_in()).json()["kind"] == "signed_in"


async def test_without_the_gateway_one_signs_in_but_registers_not(
    adult: Visitor, town: Town, people: httpx.AsyncClient, card: Cards
) -> None:
    await adult.come_in()
    newcomer = Visitor(people, card("first"))
    unplug(town, "/gateway")
    assert (await adult.sign_in()).json()["kind"] == "signed_in"
    ticket = (await newcomer.sign_in()).json()["ticket"]
    refused = await newcomer.post("/registrations", await registration(newcomer.card, ticket))
    assert problem(refused) == (502, "peer_unavailable")
    assert (await newcomer.sign_in()).json()["kind"] == "not_registered"


async def test_a_ticket_serves_once_and_not_for_long(adult: Visitor, clock: Clock) -> None:
    used = (await adult.sign_in()).json()["ticket"]
    late = (await adult.sign_in()).json()["ticket"]
    assert (await adult.post("/registrations", await registration(adult.card, used))).status_code == 200
    clock.turn(minutes=5, seconds=1)
    for ticket in (used, late, "never-given"):
        refused = await adult.post("/registrations", await registration(adult.card, ticket))
        assert problem(refused) == (409, "ticket_unknown")


async def test_a_new_card_of_the_same_person_opens_the_same_folder(
    people: httpx.AsyncClient, card: Cards, machine: Machine, town: Town, clock: Clock
) -> None:
    old = Visitor(people, card("adult", "old"))
    await open_at_counter(machine, old.card.der, "mihon-life")
    company, *_ = town.companies
    await company.send(company.file.mailings[0])
    clock.turn(seconds=1)
    new = Visitor(people, card("adult", "new"))
    assert (await new.sign_in()).json()["kind"] == "not_registered"
    first = (await new.come_in()).json()
    assert (first["unread_notices"], first["card_new"]) == (1, True)
    assert (await new.sign_in()).json()["card_new"] is False, "said once"
    assert (await old.sign_in()).json()["last_sign_in"] is not None
    assert await old.titles() == await new.titles() == [company.file.mailings[0].draft.title]


async def test_a_session_lives_while_it_is_used(adult: Visitor, clock: Clock) -> None:
    await adult.come_in()
    for _ in range(3):
        clock.turn(minutes=9)
        assert (await adult.get("/notices")).status_code == 200
    clock.turn(minutes=10, seconds=1)
    assert problem(await adult.get("/notices")) == (401, "session_unknown")


async def test_after_signing_out_the_session_is_gone(adult: Visitor) -> None:
    await adult.come_in()
    for _ in range(2):  # quiet the second time, too
        assert (await adult.post("/sign-out", {})).status_code == 204
        for path in ("/notices", "/notices/1", "/records"):
            assert problem(await adult.get(path)) == (401, "session_unknown")


@pytest.mark.parametrize("token", ["", "x", "é" * 20])
async def test_no_session_shows_nothing(people: httpx.AsyncClient, adult: Visitor, token: str) -> None:
    await adult.come_in()
    headers = {b"authorization": f"Bearer {token}".encode()}
    for path in ("/notices", "/notices/1", "/records"):
        assert problem(await people.get(f"/portal{path}", headers=headers)) == (401, "session_unknown")


async def test_a_ticket_is_no_session_and_a_session_no_ticket(adult: Visitor) -> None:
    adult.session = (await adult.sign_in()).json()["ticket"]
    assert problem(await adult.get("/notices")) == (401, "session_unknown")
    await adult.come_in()
    refused = await adult.post("/registrations", await registration(adult.card, adult.session))
    assert problem(refused) == (409, "ticket_unknown")


async def test_who_registered_at_the_counter_is_signed_in_at_once(
    adult: Visitor, machine: Machine, card: Cards
) -> None:
    for _ in range(2):  # the counter may be told twice
        assert (await open_at_counter(machine, adult.card.der, "mihon-life")).status_code == 204
    signed_in = await adult.sign_in()
    assert (signed_in.json()["kind"], signed_in.json()["last_sign_in"]) == ("signed_in", None)
    handles = await machine("mihon-life").get("/portal/partner-handles")
    assert len(handles.json()["handles"]) == 1


@pytest.mark.parametrize(
    ("resident", "code"),
    [
        ("expired", "certificate_expired"),
        ("not-yet", "certificate_not_yet_valid"),
        ("revoked", "certificate_revoked"),
        ("wrong-policy", "certificate_policy"),
    ],
)
async def test_the_counter_opens_nothing_for_a_bad_card(
    machine: Machine, card: Cards, resident: str, code: str
) -> None:
    assert problem(await open_at_counter(machine, card(resident).der)) == (403, code)
    assert problem(await open_at_counter(machine, card("adult").der[:-1])) == (403, "certificate_untrusted")


async def test_only_a_municipality_has_a_counter(machine: Machine, people: httpx.AsyncClient, card: Cards) -> None:
    der = card("adult").der
    refused = await people.post("/portal/counter-registrations", content=b"{}")
    assert problem(refused) == (401, "machine_unknown")
    for body in ("mihon-life", "gateway", "midori-tax"):
        assert problem(await open_at_counter(machine, der, by=body)) == (403, "not_allowed")


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b'{"nonce": 1}', b"\xff", b'{"nonce":"a","token":{},"place":"p"}']
)
async def test_what_cannot_be_read_is_a_bad_request(people: httpx.AsyncClient, content: bytes) -> None:
    assert problem(await people.post("/portal/sign-in", content=content)) == (400, "bad_request")


def test_sessions_and_tickets_are_bounded(clock: Clock) -> None:
    sessions, tickets = Sessions(most=2), Tickets(most=2)
    tokens = [sessions.open(f"folder {n}", clock()) for n in range(3)]
    given = [tickets.give(f"serial {n}", clock()) for n in range(3)]
    with pytest.raises(Refusal, match="session_unknown"):
        sessions.owner(tokens[0], clock())
    with pytest.raises(Refusal, match="ticket_unknown"):
        tickets.take(given[0], clock())
    assert [sessions.owner(token, clock()) for token in tokens[1:]] == ["folder 1", "folder 2"]
    assert [tickets.take(ticket, clock()) for ticket in given[1:]] == ["serial 1", "serial 2"]


def test_the_session_in_use_outlives_the_idle_one(clock: Clock) -> None:
    sessions = Sessions(most=2)
    used, idle = sessions.open("used", clock()), sessions.open("idle", clock())
    sessions.owner(used, clock())
    sessions.open("new", clock())
    assert sessions.owner(used, clock()) == "used"
    with pytest.raises(Refusal, match="session_unknown"):
        sessions.owner(idle, clock())
