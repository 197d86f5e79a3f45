"""All bodies together in one process: each with its own folder, key and database, talking through the wire alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import httpx
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from backend_client.wire import Health, Message
from backend_stub import authority, gateway, portal
from backend_stub.agencies import Agency
from backend_stub.agencies import read_file as read_agency
from backend_stub.body import Body, Clock
from backend_stub.keyfile import keep
from backend_stub.machines import Machine, Registry, Signer
from backend_stub.medical import Medical
from backend_stub.members import MEMBERS, Member
from backend_stub.partners import Company
from backend_stub.partners import read_file as read_company
from backend_stub.peers import Peers, Setup
from backend_stub.people import Resident

INSIDE = "http://backend.internal"
"""What bodies call each other by; it never reaches a network."""
AGENCIES = ("midori-city", "midori-tax")
COMPANIES = ("mihon-life",)


class BodyEntry(Message, frozen=True):
    name: str
    title: str
    path: str
    openapi: str


class Index(Message, frozen=True):
    """GET / of the whole backend."""

    bodies: tuple[BodyEntry, ...]


@dataclass(frozen=True, slots=True)
class Town:
    """The bodies at work, behind one ASGI application; and those of them that act of themselves."""

    app: Starlette
    agencies: dict[str, Agency]
    companies: tuple[Company, ...]
    medical: Medical
    _ways: tuple[httpx.AsyncClient, ...]

    async def close(self) -> None:
        for way in self._ways:
            await way.aclose()


def body_folder(data: Path, body: str) -> Path:
    return data / "backend" / body


def build_town(data: Path, origins: tuple[str, ...], residents: tuple[Resident, ...], clock: Clock) -> Town:
    """Put all bodies together; keys and databases are made at first start. `origins` are those that kiosks see."""
    app = Starlette()
    ways = {member.id: _way_to(app, member) for member in MEMBERS}
    setups = _setups(data, ways, clock)
    auth_ca = authority.auth_ca(setups["authority"].data, clock())
    agencies = {name: Agency(setups[name], read_agency(name)) for name in AGENCIES}
    companies = tuple(Company(setups[name], read_company(name)) for name in COMPANIES)
    medical = Medical(setups["medical"], auth_ca, origins)
    bodies = (
        authority.build(setups["authority"], residents),
        portal.build(setups["portal"], auth_ca, origins),
        gateway.build(setups["gateway"]),
        medical.body(),
        *(agency.body() for agency in agencies.values()),
        *(company.body() for company in companies),
    )
    _mount(app, bodies)
    return Town(app, agencies, companies, medical, tuple(ways.values()))


def _setups(data: Path, ways: dict[str, httpx.AsyncClient], clock: Clock) -> dict[str, Setup]:
    keys = {member.id: _machine_key(body_folder(data, member.id)) for member in MEMBERS}
    sealing = {member.id: _sealing_key(body_folder(data, member.id)) for member in MEMBERS}
    machines = {
        m.id: Machine(m.id, m.name, m.roles, keys[m.id].public_key(), sealing[m.id].public_key()) for m in MEMBERS
    }

    def setup(member: Member) -> Setup:
        folder = body_folder(data, member.id)
        return Setup(
            data=folder,
            database_url=f"sqlite:///{folder / member.id}.db",
            registry=Registry(tuple(machines[m.id] for m in MEMBERS if member.id in m.asks)),
            peers=Peers(Signer(member.id, keys[member.id]), {asked: ways[asked] for asked in member.asks}),
            clock=clock,
            sealing=sealing[member.id],
            directory=machines,
        )

    return {member.id: setup(member) for member in MEMBERS}


def _way_to(app: Starlette, member: Member) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=INSIDE + member.mount, trust_env=False)


def _machine_key(folder: Path) -> Ed25519PrivateKey:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = Ed25519PrivateKey.generate
    return Ed25519PrivateKey.from_private_bytes(keep(folder / "machine.key", lambda: new().private_bytes_raw()))


def _sealing_key(folder: Path) -> X25519PrivateKey:
    new = X25519PrivateKey.generate
    return X25519PrivateKey.from_private_bytes(keep(folder / "sealing.key", lambda: new().private_bytes_raw()))


def _mount(app: Starlette, bodies: tuple[Body, ...]) -> None:
    mounts = {member.id: member.mount for member in MEMBERS}
    entries = tuple(
        BodyEntry(name=b.name, title=b.title, path=mounts[b.name], openapi=f"{mounts[b.name]}/openapi.json")
        for b in bodies
    )
    index = msgspec.json.encode(Index(bodies=entries))

    async def list_bodies(request: Request) -> Response:
        return Response(index, media_type="application/json")

    async def health(request: Request) -> Response:
        state = {body.name: body.healthy() for body in bodies}
        ok = all(state.values())
        answer = msgspec.json.encode(Health(ok=ok, bodies=state))
        return Response(answer, 200 if ok else 503, media_type="application/json")

    app.routes.extend([Route("/", list_bodies), Route("/health", health)])
    app.routes.extend(Mount(mounts[body.name], body.app()) for body in bodies)
