"""What the gateway must not keep: a search over the bytes of its files after the whole town has been at work."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from backend_kit import Card

from backend_stub.people import Resident
from backend_stub.seed import seed
from backend_stub.town import Town, body_folder

SHORT = 3
"""A count or a word as short as 課税 is found anywhere and says nothing of anybody."""


def personal(data: Path, residents: tuple[Resident, ...], town: Town, card: Card) -> Iterator[bytes]:
    """Every text that says something about a person, in the forms in which it could have been stored."""
    for resident in residents:
        texts = (resident.name, resident.kana, resident.address, resident.name.replace(" ", ""))
        yield from (form for text in texts for form in (text.encode(), ascii(text)[1:-1].encode()))
        yield resident.birth_date.isoformat().encode()
        yield resident.birth_date.strftime("%Y%m%d").encode()
    for agency in town.agencies.values():
        for holding in agency.file.holdings:
            values = (value for payload in holding.of.values() for value in payload.values())
            yield from (value.encode() for value in values if len(value) > SHORT)
        yield from (mailing.draft.title.encode() for mailing in agency.file.mailings)
        yield from symbols(data, agency.file.id)
    yield card.serial.encode()
    yield card.certificate.serial_number.to_bytes(20).lstrip(b"\0")


def symbols(data: Path, body: str) -> Iterator[bytes]:
    connection = sqlite3.connect(body_folder(data, body) / f"{body}.db")
    for (symbol,) in connection.execute("SELECT symbol FROM clients"):
        yield symbol.encode()
        yield bytes.fromhex(symbol)
        yield bytes.fromhex(symbol)[1:]
    connection.close()


def content(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


async def test_nobody_is_in_the_gateways_files_nor_in_any_log(
    town: Town,
    data: Path,
    residents: tuple[Resident, ...],
    card: Callable[..., Card],
    caplog: pytest.LogCaptureFixture,
) -> None:
    hanako = card("adult")
    with caplog.at_level(logging.DEBUG):
        await seed(town, data, residents)
    searched = list(personal(data, residents, town, hanako))
    kept, logged = content(body_folder(data, "gateway")), caplog.text.encode()
    assert not [text for text in searched if text in kept]
    assert not [text for text in searched if text in logged]
    assert "後期高齢者医療の保険料の計算".encode() in kept, "the log was searched, and it is there"
    city = content(body_folder(data, "midori-city"))
    assert all(ascii(resident.address)[1:-1].encode() in city for resident in residents), "and finds what is there"
