"""The medical body as the product builds it, with insured people and their cards, to be served alone on a core."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path

import httpx
import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from backend_client import wire
from backend_stub import authority
from backend_stub.authority import issue_cards
from backend_stub.body import Body
from backend_stub.inprocess import InProcess
from backend_stub.medical import Medical
from backend_stub.medical.coverage import read_insured
from backend_stub.members import MEMBERS, Member
from backend_stub.peers import Setup
from backend_stub.people import load_residents
from backend_stub.setups import Databases, body_folder, machine_of, setup_of
from backend_stub.town import build_town
from benchmarks import _gateway_house as gateway_house
from benchmarks._gateway_requests import post

ORIGIN = "https://localhost:8443"
CARDS = 200
FACILITIES = 50
PATIENTS = ("adult", "last-try")
READ = "SELECT name, name_kana, coverages FROM insured WHERE symbol = ?"


@dataclass(frozen=True, slots=True)
class Cards:
    """Certificates (Base64) that have been checked today, all of one key: what a card computes is none of the check."""

    key: RSAPrivateKey = field(repr=False)
    certificates: tuple[str, ...]
    first_ms: tuple[float, ...]
    """How long each card's first check of the day took, all bodies and no socket."""


def lay_out(data: Path) -> Cards:
    """Enrol the insured, issue cards, and check each once: the whole way, which leaves its certificate link."""
    key = generate_private_key(public_exponent=65537, key_size=2048)
    folders = [data / "cards" / f"bench-{number:03d}" for number in range(CARDS)]
    for number, folder in enumerate(folders):
        _ask_for_certificates(folder, key, PATIENTS[number % len(PATIENTS)])
    issue_cards(data, body_folder(data, "authority"), load_residents(), _now())
    certificates = tuple(b64encode((folder / "auth.cer").read_bytes()).decode() for folder in folders)
    return Cards(key, certificates, tuple(asyncio.run(_first_checks(data, key, certificates))))


def _ask_for_certificates(folder: Path, key: RSAPrivateKey, resident: str) -> None:
    folder.mkdir(parents=True)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, resident)])
    request = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, SHA256())
    for name in ("auth.csr", "sign.csr"):
        (folder / name).write_bytes(request.public_bytes(Encoding.PEM))


async def _first_checks(data: Path, key: RSAPrivateKey, certificates: tuple[str, ...]) -> list[float]:
    town = build_town(data, (ORIGIN,), load_residents(), _now)
    people = httpx.AsyncClient(transport=InProcess(town.app), base_url=ORIGIN, trust_env=False)
    try:
        residents = {resident.id: resident for resident in load_residents()}
        for insured in read_insured():
            await town.medical.enrol(residents[insured.resident], insured)
        return [await _first_check(people, key, certificate) for certificate in certificates]
    finally:
        await people.aclose()
        await town.close()


async def _first_check(people: httpx.AsyncClient, key: RSAPrivateKey, certificate: str) -> float:
    nonce = msgspec.json.decode((await people.post("/medical/challenges")).content, type=wire.Challenge).nonce
    content = _check(key, certificate, nonce, 0)
    began = time.perf_counter()
    answer = await people.post("/medical/eligibility", content=content)
    took = time.perf_counter() - began
    answer.raise_for_status()
    return 1000 * took


def checks(cards: Cards, port: int, count: int) -> list[bytes]:
    """So many checks as they stand on the wire, each with a challenge of the server's and signed."""
    line = HTTPConnection("127.0.0.1", port)
    made = []
    for number in range(count):
        line.request("POST", "/challenges")
        nonce = msgspec.json.decode(line.getresponse().read(), type=wire.Challenge).nonce
        certificate = cards.certificates[number % len(cards.certificates)]
        made.append(post("/eligibility", _check(cards.key, certificate, nonce, number)))
    line.close()
    return made


def _check(key: RSAPrivateKey, certificate: str, nonce: str, number: int) -> bytes:
    token = wire.AuthToken(
        unverified_certificate=certificate,
        algorithm="RS256",
        signature=b64encode(key.sign(wire.text_to_sign(ORIGIN, nonce), PKCS1v15(), SHA256())).decode(),
        format="web-eid:1",
        app_version="bench",
    )
    facility = f"みほん病院 {number % FACILITIES}"
    asked = wire.EligibilityRequest(nonce=nonce, token=token, facility=facility, consent=wire.HealthConsent())
    return msgspec.json.encode(asked)


def symbols(data: Path) -> list[str]:
    """Of the insured, as the medical body has them."""
    with sqlite3.connect(_database(data)) as connection:
        found = [symbol for (symbol,) in connection.execute("SELECT symbol FROM insured")]
    connection.close()
    return found


def medical(data: Path, neighbours: str) -> Body:
    """The medical body over `data`; the authority is at that URL."""
    folder = body_folder(data, "authority")
    return Medical(_setup(data, "medical", neighbours), authority.auth_ca(folder, _now()), (ORIGIN,)).body()


def lists(data: Path, neighbours: str) -> Body:
    """The authority, which is asked for its revocation list."""
    return authority.build(_setup(data, "authority", neighbours), load_residents())


def insured(data: Path) -> Starlette:
    """Bare Starlette that reads one row: an insured person, by symbol."""
    connection = sqlite3.connect(_database(data))

    async def answer(request: Request) -> Response:
        name, kana, coverages = connection.execute(READ, (request.path_params["symbol"],)).fetchone()
        content = b'{"name":"%b","kana":"%b","coverages":%b}' % (name.encode(), kana.encode(), coverages.encode())
        return Response(content, media_type="application/json")

    return Starlette(routes=[Route("/insured/{symbol}", answer)])


def _setup(data: Path, body: str, neighbours: str) -> Setup:
    machines = {member.id: machine_of(member, data) for member in MEMBERS}

    def way(_member: Member) -> httpx.AsyncClient:
        return gateway_house.client(neighbours)

    (member,) = (member for member in MEMBERS if member.id == body)
    return setup_of(member, data, machines, way, Databases(), _now)


def _database(data: Path) -> Path:
    return body_folder(data, "medical") / "medical.db"


def _now() -> datetime:
    return datetime.now(UTC)
