"""What is not a request is refused with code, origin and trace; neither answer nor log says anything of a person."""

from __future__ import annotations

import logging

import msgspec
import pytest
from authority_kit import Office
from backend_kit import START, CardKeys
from counter_kit import ADULT, AUTH, SIGN, ended, issue, moved
from cryptography.x509 import ocsp
from sqlalchemy.exc import OperationalError

from backend_client.wire import (
    REFUSALS,
    CompanySearch,
    IdentityRequest,
    MatchRequest,
    NumberRequest,
    Problem,
    ResidentEntry,
    ResidentEvent,
    Synchronisation,
)
from backend_stub.authority.tables import audit

MAY_ASK = {
    "/confirmations": "portal",
    "/status-confirmations": "portal",
    "/change-confirmations": "portal",
    "/latest-items": "portal",
    "/certificate-links": "portal",
    "/consents": "portal",
    "/consent-withdrawals": "portal",
    "/acquisitions": "midori-tax",
    "/acquisition-batches": "midori-tax",
    "/synchronisations": "midori-tax",
    "/links": "gateway",
    "/link-batches": "gateway",
    "/residents": "midori-city",
    "/resident-changes": "midori-city",
    "/certificates": "midori-city",
    "/certificate-orders": "midori-city",
    "/number-letters": "midori-city",
    "/number-changes": "midori-city",
    "/company-searches": "",
    "/companies": "midori-tax",
    "/company-changes": "midori-tax",
}
"""Every endpoint that takes a message, and a machine that may use it."""
RUBBISH = (b"", b"{", b"[]", b"null", b"{}x", b"\xff\xfe", b"[" * 100_000)


def test_no_endpoint_is_forgotten(office: Office) -> None:
    mounted = office.app.routes[0].routes  # type: ignore[attr-defined]
    assert {route.path for route in mounted if "POST" in (route.methods or ())} == {*MAY_ASK, "/ocsp"}


@pytest.mark.parametrize("path", MAY_ASK)
async def test_rubbish_is_a_bad_request_everywhere(office: Office, path: str) -> None:
    for content in RUBBISH:
        assert await office.refused(MAY_ASK[path], path, content) == "bad_request"


async def test_ten_megabytes_are_too_much(office: Office) -> None:
    for path in ("/ocsp", "/acquisitions", "/company-searches", "/certificates"):
        answer = await office.send(MAY_ASK.get(path, "portal"), path, b"0" * (10 * 1024 * 1024))
        problem = msgspec.json.decode(answer.content, type=Problem)
        assert (problem.code in ("too_large", "bad_request"), problem.origin) == (True, "authority")
        assert answer.status_code == REFUSALS[problem.code][0]


@pytest.mark.parametrize("content", [b"", b"\x30\x00", b"\x30\x82\xff\xff", b"\0" * 100_000, b"\x30\x80" * 5000])
async def test_malformed_ocsp_requests(office: Office, content: bytes) -> None:
    answer = await office.send("portal", "/ocsp", content)
    assert ocsp.load_der_ocsp_response(answer.content).response_status is ocsp.OCSPResponseStatus.MALFORMED_REQUEST


async def test_the_callers_trace_comes_back(office: Office) -> None:
    async with office.client("portal") as client:
        answer = await client.post("/authority/confirmations", content=b"{", headers={"x-trace-id": "abc-1"})
        assert answer.json()["trace_id"] == "abc-1"
        answer = await client.post("/authority/confirmations", content=b"{", headers={"x-trace-id": "a b"})
        assert answer.json()["trace_id"].isalnum()


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-11-21T00:00:00"])
async def test_moments_at_the_ends_of_the_calendar_and_without_a_zone(
    office: Office, card_keys: CardKeys, moment: str
) -> None:
    leaf = await issue(office, card_keys("adult"), AUTH)
    about = {"kind": "auth", "certificate_serial": leaf.serial, "since": moment}
    answer = await office.send("portal", "/change-confirmations", about)
    refused = "content_wrong" if moment[-6] in "+-" else "bad_request"
    assert answer.status_code == (200 if moment.startswith("0001") else REFUSALS[refused][0])
    change = msgspec.to_builtins(moved(START)) | {"at": moment}
    assert await office.refused("midori-city", "/resident-changes", change) == refused
    consent = {"certificate_serial": leaf.serial, "verifier": "portal", "purpose": "x", "until": moment}
    assert await office.refused("portal", "/consents", consent) == refused


