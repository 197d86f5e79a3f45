"""The bodies together in one process: each with its own folder, key and database, talking through the wire alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import httpx
import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from backend_client.wire import Health, Message
from backend_stub import (
    authority,
    bills,
    cards,
    care,
    emergency,
    facilities,
    gateway,
    oauth,
    payments,
    portal,
)
from backend_stub.agencies import Agency
from backend_stub.agencies import read_file as read_agency
from backend_stub.body import Body, Clock
from backend_stub.cashier import Cashier
from backend_stub.commission import Commission
from backend_stub.doors import Doors
from backend_stub.health import HealthBooks
from backend_stub.inprocess import InProcess
from backend_stub.machines import Role
from backend_stub.medical import Medical
from backend_stub.members import AGENCIES, MEMBERS, Member
from backend_stub.metrics import MEDIA_TYPE, as_text
from backend_stub.partners import Company
from backend_stub.partners import read_file as read_company
from backend_stub.peers import Setup
from backend_stub.people import Resident
from backend_stub.practices import Practice
from backend_stub.setups import Databases, body_folder, machine_of, setup_of

INSIDE = "http://backend.internal"
"""What bodies call each other by; it never reaches a network."""
COMPANIES = ("mihon-life", "mihon-bank")
PRACTICES = tuple(member for member in MEMBERS if Role.FACILITY in member.roles)
MOUNTS = {member.id: member.mount for member in MEMBERS}


class BodyEntry(Message, frozen=True):
    name: str
    title: str
    path: str
    openapi: str


class Index(Message, frozen=True):
    """GET / of the whole backend."""

    bodies: tuple[BodyEntry, ...]


@dataclass(frozen=True, slots=True)
class Public:
    """What everybody may know and some bodies need."""

    auth_ca: bytes
    """As for `Verifier`."""
    sign_ca: bytes
    """As for `PaperVerifier`."""
    origins: tuple[str, ...]
    """scheme://host:port under which kiosks reach the backend; cards sign it."""
    residents: tuple[Resident, ...]

    def address(self, mount: str) -> str:
        """The public address of a body; empty for staff at a desk of their own, whom nobody calls."""
        return self.origins[0] + mount if self.origins else ""


Clerk = Agency | Cashier | Company | HealthBooks | Medical | Practice
"""A body that also acts of itself."""


def _agency(name: str) -> Callable[[Setup, Public], Agency]:
    return lambda setup, public: Agency(setup, read_agency(name), public.sign_ca)


def _company(name: str) -> Callable[[Setup, Public], Company]:
    return lambda setup, public: Company(setup, read_company(name), public.address(MOUNTS[name]), MOUNTS[name])


def _practice(member: Member) -> Callable[[Setup, Public], Practice]:
    return lambda setup, _: Practice(setup, member.id, member.name)


_CLERKS: dict[str, Callable[[Setup, Public], Clerk]] = {
    "medical": lambda setup, public: Medical(setup, public.auth_ca, public.origins),
    "health": lambda setup, _: HealthBooks(setup),
    "cashier": lambda setup, public: Cashier(setup, public.auth_ca, public.origins),
    **{name: _agency(name) for name in AGENCIES},
    **{name: _company(name) for name in COMPANIES},
    **{member.id: _practice(member) for member in PRACTICES},
}
_SERVANTS: dict[str, Callable[[Setup, Public], Body]] = {
    "authority": lambda setup, public: authority.build(setup, public.residents),
    "portal": lambda setup, public: portal.build(setup, public.auth_ca, public.sign_ca, public.origins),
    "gateway": lambda setup, _: gateway.build(setup),
    "payments": lambda setup, _: payments.build(setup),
    "cards": lambda setup, _: cards.build(setup),
    "bills": lambda setup, public: bills.build(setup, public.auth_ca, public.origins),
    "oauth": lambda setup, public: oauth.build(setup, public.address(MOUNTS["oauth"]), public.origins),
    "commission": lambda setup, _: Commission(setup).body(),
    "emergency": lambda setup, _: emergency.build(setup),
    "care": lambda setup, _: care.build(setup),
    "facilities": lambda setup, _: facilities.build(setup),
}
BODIES = tuple(member.id for member in MEMBERS if member.id in _CLERKS or member.id in _SERVANTS)
CLERKS = tuple(_CLERKS)


