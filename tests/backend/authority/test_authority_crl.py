"""Revocation lists: what is in them, how they follow one another, and how long a hundred thousand take."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from authority_kit import AT, Office, load, open_office, openssl, pem
from backend_kit import START, Cards, Clock
from cryptography import x509

from backend_stub.authority.crl import build
from backend_stub.authority.generations import CURRENT
from backend_stub.authority.keys import open_keys
from backend_stub.authority.lifecycle import RELEASE, REVOKE, STOP, act, find
from backend_stub.authority.profile import Kind
from backend_stub.authority.revocation import revoke
from backend_stub.authority.tables import issued
from backend_stub.people import Resident

Reason = x509.ReasonFlags
MANY = 100_000


async def fetch(office: Office, ca: str = "auth/3") -> x509.CertificateRevocationList:
    answer = await office.read("portal", f"/crl/{ca}")
    assert answer.status_code == 200, answer.text
    return x509.load_der_x509_crl(answer.content)


def number(crl: x509.CertificateRevocationList) -> int:
    return crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number


def reason(crl: x509.CertificateRevocationList, serial: int) -> Reason | None:
    entry = crl.get_revoked_certificate_by_serial_number(serial)
    if entry is None:
        return None
    return entry.extensions.get_extension_for_class(x509.CRLReason).value.reason if len(entry.extensions) else None


async def test_a_list_has_what_is_revoked_and_stopped_of_its_own_ca(office: Office, card: Cards, clock: Clock) -> None:
    gone, held, good, old = (card(name).certificate.serial_number for name in ("adult", "first", "child", "old"))
    revoke(office.database(), gone, Reason.key_compromise, clock())
    revoke(office.database(), old, Reason.superseded, clock())
    with office.database().begin() as connection:
        act(connection, find(connection, Kind.AUTHENTICATION, str(held)), STOP, clock())
    crl = await fetch(office)
    assert {one.serial_number for one in crl} == {gone, held}
    assert (reason(crl, gone), reason(crl, held)) == (Reason.key_compromise, Reason.certificate_hold)
    assert good not in {one.serial_number for one in crl}
    assert {one.serial_number for one in await fetch(office, "auth/2")} == {old}
    assert (crl.last_update_utc, crl.next_update_utc) == (START, START + timedelta(hours=2))


async def test_a_list_keeps_for_an_hour_and_the_next_has_the_next_number(
    office: Office, card: Cards, clock: Clock, data: Path, residents: tuple[Resident, ...]
) -> None:
    card("adult")
    first = await fetch(office)
    clock.turn(minutes=59)
    assert await fetch(office) == first
    clock.turn(minutes=1)
    second = await fetch(office)
    assert (number(first), number(second)) == (1, 2)
    again = open_office(data, residents, clock)
    assert await fetch(again) == second, "kept across a restart"
    clock.turn(hours=1)
    assert number(await fetch(again)) == 3


async def test_the_list_of_the_ca_is_made_anew_when_a_certificate_changes(
    office: Office, card: Cards, clock: Clock
) -> None:
    serial = card("adult").certificate.serial_number
    other = await fetch(office, "auth/2")
    for made, what, said in ((1, STOP, Reason.certificate_hold), (2, RELEASE, None), (3, REVOKE, None)):
        with office.database().begin() as connection:
            act(connection, find(connection, Kind.AUTHENTICATION, str(serial)), what, clock())
        crl = await fetch(office)
        assert (number(crl), len(crl), reason(crl, serial)) == (made, what is not RELEASE, said)
        assert await fetch(office) == crl, "once"
    assert await fetch(office, "auth/2") == other


async def test_a_change_while_a_list_is_made_is_not_lost(
    office: Office, card: Cards, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, late = (card(name).certificate.serial_number for name in ("adult", "first"))
    revoke(office.database(), gone, Reason.key_compromise, clock())

    def interrupted(*asked: Any) -> bytes:
        monkeypatch.undo()
        revoke(office.database(), late, Reason.key_compromise, clock())
        return build(*asked)

    monkeypatch.setattr("backend_stub.authority.crl.build", interrupted)
    assert {one.serial_number for one in await fetch(office)} == {gone}
    assert {one.serial_number for one in await fetch(office)} == {gone, late}


async def test_who_has_the_list_is_told_so_without_it(office: Office, card: Cards, clock: Clock) -> None:
    serial = card("adult").certificate.serial_number
    whole = await office.read("portal", "/crl/auth/3")
    tag = whole.headers["etag"]
    for known, status in ((tag, 304), (f'"x", {tag}', 304), ('"x"', 200), (tag.strip('"'), 200)):
        async with office.client("portal") as client:
            answer = await client.get("/authority/crl/auth/3", headers={"if-none-match": known})
        assert (answer.status_code, answer.headers["etag"]) == (status, tag)
        assert answer.content == (b"" if status == 304 else whole.content)
    revoke(office.database(), serial, Reason.key_compromise, clock())
    async with office.client("portal") as client:
        answer = await client.get("/authority/crl/auth/3", headers={"if-none-match": tag})
    assert answer.status_code == 200
    assert answer.headers["etag"] != tag


async def test_the_revoked_leave_the_list_a_day_after_their_term(office: Office, card: Cards, clock: Clock) -> None:
    ends = card("adult").certificate.not_valid_after_utc
    revoke(office.database(), card("adult").certificate.serial_number, Reason.key_compromise, clock())
    for after, listed in ((timedelta(hours=23), 1), (timedelta(hours=25), 0)):
        clock.now = ends + after
        assert len(await fetch(office)) == listed


async def test_a_list_of_a_clock_that_ran_ahead_is_made_again(office: Office, card: Cards, clock: Clock) -> None:
    card("adult")
    clock.turn(days=3)
    await fetch(office)
    clock.turn(days=-3)
    assert (await fetch(office)).last_update_utc == START


@pytest.mark.parametrize(("ca", "resident"), [("auth/2", "old"), ("auth/3", "adult"), ("sign/3", "adult")])
async def test_openssl_believes_the_list_and_sees_the_revocation(
    office: Office, card: Cards, clock: Clock, tmp_path: Path, ca: str, resident: str
) -> None:
    kind = ca.partition("/")[0]
    folder = card(resident).folder
    leaf = load(folder, kind)
    pem(tmp_path / "leaf.pem", leaf)
    pem(tmp_path / "ca.pem", load(folder, f"{kind}-ca"))
    verify = ("verify", "-crl_check", "-attime", AT + 3600, "-CAfile", "ca.pem", "-CRLfile", "crl.pem", "leaf.pem")
    for said in ("leaf.pem: OK", "certificate revoked"):
        pem(tmp_path / "crl.pem", await fetch(office, ca))
        done = openssl(*verify, cwd=tmp_path)
        assert said in done.stdout + done.stderr
        revoke(office.database(), leaf.serial_number, Reason.key_compromise, clock(), Kind(kind))
        clock.turn(hours=1)


async def test_a_hundred_thousand_in_seconds(office: Office, card: Cards, authority_keys: Path, tmp_path: Path) -> None:
    adult = card("adult").certificate
    with office.database().begin() as connection:
        row = dict(find(connection, Kind.AUTHENTICATION, str(adult.serial_number))._mapping)
        row |= {"revoked_at": START, "reason": "superseded"}
        serials = [str(x509.random_serial_number()) for _ in range(MANY)]
        connection.execute(issued.insert(), [{**row, "serial": serial} for serial in serials])
    began = time.perf_counter()
    crl = await fetch(office)
    took = time.perf_counter() - began
    assert len(crl) == MANY
    assert took < 20, took  # about 1 s alone, half of it making and signing; other work may share the machine
    began = time.perf_counter()
    assert await fetch(office) == crl
    assert time.perf_counter() - began < took / 2, "kept, not made again"
    assert crl.is_signature_valid(open_keys(authority_keys, START).cas[Kind.AUTHENTICATION].certificate.public_key())  # type: ignore[arg-type]


def test_a_p384_ca_signs_its_list_too(authority_keys: Path) -> None:
    for ca in open_keys(authority_keys, START).every_ca:
        crl = x509.load_der_x509_crl(build(ca, [("5", START, "superseded")], 7, START))
        assert crl.is_signature_valid(ca.certificate.public_key())  # type: ignore[arg-type]
        assert crl.signature_hash_algorithm is not None
        assert crl.signature_hash_algorithm.name == ca.generation.scheme.digest.name
    assert CURRENT.number == 3


async def test_only_registered_verifiers_get_a_list(office: Office) -> None:
    expected = {
        "": "machine_unknown",
        "stranger": "machine_unknown",
        "midori-tax": "not_allowed",
        "unlisted": "not_allowed",
    }
    for machine, code in expected.items():
        answer = await office.read(machine, "/crl/auth/3")
        assert answer.json()["code"] == code
    for ca in ("auth/1", "auth/x", "other/3"):
        assert (await office.read("portal", f"/crl/{ca}")).json()["code"] == "not_found"
