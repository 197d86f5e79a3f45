"""Who a person is: matching, confirming, one-time numbers and pseudonyms."""

from __future__ import annotations

from base64 import b64decode
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from authority_kit import Office, open_office
from backend_kit import Cards, Clock, Machine
from cryptography.x509 import ReasonFlags, load_der_x509_certificate
from sqlalchemy import Engine, create_engine, text
from stdnum.jp import in_

from backend_client.wire import AcquisitionNumber, IdentityRequest, Link, MatchRequest
from backend_stub.authority.revocation import revoke
from backend_stub.people import Resident, load_residents
from backend_stub.people.codes import municipality_check_digit, new_resident_code, resident_check_digit
from backend_stub.town import body_folder

ADULT, FIRST = (next(r for r in load_residents() if r.id == name) for name in ("adult", "first"))


def database(data: Path) -> Engine:
    return create_engine(f"sqlite:///{body_folder(data, 'authority') / 'authority.db'}")


async def post(client: httpx.AsyncClient, path: str, message: object) -> tuple[int, Any]:
    answer = await client.post(f"/authority{path}", content=msgspec.json.encode(message))
    return answer.status_code, answer.json()


async def number_for(machine: Machine, body: str, resident: Resident = ADULT) -> AcquisitionNumber:
    status, answer = await post(machine(body), "/acquisitions", MatchRequest(items=resident.items))
    assert status == 200
    return AcquisitionNumber(number=answer["number"])


async def person_of(machine: Machine, number: AcquisitionNumber) -> Any:
    status, answer = await post(machine("gateway"), "/links", number)
    assert status == 200
    return answer


async def _person(office: Office) -> str:
    number = await office.ask("midori-tax", "/acquisitions", MatchRequest(items=ADULT.items), AcquisitionNumber)
    link: Link = await office.ask("gateway", "/links", number, Link)
    return link.person


async def test_a_number_names_its_person_once_and_for_its_body(machine: Machine) -> None:
    number = await number_for(machine, "midori-tax")
    link = await person_of(machine, number)
    assert len(b64decode(link["person"])) == 12
    assert link["for_body"] == "midori-tax"
    status, problem = await post(machine("gateway"), "/links", number)
    assert (status, problem["code"]) == (409, "acquisition_unknown")


async def test_the_pseudonym_is_the_same_by_every_way_and_differs_by_person(machine: Machine, card: Cards) -> None:
    by_items = await person_of(machine, await number_for(machine, "midori-tax"))
    request = IdentityRequest(certificate_serial=card("adult").serial)
    _, identity = await post(machine("portal"), "/confirmations", request)
    by_card = await person_of(machine, AcquisitionNumber(number=identity["acquisition"]["number"]))
    other = await person_of(machine, await number_for(machine, "midori-tax", FIRST))
    assert by_card == {"person": by_items["person"], "for_body": "portal"}
    assert other["person"] != by_items["person"]


async def test_the_pseudonym_survives_a_restart_and_hangs_on_the_key(
    machine: Machine, data: Path, residents: tuple[Resident, ...], clock: Clock
) -> None:
    before = await person_of(machine, await number_for(machine, "midori-tax"))
    again = open_office(data, residents, clock)
    assert await _person(again) == before["person"]
    (body_folder(data, "authority") / "pseudonym.key").write_bytes(bytes(32))
    other = open_office(data, residents, clock)
    assert await _person(other) != before["person"]


async def test_a_number_does_not_keep(machine: Machine, clock: Clock) -> None:
    number = await number_for(machine, "midori-tax")
    clock.turn(minutes=10, seconds=1)
    status, problem = await post(machine("gateway"), "/links", number)
    assert (status, problem["code"]) == (409, "acquisition_unknown")


async def test_spaces_and_widths_do_not_hinder_a_match(machine: Machine) -> None:
    items = msgspec.structs.replace(ADULT.items, name="見本　花子", address=ADULT.address.replace("2", "２"))
    status, _ = await post(machine("midori-city"), "/acquisitions", MatchRequest(items=items))
    assert status == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "見本 花代"},
        {"address": ADULT.address + "1"},
        {"birth_date": FIRST.birth_date},
        {"sex": "1"},
    ],
)
async def test_one_item_that_differs_matches_nobody(machine: Machine, changes: dict[str, Any]) -> None:
    items = msgspec.structs.replace(ADULT.items, **changes)
    status, problem = await post(machine("midori-city"), "/acquisitions", MatchRequest(items=items))
    assert (status, problem["code"]) == (404, "no_match")


async def test_a_verifier_learns_who_holds_a_certificate(machine: Machine, card: Cards) -> None:
    request = IdentityRequest(certificate_serial=card("adult").serial)
    status, identity = await post(machine("portal"), "/confirmations", request)
    assert status == 200
    assert identity["items"] == msgspec.to_builtins(ADULT.items)


@pytest.mark.parametrize(("resident", "code"), [("revoked", "certificate_revoked"), ("expired", "certificate_expired")])
async def test_a_certificate_that_does_not_stand_confirms_nobody(
    machine: Machine, card: Cards, resident: str, code: str
) -> None:
    request = IdentityRequest(certificate_serial=card(resident).serial)
    _, problem = await post(machine("portal"), "/confirmations", request)
    assert (problem["code"], problem["origin"]) == (code, "authority")


