"""An issued card of one's own in an in-process reader, powered; and the authorities that vouch for it."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from drivers.card.certificate_cv import Anchors
from drivers.readers import CardConnection
from drivers.secret import Secret
from drivers.software_card.blank import make_blank
from drivers.software_card.cv_authority import CvAuthority, cv_authority
from drivers.software_card.folder import card_folder, open_card
from drivers.software_card.links.inprocess import InProcessReaders
from drivers.software_card.profile import Profile
from tests.card.host.scripted import secret
from tests.card.software.issuer import issue_all

SECRETS = {"pin": "1234", "password": "ABC123", "a": "999999990018", "b": "19050320359001", "birth": "190503"}


def typed(which: str) -> Secret:
    return secret(SECRETS.get(which, which).encode())


@pytest.fixture(scope="session")
def issued_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("issued")
    issue_all([make_blank(data, "adult"), make_blank(data, "child", Profile(resident="child", pin="1234"))])
    return data


@pytest.fixture(scope="session")
def authority(issued_once: Path) -> CvAuthority:
    return cv_authority(issued_once)


@pytest.fixture(scope="session")
def anchors(authority: CvAuthority) -> Anchors:
    return authority.anchors()


@pytest.fixture
def data(issued_once: Path, tmp_path: Path) -> Path:
    shutil.copytree(issued_once / "cards", tmp_path / "cards")
    return tmp_path


async def inserted(data: Path, name: str = "adult") -> CardConnection:
    readers = InProcessReaders()
    readers.insert(open_card(card_folder(data, name)))
    return await readers.connect(readers.names[0])


@pytest.fixture
async def card(data: Path) -> AsyncIterator[CardConnection]:
    connection = await inserted(data)
    yield connection
    await connection.close()
