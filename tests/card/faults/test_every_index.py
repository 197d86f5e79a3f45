"""Every operation of the card application, with every fault at every single command of it.

In virtual time: deadlines are the real ones, and pass at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from drivers.card.jpki import Jpki
from drivers.errors import (
    BadAnswer,
    CardError,
    CardGone,
    CardMute,
    CardRefused,
    NoReader,
    NotOurCard,
    Pin,
    PinBlocked,
    PinWrong,
    ServiceDown,
)
from drivers.readers import DEADLINE_S
from drivers.secret import Secret
from drivers.software_card.card import SoftwareCard
from drivers.software_card.exchange import Exchange
from drivers.software_card.faults import Faults, parse
from drivers.software_card.links.inprocess import InProcessReaders
from tests.flow.virtual_time import play


@dataclass(frozen=True)
class Operation:
    """What is done with a card that has just been put down, and the instructions it takes."""

    does: Callable[[Jpki], Awaitable[object]]
    instructions: tuple[str, ...]
    entries: int = 0
    """PINs that a person has confirmed."""
    ends: type[CardError] | None = None
    """Without a fault."""


def typed(text: str) -> Secret:
    secret = Secret(len(text))
    for character in text:
        secret.add(ord(character))
    return secret


async def verify(jpki: Jpki, text: str, pin: Pin = Pin.USER_AUTHENTICATION) -> None:
    with typed(text) as secret:
        await jpki.verify(pin, secret)


async def change(jpki: Jpki, text: str, pin: Pin) -> None:
    """To the same again, so that the next operation finds the card as this one did."""
    with typed(text) as old, typed(text) as new:
        await jpki.change(pin, old, new)


async def sign(jpki: Jpki) -> None:
    await verify(jpki, "1234")
    await jpki.sign_for_authentication(b"text")


async def sign_document(jpki: Jpki) -> None:
    """What a digital signature takes: the certificate goes with it."""
    await verify(jpki, "ABC123", Pin.DIGITAL_SIGNATURE)
    await jpki.sign_certificate()
    await jpki.sign_document(b"text")


async def sign_in(jpki: Jpki) -> None:
    """What the kiosk asks of a card when a person signs in."""
    await jpki.tries_left(Pin.USER_AUTHENTICATION)
    await jpki.auth_certificate()
    await verify(jpki, "1234")
    await jpki.sign_for_authentication(b"text")


async def nothing(jpki: Jpki) -> None:
    pass


CERTIFICATE = ("B0",) * 5
SIGN_CERTIFICATE = ("B0",) * 6
CA_CERTIFICATE = ("B0",) * 4

OPERATIONS = {
    "select": Operation(nothing, ("A4",)),
    "pin-tries": Operation(lambda jpki: jpki.tries_left(Pin.USER_AUTHENTICATION), ("A4", "20")),
    "password-tries": Operation(lambda jpki: jpki.tries_left(Pin.DIGITAL_SIGNATURE), ("A4", "20")),
    "certificate": Operation(Jpki.auth_certificate, ("A4", *CERTIFICATE)),
    "ca-certificate": Operation(Jpki.auth_ca_certificate, ("A4", *CA_CERTIFICATE)),
    "sign-ca-certificate": Operation(Jpki.sign_ca_certificate, ("A4", *CA_CERTIFICATE)),
    "token-info": Operation(Jpki.token_info, ("A4", "B0")),
    "availability": Operation(Jpki.availability, ("A4", "B0")),
    "verify": Operation(lambda jpki: verify(jpki, "1234"), ("A4", "20"), 1),
    "verify-wrong": Operation(lambda jpki: verify(jpki, "4321"), ("A4", "20"), 1, PinWrong),
    "change-pin": Operation(lambda jpki: change(jpki, "1234", Pin.USER_AUTHENTICATION), ("A4", "20", "24"), 1),
    "change-password": Operation(lambda jpki: change(jpki, "ABC123", Pin.DIGITAL_SIGNATURE), ("A4", "20", "24"), 1),
    "sign": Operation(sign, ("A4", "20", "2A"), 1),
    "sign-document": Operation(sign_document, ("A4", "20", *SIGN_CERTIFICATE, "2A"), 1),
    "sign-in": Operation(sign_in, ("A4", "20", *CERTIFICATE, "20", "2A"), 1),
}

ALWAYS = {
    "remove": CardGone,
    "remove-during": CardGone,
    "remove-after": CardGone,
    "mute": CardMute,
    "delay=11s": CardMute,
    "unplug": NoReader,
    "stop-service": ServiceDown,
    "garbage": CardRefused,
    "truncate": BadAnswer,
    "truncate=0": BadAnswer,
}
"""Deed -> what comes of it, whatever the command."""

DEEDS = (*ALWAYS, "delay=9s", "truncate=4", "sw=6F00", "sw=6A82", "sw=6982", "sw=6983", "sw=63C1")

CASES = [
    (name, index, deed)
    for name, operation in OPERATIONS.items()
    for index in range(len(operation.instructions))
    for deed in DEEDS
]


def expected(name: str, index: int, deed: str) -> set[type[CardError] | None]:
    operation = OPERATIONS[name]
    if deed in ALWAYS:
        return {ALWAYS[deed]}
    instruction = operation.instructions[index]
    asks = instruction == "20" and not (operation.entries and index == _verify_index(operation))
    match deed, instruction:
        case "delay=9s", _:
            return {operation.ends}
        case "truncate=4", "B0" | "2A":
            return {BadAnswer, CardRefused}  # as the bytes that stand where the status word was look
        case "truncate=4", _:
            return {operation.ends}  # no answer is that long
        case "sw=6F00", "A4":
            return {operation.ends}  # asked again, once: one card was measured to wake up like that
        case "sw=6A82", "A4":
            return {NotOurCard}
        case "sw=6983" | "sw=63C1", "20" if asks:
            return {operation.ends}  # an answer like any other to the question for the counter
        case "sw=6983", "20":
            return {PinBlocked}
        case "sw=63C1", "20":
            return {PinWrong}
    return {CardRefused}


def _verify_index(operation: Operation) -> int:
    return len(operation.instructions) - 1 - operation.instructions[::-1].index("20")


async def carry_out(readers: InProcessReaders, operation: Operation) -> type[CardError] | None:
    """Do it from the connection on; say how it ended."""
    connection = await readers.connect(readers.names[0])
    try:
        await operation.does(await Jpki.select(connection))
    except CardError as error:
        return type(error)
    finally:
        await connection.close()
    return None


def readers_with(*rules: str) -> InProcessReaders:
    return InProcessReaders(exchange=Exchange(Faults(map(parse, rules))))


def test_the_number_of_cases() -> None:
    assert (len(OPERATIONS), len(DEEDS), len(CASES)) == (15, 17, 952)


@pytest.mark.parametrize("name", OPERATIONS)
def test_without_a_fault(adult: SoftwareCard, name: str) -> None:
    readers = readers_with()
    readers.insert(adult)
    assert play(carry_out(readers, OPERATIONS[name])) is OPERATIONS[name].ends
    assert tuple(entry.command[2:4] for entry in adult.trace.entries) == OPERATIONS[name].instructions


@pytest.mark.parametrize(("name", "index", "deed"), CASES)
def test_a_fault(adult: SoftwareCard, fresh: SoftwareCard, name: str, index: int, deed: str) -> None:
    operation = OPERATIONS[name]
    full = adult.counters.all_left()

    async def story() -> None:
        readers = readers_with(f"apdu={index}:{deed}")
        readers.insert(adult)
        assert await carry_out(readers, operation) in expected(name, index, deed)
        assert asyncio.get_running_loop().time() <= DEADLINE_S + 0.001
        assert not adult.powered, "nothing verified is left behind"

        readers.start_service()
        readers.remove()
        readers.insert(fresh)
        assert await carry_out(readers, operation) is operation.ends

    play(story())
    assert sum(full.values()) - sum(adult.counters.all_left().values()) <= operation.entries


@pytest.mark.parametrize(
    ("deed", "tries"), [("remove", 3), ("remove-during", 2), ("remove-after", 3), ("mute", 3), ("sw=63C1", 3)]
)
def test_the_right_pin_costs_a_try_only_when_torn(adult: SoftwareCard, deed: str, tries: int) -> None:
    readers = readers_with(f"apdu=1:{deed}")
    readers.insert(adult)
    play(carry_out(readers, OPERATIONS["verify"]))
    assert adult.counters.left("auth") == tries
