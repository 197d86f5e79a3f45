"""`madoguchi card` at a reader with keys of its own: the PIN is typed there and never comes here."""

from __future__ import annotations

from pathlib import Path

import pytest

from drivers.card.jpki import Jpki
from drivers.errors import EntryEnd, Pin, PinNotEntered, PinWrong
from drivers.readers import CardConnection
from drivers.secret import Secret
from drivers.software_card.folder import card_folder, open_card
from drivers.software_card.links.inprocess import InProcessReaders
from kiosk.card_deeds import Key, OurCard, sign, verify
from kiosk.card_secrets import ChangeFailed, Which, change_pin, verify_pin
from kiosk.pin_prompt import NotAsked, PinPrompt
from tests.card.host.scripted import secret

HEADER = 5


class Keys:
    """A reader's keys on which these are typed, one after the other; nothing typed is 6400."""

    def __init__(self, connection: CardConnection, *typed: str) -> None:
        self._connection = connection
        self._typed = list(typed)

    async def verify(self, template: bytes, deadline_s: float) -> bytes:
        if not self._typed:
            return bytes.fromhex("6400")
        return await self._connection.transmit(template[:HEADER] + self._typed.pop(0).encode(), deadline_s)

    async def modify(self, template: bytes, deadline_s: float) -> bytes:
        return await self.verify(template, deadline_s)


async def seated(data: Path, *typed: str) -> OurCard:
    readers = InProcessReaders()
    readers.insert(open_card(card_folder(data, "adult")))
    connection = await readers.connect(readers.names[0])
    connection.pin_pad = Keys(connection, *typed)  # type: ignore[misc]
    return OurCard(connection.reader, await Jpki.select(connection))


class TypedHere:
    """Somebody who is asked for the password, and must not be sent to the reader for it."""

    def __call__(self, pin: Pin, tries: int) -> Secret:
        return secret(b"ABC123")

    def new(self, pin: Pin) -> Secret:
        raise AssertionError("nothing is changed")

    def on_reader(self, pin: Pin, tries: int) -> bool:
        raise AssertionError("the reader has no letters")


ASK = PinPrompt(None, last_try=False)


async def test_a_pin_is_typed_on_the_reader(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    card = await seated(data, "1234")
    assert (await verify_pin(card, Which.AUTH, ASK)).secret == "auth"
    assert "on the reader; tries left 3" in capsys.readouterr().err


async def test_a_signature_after_it(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    card = await seated(data, "1234")
    assert len((await sign(card, Key.AUTH, b"text", ASK)).signature) == 256
    assert capsys.readouterr().err


@pytest.mark.parametrize(("typed", "error"), [((), PinNotEntered), (("0000",), PinWrong)])
async def test_what_can_go_wrong_there(
    data: Path, capsys: pytest.CaptureFixture[str], typed: tuple[str, ...], error: type[Exception]
) -> None:
    card = await seated(data, *typed)
    with pytest.raises(error):
        await verify_pin(card, Which.AUTH, ASK)
    assert await card.jpki.tries_left(Key.AUTH.pin) == 3 - len(typed)
    assert capsys.readouterr().err


async def test_a_new_pin_is_typed_there_too(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    card = await seated(data, "1234", "5678")
    assert (await change_pin(card, "auth", ASK)).changed == ("auth",)
    assert (await verify_pin(await seated(data, "5678"), Which.AUTH, ASK)).secret == "auth"
    assert capsys.readouterr().err


async def test_a_change_given_up_leaves_the_old_one(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    card = await seated(data, "1234")
    with pytest.raises(ChangeFailed) as failed:
        await change_pin(card, "auth", ASK)
    assert not failed.value.unknown
    assert isinstance(failed.value.cause, PinNotEntered)
    assert failed.value.cause.end is EntryEnd.TIME_OVER
    assert (await verify_pin(await seated(data, "1234"), Which.AUTH, ASK)).secret == "auth"
    assert capsys.readouterr().err


async def test_the_password_has_letters_and_so_is_typed_here(data: Path) -> None:
    card = await seated(data)
    await verify(card.jpki, Key.SIGN.pin, TypedHere())
    assert len(await card.jpki.sign_certificate()) > 256


async def test_the_last_try_asks_first(data: Path) -> None:
    card = await seated(data, "0000", "0000", "1234")
    for _ in range(2):
        with pytest.raises(PinWrong):
            await verify_pin(card, Which.AUTH, ASK)
    with pytest.raises(NotAsked, match="--last-try"):
        await verify_pin(card, Which.AUTH, ASK)
    assert await card.jpki.tries_left(Key.AUTH.pin) == 1
