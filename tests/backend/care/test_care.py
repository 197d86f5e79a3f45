"""The care mark: days and nothing else, by consent, for who has the code."""

from __future__ import annotations

from base64 import b64decode
from datetime import date
from pathlib import Path

import httpx
import msgspec
import pytest
from backend_kit import Cards, Clock, Visitor, problem
from sqlalchemy import create_engine, inspect

from backend_client.wire import CareDays, CareGiven, CareMark, CareReading, PassRequest, care_text
from backend_stub.care.tables import consents, marks
from backend_stub.setups import body_folder, machine_key
from backend_stub.town import Town


class Care:
    """The care body, to who is let in."""

    def __init__(self, people: httpx.AsyncClient, session: str = "") -> None:
        self._people = people
        self._headers = {"authorization": f"Bearer {session}"}

    async def post(self, path: str, message: object = None) -> httpx.Response:
        content = b"" if message is None else msgspec.json.encode(message)
        return await self._people.post(f"/care{path}", content=content, headers=self._headers)

    async def since(self) -> str | None:
        answer = await self._people.get("/care/consents", headers=self._headers)
        since: str | None = answer.json()["since"]
        return since

    async def agree(self) -> CareGiven:
        return msgspec.json.decode((await self.post("/consents")).content, type=CareGiven)


@pytest.fixture
async def hanako(people: httpx.AsyncClient, card: Cards) -> Care:
    visitor = Visitor(people, card("adult"))
    await visitor.come_in()
    shown = await visitor.post("/passes", PassRequest(service="care"))
    entered = await people.post("/care/sessions", content=shown.content)
    return Care(people, entered.json()["session"])


async def test_the_family_reads_days(hanako: Care, people: httpx.AsyncClient, clock: Clock, data: Path) -> None:
    anybody = Care(people)
    given = await hanako.agree()
    for _ in range(2):  # twice on one day
        assert (await anybody.post("/marks", CareMark(box=given.box))).status_code == 204
    clock.turn(days=2)
    await anybody.post("/marks", CareMark(box=given.box))
    answer = await anybody.post("/readings", CareReading(code=given.code))
    days = msgspec.json.decode(answer.content, type=CareDays)
    assert days.days == (date(2026, 11, 23), date(2026, 11, 21))
    assert set(answer.json()) == {"since", "days", "signature"}


async def test_the_answer_is_signed(hanako: Care, town: Town, data: Path) -> None:
    given = await hanako.agree()
    days = msgspec.json.decode((await hanako.post("/readings", CareReading(code=given.code))).content, type=CareDays)
    key = machine_key(body_folder(data, "care")).public_key()
    key.verify(b64decode(days.signature), care_text(given.code, days.since, days.days))


async def test_midnight_is_japans(hanako: Care, clock: Clock) -> None:
    given = await hanako.agree()
    clock.turn(hours=15)  # 00:00 of the 22nd in Japan
    await hanako.post("/marks", CareMark(box=given.box))
    assert (await hanako.post("/readings", CareReading(code=given.code))).json()["days"] == ["2026-11-22"]


async def test_withdrawn_is_forgotten(hanako: Care) -> None:
    given = await hanako.agree()
    await hanako.post("/marks", CareMark(box=given.box))
    assert await hanako.since() == "2026-11-21"
    for _ in range(2):
        assert (await hanako.post("/withdrawals")).status_code == 204
    assert await hanako.since() is None
    assert problem(await hanako.post("/marks", CareMark(box=given.box))) == (404, "not_found")
    assert problem(await hanako.post("/readings", CareReading(code=given.code))) == (404, "not_found")


async def test_a_new_consent_ends_the_old_code(hanako: Care) -> None:
    old, new = await hanako.agree(), await hanako.agree()
    assert problem(await hanako.post("/readings", CareReading(code=old.code))) == (404, "not_found")
    assert (await hanako.post("/readings", CareReading(code=new.code))).json()["days"] == []


async def test_days_are_forgotten_after_a_month(hanako: Care, clock: Clock) -> None:
    given = await hanako.agree()
    await hanako.post("/marks", CareMark(box=given.box))
    clock.turn(days=31)
    assert (await hanako.post("/readings", CareReading(code=given.code))).json()["days"] == []


async def test_a_wrong_code_and_nobody_signed_in(people: httpx.AsyncClient) -> None:
    anybody = Care(people)
    assert problem(await anybody.post("/consents")) == (401, "session_unknown")
    assert problem(await anybody.post("/readings", CareReading(code="0000-0000-0000-0000"))) == (404, "not_found")
    assert problem(await anybody.post("/readings", {"code": "0000"})) == (400, "bad_request")


async def test_the_database_knows_neither_codes_nor_times(hanako: Care, data: Path) -> None:
    given = await hanako.agree()
    await hanako.post("/marks", CareMark(box=given.box))
    engine = create_engine(f"sqlite:///{body_folder(data, 'care') / 'care.db'}")
    with engine.connect() as connection:
        rows = [str(row) for table in (consents, marks) for row in connection.execute(table.select())]
        columns = {column["name"] for table in (consents, marks) for column in inspect(engine).get_columns(table.name)}
    engine.dispose()
    assert len(rows) == 2
    assert not any(given.code in row or given.box in row for row in rows)
    assert columns == {"handle", "code_hash", "box_hash", "since", "day"}
