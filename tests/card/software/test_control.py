"""The box as a process of its own: its life, and every message of its control protocol."""

from __future__ import annotations

import json
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest

from drivers.software_card.blank import make_blank
from drivers.software_card.control_client import CardBox, CardBoxAway, CardBoxRefused
from drivers.software_card.folder import card_folder
from drivers.software_card.profile import Profile
from tests.card.software.conftest import jpki_tries
from tests.card.software.running import DEADLINE_S, Line, end_box, running_box, start_box

JPKI, PIN, WRONG_PIN = "00A4040C0AD392F000260100000001", "002000980431323334", "002000980434333231"


@pytest.fixture
def box(data: Path) -> Iterator[CardBox]:
    with running_box(data):
        yield CardBox(data)


@pytest.fixture
def line(box: CardBox, data: Path) -> Iterator[Line]:
    with Line(data) as line:
        yield line


# --- the process


@pytest.mark.parametrize("ending", ["parent", signal.SIGTERM, signal.SIGINT])
def test_it_tidies_up_however_it_is_ended(data: Path, ending: str | signal.Signals) -> None:
    box = start_box(data)
    place = data / "card-control.json"
    assert json.loads(place.read_bytes()).keys() == {"port", "token", "pid"}
    if sys.platform != "win32":
        assert stat.S_IMODE(place.stat().st_mode) == 0o600
    with Line(data) as line:
        assert line.ask("watch")["ok"]
        if isinstance(ending, signal.Signals):
            box.send_signal(ending)
            assert box.wait(DEADLINE_S) == 0
        assert end_box(box) == 0
        assert line.hear() == {}
    assert not place.exists()


def test_no_two_boxes_hold_the_same_cards(data: Path, box: CardBox) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "drivers.software_card", "--data", str(data)],
        capture_output=True, text=True, timeout=DEADLINE_S, check=False,
    )  # fmt: skip
    assert (second.returncode, second.stdout) == (1, "")
    assert second.stderr == "Another program holds the cards of this data folder already.\n"
    assert box.list()


def test_a_killed_box_is_away_and_another_may_follow(data: Path) -> None:
    killed = start_box(data)
    CardBox(data).insert("adult")
    killed.kill()
    killed.communicate(timeout=DEADLINE_S)
    with pytest.raises(CardBoxAway, match="No box of cards runs"):
        CardBox(data).list()
    with running_box(data):
        assert {card["inserted"] for card in CardBox(data).list()} == {None}


def test_without_a_box_it_is_away(tmp_path: Path) -> None:
    with pytest.raises(CardBoxAway):
        CardBox(tmp_path).insert("adult")


@pytest.mark.parametrize(
    ("name", "sentence"), [("nobody", "There is no card named 'nobody'."), ("new", "must issue it")]
)
def test_a_card_that_cannot_be_inserted_at_the_start_ends_it(data: Path, name: str, sentence: str) -> None:
    make_blank(data, "new", Profile(resident="new", pin="1234"))
    arguments = [sys.executable, "-m", "drivers.software_card", "--data", str(data), "--insert", name]
    run = subprocess.run(arguments, capture_output=True, text=True, timeout=DEADLINE_S, check=False)
    assert (run.returncode, run.stdout) == (1, "")
    assert sentence in run.stderr
    assert "Traceback" not in run.stderr
    assert not (data / "card-control.json").exists()


def test_blank_cards_are_made_at_the_start(tmp_path: Path) -> None:
    with running_box(tmp_path):
        assert {card["name"] for card in CardBox(tmp_path).list()} >= {"adult", "other-card"}
        with pytest.raises(CardBoxRefused, match="the test authority must issue it first"):
            CardBox(tmp_path).insert("adult")


# --- cards and slots


def test_the_list_tells_tries_and_slots(box: CardBox, data: Path) -> None:
    box.insert("blocked", 1)
    cards = {card["name"]: card for card in box.list()}
    assert cards["bare"] == {
        "name": "bare", "resident": "child", "tries": {"auth": 3, "sign": 0}, "inserted": None,
    }  # fmt: skip
    assert cards["blocked"]["inserted"] == 1
    assert jpki_tries(cards["blocked"]["tries"]) == {"auth": 0, "sign": 5}
    assert cards["other-card"]["tries"] == {}


def test_two_slots(box: CardBox) -> None:
    box.insert("other-card")
    box.insert("adult", 1)
    box.insert("first", 1)
    box.remove(0)
    box.remove(0)
    assert {card["name"]: card["inserted"] for card in box.list() if card["inserted"] is not None} == {"first": 1}


def test_what_cannot_be_is_said_in_a_sentence(box: CardBox) -> None:
    box.insert("adult")
    with pytest.raises(CardBoxRefused, match="'adult' is in slot 0 already"):
        box.insert("adult", 1)
    with pytest.raises(CardBoxRefused, match=r"no card named '\.\./cards/adult'"):
        box.insert("../cards/adult")
    with pytest.raises(CardBoxRefused, match="There is no slot 2"):
        box.remove(2)
    with pytest.raises(CardBoxRefused, match="There is no slot -1"):
        box.insert("first", -1)
    assert [card["name"] for card in box.list() if card["inserted"] == 0] == ["adult"]


def test_the_trace_starts_with_the_insertion(box: CardBox, line: Line) -> None:
    assert box.trace() == {"apdus": 0, "bytes_in": 0, "bytes_out": 0, "card_s": 0.0, "held_s": 0.0}
    box.insert("adult")
    session = line.ask("power", reader="Direct 0")["session"]
    line.ask("transmit", session=session, apdu=JPKI)
    line.ask("transmit", session=session, apdu=PIN)
    trace = box.trace()
    assert (trace["apdus"], trace["bytes_in"], trace["bytes_out"]) == (2, 15 + 9, 4)
    assert 0 < trace["card_s"] < 1
    box.remove()
    assert box.trace() == trace
    box.insert("adult")
    assert box.trace()["apdus"] == 0


