"""The commission at work in the town after its seed; and exchanges made up for rules, one like the other."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
from backend_kit import ORIGIN, START, Clock
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from backend_client import wire
from backend_client.wire import Finding, LawWords, Leaf
from backend_client.wire.gateway import shown
from backend_stub.agencies.file import Ask, Desk
from backend_stub.commission.facts import Act, Exchange
from backend_stub.commission.staff import KEY, STAFF
from backend_stub.machines import Signer
from backend_stub.setups import body_folder
from backend_stub.town import Town

CITY, TAX, CHILD, CITY_TAX = "midori-city", "midori-tax", "midori-child", "midori-city-tax"
RELAY = Ask("elderly-premium", Desk("国保年金課", "国保-07"), "保険料の計算", ("adult",))
TOKEN = Ask("child-income", Desk("子育て支援課", "児童-01"), "児童手当の審査", ("wrong-policy",))
WORDS = LawWords(
    law="elderly-premium",
    basis="番号法 第19条第8号",
    requester=CITY,
    requester_words="みどり市 国保年金課",
    provider=TAX,
    provider_words="みどり税務署",
    kind="income",
    kind_words="所得の情報",
    purpose="後期高齢者医療の保険料の計算",
)


class Seeded:
    """A town after its seed, an hour later, and the commission's staff in it."""

    def __init__(self, town: Town, data: Path, clock: Clock) -> None:
        self.town, self.data, self.clock = town, data, clock
        key = Ed25519PrivateKey.from_private_bytes((body_folder(data, "commission") / KEY).read_bytes())
        self.staff = self.client(Signer(STAFF, key))
        self.people = self.client(None)

    def client(self, signer: Signer | None) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.town.app), base_url=ORIGIN, auth=signer)

    def machine(self, body: str) -> httpx.AsyncClient:
        """The town as one of its bodies reaches it."""
        key = Ed25519PrivateKey.from_private_bytes((body_folder(self.data, body) / "machine.key").read_bytes())
        return self.client(Signer(body, key))

    async def close(self) -> None:
        for client in (self.staff, self.people):
            await client.aclose()
        await self.town.close()

    async def settled(self) -> None:
        """Wait until the gateway has signed a head over all of its leaves."""
        (size,) = self.sql("gateway", "SELECT count(*) FROM leaves")[0]
        async with asyncio.timeout(10):
            while (await self.people.get("/gateway/head")).json()["size"] < size:  # noqa: ASYNC110 - a thread signs
                await asyncio.sleep(0.005)

    async def review(self) -> tuple[Finding, ...]:
        """What a review of everything finds."""
        await self.settled()
        self.clock.turn(minutes=15)
        request = wire.ReviewRequest(since=START - timedelta(days=1), until=START + timedelta(days=6))
        answer = await self.staff.post("/commission/reviews", content=msgspec.json.encode(request))
        assert answer.status_code == 200, answer.text
        review = msgspec.json.decode(answer.content, type=wire.Review)
        assert review.exchanges
        return review.findings

    async def rules(self) -> set[tuple[str, str]]:
        """Which rules a review finds broken by whom."""
        return {(one.rule, one.body) for one in await self.review()}

    async def findings(self) -> tuple[Finding, ...]:
        """All that was ever found."""
        answer = await self.staff.get("/commission/findings")
        return msgspec.json.decode(answer.content, type=wire.Findings).findings

    async def ask(self, agency: str, ask: Ask, times: int = 1, **desk: str) -> list[str]:
        """Let an agency ask; gives the transaction numbers."""
        changed = msgspec.structs.replace(ask, desk=msgspec.structs.replace(ask.desk, **desk))
        answers = [await self.town.agencies[agency].ask(ask.residents[0], changed) for _ in range(times)]
        return [answer.transaction_number for answer in answers]

    def sql(self, body: str, statement: str, *values: Any) -> list[Any]:
        """Do something in a body's database behind its back."""
        with closing(sqlite3.connect(body_folder(self.data, body) / f"{body}.db")) as connection, connection:
            return connection.execute(statement, values).fetchall()


def exchange(at: datetime, number: int = 1, words: LawWords = WORDS, **changes: Any) -> Exchange:
    """An exchange by relay as the commission sees it, in order but for `changes` of its leaf."""
    leaf = Leaf(
        version=1,
        what="exchange",
        number=number.to_bytes(16).hex(),
        at=at.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        edition=wire.edition(words),
        transport="relay",
        outcome="provided",
        mark="",
        requester="11" * 32,
        provider="22" * 32,
        content="33" * 32,
    )
    return Exchange(at, msgspec.structs.replace(leaf, **changes), words)


def act(at: datetime, number: int = 1, terminal: str = "国保-07", who: str = "a") -> Act:
    return Act(exchange(at, number), "国保年金課", terminal, who)


def happening(at: datetime, event: str, number: int = 1, machine: str = CITY) -> wire.Happening:
    return wire.Happening(
        at=at,
        event=event,
        machine=machine,
        law="",
        detail="",
        transaction_number=shown(number.to_bytes(16)),
        trace_id="trace-1",
    )
