"""One-stop applications: drafts, signed papers, what bodies make of them, and all that can go wrong on the way."""

from __future__ import annotations

import subprocess
from base64 import b64decode, b64encode
from pathlib import Path

import httpx
import msgspec
import pytest
from backend_kit import Cards, Clock, Machine, problem, unplug
from conftest import Applicant, Applicants
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import create_engine

from backend_client import wire
from backend_client.papers import cms_of
from backend_stub.authority.revocation import revoke
from backend_stub.setups import body_folder
from backend_stub.town import Town

CITY, PENSION, CARE = "midori-city", "mihon-pension", "midori-care"


async def test_a_move_is_told_to_three_bodies_which_answer(hanako: Applicant, town: Town) -> None:
    sent = await hanako.send(CITY, PENSION, CARE)
    assert {parcel.state for parcel in sent.parcels} == {wire.ParcelState.WAITING}
    await town.work()
    assert await hanako.states() == [(CITY, "done"), (PENSION, "done"), (CARE, "done")]
    assert (await hanako.all()).drafts == ()
    assert len((await hanako.box()).items) == 2, "care sends no certificate"


async def test_drafts_are_kept_one_of_each_event(hanako: Applicant) -> None:
    first = await hanako.draft(CITY)
    again = await hanako.draft(CITY, CARE, people="household")
    assert again.id == first.id
    assert (await hanako.all()).drafts == (again,)
    assert again.answers["people"] == "household"


async def test_sent_twice_is_sent_once(hanako: Applicant, town: Town) -> None:
    submission = await hanako.submission(await hanako.draft(CITY))
    one, two = [await hanako.post("/applications", submission) for _ in range(2)]
    assert one.json() == two.json()
    await town.work()
    await town.work()
    assert len((await hanako.all()).applications) == 1
    assert len((await hanako.box()).items) == 1