# --- the protocol


def test_a_wrong_token_is_refused_and_cut_off(box: CardBox, data: Path) -> None:
    with Line(data, token="guess") as line:
        assert line.hear() == {"ok": False, "error": "The token is wrong."}
        assert line.hear() == {}


def test_the_first_line_must_be_the_token(box: CardBox, data: Path) -> None:
    with Line(data, token="guess") as line:
        line.say({"do": "list"})
        assert line.hear()["ok"] is False
        assert line.hear() == {}


@pytest.mark.parametrize(
    "message",
    [
        b"{",
        b"[]",
        b'{"do":"fly"}',
        b"{}",
        b'{"do":"insert"}',
        b'{"do":"insert","as":"adult","slot":"one"}',
        b'{"do":"transmit","session":1,"apdu":1}',
        b"\xff",
    ],
)
def test_nonsense_is_refused_and_the_line_goes_on(line: Line, message: bytes) -> None:
    line.say(message)
    refused = line.hear()
    assert refused["ok"] is False
    assert refused["error"]
    assert line.ask("remove") == {"ok": True}


def test_direct_sessions(box: CardBox, line: Line) -> None:
    assert line.ask("power", reader="Direct 0") == {"ok": False, "error": "no card"}
    assert line.ask("power", reader="Shelf")["error"] == "There is no slot Shelf."
    assert line.ask("insert", **{"as": "adult"}) == {"ok": True}
    session = line.ask("power", reader="Direct 0")["session"]
    assert line.ask("transmit", session=session, apdu=JPKI) == {"ok": True, "apdu": "9000"}
    assert line.ask("transmit", session=session, apdu=PIN.lower()) == {"ok": True, "apdu": "9000"}
    assert line.ask("transmit", session=session, apdu="no hex")["ok"] is False
    assert line.ask("unpower", session=session) == {"ok": True}
    assert line.ask("transmit", session=session, apdu=JPKI) == {"ok": False, "error": "card gone"}
    assert line.ask("unpower", session=session) == {"ok": True}


def test_power_starts_afresh_and_ends_the_older_session(box: CardBox, line: Line) -> None:
    box.insert("adult")
    old = line.ask("power", reader="Direct 0")["session"]
    for apdu in (JPKI, PIN):
        line.ask("transmit", session=old, apdu=apdu)
    new = line.ask("power", reader="Direct 0")["session"]
    assert line.ask("transmit", session=old, apdu=JPKI)["error"] == "card gone"
    line.ask("transmit", session=new, apdu=JPKI)
    assert line.ask("transmit", session=new, apdu="802A0097013100")["apdu"] == "6982"


def test_a_client_that_dies_leaves_no_power_behind(box: CardBox, line: Line, data: Path) -> None:
    box.insert("adult")
    with Line(data) as dying:
        session = dying.ask("power", reader="Direct 0")["session"]
        for apdu in (JPKI, PIN):
            dying.ask("transmit", session=session, apdu=apdu)
        assert line.ask("transmit", session=session, apdu="00200098")["apdu"] == "63c3"
    deadline = monotonic() + DEADLINE_S
    while line.ask("transmit", session=session, apdu="00200098")["ok"]:
        assert monotonic() < deadline
    assert line.ask("transmit", session=session, apdu="00200098")["error"] == "card gone"


def test_a_card_taken_out_ends_its_session_and_comes_back_with_its_tries(box: CardBox, line: Line, data: Path) -> None:
    box.insert("adult")
    session = line.ask("power", reader="Direct 0")["session"]
    line.ask("transmit", session=session, apdu=JPKI)
    assert line.ask("transmit", session=session, apdu=WRONG_PIN)["apdu"] == "63c2"
    assert jpki_tries(json.loads(card_folder(data, "adult").counters.read_bytes())) == {"auth": 2, "sign": 5}
    box.insert("adult")
    assert line.ask("transmit", session=session, apdu=JPKI)["error"] == "card gone"
    session = line.ask("power", reader="Direct 0")["session"]
    line.ask("transmit", session=session, apdu=JPKI)
    assert line.ask("transmit", session=session, apdu="00200098")["apdu"] == "63c2"


def test_a_watch_tells_the_state_and_every_change(box: CardBox, line: Line) -> None:
    box.insert("adult", 1)
    assert line.ask("watch") == {
        "ok": True,
        "readers": [{"reader": "Direct 0", "card": False}, {"reader": "Direct 1", "card": True}],
    }
    box.insert("other-card", 0)
    box.insert("first", 1)
    box.remove(0)
    assert [line.hear() for _ in range(4)] == [
        {"event": "here", "reader": "Direct 0"},
        {"event": "away", "reader": "Direct 1"},
        {"event": "here", "reader": "Direct 1"},
        {"event": "away", "reader": "Direct 0"},
    ]


def test_behind_pcscd_there_are_no_direct_sessions(data: Path) -> None:
    """A card is in one reader: two masters would take each other's power."""
    with running_box(data, "--vpcd", "127.0.0.1:9"), Line(data) as line:
        assert line.ask("power", reader="Direct 0")["error"] == "These cards are behind pcscd; ask for them over PC/SC."
        assert line.ask("watch")["ok"] is False
        assert line.ask("list")["ok"] is True
