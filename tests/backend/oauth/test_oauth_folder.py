"""The folder opened to a company for a term: read, written to, and closed by withdrawal or by the term."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest
from backend_kit import Clock, Machine, problem, unplug
from oauth_kit import Meeting, details, error

from backend_client.wire import FolderOpening, Statement, StatementFact, StatementKind
from backend_stub.body import Refusal
from backend_stub.oauth.consents import Consents
from backend_stub.partners import Company
from backend_stub.town import Town

BOTH = ("certificates", "mail")
STATEMENT = Statement(
    id="s" * 32,
    title="生命保険料 控除証明書",
    issuer="mihon-life",
    issuer_name="みほん生命",
    holder="見本 花子",
    facts=(StatementFact(label="はらった保険料", value="48,000円"),),
    issued_at=datetime(2026, 11, 1, tzinfo=UTC),
    valid_until=datetime(2027, 3, 31, tzinfo=UTC),
    kind=StatementKind.PREMIUM,
)


@pytest.fixture
def life(town: Town) -> Company:
    company, *_ = town.companies
    return company


async def opened(meeting: Meeting, *fields: str) -> str:
    """The access token of a consent to the folder."""
    tokens = await meeting.tokens(*(fields or BOTH), authorization_details=details("folder", *BOTH))
    return str(tokens["access_token"])


async def handle(meeting: Meeting, token: str) -> str:
    told: dict[str, str] = (await meeting.company.read("/person/mail", token)).json()
    return told["handle"]


async def test_a_certificate_comes_into_the_folder_and_is_read_there(meeting: Meeting, life: Company) -> None:
    token = await opened(meeting)
    assert (await meeting.company.read("/certificates", token)).json() == {"certificates": []}
    for _ in range(2):
        await life.certify(await handle(meeting, token), STATEMENT)
    (certificate,) = (await meeting.company.read("/certificates", token)).json()["certificates"]
    (item,) = (await meeting.resident.visitor.get("/post")).json()["items"]
    assert item["certificate"] == certificate
    (consent,) = await meeting.resident.consents()
    assert {read["field"] for read in consent["reads"]} == set(BOTH)


async def test_withdrawn_it_is_closed_also_when_the_portal_is_down_meanwhile(
    meeting: Meeting, life: Company, town: Town
) -> None:
    token = await opened(meeting)
    to = await handle(meeting, token)
    (consent,) = await meeting.resident.consents()
    plug_in = unplug(town, "/portal")
    assert (await meeting.resident.withdraws(consent["id"])).status_code == 200
    assert error(await meeting.company.read("/certificates", token)) == (401, "invalid_token")
    with pytest.raises(Refusal):
        await town.work()
    plug_in()
    await life.certify(to, STATEMENT)  # until the portal has heard of it
    await town.work()
    with pytest.raises(Refusal) as refused:
        await life.certify(to, STATEMENT)
    assert refused.value.code == "not_allowed"
    assert await handle(meeting, await opened(meeting)) == to, "opened again it is the same"
    await town.work()
    await life.certify(to, STATEMENT)


async def test_it_is_closed_when_the_term_is_over(meeting: Meeting, life: Company, clock: Clock) -> None:
    to = await handle(meeting, await opened(meeting))
    clock.turn(days=90)
    with pytest.raises(Refusal) as refused:
        await life.certify(to, STATEMENT)
    assert refused.value.code == "not_allowed"


async def test_reading_alone_is_no_writing(meeting: Meeting, machine: Machine) -> None:
    token = await opened(meeting, "certificates")
    assert (await meeting.company.read("/certificates", token)).status_code == 200
    assert error(await meeting.company.read("/person/mail", token)) == (401, "invalid_token")
    opening = FolderOpening(handle="x", partner="mihon-life", until=datetime(2027, 1, 1, tzinfo=UTC))
    answer = await machine("mihon-life").post("/portal/folder-openings", content=msgspec.json.encode(opening))
    assert problem(answer) == (403, "not_allowed")


async def test_a_handle_is_one_companys(meeting: Meeting, town: Town) -> None:
    to = await handle(meeting, await opened(meeting))
    _, bank = town.companies
    with pytest.raises(Refusal) as refused:
        await bank.certify(to, STATEMENT)
    assert refused.value.code == "not_allowed"


async def test_withdrawn_on_the_way_leaves_nothing_open(
    meeting: Meeting, machine: Machine, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = await opened(meeting)
    looked = Consents.in_force
    looks: list[str] = []

    def in_force(self: Consents, consent_id: str, now: datetime) -> object:
        looks.append(consent_id)
        if len(looks) == 3:  # the folder is open at the portal, the company has not been told
            self.revoke(consent_id, now)
        return looked(self, consent_id, now)

    monkeypatch.setattr(Consents, "in_force", in_force)
    assert error(await meeting.company.read("/person/mail", token)) == (401, "invalid_token")
    await town.work()
    assert (await machine("mihon-life").get("/portal/partner-handles")).json()["handles"] == []