class Town:
    """Some or all bodies at work, behind one ASGI application."""

    def __init__(self, app: Doors, setups: Mapping[str, Setup], public: Public) -> None:
        self.app = app
        self._setups = setups
        self._clerks = {name: _CLERKS[name](setup, public) for name, setup in setups.items() if name in _CLERKS}
        self.bodies = tuple(
            self._clerks[name].body() if name in self._clerks else _SERVANTS[name](setup, public)
            for name, setup in setups.items()
        )
        _mount(app, self.bodies)

    @cached_property
    def agencies(self) -> dict[str, Agency]:
        return {name: clerk for name, clerk in self._clerks.items() if isinstance(clerk, Agency)}

    @cached_property
    def companies(self) -> tuple[Company, ...]:
        return tuple(clerk for clerk in self._clerks.values() if isinstance(clerk, Company))

    @cached_property
    def practices(self) -> dict[str, Practice]:
        return {name: clerk for name, clerk in self._clerks.items() if isinstance(clerk, Practice)}

    @cached_property
    def medical(self) -> Medical:
        (medical,) = (clerk for clerk in self._clerks.values() if isinstance(clerk, Medical))
        return medical

    @cached_property
    def cashier(self) -> Cashier:
        (cashier,) = (clerk for clerk in self._clerks.values() if isinstance(clerk, Cashier))
        return cashier

    @cached_property
    def health(self) -> HealthBooks:
        (health,) = (clerk for clerk in self._clerks.values() if isinstance(clerk, HealthBooks))
        return health

    def start(self) -> None:
        """Begin what bodies do beside answering; before that a town does nothing of itself."""
        for body in self.bodies:
            if body.start is not None:
                body.start()

    async def work(self) -> None:
        """Have every body do once what otherwise goes on of itself. Raises Refusal."""
        for body in self.bodies:
            if body.work is not None:
                await body.work()

    async def close(self) -> None:
        """End what bodies do beside answering, and close what leads to others."""
        for body in self.bodies:
            if body.close is not None:
                await body.close()
        for setup in self._setups.values():
            await setup.peers.close()
            setup.registry.close()


def build_town(
    data: Path,
    origins: tuple[str, ...],
    residents: tuple[Resident, ...],
    clock: Clock,
    databases: Databases | None = None,
) -> Town:
    """Put all bodies together; keys and databases are made at first start. `origins` are those that kiosks see."""
    app = Doors()
    machines = {member.id: machine_of(member, data) for member in MEMBERS}
    members = [member for member in MEMBERS if member.id in BODIES]

    def way(member: Member) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=InProcess(app), base_url=INSIDE + member.mount, trust_env=False)

    setups = {member.id: setup_of(member, data, machines, way, databases or Databases(), clock) for member in members}
    folder = body_folder(data, "authority")
    cas = authority.auth_ca(folder, clock()), authority.sign_ca(folder, clock())
    public = Public(*cas, origins, residents)
    return Town(app, setups, public)


def _mount(app: Doors, bodies: tuple[Body, ...]) -> None:
    entries = tuple(
        BodyEntry(name=b.name, title=b.title, path=MOUNTS[b.name], openapi=f"{MOUNTS[b.name]}/openapi.json")
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

    async def metrics(request: Request) -> Response:
        return Response(as_text(body.metered for body in bodies), headers={"content-type": MEDIA_TYPE})

    app.routes.extend([Route("/", list_bodies), Route("/health", health), Route("/metrics", metrics)])
    for body in bodies:
        app.take_in(MOUNTS[body.name], body.app())
