"""What tests of the backend are made of: a clock to turn, cards with synthetic keys, and people who use them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from fpdf import FPDF

from backend_client.papers import sign_pdf
from backend_client.wire import (
    AuthToken,
    PaperContent,
    Registration,
    SignIn,
    registration_content,
    text_to_sign,
)
from backend_stub.town import Town

START = datetime(2026, 11, 21, 0, 0, tzinfo=UTC)
ORIGIN = "https://localhost:8443"


@dataclass
class Clock:
    """A clock that stands still until it is turned."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **by: float) -> None:
        """Turn it, e.g. `minutes=5`."""
        self.now += timedelta(**by)


@dataclass(frozen=True)
class Card:
    """A card as the backend sees it: a key and what the authority issued for it."""

    key: RSAPrivateKey = field(repr=False)
    der: bytes = field(repr=False)
    folder: Path

    @property
    def certificate(self) -> x509.Certificate:
        return x509.load_der_x509_certificate(self.der)

    @property
    def serial(self) -> str:
        return str(self.certificate.serial_number)

    def token(self, nonce: str, origin: str = ORIGIN, **changes: str) -> AuthToken:
        """A token that is in order but for `changes`."""
        return msgspec.structs.replace(make_token(self.key, self.der, nonce, origin), **changes)


def make_token(key: RSAPrivateKey, der: bytes, nonce: str, origin: str = ORIGIN) -> AuthToken:
    signature = key.sign(text_to_sign(origin, nonce), PKCS1v15(), SHA256())
    return AuthToken(
        unverified_certificate=b64encode(der).decode(),
        algorithm="RS256",
        signature=b64encode(signature).decode(),
        format="web-eid:1.0",
        app_version="test",
    )


def write_requests(folder: Path, key: RSAPrivateKey | EllipticCurvePrivateKey, resident_id: str) -> None:
    """Put auth.csr and sign.csr into a card folder, as the card's issuing does."""
    folder.mkdir(parents=True, exist_ok=True)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, resident_id)])
    request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, SHA256())
    for file in ("auth.csr", "sign.csr"):
        (folder / file).write_bytes(request.public_bytes(Encoding.PEM))


async def make_paper(folder: Path, key: RSAPrivateKey, content: PaperContent) -> str:
    """A signed paper, Base64, with the 署名用 certificate in a card's folder. Without any text: quickly made."""

    async def sign(message: bytes) -> bytes:
        return key.sign(message, PKCS1v15(), SHA256())

    return await signed_paper(folder, content, "RS256", sign)


async def signed_paper(
    folder: Path, content: PaperContent, algorithm: str, sign: Callable[[bytes], Awaitable[bytes]]
) -> str:
    pdf = FPDF()
    pdf.set_subject(msgspec.json.encode(content, order="sorted").decode())
    pdf.add_page()
    certificate, ca = ((folder / f"{name}.cer").read_bytes() for name in ("sign", "sign-ca"))
    return b64encode(await sign_pdf(bytes(pdf.output()), certificate, ca, algorithm, sign)).decode()


async def registration(card: Card, ticket: str, place: str = "このテレビ") -> Registration:
    """A first registration in order."""
    paper = await make_paper(card.folder, card.key, registration_content(ticket))
    return Registration(ticket=ticket, place=place, paper=paper)


CardKeys = Callable[[str], RSAPrivateKey]
"""A synthetic RSA-2048 key by any name; the same name has the same key during one run."""
Machine = Callable[[str], httpx.AsyncClient]
"""`machine("portal")`: the town as that member reaches it."""
Cards = Callable[..., Card]
"""`card("adult")` issues a card to that resident, `card("adult", "new")` another one."""


class Visitor:
    """Somebody with a card, before the portal."""

    def __init__(self, people: httpx.AsyncClient, card: Card) -> None:
        self.people = people
        self.card = card
        self.session = ""

    async def post(self, path: str, message: object) -> httpx.Response:
        return await self.people.post(f"/portal{path}", content=msgspec.json.encode(message), headers=self.headers)

    async def get(self, path: str) -> httpx.Response:
        return await self.people.get(f"/portal{path}", headers=self.headers)

    @property
    def headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.session}"} if self.session else {}

    async def nonce(self) -> str:
        nonce: str = (await self.people.post("/portal/challenges")).json()["nonce"]
        return nonce

    async def sign_in(self, place: str = "このテレビ") -> httpx.Response:
        """One sign-in in order; keeps the session if there is one."""
        nonce = await self.nonce()
        answer = await self.post("/sign-in", SignIn(nonce=nonce, token=self.card.token(nonce), place=place))
        self.session = answer.json().get("session", "")
        return answer

    async def come_in(self) -> httpx.Response:
        """Sign in, and the first time register."""
        answer = await self.sign_in()
        if answer.json().get("kind") == "not_registered":
            answer = await self.post("/registrations", await registration(self.card, answer.json()["ticket"]))
            self.session = answer.json().get("session", "")
        return answer

    async def titles(self) -> list[str]:
        return [notice["title"] for notice in (await self.get("/notices")).json()["notices"]]


def unplug(town: Town, mount: str) -> Callable[[], None]:
    """Take one body out of a running town; gives what puts it back."""
    routes, doors = list(town.app.routes), dict(town.app.doors)

    def plug_in() -> None:
        town.app.routes[:], town.app.doors = routes, doors

    town.app.routes[:] = [route for route in town.app.routes if getattr(route, "path", "") != mount]
    town.app.doors = {door: app for door, app in town.app.doors.items() if not door[1].startswith(mount)}
    return plug_in


def problem(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal."""
    return answer.status_code, answer.json()["code"]
