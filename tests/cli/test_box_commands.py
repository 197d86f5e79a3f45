"""`madoguchi card insert | remove | list | new`, told as text and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kiosk import cli
from tests.cli.direct import Direct


def run(direct: Direct, *arguments: str) -> int:
    return cli.main(["card", *arguments, "--data", str(direct.data)])


def test_a_card_goes_in_and_out(direct: Direct, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(direct, "insert", "--as", "expired", "--slot", "1", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"done": "expired is in virtual reader 1."}
    inserted = {card["name"]: card["inserted"] for card in direct.box.list()}
    assert (inserted["adult"], inserted["expired"]) == (0, 1)
    assert run(direct, "remove", "--slot", "1") == 0
    assert {card["name"]: card["inserted"] for card in direct.box.list()}["expired"] is None


@pytest.mark.parametrize(
    ("arguments", "error"),
    [(("--as", "nobody"), "CardBoxRefused"), (("--slot", "7"), "CardBoxRefused"), (("--fault", "x"), "CardBoxRefused")],
)
def test_what_cannot_be_inserted(
    direct: Direct, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], error: str
) -> None:
    assert run(direct, "insert", *arguments, "--json") == 1
    assert json.loads(capsys.readouterr().out)["error"] == error


def test_a_fault_holds_from_the_insertion_on(direct: Direct, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(direct, "insert", "--fault", "apdu=0:sw=6F01") == 0
    capsys.readouterr()
    status, told = direct.json("show", "--wait", "1")
    assert (status, told["error"]) == (1, "CardRefused")


def test_the_trace_shows_what_the_card_was_asked_and_no_secret(
    direct: Direct, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(direct, "trace") == 0
    assert capsys.readouterr().out == "The card was asked nothing yet.\n"
    assert direct.run("verify-pin", typed="1234\n")[0] == 0
    assert run(direct, "trace", "--json") == 0
    commands = json.loads(capsys.readouterr().out)["commands"]
    assert "00A4040C0AD392F000260100000001" in commands[0]
    assert "00200098****" in commands[-1]
    assert "31323334" not in "".join(commands)
    assert run(direct, "trace", "--last", "1") == 0
    assert capsys.readouterr().out == f"{commands[-1]}\n"


def test_without_a_box_the_next_step_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["card", "insert", "--data", str(tmp_path)]) == 1
    assert "card insert --hold" in capsys.readouterr().out


def test_a_path_there_is_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["demo", "--path", "nowhere", "--tour", str(tmp_path)]) == 2
    assert "there are: stb, register" in capsys.readouterr().out


def test_list_names_readers_and_cards(direct: Direct) -> None:
    direct.box.insert("other-card", 1)
    status, listed = direct.json("list", "--data", str(direct.data))
    assert status == 0
    assert {line["reader"]: line["holds"] for line in listed["readers"]} == {
        "Direct 0": "an Individual Number Card",
        "Direct 1": "another kind of card",
    }
    cards = {card["name"]: card for card in listed["cards"]}
    assert (cards["adult"]["inserted"], cards["adult"]["tries"]["auth"]) == (0, 3)
    direct.box.remove(1)
    status, said = direct.run("list", "--data", str(direct.data))
    assert "Direct 1: nothing" in said
    assert any(line.split() == ["adult", "in", "reader", "0", "auth:3", "sign:5"] for line in said.splitlines())


def test_cards_are_listed_without_a_box_and_readers_say_why_not(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["card", "list", "--reader", f"direct:{data}", "--data", str(data)]
    assert cli.main(arguments) == 0
    said = capsys.readouterr().out
    assert "The smart-card service does not run." in said
    assert "adult" in said


def test_nothing_to_list_at_all_is_a_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["card", "list", "--reader", f"direct:{tmp_path}", "--data", str(tmp_path), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"] == "NothingToList"


@pytest.mark.parametrize("kind", ["usb", "direct", "direct:", "pcsc:x", ""])
def test_a_reader_there_is_not(kind: str) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["card", "show", "--reader", kind])
    assert ended.value.code == 2
