"""Somebody at the portal who fills in and signs applications, with a card made of a synthetic key."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable

import httpx
import msgspec
import pytest
from backend_kit import Card, Cards, Clock, Visitor
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from backend_client import wire
from backend_client.papers import make_pdf, sign_pdf

ANSWERS = {"day": "2026-12-01", "place": "〒9900011 みほん県みどり市若葉町 3-5", "people": "self"}


class Applicant(Visitor):
    """At the portal, with the answers of a move."""

    def __init__(self, people: httpx.AsyncClient, card: Card, clock: Clock) -> None:
        super().__init__(people, card)
        self._clock = clock

    async def draft(self, *receivers: str, **changes: str) -> wire.Draft:
        save = wire.DraftSave(event="move", answers=ANSWERS | changes, receivers=receivers or ("midori-city",))
        return msgspec.json.decode((await self.post("/drafts", save)).content, type=wire.Draft)

    async def paper(self, draft: wire.Draft, receiver: str, card: Card | None = None, /, **changes: object) -> str:
        card = card or self.card
        content = wire.PaperContent(application=draft.id, event=draft.event, receiver=receiver, answers=draft.answers)
        content = msgspec.structs.replace(content, **changes)
        pdf = make_pdf("引っこしの届け", [("引っこす日", "2026年12月1日")], content, self._clock())
        certificate, ca = ((card.folder / f"{name}.cer").read_bytes() for name in ("sign", "sign-ca"))

        async def sign(message: bytes) -> bytes:
            return card.key.sign(message, PKCS1v15(), SHA256())

        return b64encode(await sign_pdf(pdf, certificate, ca, "RS256", sign)).decode()

    async def submission(self, draft: wire.Draft) -> wire.Submission:
        papers = [wire.SignedPaper(receiver=one, paper=await self.paper(draft, one)) for one in draft.receivers]
        return wire.Submission(draft=draft.id, papers=tuple(papers))

    async def send(self, *receivers: str, **changes: str) -> wire.Application:
        answer = await self.post("/applications", await self.submission(await self.draft(*receivers, **changes)))
        assert answer.status_code == 200, answer.json()
        return msgspec.json.decode(answer.content, type=wire.Application)

    async def all(self) -> wire.ApplicationList:
        return msgspec.json.decode((await self.get("/applications")).content, type=wire.ApplicationList)

    async def states(self) -> list[tuple[str, str]]:
        """Of the newest application's parcels."""
        return [(one.receiver, one.state.value) for one in (await self.all()).applications[0].parcels]

    async def box(self) -> wire.PostList:
        return msgspec.json.decode((await self.get("/post")).content, type=wire.PostList)


Applicants = Callable[[str], Applicant]


@pytest.fixture
def applicant(people: httpx.AsyncClient, card: Cards, clock: Clock) -> Applicants:
    return lambda resident: Applicant(people, card(resident), clock)


@pytest.fixture
async def hanako(applicant: Applicants) -> Applicant:
    """Signed in."""
    hanako = applicant("adult")
    await hanako.come_in()
    return hanako
