"""The household at a disaster: told only while the commission has opened one, and only a number."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import httpx
import msgspec
from backend_kit import ORIGIN, Clock, Machine, problem
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from oauth_kit import Meeting, details, error

from backend_client.wire import (
    DisasterEnd,
    DisasterOrder,
    EvacuationOrder,
    EvacuationReport,
    Level,
    PassRequest,
    SafetyRequest,
    Shelter,
)
from backend_stub.commission.staff import KEY, STAFF
from backend_stub.machines import Signer
from backend_stub.setups import body_folder
from backend_stub.town import Town

FIELD = "household-safety"
READ = f"/person/{FIELD}"


async def evacuated(meeting: Meeting, machine: Machine, clock: Clock) -> None:
    """Hanako reports at a kiosk that three of them are at the school."""
    order = EvacuationOrder(
        level=Level.EVERYBODY,
        area="川ぞい地区",
        lines=("にげてください。",),
        shelters=(Shelter(id="school", name="みどり小学校", place="みどり町1-1"),),
        valid_until=clock() + timedelta(hours=6),
    )
    notice = (await machine("midori-city").post("/emergency/notices", content=msgspec.json.encode(order))).json()
    visitor = meeting.resident.visitor
    shown = await visitor.post("/passes", PassRequest(service="emergency"))
    session = (await visitor.people.post("/emergency/sessions", content=shown.content)).json()["session"]
    report = EvacuationReport(notice=notice["id"], shelter="school", people=3)
    content, headers = msgspec.json.encode(report), {"authorization": f"Bearer {session}"}
    answer = await visitor.people.post("/emergency/evacuations", content=content, headers=headers)
    assert answer.status_code == 200, answer.text


async def test_only_in_a_disaster_only_how_many_and_only_while_it_lasts(
    meeting: Meeting, machine: Machine, town: Town, data: Path, clock: Clock
) -> None:
    token = (await meeting.tokens(FIELD, authorization_details=details("disaster", FIELD)))["access_token"]
    assert error(await meeting.company.read(READ, token)) == (403, "access_denied")
    (consent,) = await meeting.resident.consents()
    assert consent["reads"] == [], "nothing was told"
    key = Ed25519PrivateKey.from_private_bytes((body_folder(data, "commission") / KEY).read_bytes())
    transport = httpx.ASGITransport(town.app)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, auth=Signer(STAFF, key)) as staff:
        order = DisasterOrder(order="D-1", words="みどり川の洪水", until=clock() + timedelta(days=3))
        assert (await staff.post("/commission/disasters", content=msgspec.json.encode(order))).status_code == 204
        before = (await meeting.company.read(READ, token)).json()
        assert before == {"registered": True, "reported": False, "people": 0, "at": None}
        await evacuated(meeting, machine, clock)
        told = await meeting.company.read(READ, token)
        assert told.json() == {"registered": True, "reported": True, "people": 3, "at": clock().isoformat()}
        assert "小学校" not in told.text
        end = DisasterEnd(order="D-1")
        assert (await staff.post("/commission/disaster-ends", content=msgspec.json.encode(end))).status_code == 204
    assert error(await meeting.company.read(READ, token)) == (403, "access_denied")


async def test_nobody_but_the_authorization_server_asks_who_is_safe(machine: Machine) -> None:
    content = msgspec.json.encode(SafetyRequest(certificate_serials=("1",)))
    answer = await machine("midori-city").post("/emergency/safety", content=content)
    assert problem(answer) == (403, "not_allowed")
