"""The seed: what it leaves, that it does nothing twice, and that it goes on where it was cut short."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from backend_kit import ORIGIN, Card, Clock

from backend_client import wire
from backend_stub.body import Refusal
from backend_stub.peers import Peers
from backend_stub.people import Resident
from backend_stub.seed import seed
from backend_stub.town import Town, body_folder, build_town

TABLES = (
    ("gateway", "exchanges"),
    ("gateway", "subjects"),
    ("midori-city", "clients"),
    ("midori-city", "holdings"),
    ("midori-city", "asked"),
    ("midori-city", "provided"),
    ("midori-city", "sent"),
    ("midori-city", "folders"),
    ("midori-tax", "clients"),
    ("midori-tax", "asked"),
    ("midori-tax", "provided"),
    ("mihon-life", "sent"),
    ("medical", "insured"),
    ("portal", "folders"),
    ("portal", "certificates"),
    ("portal", "notices"),
)


def counts(data: Path) -> dict[str, int]:
    found = {}
    for body, table in TABLES:
        connection = sqlite3.connect(body_folder(data, body) / f"{body}.db")
        found[f"{body} {table}"] = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
        connection.close()
    return found


async def visit(people: httpx.AsyncClient, card: Card) -> tuple[wire.SignInAnswer, httpx.Headers]:
    nonce = msgspec.json.decode((await people.post("/portal/challenges")).content, type=wire.Challenge).nonce
    request = wire.SignIn(nonce=nonce, token=card.token(nonce), place="このテレビ")
    answer = await people.post("/portal/sign-in", content=msgspec.json.encode(request))
    signed_in = msgspec.json.decode(answer.content, type=wire.SignInAnswer)
    session = signed_in.session if isinstance(signed_in, wire.SignedIn) else ""
    return signed_in, httpx.Headers({"authorization": f"Bearer {session}"})


async def test_the_first_visitor_finds_notices_and_records(
    town: Town, data: Path, residents: tuple[Resident, ...], people: httpx.AsyncClient, card: Callable[..., Card]
) -> None:
    hanako = card("adult")
    await seed(town, data, residents)
    signed_in, session = await visit(people, hanako)
    assert isinstance(signed_in, wire.SignedIn)
    assert (signed_in.name, signed_in.unread_notices) == ("見本 花子", 3)
    notices = msgspec.json.decode((await people.get("/portal/notices", headers=session)).content, type=wire.NoticeList)
    senders = sorted((n.sender_kind.name, n.sender, n.legal_effect) for n in notices.notices)
    assert senders == [
        ("COMPANY", "みほん生命", False),
        ("MUNICIPALITY", "みどり市 国保年金課", False),
        ("MUNICIPALITY", "みどり市 国保年金課", True),
    ]
    records = msgspec.json.decode((await people.get("/portal/records", headers=session)).content, type=wire.RecordList)
    assert sorted(r.record.purpose for r in records.records) == [
        "後期高齢者医療の保険料の計算",
        "確定申告の内容の確認",
        "社会保険料控除の確認",
    ]


async def test_who_opens_a_folder_later_finds_the_records_too(
    town: Town, data: Path, residents: tuple[Resident, ...], people: httpx.AsyncClient, card: Callable[..., Card]
) -> None:
    taro = card("first")
    await seed(town, data, residents)
    ticket, _ = await visit(people, taro)
    assert isinstance(ticket, wire.NotRegistered)
    registration = wire.Registration(ticket=ticket.ticket, place="このテレビ")
    await people.post("/portal/registrations", content=msgspec.json.encode(registration))
    _, session = await visit(people, taro)
    records = msgspec.json.decode((await people.get("/portal/records", headers=session)).content, type=wire.RecordList)
    assert len(records.records) == 2


async def test_a_second_seed_does_nothing(
    town: Town, data: Path, residents: tuple[Resident, ...], clock: Clock, card: Callable[..., Card]
) -> None:
    card("adult")
    await seed(town, data, residents)
    first = counts(data)
    clock.turn(days=1)
    again = build_town(data, (ORIGIN,), residents, clock)
    await seed(again, data, residents)
    await again.close()
    assert counts(data) == first
    assert first["gateway exchanges"] == first["gateway subjects"] == 11


@pytest.mark.logs("a card was not registered: peer_unavailable")
@pytest.mark.parametrize("calls", [0, 1, 2, 17, 75, 83, 85, 88, 98, 108, 112, 114, 116])
async def test_a_seed_cut_short_goes_on(
    town: Town,
    data: Path,
    residents: tuple[Resident, ...],
    clock: Clock,
    card: Callable[..., Card],
    monkeypatch: pytest.MonkeyPatch,
    calls: int,
) -> None:
    card("adult")
    with monkeypatch.context() as patch:
        patch.setattr(Peers, "_send", fails_after(calls))
        with pytest.raises(Refusal):
            await seed(town, data, residents)
    again = build_town(data, (ORIGIN,), residents, clock)
    await seed(again, data, residents)
    await again.close()
    done = counts(data)
    assert done["gateway exchanges"] == done["midori-city asked"] + done["midori-tax asked"] == 11
    assert done["gateway exchanges"] <= done["midori-city provided"] + done["midori-tax provided"]
    assert (done["portal folders"], done["portal notices"], done["medical insured"]) == (1, 3, 3)


def fails_after(calls: int) -> Callable[..., Any]:
    send, left = Peers._send, iter(range(calls))

    async def failing(self: Peers, method: str, body: str, *rest: Any) -> bytes:
        if next(left, None) is None:
            raise Refusal("peer_unavailable", body)
        return await send(self, method, body, *rest)

    return failing


async def test_cards_that_come_later_are_registered_then(
    town: Town, data: Path, residents: tuple[Resident, ...], card: Callable[..., Card]
) -> None:
    await seed(town, data, residents)
    assert (counts(data)["portal folders"], counts(data)["portal notices"]) == (0, 0)
    card("adult")
    await seed(town, data, residents)
    assert (counts(data)["portal folders"], counts(data)["portal notices"]) == (1, 3)


@pytest.mark.logs("a card was not registered: certificate_expired")
async def test_a_card_that_is_not_in_order_does_not_stop_the_town(
    town: Town, data: Path, residents: tuple[Resident, ...], clock: Clock, card: Callable[..., Card]
) -> None:
    card("adult")
    clock.turn(days=6 * 365)
    await seed(town, data, residents)
    done = counts(data)
    assert (done["portal folders"], done["midori-city sent"], done["gateway exchanges"]) == (0, 0, 11)
