"""What takes bytes from outside, each behind one function that any input must survive.

A harness lets through only what its subject may raise by its contract; everything else is a finding. The same input
gives the same path each time, as far as new keys allow it.
"""

from __future__ import annotations

import asyncio
import logging
from base64 import b64encode
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, cast
from unittest.mock import patch

import msgspec

from backend_client.wire import AuthToken
from backend_stub.body import Refusal as BackendRefusal
from backend_stub.verification.certificate import Checked
from backend_stub.verification.token import verify_token
from drivers import tlv
from drivers.apdu import Response, layered, masked, sw_name
from drivers.apdu.format import Command
from drivers.card.algorithm import algorithm_of
from drivers.card.certificate_cv import parse_certificate
from drivers.card.common import Common
from drivers.card.jpki import Jpki
from drivers.card.juki import Juki
from drivers.card.manager import CardManager
from drivers.card.text import TextSupport
from drivers.card.visual import Visual
from drivers.errors import BadAnswer, CardError, Pin
from drivers.readers import CardConnection
from drivers.software_card import command as chip
from drivers.software_card.box import Box
from drivers.software_card.card import SoftwareCard
from drivers.software_card.control import _Client
from drivers.software_card.faults import BadRule, parse
from drivers.software_card.links.inprocess import InProcessReaders
from drivers.software_card.links.isodep import Apdu, Picc
from drivers.software_card.links.vpcd import VpcdLink
from drivers.software_card.status import Refusal
from kiosk.card_certificate import certificate_facts
from tests.card.faults.operations import OPERATIONS, verify
from tests.flow.virtual_time import DeadEnd, play
from tests.fuzz import material
from tests.fuzz.ends import CardOf, CardSaying, Said, heard
from tests.fuzz.pieces import pieces

_log = logging.getLogger(__name__)


def fuzz_tlv(data: bytes) -> None:
    """What was read is what was written, and its values again."""
    with suppress(BadAnswer):
        found = tlv.parse(data)
        assert b"".join(each.encoded for each in found) == data
        assert all(tlv.begins(each.encoded, each.tag) for each in found)
        assert all(tlv.whole_size(each.encoded) == len(each.encoded) for each in found)
        for each in found:
            fuzz_tlv(each.value)


def fuzz_response(data: bytes) -> None:
    """Answers through all layers: one command of 256 bytes, and a card that says what it likes."""
    apdu = bytes.fromhex("00B08A0000")
    with suppress(CardError):
        answer = play(layered(CardSaying(pieces(data)), _log).transmit(apdu, 1.0))
        response = Response.parse(answer)
        assert response.encode() == answer
        assert sw_name(response.sw)


def fuzz_command(data: bytes) -> None:
    """Host and chip read a command alike, or refuse it alike."""
    try:
        host = Command.parse(data)
    except ValueError:
        host = None
    try:
        read = chip.Command.parse(data)
    except Refusal:
        read = None
    assert (host is None) == (read is None)
    if host is not None and read is not None:
        assert masked(data)
        assert (host.cla, host.ins, host.p1, host.p2, host.data, host.le, host.is_extended) == (
            read.cla, read.ins, read.p1, read.p2, read.data, read.le, read.extended,
        )  # fmt: skip


async def _auth_certificate(jpki: Jpki) -> None:
    certificate = await jpki.auth_certificate()
    algorithm_of(certificate)
    certificate_facts(certificate, material.NOON)


async def _evidence(text: TextSupport) -> None:
    (await text.evidence()).check(material.anchors())


async def _age(visual: Visual) -> None:
    record = await visual.age_record()
    record.check(record.card_key)


async def _face(visual: Visual) -> None:
    record = await visual.face_record()
    record.check(record.card_key)


async def _number(visual: Visual) -> None:
    record = await visual.number_record()
    record.check(record.card_key)


FILES: tuple[tuple[Any, Callable[[Any], Awaitable[object]]], ...] = (
    (Jpki, _auth_certificate),
    (Jpki, Jpki.token_info),
    (Jpki, Jpki.availability),
    (TextSupport, TextSupport.number),
    (TextSupport, TextSupport.four_items),
    (TextSupport, TextSupport.certificate),
    (TextSupport, _evidence),
    (Visual, _age),
    (Visual, _face),
    (Visual, _number),
    (Common, Common.card_number),
    (Common, Common.key_id),
    (Juki, Juki.key_id),
    (CardManager, CardManager.data),
    (TextSupport, TextSupport.delivery_key),
)
"""Application, and what reads and judges a file of it. The corpus knows them by place: add at the end."""


def fuzz_card_files(data: bytes) -> None:
    """Any content of any file. The first byte chooses which."""
    if data:
        application, read = FILES[data[0] % len(FILES)]
        with suppress(CardError):
            play(_done(application, read, data[1:]))


async def _done(application: Any, read: Callable[[Any], Awaitable[object]], content: bytes) -> None:
    await read(await application.select(CardOf(content)))


