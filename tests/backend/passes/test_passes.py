"""Passes: one minute, one service, once; a handle for each service, and a serial for verifiers alone."""

from __future__ import annotations

from base64 import b64decode, b64encode
from pathlib import Path

import httpx
import msgspec
import pytest
from backend_kit import ORIGIN, Cards, Clock, Visitor, problem
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from guest_kit import Guest

from backend_client.wire import Pass, PassRequest
from backend_stub.passes import DOMAIN, LIFETIME, Statement, write_pass
from backend_stub.people import Resident
from backend_stub.setups import body_folder, machine_key
from backend_stub.town import Town, build_town

HEALTH, FACILITIES = ("health", "/health-book"), ("facilities", "/facilities")


@pytest.fixture
async def adult(people: httpx.AsyncClient, card: Cards) -> Visitor:
    visitor = Visitor(people, card("adult"))
    await visitor.come_in()
    return visitor


@pytest.fixture
def portal_key(data: Path, town: Town) -> Ed25519PrivateKey:
    return machine_key(body_folder(data, "portal"))


def read(shown: Pass) -> Statement:
    return msgspec.msgpack.decode(b64decode(shown.statement), type=Statement)


def rewritten(shown: Pass, key: Ed25519PrivateKey, **changes: object) -> Pass:
    """The same statement but for `changes`, signed by `key`."""
    return write_pass(msgspec.structs.replace(read(shown), **changes), key.sign)


async def test_a_pass_lets_in_without_card_or_pin(adult: Visitor) -> None:
    guest = Guest(adult, *HEALTH)
    entered = await guest.enter(await guest.pass_for())
    assert (entered.status_code, entered.json()["lifetime_s"]) == (200, 600)
    guest.session = entered.json()["session"]
    assert (await guest.get("/steps")).status_code == 200


async def test_a_pass_is_for_who_is_signed_in_and_for_a_service(adult: Visitor, people: httpx.AsyncClient) -> None:
    for service in ("portal", "gateway", "nobody"):
        assert problem(await adult.post("/passes", PassRequest(service=service))) == (404, "not_found")
    adult.session = "another"
    assert problem(await adult.post("/passes", PassRequest(service="health"))) == (401, "session_unknown")


async def test_what_the_portal_did_not_write_opens_nothing(adult: Visitor, portal_key: Ed25519PrivateKey) -> None:
    guest = Guest(adult, *HEALTH)
    shown = await guest.pass_for()
    text = b64decode(shown.statement)
    other = write_pass(msgspec.structs.replace(read(shown), handle="another"), portal_key.sign)
    forged = (
        rewritten(shown, Ed25519PrivateKey.generate()),
        msgspec.structs.replace(shown, statement=other.statement),
        msgspec.structs.replace(shown, statement=b64encode(text[:-1]).decode()),
        msgspec.structs.replace(shown, signature=b64encode(portal_key.sign(text)).decode()),
        Pass(statement=b64encode(b"\xc1").decode(), signature=b64encode(portal_key.sign(DOMAIN + b"\xc1")).decode()),
    )
    for one in forged:
        assert problem(await guest.enter(one)) == (403, "pass_invalid")
    assert (await guest.enter(shown)).status_code == 200


async def test_a_pass_is_good_for_a_minute(adult: Visitor, clock: Clock) -> None:
    guest = Guest(adult, *HEALTH)
    in_time, late = await guest.pass_for(), await guest.pass_for()
    clock.turn(seconds=LIFETIME.total_seconds())
    assert (await guest.enter(in_time)).status_code == 200
    clock.turn(seconds=1)
    assert problem(await guest.enter(late)) == (403, "pass_late")


async def test_a_pass_for_one_service_opens_no_other(adult: Visitor) -> None:
    health, facilities = Guest(adult, *HEALTH), Guest(adult, *FACILITIES)
    assert problem(await facilities.enter(await health.pass_for())) == (403, "pass_invalid")
    await health.come_in()
    facilities.session = health.session
    assert problem(await facilities.get("/bookings")) == (401, "session_unknown")


async def test_a_pass_opens_once(adult: Visitor) -> None:
    guest = Guest(adult, *HEALTH)
    shown = await guest.pass_for()
    assert (await guest.enter(shown)).status_code == 200
    assert problem(await guest.enter(shown)) == (403, "pass_invalid")


async def test_a_pass_opens_once_also_after_a_restart(
    adult: Visitor, town: Town, data: Path, residents: tuple[Resident, ...], clock: Clock
) -> None:
    guest = Guest(adult, *HEALTH)
    used, unused = await guest.pass_for(), await guest.pass_for()
    assert (await guest.enter(used)).status_code == 200
    await town.close()
    again = build_town(data, (ORIGIN,), residents, clock)
    try:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(again.app), base_url=ORIGIN) as people:
            adult.people = people
            assert problem(await guest.enter(used)) == (403, "pass_invalid")
            assert (await guest.enter(unused)).status_code == 200
    finally:
        await again.close()


async def test_only_verifiers_learn_the_serial_of_the_certificate(adult: Visitor) -> None:
    guest = Guest(adult, *HEALTH)
    assert read(await guest.pass_for("health")).serial == ""
    assert read(await guest.pass_for("facilities")).serial == adult.card.serial


async def test_two_services_cannot_tell_that_they_know_the_same_person(adult: Visitor, card: Cards) -> None:
    other = Visitor(adult.people, card("first"))
    await other.come_in()
    handles = {
        (visitor, service): {read(await Guest(visitor, *HEALTH).pass_for(service)).handle for _ in range(2)}
        for visitor in (adult, other)
        for service in ("health", "facilities", "care")
    }
    assert all(len(same) == 1 for same in handles.values()), "a service knows its guest again"
    assert len(set.union(*handles.values())) == len(handles)
    assert all(handle.isascii() and len(handle) == 43 for (handle,) in handles.values()), "random, of 32 bytes"


async def test_leaving_ends_the_session(adult: Visitor) -> None:
    guest = await Guest(adult, *HEALTH).come_in()
    for _ in range(2):
        assert (await guest.post("/leave", None)).status_code == 204
        assert problem(await guest.get("/steps")) == (401, "session_unknown")


async def test_a_session_in_a_service_lives_while_it_is_used(adult: Visitor, clock: Clock) -> None:
    guest = await Guest(adult, *HEALTH).come_in()
    for _ in range(2):
        clock.turn(minutes=9)
        assert (await guest.get("/steps")).status_code == 200
    clock.turn(minutes=10, seconds=1)
    assert problem(await guest.get("/steps")) == (401, "session_unknown")