async def test_unknown_serial_numbers_and_those_of_signature_certificates_confirm_nobody(
    machine: Machine, card: Cards
) -> None:
    sign = load_der_x509_certificate((card("adult").folder / "sign.cer").read_bytes())
    for serial in ("1", str(sign.serial_number)):
        status, problem = await post(machine("portal"), "/confirmations", IdentityRequest(certificate_serial=serial))
        assert (status, problem["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        ("/acquisitions", "portal", MatchRequest(items=ADULT.items)),
        ("/acquisitions", "gateway", MatchRequest(items=ADULT.items)),
        ("/links", "portal", AcquisitionNumber(number="1")),
        ("/links", "midori-city", AcquisitionNumber(number="1")),
        ("/confirmations", "gateway", IdentityRequest(certificate_serial="1")),
        ("/confirmations", "midori-city", IdentityRequest(certificate_serial="1")),
    ],
)
async def test_nobody_asks_what_is_not_theirs_to_ask(
    machine: Machine, people: httpx.AsyncClient, path: str, body: str, message: object
) -> None:
    status, problem = await post(machine(body), path, message)
    assert (status, problem["code"]) == (403, "not_allowed")
    status, problem = await post(people, path, message)
    assert (status, problem["code"]) == (401, "machine_unknown")


async def test_all_that_is_done_about_a_person_leaves_a_trace(
    machine: Machine, card: Cards, data: Path, clock: Clock
) -> None:
    adult = card("adult")
    await person_of(machine, await number_for(machine, "midori-tax"))
    await post(machine("portal"), "/confirmations", IdentityRequest(certificate_serial=adult.serial))
    revoke(database(data), int(adult.serial), ReasonFlags.superseded, clock())
    with database(data).connect() as connection:
        traces = connection.execute(text("SELECT act, machine, resident_id FROM audit")).all()
    assert sorted(traces) == [
        ("acquisition", "midori-tax", "adult"),
        ("confirmation", "portal", "adult"),
        ("issued auth", "authority", "adult"),
        ("issued sign", "authority", "adult"),
        ("link", "gateway", "adult"),
        ("revoked auth", "authority", "adult"),
    ]


async def test_the_database_holds_no_number_that_can_be_used_and_no_address(machine: Machine, data: Path) -> None:
    number = await number_for(machine, "midori-tax")
    stored = b"".join(path.read_bytes() for path in body_folder(data, "authority").glob("authority.db*"))
    assert b"midori-tax" in stored
    for secret in (number.number, ADULT.name, ADULT.address):
        assert secret.encode() not in stored


async def test_the_ca_certificates_are_public(people: httpx.AsyncClient, card: Cards) -> None:
    folder = card("adult").folder
    for name in ("auth", "sign"):
        answer = await people.get(f"/authority/ca/{name}.cer")
        assert answer.headers["content-type"] == "application/pkix-cert"
        assert answer.content == (folder / f"{name}-ca.cer").read_bytes()


def test_residents_are_the_ones_agreed_on() -> None:
    residents = {r.id: r for r in load_residents()}
    assert list(residents) == [
        "adult", "first", "last-try", "blocked", "expired", "not-yet", "revoked", "wrong-policy", "child", "no-pin",
        "foreign-resident", "long-name", "renewed", "old", "p384",
    ]  # fmt: skip
    assert (residents["adult"].name, residents["adult"].at_counter) == ("見本 花子", True)
    assert residents["adult"].partners == ("mihon-life", "health")
    assert not any(r.at_counter for r in residents.values() if r.id != "adult")


@pytest.mark.parametrize(("digits", "check"), [("13101", 6), ("13221", 7), ("01100", 2), ("99001", 9)])
def test_municipality_codes_have_their_check_digit(digits: str, check: int) -> None:
    assert municipality_check_digit(digits) == check


def test_resident_codes_check_like_individual_numbers() -> None:
    for number in range(0, 10**10, 123_456_789):
        digits = f"{number:010d}"
        assert str(resident_check_digit(digits)) == in_.calc_check_digit("0" + digits)
    assert new_resident_code(lambda below: 42 % below) == "0000000042" + str(resident_check_digit("0000000042"))


def test_residents_that_contradict_themselves_are_refused(tmp_path: Path) -> None:
    good = (
        '[[municipality]]\ncode = "990019"\nprefecture = "p"\nname = "n"\nprefecture_romaji = "p"\nromaji = "n"\n'
        'counter = "c"\n'
    )
    person = (
        '[[resident]]\nid = "a"\nname = "n"\nkana = "n"\nbirth_date = 1944-05-03\nsex = "2"\naddress = "a"\n'
        'municipality_code = "990019"\n'
    )
    path = tmp_path / "residents.toml"
    path.write_text(good + person)
    assert [r.id for r in load_residents(path)] == ["a"]
    for bad in (
        good.replace("990019", "990018") + person,
        good + person + person,
        person.replace("990019", "0") + good,
    ):
        path.write_text(bad)
        with pytest.raises(ValueError, match=r"municipality|twice"):
            load_residents(path)