ANSWERED = (
    "jpki-sign-in",
    "jpki-change-pin",
    "jpki-terminal-simulation",
    "text-items-by-b",
    "text-judged",
    "text-secured",
    "visual-age",
    "visual-face-judged",
    "pinless",
    "common-number",
    "common-authenticate",
    "common-change",
    "juki-key-id",
    "manager-data",
)
"""Operations with commands of every kind. The corpus knows them by place: add at the end."""


def fuzz_card_answers(data: bytes) -> None:
    """Any answers to any operation. The first byte chooses which."""
    if data:
        operation = OPERATIONS[ANSWERED[data[0] % len(ANSWERED)]]
        card = cast(CardConnection, CardSaying(pieces(data[1:])))
        with suppress(CardError):
            play(cast("Any", operation.does(card, material.desk())))


def fuzz_software_card(data: bytes) -> None:
    """Any commands to the chip: never silent, never without a status word. One byte is the reader's."""
    _asked(material.card(), data)


def fuzz_secured_card(data: bytes) -> None:
    """The same to a chip that has taken a session key, of zeros."""
    _asked(play(_with_session_key()), data)


async def _with_session_key() -> SoftwareCard:
    readers, card = InProcessReaders(), material.card()
    readers.insert(card)
    text = await TextSupport.select(await readers.connect(readers.names[0]))
    await verify(text, Pin.TEXT_SUPPORT)
    await text.secure(random=bytes)
    return card


def _asked(card: SoftwareCard, data: bytes) -> None:
    for piece in pieces(data):
        if len(piece) == 1:
            card.reset() if piece == b"\x02" else card.power_on()
            continue
        answer = card.answer(piece)
        assert len(answer) >= 2
        assert answer[-2] >> 4 in (0x6, 0x9)


def fuzz_cv_certificate(data: bytes) -> None:
    with suppress(CardError):
        certificate = parse_certificate(data)
        assert str(certificate.issuer)
        certificate.checked(material.anchors())


def fuzz_control(data: bytes) -> None:
    """Lines to the box of cards. A fault rule may ask for a wait of days, which is one way to end."""

    async def talk() -> None:
        box, said = Box(material.folder()), Said()
        await box._put_in("adult", material.card(), 0)
        client = _Client(box, heard(data), cast(Any, said))
        try:
            with suppress(OSError, ValueError):
                await client.talk()
        finally:
            client.leave()
        for line in said.content.splitlines():
            msgspec.json.decode(line, type=dict[str, object])

    with suppress(DeadEnd):
        play(talk())


def fuzz_fault_rule(data: bytes) -> None:
    with suppress(BadRule):
        rule = parse(data.decode("utf-8", "replace"))
        assert not (rule.fits(0, b"") and rule.ins is not None)


def fuzz_token(data: bytes) -> None:
    """A token as it comes (first byte even), or a certificate with any content that the authority has signed (odd)."""
    with suppress(BackendRefusal):
        if data and data[0] % 2:
            certificate = b64encode(material.token_ca().signed(data[1:])).decode()
            token = AuthToken(
                unverified_certificate=certificate,
                algorithm="RS256",
                signature="AA==",
                format="web-eid:1",
                app_version="",
            )
        else:
            token = _message(data[1:])
        cas = (material.token_ca().certificate,)
        play(verify_token(token, "nonce", ("https://localhost",), cas, material.NOON, _stands))


def _message(raw: bytes) -> AuthToken:
    """As a body reads it. Raises BackendRefusal."""
    try:
        return msgspec.json.decode(raw, type=AuthToken)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as exc:
        raise BackendRefusal("bad_request") from exc


async def _stands(checked: Checked) -> None:
    raise AssertionError("a token that nobody signed")


def fuzz_vpcd(data: bytes) -> None:
    """What comes over the link: every answer goes back framed, and the card ends without power."""

    async def serve() -> None:
        card, said = material.card(), Said()

        async def connection(*_: object) -> tuple[asyncio.StreamReader, Said]:
            return heard(data), said

        with patch("asyncio.open_connection", connection):
            assert await VpcdLink(card, "localhost", 0)._one_connection()
        assert not card.powered
        assert b"".join(len(each).to_bytes(2) + each for each in pieces(said.content)) == said.content

    play(serve())


def fuzz_isodep(data: bytes) -> None:
    """Frames to a chip in the field."""
    picc = Picc(random=bytes)
    for frame in pieces(data):
        heard = picc.hear(frame)
        if isinstance(heard, Apdu):
            assert len(picc.answer(heard.command + b"\x90\x00")) <= picc.kind.frame_size


HARNESSES: dict[str, Callable[[bytes], None]] = {
    "tlv": fuzz_tlv,
    "response": fuzz_response,
    "command": fuzz_command,
    "card_files": fuzz_card_files,
    "card_answers": fuzz_card_answers,
    "software_card": fuzz_software_card,
    "secured_card": fuzz_secured_card,
    "cv_certificate": fuzz_cv_certificate,
    "control": fuzz_control,
    "fault_rule": fuzz_fault_rule,
    "token": fuzz_token,
    "vpcd": fuzz_vpcd,
    "isodep": fuzz_isodep,
}
