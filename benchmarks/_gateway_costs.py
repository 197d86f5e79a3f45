"""What things cost in the town, all bodies together: CPU time, and bytes that are still there afterwards."""

from __future__ import annotations

import asyncio
import time
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from backend_client.papers import make_pdf, sign_pdf
from backend_client.wire import (
    AuthToken,
    Challenge,
    Draft,
    DraftSave,
    PaperContent,
    SignedPaper,
    SignIn,
    Submission,
    text_to_sign,
)
from backend_stub.authority import issue_cards
from backend_stub.people import load_residents
from backend_stub.seed import seed
from backend_stub.setups import body_folder
from backend_stub.town import Town, build_town
from benchmarks._gateway_house import bytes_of

ORIGIN = "https://localhost:8443"
RESIDENT = "adult"
TIMES = 300
APPLIED = {"day": "2026-12-01", "place": "〒9900011 みほん県みどり市若葉町 3-5", "people": "self"}
Deed = Callable[[], Awaitable[float]]
"""Does it once; gives the seconds in it that are the card's and not the backend's."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one."""

    cpu_us: float
    bytes_kept: float


@dataclass(frozen=True, slots=True)
class Costs:
    relay: Cost
    token: Cost
    sign_in: Cost
    application: Cost


def measure_costs(folder: Path) -> Costs:
    """Build a town and let everything happen in it often enough that what it leaves behind can be weighed."""
    return asyncio.run(_measure(folder / "town"))


async def _measure(data: Path) -> Costs:
    card = _card(data)
    async with _town(data) as town:
        relay = _exchange(town, "midori-city", "elderly-premium")
        token = _exchange(town, "midori-child", "child-income")
        async with _client(town) as people:
            return Costs(
                relay=await _cost(data, relay),
                token=await _cost(data, token),
                sign_in=await _cost(data, lambda: _sign_in(people, card)),
                application=await _cost(data, lambda: _apply(town, people, card)),
            )


@dataclass(frozen=True, slots=True)
class _Card:
    """A card made of software; certificates are DER."""

    key: RSAPrivateKey
    auth: bytes
    sign: bytes
    sign_ca: bytes


@asynccontextmanager
async def _town(data: Path) -> AsyncIterator[Town]:
    residents = load_residents()
    town = build_town(data, (ORIGIN,), residents, _now)
    try:
        await seed(town, data, residents)
        yield town
    finally:
        await town.close()


def _client(town: Town) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(town.app), base_url=ORIGIN)


async def _cost(data: Path, deed: Deed) -> Cost:
    await deed()
    before = _bytes(data)
    began = time.process_time()
    others = sum([await deed() for _ in range(TIMES)])
    took = time.process_time() - began - others
    return Cost(1e6 * took / TIMES, (_bytes(data) - before) / TIMES)


def _bytes(data: Path) -> int:
    """Of all bodies' databases."""
    return sum(bytes_of(database) for database in (data / "backend").glob("*/*.db"))


def _exchange(town: Town, agency: str, law: str) -> Deed:
    asker = town.agencies[agency]
    (ask,) = (ask for ask in asker.file.asks if ask.law == law)

    async def exchange() -> float:
        await asker.ask(ask.residents[0], ask)
        for agency in town.agencies.values():
            await agency.outbox.post()
        return 0.0

    return exchange


async def _sign_in(people: httpx.AsyncClient, card: _Card) -> float:
    """The session stays in the client."""
    answer = await people.post("/portal/challenges")
    nonce = msgspec.json.decode(answer.content, type=Challenge).nonce
    began = time.process_time()
    signature = card.key.sign(text_to_sign(ORIGIN, nonce), PKCS1v15(), SHA256())
    at_card = time.process_time() - began
    token = AuthToken(
        unverified_certificate=b64encode(card.auth).decode(),
        algorithm="RS256",
        signature=b64encode(signature).decode(),
        format="web-eid:1.0",
        app_version="benchmark",
    )
    content = msgspec.json.encode(SignIn(nonce=nonce, token=token, place="このテレビ"))
    answer = await people.post("/portal/sign-in", content=content)
    assert answer.json()["kind"] == "signed_in", answer.text
    people.headers["authorization"] = f"Bearer {answer.json()['session']}"
    return at_card


async def _apply(town: Town, people: httpx.AsyncClient, card: _Card) -> float:
    """Tell one body of a move, until it has answered. The paper is the kiosk's and the card's work."""
    save = DraftSave(event="move", answers=APPLIED, receivers=("midori-city",))
    draft = msgspec.json.decode(
        (await people.post("/portal/drafts", content=msgspec.json.encode(save))).content, type=Draft
    )
    began = time.process_time()
    paper = SignedPaper(receiver="midori-city", paper=b64encode(await _paper(draft, card)).decode())
    at_kiosk = time.process_time() - began
    submission = Submission(draft=draft.id, papers=(paper,))
    answer = await people.post("/portal/applications", content=msgspec.json.encode(submission))
    answer.raise_for_status()
    await town.work()
    return at_kiosk


async def _paper(draft: Draft, card: _Card) -> bytes:
    content = PaperContent(application=draft.id, event=draft.event, receiver="midori-city", answers=draft.answers)
    pdf = make_pdf("引っこしの届け", [("引っこす日", "2026年12月1日")], content, _now())

    async def sign(message: bytes) -> bytes:
        return card.key.sign(message, PKCS1v15(), SHA256())

    return await sign_pdf(pdf, card.sign, card.sign_ca, "RS256", sign)


def _card(data: Path) -> _Card:
    folder = data / "cards" / RESIDENT
    folder.mkdir(parents=True)
    key = generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, RESIDENT)])
    request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, SHA256())
    for file in ("auth.csr", "sign.csr"):
        (folder / file).write_bytes(request.public_bytes(Encoding.PEM))
    issue_cards(data, body_folder(data, "authority"), load_residents(), _now())
    return _Card(key, *((folder / file).read_bytes() for file in ("auth.cer", "sign.cer", "sign-ca.cer")))


def _now() -> datetime:
    return datetime.now(UTC)
