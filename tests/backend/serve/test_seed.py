"""The seed: what it leaves, that it does nothing twice, and that it goes on where it was cut short."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from backend_kit import ORIGIN, Card, Clock, registration

from backend_client import wire
from backend_stub.agencies import read_file
from backend_stub.body import Refusal
from backend_stub.members import AGENCIES
from backend_stub.peers import Peers
from backend_stub.people import Resident
from backend_stub.seed import seed
from backend_stub.town import Town, body_folder, build_town

COUNTED = {
    "portal": ("folders", "certificates", "notices"),
    "medical": ("insured",),
    "mihon-life": ("sent",),
    **dict.fromkeys(AGENCIES, ("clients", "holdings", "asked", "provided", "outbox", "sent", "folders")),
}
EXCHANGES = sum(len(ask.residents) for agency in AGENCIES for ask in read_file(agency).asks)


def rows(data: Path, body: str, question: str) -> list[Any]:
    connection = sqlite3.connect(body_folder(data, body) / f"{body}.db")
    found = connection.execute(question).fetchall()
    connection.close()
    return found


def counts(data: Path) -> dict[str, int]:
    """How many rows each body has by table, and the gateway leaves by kind."""
    found = {
        f"{body} {table}": rows(data, body, f"SELECT count(*) FROM {table}")[0][0]  # noqa: S608
        for body, tables in COUNTED.items()
        for table in tables
    }
    leaves = rows(data, "gateway", "SELECT what, count(*) FROM leaves GROUP BY what")
    return found | {f"gateway {what}": count for what, count in leaves}


def everywhere(done: dict[str, int], table: str) -> int:
    return sum(count for name, count in done.items() if name.endswith(f" {table}") and name.split()[0] in AGENCIES)


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
    await people.post("/portal/registrations", content=msgspec.json.encode(await registration(taro, ticket.ticket)))
    _, session = await visit(people, taro)
    records = msgspec.json.decode((await people.get("/portal/records", headers=session)).content, type=wire.RecordList)
    assert len(records.records) == 3


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
    assert first["gateway exchange"] == everywhere(first, "asked") == everywhere(first, "provided") == EXCHANGES
    assert everywhere(first, "outbox") == 0


async def test_both_transports_and_an_answer_that_is_none_have_happened(
    town: Town, data: Path, residents: tuple[Resident, ...]
) -> None:
    await seed(town, data, residents)
    leaves = rows(data, "gateway", "SELECT DISTINCT what, transport, outcome FROM leaves")
    assert set(leaves) == {
        ("exchange", "relay", "provided"),
        ("exchange", "relay", "no_automatic_answer"),
        ("exchange", "token", ""),
        ("receipt", "token", "provided"),
    }


@pytest.mark.logs("a card was not registered: peer_unavailable")
@pytest.mark.logs("receipts wait for the gateway: peer_unavailable")
@pytest.mark.logs("a witness did not take the head")
@pytest.mark.parametrize("calls", [0, 10, 31, 36, 60, 72, 76, 91, 93])
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
        await town.close()
    again = build_town(data, (ORIGIN,), residents, clock)
    await seed(again, data, residents)
    await again.close()
    done = counts(data)
    answered = [rows(data, one, "SELECT count(*) FROM asked WHERE outcome != ''")[0][0] for one in AGENCIES]
    assert sum(answered) == EXCHANGES
    assert done["gateway exchange"] >= EXCHANGES
    given = rows(data, "gateway", "SELECT count(*) FROM leaves WHERE what = 'receipt' OR outcome != ''")[0][0]
    assert EXCHANGES <= given <= everywhere(done, "provided")
    assert everywhere(done, "outbox") == 0
    assert (done["portal folders"], done["portal notices"], done["medical insured"]) == (1, 3, 8)


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
    assert (done["portal folders"], done["midori-city sent"], done["gateway exchange"]) == (0, 0, EXCHANGES)
