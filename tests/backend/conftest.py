"""The whole town in one process, on a clock that stands still, with cards for its residents."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest
from backend_kit import ORIGIN, START, Card, Clock, write_requests
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from postgres import Cluster

from backend_stub.authority import issue_cards
from backend_stub.authority.keys import open_keys
from backend_stub.machines import Signer
from backend_stub.people import Resident, load_residents
from backend_stub.town import Town, body_folder, build_town


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL 15 of the tests' own."""
    with Cluster() as cluster:
        yield cluster


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def residents() -> tuple[Resident, ...]:
    return load_residents()


@pytest.fixture(scope="session")
def authority_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an authority's keys; made once, for they take a while."""
    folder = tmp_path_factory.mktemp("authority")
    open_keys(folder, START)
    return folder


@pytest.fixture(scope="session")
def card_keys() -> Callable[[str], rsa.RSAPrivateKey]:
    """A synthetic RSA-2048 key by any name; the same name has the same key during one run."""
    made: dict[str, rsa.RSAPrivateKey] = {}

    def key(name: str) -> rsa.RSAPrivateKey:
        if name not in made:
            made[name] = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        return made[name]

    return key


@pytest.fixture
def data(tmp_path: Path, authority_keys: Path) -> Path:
    """A data folder whose authority has its keys already."""
    shutil.copytree(authority_keys, body_folder(tmp_path, "authority"))
    return tmp_path


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory, authority_keys: Path, residents: tuple[Resident, ...]) -> Path:
    """The data folder of a town in which nothing has happened: its databases and keys; made once, as above."""
    folder = tmp_path_factory.mktemp("founded")
    shutil.copytree(authority_keys, body_folder(folder, "authority"))
    asyncio.run(build_town(folder, (ORIGIN,), residents, Clock()).close())
    return folder


@pytest.fixture
async def town(data: Path, founded: Path, residents: tuple[Resident, ...], clock: Clock) -> AsyncIterator[Town]:
    """All bodies, newly built, before anything has happened."""
    shutil.copytree(founded, data, dirs_exist_ok=True, copy_function=_copy_unless_there)
    town = build_town(data, (ORIGIN,), residents, clock)
    yield town
    await town.close()


def _copy_unless_there(source: str, target: str) -> None:
    if not Path(target).exists():
        shutil.copy2(source, target)


@pytest.fixture
async def people(town: Town) -> AsyncIterator[httpx.AsyncClient]:
    """The town as citizens reach it: nothing is signed."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(town.app), base_url=ORIGIN) as client:
        yield client


@pytest.fixture
async def machine(town: Town, data: Path) -> AsyncIterator[Callable[[str], httpx.AsyncClient]]:
    """The town as one of its members reaches it: `machine("portal")` signs all requests with the portal's key."""
    async with AsyncExitStack() as stack:
        made = {}
        for folder in (data / "backend").iterdir():
            key = Ed25519PrivateKey.from_private_bytes((folder / "machine.key").read_bytes())
            signed = httpx.AsyncClient(
                transport=httpx.ASGITransport(town.app), base_url=ORIGIN, auth=Signer(folder.name, key)
            )
            made[folder.name] = await stack.enter_async_context(signed)
        yield made.__getitem__


@pytest.fixture
def card(
    data: Path, residents: tuple[Resident, ...], clock: Clock, card_keys: Callable[[str], rsa.RSAPrivateKey]
) -> Callable[..., Card]:
    """`card("adult")` issues a card to that resident, `card("adult", "new")` another one."""

    def issue(resident_id: str, name: str = "") -> Card:
        name = name or resident_id
        folder, key = data / "cards" / name, card_keys(name)
        write_requests(folder, key, resident_id)
        issue_cards(data, body_folder(data, "authority"), residents, clock())
        return Card(key, (folder / "auth.cer").read_bytes(), folder)

    return issue
