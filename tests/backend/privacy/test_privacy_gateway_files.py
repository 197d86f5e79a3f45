"""The gateway's files hold no number, name, birth date or payload byte; the same search finds them where they are."""

from __future__ import annotations

import logging
from base64 import b64decode
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import msgspec
import pytest
from backend_kit import Card
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from backend_client import wire
from backend_stub.gateway.law import TABLE
from backend_stub.people import Resident
from backend_stub.sealing import unseal
from backend_stub.seed import seed
from backend_stub.setups import body_folder
from backend_stub.town import Town

CITY, TAX = "midori-city", "midori-tax"
TELLING = 8
"""Bytes from which on a text is not found anywhere by chance. Shorter ones (課税, 無) say nothing of anybody."""
LAW = TABLE.read_text("utf-8")
"""What is public is no secret, and the gateway keeps its words."""


def content(folder: Path) -> bytes:
    """Everything in a folder: database, write-ahead log, keys, heads, nonces."""
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def forms(text: str) -> Iterator[bytes]:
    """How a text may be stored."""
    for spelt in {text, text.replace(" ", ""), text.replace("-", "")}:
        yield spelt.encode()
        yield spelt.encode("utf-16-le")
        yield ascii(spelt)[1:-1].encode()


def told(searched: dict[str, set[bytes]], where: bytes) -> set[str]:
    """Which kinds of secrets are found there."""
    return {kind for kind, texts in searched.items() if any(text in where for text in texts if len(text) >= TELLING)}


async def numbers(machine: Callable[[str], httpx.AsyncClient], data: Path, residents: tuple[Resident, ...]) -> set[str]:
    """Individual Numbers, as the city's counter prints them in letters."""
    key = X25519PrivateKey.from_private_bytes((body_folder(data, CITY) / "sealing.key").read_bytes())
    found = set()
    for resident in residents[:5]:
        request = msgspec.json.encode(wire.NumberRequest(reference=resident.id))
        answer = await machine(CITY).post("/authority/number-letters", content=request)
        letter = msgspec.json.decode(answer.content, type=wire.NumberLetter)
        found.add(unseal(b64decode(letter.sealed), key, b"number letter midori-city").decode())
    assert len(found) == 5
    return found


def of(texts: Iterator[str] | set[str]) -> set[bytes]:
    return {form for text in texts for form in forms(text)}


@pytest.mark.logs("alarm: wrong_symbol")
async def test_no_number_name_birth_date_or_payload_byte_is_in_the_gateways_files(
    town: Town,
    data: Path,
    residents: tuple[Resident, ...],
    machine: Callable[[str], httpx.AsyncClient],
    card: Callable[..., Card],
    caplog: pytest.LogCaptureFixture,
) -> None:
    card("adult")
    with caplog.at_level(logging.DEBUG):
        individual_numbers = await numbers(machine, data, residents)
        await seed(town, data, residents)
        await refused_traffic(machine)
    holdings = [payload for one in town.agencies.values() for h in one.file.holdings for payload in h.of.values()]
    searched = {
        "number": of(individual_numbers),
        "name": of(text for one in residents for text in (one.name, one.kana)),
        "birth date": of(
            text for one in residents for text in (one.birth_date.isoformat(), f"{one.birth_date:%Y%m%d}")
        ),
        "address": of(one.address for one in residents),
        "payload": of(value for payload in holdings for value in payload.values() if value not in LAW),
    }
    kept = content(body_folder(data, "gateway"))
    assert told(searched, kept) == set()
    assert told(searched, caplog.text.encode()) == set()
    assert "後期高齢者医療の保険料の計算".encode() in kept, "the log was there to be searched"
    assert told(searched, content(body_folder(data, CITY))) >= {"name", "birth date", "address", "payload"}


async def refused_traffic(machine: Callable[[str], httpx.AsyncClient]) -> None:
    """What goes wrong must leave as little: a name in the place of a symbol, of a law and of a trace id."""
    name = "見本 花子 1944-05-03"
    request = wire.ExchangeRequest(law="elderly-premium", symbol=name, commitment="A" * 43 + "=")
    for message in (
        request,
        msgspec.structs.replace(request, law=name),
        msgspec.structs.replace(request, commitment=name),
    ):
        headers = {"x-trace-id": "1944-05-03 Mihon Hanako"}
        answer = await machine(CITY).post("/gateway/exchanges", content=msgspec.json.encode(message), headers=headers)
        assert answer.status_code in (400, 403)