async def test_one_byte_changed_is_refused_wherever_it_is(hanako: Applicant) -> None:
    draft = await hanako.draft(CITY)
    whole = b64decode(await hanako.paper(draft, CITY))
    size = len(whole)
    # Header, content, the signed end; not the zeros that fill up the signature's room, nor its hex's other case.
    for place in (5, 40, size // 4, size // 3, size - 300, size - 2):
        altered = bytearray(whole)
        altered[place] ^= 1
        papers = (wire.SignedPaper(receiver=CITY, paper=b64encode(altered).decode()),)
        answer = await hanako.post("/applications", wire.Submission(draft=draft.id, papers=papers))
        assert problem(answer) == (403, "paper_wrong"), place
    assert (await hanako.all()).drafts == (draft,)


async def test_openssl_says_the_same(hanako: Applicant, tmp_path: Path) -> None:
    signed = b64decode(await hanako.paper(await hanako.draft(CITY), CITY))
    ca = x509.load_der_x509_certificate((hanako.card.folder / "sign-ca.cer").read_bytes())
    (tmp_path / "ca.pem").write_bytes(ca.public_bytes(Encoding.PEM))
    cms, content = cms_of(signed)
    assert _openssl(tmp_path, cms, content)
    changed = bytearray(content)
    changed[100] ^= 1
    assert not _openssl(tmp_path, cms, bytes(changed))


def _openssl(folder: Path, cms: bytes, content: bytes) -> bool:
    (folder / "cms").write_bytes(cms)
    (folder / "content").write_bytes(content)
    files = ("-in", folder / "cms", "-content", folder / "content", "-CAfile", folder / "ca.pem")
    # Our certificates have critical policies of the example arc; the test's clock stands in November 2026.
    how = (
        "-binary",
        "-inform",
        "DER",
        "-purpose",
        "any",
        "-ignore_critical",
        "-attime",
        "1795219200",
        "-out",
        "/dev/null",
    )
    return subprocess.run(["openssl", "cms", "-verify", *how, *files], capture_output=True, check=False).returncode == 0


async def test_a_paper_counts_for_its_own_application_body_and_answers_only(hanako: Applicant) -> None:
    draft = await hanako.draft(CITY)
    others = {"application": "0" * 32, "receiver": PENSION, "event": "birth", "answers": {"day": "2030-01-01"}}
    for changes in ({name: other} for name, other in others.items()):
        paper = await hanako.paper(draft, CITY, **changes)
        papers = (wire.SignedPaper(receiver=CITY, paper=paper),)
        assert problem(await hanako.post("/applications", wire.Submission(draft=draft.id, papers=papers))) == (
            403,
            "paper_foreign",
        )


async def test_another_persons_card_does_not_sign_for_me(hanako: Applicant, card: Cards) -> None:
    draft = await hanako.draft(CITY)
    paper = await hanako.paper(draft, CITY, card("first"))
    papers = (wire.SignedPaper(receiver=CITY, paper=paper),)
    answer = await hanako.post("/applications", wire.Submission(draft=draft.id, papers=papers))
    assert problem(answer) == (403, "paper_foreign")


async def test_a_certificate_revoked_between_form_and_signature(
    hanako: Applicant, town: Town, data: Path, clock: Clock
) -> None:
    draft = await hanako.draft(CITY)
    submission = await hanako.submission(draft)
    _revoke(hanako, data, clock)
    assert problem(await hanako.post("/applications", submission)) == (403, "certificate_revoked")
    assert (await hanako.all()).drafts == (draft,)


async def test_a_certificate_revoked_before_the_body_looks(
    hanako: Applicant, town: Town, data: Path, clock: Clock
) -> None:
    await hanako.send(CITY)
    _revoke(hanako, data, clock)
    await town.work()
    (parcel,) = (await hanako.all()).applications[0].parcels
    assert (parcel.state, bool(parcel.reason)) == (wire.ParcelState.SENT_BACK, True)


def _revoke(applicant: Applicant, data: Path, clock: Clock) -> None:
    certificate = x509.load_der_x509_certificate((applicant.card.folder / "sign.cer").read_bytes())
    engine = create_engine(f"sqlite:///{body_folder(data, 'authority') / 'authority.db'}")
    revoke(engine, certificate.serial_number, x509.ReasonFlags.key_compromise, clock(), wire.CertificateKind.SIGNATURE)
    engine.dispose()


async def test_a_body_down_for_an_hour_holds_up_only_its_own(hanako: Applicant, town: Town, clock: Clock) -> None:
    routes, doors = list(town.app.routes), dict(town.app.doors)
    unplug(town, f"/agencies/{PENSION}")
    await hanako.send(PENSION, CITY)
    await town.work()
    assert await hanako.states() == [(PENSION, "waiting"), (CITY, "done")]
    clock.turn(hours=1)
    town.app.routes[:], town.app.doors = routes, doors
    await hanako.come_in()
    await town.work()
    assert await hanako.states() == [(PENSION, "done"), (CITY, "done")]


async def test_sent_back_with_a_reason_and_sent_anew(hanako: Applicant, town: Town) -> None:
    application = await hanako.send(CARE, people="household")
    await town.work()
    (parcel,) = (await hanako.all()).applications[0].parcels
    assert parcel.state is wire.ParcelState.SENT_BACK
    assert "介護保険証" in parcel.reason
    draft = wire.Draft(
        id=application.id, event="move", answers=application.answers, receivers=(CARE,), saved_at=application.sent_at
    )
    again = wire.Resending(parcel=parcel.id, paper=await hanako.paper(draft, CARE))
    answer = await hanako.post("/resendings", again)
    assert answer.json()["parcels"][0]["state"] == "waiting"
    assert problem(await hanako.post("/resendings", again)) == (404, "not_found"), "its name is another now"


@pytest.mark.parametrize("delivered", [False, True])
async def test_withdrawn_before_it_is_decided(hanako: Applicant, town: Town, delivered: bool) -> None:
    application = await hanako.send(CITY)
    if delivered:
        (portal,) = (body for body in town.bodies if body.name == "portal")
        assert portal.work is not None
        assert await portal.work()
    answer = await hanako.post("/withdrawals", wire.Withdrawal(parcel=application.parcels[0].id))
    assert answer.json()["parcels"][0]["state"] == "withdrawn"
    await town.work()
    assert await hanako.states() == [(CITY, "withdrawn")]
    assert (await hanako.box()).items == ()


async def test_what_is_done_is_not_withdrawn(hanako: Applicant, town: Town) -> None:
    application = await hanako.send(CITY)
    await town.work()
    answer = await hanako.post("/withdrawals", wire.Withdrawal(parcel=application.parcels[0].id))
    assert problem(answer) == (409, "not_possible")


async def test_two_at_once_see_nothing_of_each_other(hanako: Applicant, applicant: Applicants, town: Town) -> None:
    taro = applicant("first")
    await taro.come_in()
    mine, his = await hanako.draft(CITY), await taro.draft(PENSION)
    his_papers, my_papers = await taro.submission(his), await hanako.submission(mine)
    assert problem(await taro.post("/applications", my_papers)) == (404, "not_found")
    assert (await taro.post("/applications", his_papers)).status_code == 200
    assert (await hanako.post("/applications", my_papers)).status_code == 200
    await town.work()
    assert await hanako.states() == [(CITY, "done")]
    assert await taro.states() == [(PENSION, "done")]
    parcel = (await hanako.all()).applications[0].parcels[0].id
    assert problem(await taro.post("/withdrawals", wire.Withdrawal(parcel=parcel))) == (404, "not_found")
    assert problem(await taro.post("/post-sendings", wire.SendOn(item=parcel, receiver=CARE))) == (404, "not_found")


async def test_a_body_checks_by_itself(hanako: Applicant, machine: Machine, clock: Clock) -> None:
    """Even what the portal itself brings."""
    draft = await hanako.draft(CITY)
    good = await hanako.paper(draft, CITY)
    portal = machine("portal")

    async def bring(paper: str, parcel: str = "p1", body: str = CITY) -> httpx.Response:
        content = wire.Delivery(parcel=parcel, paper=paper)
        return await portal.post(f"/agencies/{body}/applications", content=msgspec.json.encode(content))

    altered = bytearray(b64decode(good))
    altered[40] ^= 1
    assert problem(await bring(b64encode(altered).decode())) == (403, "paper_wrong")
    assert problem(await bring(good, body=PENSION)) == (403, "paper_foreign")
    assert (await bring(good)).status_code == 204
    assert (await bring(good)).status_code == 204, "again it counts once"


async def test_results_come_from_the_body_that_was_asked(hanako: Applicant, machine: Machine) -> None:
    application = await hanako.send(CITY)

    result = wire.ApplicationResult(parcel=application.parcels[0].id, state=wire.ParcelState.DONE)
    answer = await machine(PENSION).post("/portal/application-results", content=msgspec.json.encode(result))
    assert problem(answer) == (404, "not_found")


async def test_the_guide_tells_events_and_towns(people: httpx.AsyncClient) -> None:
    events = (await people.get("/portal/life-events")).json()["events"]
    assert [one["id"] for one in events] == ["move", "birth", "marriage", "retirement", "death", "tax-return"]
    assert len((await people.get("/portal/postcodes/9900011")).json()["towns"]) == 3
    assert (await people.get("/portal/postcodes/0000000")).json()["towns"] == []
    assert problem(await people.get("/portal/life-events/none")) == (404, "not_found")
