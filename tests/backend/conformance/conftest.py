"""One town for each way to run it, shared by all tests; and the PostgreSQL that two of them are on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from backend_kit import write_requests
from cryptography.hazmat.primitives.asymmetric import rsa
from places import Place
from postgres import Cluster

from backend_stub.town import BODIES

CARDS = ("adult", "first")


@pytest.fixture(
    scope="module",
    params=[(False, False), (True, False), (False, True), (True, True)],
    ids=["sqlite-together", "sqlite-apart", "postgresql-together", "postgresql-apart"],
)
def place(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    card_keys: Callable[[str], rsa.RSAPrivateKey],
) -> Iterator[Place]:
    apart, on_postgresql = request.param
    data = tmp_path_factory.mktemp("town")
    pattern = ""
    if on_postgresql:
        cluster: Cluster = request.getfixturevalue("cluster")
        prefix = "apart-" if apart else "together-"
        cluster.create(*(prefix + body for body in BODIES))
        pattern = cluster.url(prefix + "{body}")
    for name in CARDS:
        write_requests(data / "cards" / name, card_keys(name), name)
    place = Place(data, apart, pattern)
    try:
        place.start()
        yield place
    finally:
        place.close()
