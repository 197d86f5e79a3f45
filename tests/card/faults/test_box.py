"""Faults and timing of a box that runs: by its options and at run time, for direct sessions and behind a real pcscd."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import pytest

from drivers.card.jpki import Jpki
from drivers.errors import CardError, CardGone, CardMute, Pin
from drivers.readers import CardAway, CardConnection, CardHere, ReaderHere, ServiceHere
from drivers.readers.direct import find
from drivers.readers.pcsc import PcscReaders
from drivers.software_card.control_client import CardBox, CardBoxRefused
from tests.card.host.told import listening
from tests.card.software.running import DEADLINE_S, Line, running_box
from tests.pcsc import PrivatePcscd

JPKI, TRIES, WRONG_PIN = "00A4040C0AD392F000260100000001", "00200098", "002000980434333231"


@contextmanager
def session(data: Path, *options: str) -> Iterator[tuple[Line, int]]:
    """A box with the card in slot 0, and a powered session on it."""
    with running_box(data, "--insert", "adult", *options), Line(data) as line:
        yield line, line.ask("power", reader="Direct 0")["session"]


def ask(line: Line, session: int, apdu: str) -> str:
    answer = line.ask("transmit", session=session, apdu=apdu)
    return str(answer.get("apdu", answer.get("error")))


# --- direct sessions


def test_rules_on_the_command_line(data: Path) -> None:
    with session(data, "--fault", "apdu=1:sw=6F00", "--fault", "ins=B0:garbage") as (line, number):
        assert [ask(line, number, apdu) for apdu in (JPKI, TRIES, TRIES)] == ["9000", "6f00", "63c3"]
        assert ask(line, number, "00B08A0001") == "cf6fff"


def test_a_wrong_rule_on_the_command_line_is_explained(data: Path) -> None:
    arguments = [sys.executable, "-m", "drivers.software_card", "--data", str(data), "--fault", "apdu=x:mute"]
    run = subprocess.run(arguments, capture_output=True, text=True, timeout=DEADLINE_S, check=False)
    assert run.returncode == 2
    assert "argument --fault: fault rule 'apdu=x:mute': 'x' is not an index, 0 or more" in run.stderr


def test_a_removal_by_rule_empties_the_slot_and_ends_itself(data: Path) -> None:
    with session(data, "--fault", "apdu=1:remove-after") as (line, number), Line(data) as watch:
        assert watch.ask("watch")["readers"][0] == {"reader": "Direct 0", "card": True}
        assert [ask(line, number, apdu) for apdu in (JPKI, TRIES, JPKI)] == ["9000", "card gone", "card gone"]
        assert watch.hear() == {"event": "away", "reader": "Direct 0"}
        assert line.ask("power", reader="Direct 0")["error"] == "no card"
        CardBox(data).insert("adult")
        number = line.ask("power", reader="Direct 0")["session"]
        assert [ask(line, number, apdu) for apdu in (JPKI, TRIES)] == ["9000", "63c3"]


def test_rules_at_run_time_count_from_their_setting(data: Path) -> None:
    box = CardBox(data)
    with session(data) as (line, number):
        assert ask(line, number, JPKI) == "9000"
        box.faults("apdu=0:truncate", "apdu=1:sw=6A82")
        assert [ask(line, number, TRIES) for _ in range(3)] == ["63", "6a82", "63c3"]
        box.faults("truncate")
        box.faults()
        assert ask(line, number, TRIES) == "63c3"


@pytest.mark.parametrize(
    ("rule", "sentence"), [("fly", "'fly' is not one of"), ("unplug", "up to the reader"), ("stop-service", "service")]
)
def test_rules_that_cannot_be_change_nothing(data: Path, rule: str, sentence: str) -> None:
    with session(data, "--fault", "sw=6F00") as (line, number):
        with pytest.raises(CardBoxRefused, match=sentence):
            CardBox(data).faults("truncate", rule)
        assert ask(line, number, JPKI) == "6f00"


def test_a_silent_card_keeps_no_power_and_answers_when_powered_again(data: Path) -> None:
    with session(data, "--fault", "apdu=0:mute") as (line, number):
        line.say({"do": "transmit", "session": number, "apdu": JPKI})
        with Line(data) as other:
            again = other.ask("power", reader="Direct 0")["session"]
            assert line.hear() == {"ok": False, "error": "card gone"}
            assert [ask(other, again, apdu) for apdu in (JPKI, TRIES)] == ["9000", "63c3"]


@pytest.mark.parametrize("deed", ["mute", "delay=1000s"])
def test_a_client_that_leaves_while_it_waits_ends_its_session(data: Path, deed: str) -> None:
    with session(data, "--fault", f"apdu=1:{deed}") as (line, _):
        with Line(data) as leaving:
            number = leaving.ask("power", reader="Direct 0")["session"]
            ask(leaving, number, JPKI)
            leaving.say({"do": "transmit", "session": number, "apdu": TRIES})
        deadline = monotonic() + DEADLINE_S
        # Index 2 and on: the session is either still there, and silent, or over.
        CardBox(data).faults("sw=6F00")
        while ask(line, number, TRIES) != "card gone":
            assert monotonic() < deadline


async def test_the_readers_of_the_kiosk_see_a_silent_card_as_mute(data: Path) -> None:
    with running_box(data, "--insert", "adult", "--fault", "apdu=0:mute"):
        readers = find(data)
        connection = await readers.connect("Direct 0")
        with pytest.raises(CardMute):
            await connection.transmit(bytes.fromhex(JPKI), 0.1)
        await connection.close()
        again = await readers.connect("Direct 0")
        assert await (await Jpki.select(again)).tries_left(Pin.USER_AUTHENTICATION) == 3
        await readers.close()


def test_timing_can_be_felt_and_ended(data: Path) -> None:
    box = CardBox(data)
    with session(data, "--timing", "106") as (line, number):
        slow_s = ten_selects(line, number)
        box.timing(None)
        assert ten_selects(line, number) < slow_s / 2
        assert slow_s > 10 * 0.0115
        with pytest.raises(CardBoxRefused, match="Invalid enum value 100"):
            box.timing(100)  # type: ignore[arg-type]


def ten_selects(line: Line, session: int) -> float:
    began = monotonic()
    for _ in range(10):
        assert ask(line, session, JPKI) == "9000"
    return monotonic() - began


# --- behind pcscd


REMOVALS = ("remove", "remove-during", "remove-after")


@pytest.mark.parametrize(
    ("deed", "outcome"),
    [
        *((deed, CardGone) for deed in REMOVALS),
        ("mute", CardMute),
        ("delay=1000s", CardMute),
        ("truncate", CardMute),
        ("garbage", "9c3c"),
        ("sw=6982", "6982"),
    ],
)
async def test_faults_behind_pcscd(data: Path, tmp_path: Path, deed: str, outcome: type[CardError] | str) -> None:
    with PrivatePcscd(tmp_path) as pcscd:
        pcscd.start()
        slot = pcscd.readers[0]
        readers = PcscReaders()
        async with listening(readers) as told:
            await told.hear(ServiceHere(), *map(ReaderHere, pcscd.readers))
            with running_box(data, "--vpcd", pcscd.vpcd, "--insert", "adult", "--fault", f"apdu=1:{deed}"):
                await told.hear(CardHere(slot))
                connection = await readers.connect(slot)
                await Jpki.select(connection)
                assert await tries(connection) == outcome
                await connection.close()
                if deed in REMOVALS:
                    await told.hear(CardAway(slot))
                    CardBox(data).insert("adult")
                    await told.hear(CardHere(slot))
        await readers.close()


async def tries(connection: CardConnection) -> type[CardError] | str:
    try:
        return (await connection.transmit(bytes.fromhex(TRIES), 0.5)).hex()
    except CardError as error:
        return type(error)
