"""Every operation of every application, with every fault at every single command of it.

In virtual time: deadlines are the real ones, and pass at once.
"""

from __future__ import annotations

import asyncio

import pytest

from drivers.errors import CardError
from drivers.readers import DEADLINE_S
from drivers.software_card.card import SoftwareCard
from drivers.software_card.exchange import Exchange
from drivers.software_card.faults import Faults, parse
from drivers.software_card.links.inprocess import InProcessReaders
from drivers.software_card.trace import CardTrace, Entry
from tests.card.faults.conftest import untouched
from tests.card.faults.operations import OPERATIONS, Desk, Operation
from tests.card.faults.outcomes import DEEDS, outcomes
from tests.flow.virtual_time import play

COMMANDS = [(name, index) for name, operation in OPERATIONS.items() for index in range(len(operation.commands))]


async def carry_out(readers: InProcessReaders, operation: Operation, desk: Desk) -> type[CardError] | None:
    """Do it from the connection on; say how it ended."""
    connection = await readers.connect(readers.names[0])
    try:
        await operation.does(connection, desk)
    except CardError as error:
        return type(error)
    finally:
        await connection.close()
    return None


def readers_with(card: SoftwareCard, *rules: str) -> InProcessReaders:
    readers = InProcessReaders(exchange=Exchange(Faults(map(parse, rules))))
    readers.insert(card)
    return readers


@pytest.fixture(scope="module")
def undisturbed(opened: dict[str, SoftwareCard], desk: Desk) -> dict[str, list[Entry]]:
    """What each operation asks of a card when nothing goes wrong."""
    commands = {}
    for name, operation in OPERATIONS.items():
        card = opened[operation.profile]
        card.trace = CardTrace()
        assert play(carry_out(readers_with(card), operation, desk)) is operation.ends, name
        commands[name] = list(card.trace.entries)
        for counter in card.counters.all_left():
            card.counters.restore(counter)
    return commands


def test_the_number_of_cases() -> None:
    assert (len(OPERATIONS), len(DEEDS), len(DEEDS) * len(COMMANDS)) == (51, 20, 4260)


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_commands_of_an_operation(undisturbed: dict[str, list[Entry]], name: str) -> None:
    assert tuple(entry.command[2:4] for entry in undisturbed[name]) == OPERATIONS[name].commands


@pytest.mark.parametrize(("name", "index"), COMMANDS)
def test_every_fault(
    opened: dict[str, SoftwareCard], desk: Desk, undisturbed: dict[str, list[Entry]], name: str, index: int
) -> None:
    for deed in DEEDS:
        expected = outcomes(undisturbed[name][index], deed, OPERATIONS[name].ends)
        with untouched(opened) as cards:
            play(suffer(cards, desk, OPERATIONS[name], f"apdu={index}:{deed}", expected))


async def suffer(
    cards: dict[str, SoftwareCard], desk: Desk, operation: Operation, rule: str, expected: set[type[CardError] | None]
) -> None:
    """Do it once with the fault, and then with another card in the same reader."""
    card, fresh = cards[operation.profile], cards[f"fresh-{operation.profile}"]
    full = card.counters.all_left()

    readers = readers_with(card, rule)
    ended = await carry_out(readers, operation, desk)
    by_chance = {operation.ends} if "truncate=4" in rule and _asked_again(card, operation) else set()
    assert ended in expected | by_chance, rule
    assert asyncio.get_running_loop().time() <= DEADLINE_S + 0.001, rule
    assert not card.powered, f"{rule}: nothing verified is left behind"

    readers.start_service()
    readers.remove()
    readers.insert(fresh)
    assert await carry_out(readers, operation, desk) is operation.ends, rule
    assert sum(full.values()) - sum(card.counters.all_left().values()) <= operation.entries, rule


def _asked_again(card: SoftwareCard, operation: Operation) -> bool:
    """Whether what stood in the place of a status word was, by chance, 6C: then the same is asked for once more."""
    return len(card.trace.entries) > len(operation.commands)


@pytest.mark.parametrize(
    ("deed", "tries"), [("remove", 3), ("remove-during", 2), ("remove-after", 3), ("mute", 3), ("sw=63C1", 3)]
)
def test_the_right_pin_costs_a_try_only_when_torn(adult: SoftwareCard, desk: Desk, deed: str, tries: int) -> None:
    play(carry_out(readers_with(adult, f"apdu=1:{deed}"), OPERATIONS["jpki-verify"], desk))
    assert adult.counters.left("auth") == tries