async def test_texts_that_no_database_or_certificate_can_carry(office: Office) -> None:
    items = msgspec.structs.replace(ADULT.items, address="長" * 301)
    long = msgspec.structs.replace(moved(START), items=items)
    assert await office.refused("midori-city", "/resident-changes", long) == "bad_request"
    for path, message in (
        ("/company-searches", {"name": "\0"}),
        ("/company-searches", {"number": "x"}),
        ("/number-letters", {"reference": "\0"}),
        ("/consent-withdrawals", {"id": "\0"}),
    ):
        assert await office.refused(MAY_ASK[path], path, message) == "bad_request"
    assert await office.refused("portal", "/confirmations", {"certificate_serial": "\0"}) == "bad_request"


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG)
    return caplog


async def test_refusals_and_logs_name_nobody(
    office: Office, logged: pytest.LogCaptureFixture, card_keys: CardKeys
) -> None:
    leaf = await issue(office, card_keys("adult"), AUTH)
    items = msgspec.structs.replace(ADULT.items, name="見本 花代")
    tries = [
        ("midori-tax", "/acquisitions", MatchRequest(items=items)),
        ("portal", "/confirmations", IdentityRequest(certificate_serial=leaf.serial + "0")),
        ("midori-city", "/residents", ResidentEntry(reference="adult", items=ADULT.items, kana="ミホン ハナコ")),
        ("midori-city", "/resident-changes", moved(START, name=ADULT.name)),
        ("reiji-city", "/resident-changes", ended(START, ResidentEvent.DIED)),
        ("midori-city", "/number-letters", NumberRequest(reference="見本 花子")),
        ("midori-tax", "/synchronisations", b'{"after": "19440503"}'),
    ]
    for machine, path, message in tries:
        answer = await office.send(machine, path, message)
        problem = msgspec.json.decode(answer.content, type=Problem)
        assert (answer.status_code, problem.message) == REFUSALS[problem.code]
        for word in ("見本", "花", "みほん", "1944", "adult", leaf.serial):
            assert word not in answer.text
            assert word not in logged.text


@pytest.mark.logs("authority: ")
async def test_a_fault_names_nobody_and_leaves_nothing_half_done(
    office: Office, monkeypatch: pytest.MonkeyPatch, logged: pytest.LogCaptureFixture, card_keys: CardKeys
) -> None:
    sign = await issue(office, card_keys("sign"), SIGN)
    before = await sign.status(office)
    for failure in (OperationalError("見本 花子", {}, Exception("見本 花子 is locked")), RuntimeError("見本 花子")):

        def fails(*_: object, failure: Exception = failure) -> None:
            raise failure

        monkeypatch.setattr("backend_stub.authority.synchronisation.deliver", fails)
        answer = await office.send("midori-city", "/resident-changes", moved(START))
        assert answer.status_code >= 500
        assert "花子" not in logged.text + answer.text
    monkeypatch.undo()
    assert await sign.status(office) == before, "the revocation did not stay alone"
    await office.ask("midori-city", "/resident-changes", moved(START), None)
    assert await sign.status(office) != before


async def test_a_request_is_taken_once(office: Office) -> None:
    """The same signed request again is no request: so nobody repeats an order that was overheard."""
    async with office.client("midori-tax") as client:
        content = msgspec.json.encode(Synchronisation(after=0))
        first = await client.post("/authority/synchronisations", content=content)
        assert first.status_code == 200
    async with office.client("") as client:
        for path in ("/authority/synchronisations", "/authority/acquisitions"):
            again = await client.post(path, content=content, headers=first.request.headers)
            assert (again.status_code, again.json()["code"]) == (401, "machine_unknown")


async def test_a_search_leaves_no_trace_of_who_searched_what(office: Office) -> None:
    await office.ask("", "/company-searches", CompanySearch(name="だれかの勤め先"), None)
    assert "勤め先".encode() not in office.stored()
    with office.database().connect() as connection:
        assert connection.execute(audit.select()).all() == []
