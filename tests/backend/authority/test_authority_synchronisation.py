"""Agencies hear what became of their own people, and of nobody else; nothing in it fits what another agency hears."""

from __future__ import annotations

import pytest
from authority_kit import Office
from backend_kit import START, Cards, Clock
from counter_kit import ADULT, FIRST, ended, moved

from backend_client.wire import (
    AcquisitionNumber,
    Identity,
    IdentityRequest,
    MatchRequest,
    PersonChanges,
    ResidentEvent,
    Synchronisation,
)
from backend_stub.people import Resident


async def acquire(office: Office, machine: str, resident: Resident = ADULT) -> str:
    message = MatchRequest(items=resident.items)
    number: AcquisitionNumber = await office.ask(machine, "/acquisitions", message, AcquisitionNumber)
    return number.handle


async def heard(office: Office, machine: str, after: int = 0, limit: int = 1000) -> PersonChanges:
    message = Synchronisation(after=after, limit=limit)
    answer: PersonChanges = await office.ask(machine, "/synchronisations", message, PersonChanges)
    return answer


async def test_an_agency_hears_of_its_own_people_once(office: Office, clock: Clock) -> None:
    handle = await acquire(office, "midori-tax")
    await acquire(office, "midori-care", FIRST)
    clock.turn(hours=16)  # in Japan it is the next day
    await office.ask("midori-city", "/resident-changes", moved(clock()), None)
    (change,) = (answer := await heard(office, "midori-tax")).changes
    assert (change.handle, change.event, change.on.isoformat()) == (handle, ResidentEvent.CHANGED, "2026-11-22")
    assert change.items is not None
    assert change.items.address == "みほん県みどり市例示台九丁目9番9号"
    assert (answer.cursor, answer.more) == (1, False)
    assert await heard(office, "midori-tax", answer.cursor) == PersonChanges(changes=(), cursor=1, more=False)
    assert (await heard(office, "midori-care")).changes == ()


async def test_who_has_died_is_told_without_items(office: Office) -> None:
    await acquire(office, "midori-tax")
    await office.ask("midori-city", "/resident-changes", moved(START), None)
    await office.ask("midori-city", "/resident-changes", ended(START, ResidentEvent.DIED), None)
    changes = (await heard(office, "midori-tax")).changes
    assert [(one.event, one.items) for one in changes] == [(ResidentEvent.CHANGED, None), (ResidentEvent.DIED, None)]


async def test_pages_leave_nothing_out_and_nothing_twice(office: Office) -> None:
    people = [await acquire(office, "midori-tax", one) for one in (ADULT, FIRST)]
    for number in range(5):
        for one in (ADULT, FIRST):
            await office.ask("midori-city", "/resident-changes", moved(START, one, address=f"仮名通{number}番"), None)
    handles, after, more = [], 0, True
    while more:
        page = await heard(office, "midori-tax", after, limit=3)
        handles += [one.handle for one in page.changes]
        after, more = page.cursor, page.more
    assert handles == people * 5


async def test_nothing_that_two_agencies_hear_fits_together_but_the_items(office: Office) -> None:
    await acquire(office, "midori-care", FIRST)
    handles = [await acquire(office, machine) for machine in ("midori-tax", "midori-care", "midori-tax")]
    assert handles[0] == handles[2] != handles[1]
    for one in (FIRST, ADULT):
        await office.ask("midori-city", "/resident-changes", moved(START, one), None)
    assert [(await heard(office, machine)).cursor for machine in ("midori-tax", "midori-care")] == [1, 2]


async def test_a_verifier_that_got_a_number_by_a_card_hears_too(office: Office, card: Cards) -> None:
    request = IdentityRequest(certificate_serial=card("adult").serial)
    identity: Identity = await office.ask("portal", "/confirmations", request, Identity)
    await office.ask("midori-city", "/resident-changes", moved(START), None)
    (change,) = (await heard(office, "portal")).changes
    assert change.handle == identity.acquisition.handle


@pytest.mark.parametrize(
    "message", [{"after": -1}, {"after": 0, "limit": 0}, {"after": 0, "limit": 1001}, {"after": "x"}]
)
async def test_cursors_that_are_none(office: Office, message: dict[str, object]) -> None:
    assert await office.refused("midori-tax", "/synchronisations", message) == "bad_request"


async def test_who_holds_nobody_hears_nothing(office: Office) -> None:
    message = Synchronisation(after=0)
    assert await office.refused("gateway", "/synchronisations", message) == "not_allowed"
    assert await office.refused("", "/synchronisations", message) == "machine_unknown"
