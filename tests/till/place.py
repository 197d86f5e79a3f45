"""A hospital's till with the real cashier, payment body and authority behind it, all on disk under one folder."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

import httpx
import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from backend_client import wire
from backend_client.errors import Refused, Unreachable
from backend_stub import authority
from backend_stub.authority import issue_cards
from backend_stub.doors import Doors
from backend_stub.inprocess import InProcess
from backend_stub.members import MEMBERS, Member
from backend_stub.people import load_residents
from backend_stub.setups import Databases, body_folder, machine_of, setup_of
from backend_stub.town import INSIDE, Public, Town
from kiosk.till.till import Till, open_till

T = TypeVar("T")

NOW = datetime(2026, 11, 21, 1, 30, tzinfo=UTC)
TODAY = date(2026, 11, 21)
ORIGIN = "https://localhost:8443"
BODIES = ("authority", "payments", "cashier")
FULL, EMPTY = "9000000", "9000001"
NUMBER = "12"


class Line:
    """The kiosk's way to the cashier. `cut` and `lose` are used up, one an answer."""

    def __init__(self, people: httpx.AsyncClient) -> None:
        self._people = people
        self.cut: list[str] = []
        """Paths that are not reached."""
        self.lose: list[str] = []
        """Paths whose answer does not come back."""
        self.before: Callable[[str], object] = lambda path: None
        self.asked: list[str] = []

    @property
    def origin(self) -> str:
        return ORIGIN

    async def ask(self, method: str, path: str, message: wire.Message | None, kind: type[T], session: str | None) -> T:
        self.asked.append(path)
        self.before(path)
        if path in self.cut:
            self.cut.remove(path)
            raise Unreachable
        content = b"" if message is None else msgspec.json.encode(message)
        answer = await self._people.request(method, path, content=content)
        if path in self.lose:
            self.lose.remove(path)
            raise Unreachable
        if answer.is_error:
            problem = msgspec.json.decode(answer.content, type=wire.Problem)
            raise Refused(problem.code, problem.origin, problem.trace_id)
        return msgspec.json.decode(answer.content, type=kind)


class Place:
    """One folder with everything in it."""

    def __init__(self, root: Path) -> None:
        self.data = root / "town"
        self.own = root / "own"
        self.bills = root / "bills"

    @property
    def card(self) -> Path:
        return self.data / "cards" / "adult"

    @property
    def certificate(self) -> bytes:
        return (self.card / "auth.cer").read_bytes()

    async def prepare(self, account: str = FULL) -> None:
        """Issue a card, register an account for it, and give it its number of today."""
        for name in ("req", "res"):
            (self.bills / name).mkdir(parents=True)
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        authority.sign_ca(body_folder(self.data, "authority"), NOW)
        self.card.mkdir(parents=True)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "adult")])
        request = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, SHA256())
        for file in ("auth.csr", "sign.csr"):
            (self.card / file).write_bytes(request.public_bytes(serialization.Encoding.PEM))
        plain = serialization.NoEncryption()
        pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
        (self.card / "key.pem").write_bytes(key.private_bytes(pem, pkcs8, plain))
        issue_cards(self.data, body_folder(self.data, "authority"), load_residents(), NOW)
        async with self.open() as (till, line):
            token = await line.ask(
                "POST", "/payments/tokens", wire.AccountShown(account=account), wire.AccountToken, None
            )
            proof = self.proof((await till.challenge()).nonce)
            registration = wire.CardRegistration(nonce=proof.nonce, token=proof.token, account=token.token)
            await line.ask("POST", "/cashier/cards", registration, wire.RegisteredCard, None)
            await till.remember(self.certificate, NUMBER)

    def proof(self, nonce: str) -> wire.CashierProof:
        """What the card says after its four digits."""
        key = serialization.load_pem_private_key((self.card / "key.pem").read_bytes(), None)
        assert isinstance(key, rsa.RSAPrivateKey)
        token = wire.AuthToken(
            unverified_certificate=b64encode(self.certificate).decode(),
            algorithm="RS256",
            signature=b64encode(key.sign(wire.text_to_sign(ORIGIN, nonce), PKCS1v15(), SHA256())).decode(),
            format="web-eid:1",
            app_version="test",
        )
        return wire.CashierProof(nonce=nonce, token=token)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[tuple[Till, Line]]:
        """The bodies and the till, as after a start."""
        app = Doors()
        machines = {member.id: machine_of(member, self.data) for member in MEMBERS}

        def way(member: Member) -> httpx.AsyncClient:
            return httpx.AsyncClient(transport=InProcess(app), base_url=INSIDE + member.mount, trust_env=False)

        members = [member for member in MEMBERS if member.id in BODIES]
        setups = {member.id: setup_of(member, self.data, machines, way, Databases(), lambda: NOW) for member in members}
        folder = body_folder(self.data, "authority")
        cas = authority.auth_ca(folder, NOW), authority.sign_ca(folder, NOW)
        town = Town(app, setups, Public(*cas, (ORIGIN,), load_residents()))
        try:
            async with httpx.AsyncClient(transport=InProcess(app), base_url=ORIGIN) as people:
                line = Line(people)
                yield open_till(self.own, self.bills, line, lambda: TODAY), line
        finally:
            await town.close()

    def post(self, name: str, amount: int = 1200, number: str = NUMBER, day: date = TODAY) -> None:
        """As the practice's computer does."""
        self.write(name, {"kind": "bill", "day": day.isoformat(), "number": number, "amount": amount})

    def write(self, name: str, content: object) -> None:
        draft = self.bills / f".{name}"
        draft.write_bytes(msgspec.json.encode(content))
        draft.replace(self.bills / "req" / f"{name}.json")

    def told(self) -> dict[str, dict[str, object]]:
        """What the practice finds, by name."""
        return {path.stem: msgspec.json.decode(path.read_bytes()) for path in (self.bills / "res").glob("*.json")}
