"""What the applications about the person answer, byte by byte. Source: card reference, sections 3.2 to 3.5, 4, 11."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from drivers.software_card.folder import card_folder, open_card
from drivers.software_card.issued import Issued
from drivers.software_card.profile import Quirk
from tests.card.software.conftest import Ask, asking, powered

SELECT = {
    name: f"00A4040C0AD3921000310001{last}"
    for name, last in {"common": "010100", "juki": "010401", "visual": "010402", "text": "010408"}.items()
}
JPKI = "00A4040C0AD392F000260100000001"
A, B, BIRTH = b"999999990018".hex(), b"19050320359001".hex(), b"190503".hex()
TEXT_PIN = "002000910431323334"
DIGEST_INFO = "3031300D060960864801650304020105000420" + "5A" * 32


@pytest.mark.parametrize(
    ("application", "command", "answer"),
    [
        ("text", "00200091", "63C3"),
        ("text", "00200094", "63CA"),
        ("text", "00200095", "63CA"),
        ("text", "00200092", "63C0"),
        ("text", "002000920431323334", "6984"),
        ("text", "00B0810011", "6982"),
        ("text", "00B0820000", "6982"),
        ("text", "00B0830000", "6982"),
        ("text", "00B0870000", "6982"),
        ("text", "00B0840005", "7F218202339000"),
        ("text", "00B0930000", "6981"),
        ("text", "00B0880000", "6A82"),
        ("text", "002401910435363738", "6982"),
        ("text", "002400910435363738", "6A86"),
        ("text", "002401930435363738", "6981"),
        ("text", "803200910435363738", "6D00"),
        ("text", "802A000001AA", "6700"),
        ("text", "008800930100", "6985"),
        ("visual", "00200091", "63CA"),
        ("visual", "00B0810000", "6982"),
        ("visual", "00B0820000", "6982"),
        ("visual", "00B0850000", "6982"),
        ("visual", "00B0840005", "7F218202339000"),
        ("visual", "002401910435363738", "6D00"),
        ("common", "00B2010400", "6986"),
        ("common", "00B2010C00", "011C" + b"9000000000000019900120350503".hex().upper() + "9000"),
        ("common", "00B2010D02", "011C9000"),
        ("common", "00B2010C", "6700"),
        ("common", "00B2020C00", "6A83"),
        ("common", "00B2000C00", "6A83"),
        ("common", "00B2010E00", "6A86"),
        ("common", "00B201CC00", "6981"),
        ("common", "00B201F400", "6A82"),
        ("common", "00B0810000", "6981"),
        ("common", "0020009C", "63C3"),
        ("common", "0024019C0435363738", "6D00"),
        ("common", "8032009C0435363738", "6982"),
        ("common", "802A009901AA00", "6981"),
        ("common", "008800990000", "6700"),
        ("juki", "00B2011400", b"9000020".hex().upper() + "0805303031000000019000"),
        ("juki", "0020009C", "63C3"),
    ],
)
def test_without_any_secret(ask: Ask, application: str, command: str, answer: str) -> None:
    assert ask(SELECT[application]) == "9000"
    assert ask(command) == answer


OPENED = {
    "text": {
        TEXT_PIN: {"81", "82", "83", "87"},
        f"002000940C{A}": {"81", "83", "87"},
        f"002000950E{B}": {"82", "83", "87"},
    },
    "visual": {
        f"0020009106{BIRTH}": {"81"},
        f"002000920E{B}": {"82"},
        f"002000930C{A}": {"82", "85"},
    },
}
LOCKED = {"text": ("81", "82", "83", "87"), "visual": ("81", "82", "85")}


@pytest.mark.parametrize(("application", "verify"), [(name, verify) for name in OPENED for verify in OPENED[name]])
def test_what_each_secret_opens(ask: Ask, application: str, verify: str) -> None:
    ask(SELECT[application])
    assert ask(verify) == "9000"
    opened = {file for file in LOCKED[application] if ask(f"00B0{file}0001").endswith("9000")}
    assert opened == OPENED[application][verify]
    ask(SELECT["common"])
    ask(SELECT[application])
    assert {ask(f"00B0{file}0001") for file in LOCKED[application]} == {"6982"}


def test_the_number_file_is_17_bytes_as_known(ask: Ask) -> None:
    ask(SELECT["text"])
    ask(TEXT_PIN)
    assert ask("00B0810000") == "FF100C" + A.upper() + "FFFF" + "9000"
    assert ask("00B0811100") == "6B00"


def test_the_items_file_has_the_layout_of_the_worked_example(ask: Ask) -> None:
    ask(SELECT["text"])
    ask(TEXT_PIN)
    file = bytes.fromhex(ask("00B0820000"))[:-2]
    table = [int.from_bytes(file[6 + 2 * n :][:2]) for n in range(4)]
    assert file[:6].hex().upper() == f"FF20{len(file) - 3:02X}DF2108"
    assert [file[place : place + 2].hex() for place in table] == ["df22", "df23", "df24", "df25"]


def test_the_applications_own_keys_sign_without_a_secret(ask: Ask) -> None:
    for application in ("text", "visual"):
        ask(SELECT[application])
        assert len(ask(f"802A000033{DIGEST_INFO}00")) == 2 * (256 + 2)
    ask(SELECT["text"])
    assert len(ask(f"802A009333{DIGEST_INFO}00")) == 2 * (256 + 2)
    ask(JPKI)
    assert ask(f"802A000033{DIGEST_INFO}00") == "6A86"


def test_large_objects_need_the_extended_form(ask: Ask) -> None:
    assert ask("00CA00F800") == "6700"
    assert ask("00CA00F8000000").startswith("7F21820233")
    assert ask("00CA7F2100") == "6700"
    assert ask("00CA7F21000000").startswith("7F21820233")


def test_an_older_card_has_no_lower_certificate(data: Path) -> None:
    """An issued card's record without one: 6A88. Source: card reference, section 3.5."""
    folder = card_folder(data, "adult")
    issued = msgspec.json.decode(folder.issued.read_bytes(), type=Issued)
    folder.issued.write_bytes(msgspec.json.encode(msgspec.structs.replace(issued, lower_certificate=None)))
    assert asking(powered(data, "adult"))("00CA7F21000000") == "6A88"


def test_terminal_commands_that_prove_nothing(ask: Ask) -> None:
    """Dummy data is measured to answer 6700, other P1 P2 6A86; the rest is our simulation's."""
    ask(JPKI)
    assert ask("0082008001AA") == "6985"
    assert ask("00A4020C020016") == "9000"
    assert ask("80A200C1000133" + "00" * 307) == "6700"
    assert [ask(f"80A2{p1p2}01AA") for p1p2 in ("0000", "00AE", "8000", "00B6")] == ["6A86"] * 4
    assert ask("00B0960000") == "6981"
    ask("00A4020C020018")
    assert ask("80A200C101AA") == "6981"


def test_a_secret_is_changed_only_after_its_own_verify(data: Path, ask: Ask) -> None:
    ask(JPKI)
    ask("0020009B06414243313233")
    assert ask("002401980435363738") == "6982", "the password opens no PIN"
    ask("002000980431323334")
    assert ask("0024018000") == "6700"
    assert ask("0024018011" + "31" * 17) == "6700"
    assert ask("002401800435363738") == "9000"
    again = asking(powered(data, "adult"))
    again(JPKI)
    assert [again("002000980431323334"), again("002000980435363738")] == ["63C2", "9000"]


def test_a_changed_secret_stands_in_no_trace(data: Path) -> None:
    card = powered(data, "adult")
    ask = asking(card)
    for command in (JPKI, "002000980431323334", "002401800435363738", SELECT["juki"], "0020009C0431323334"):
        ask(command)
    assert ask("803200800435363738") == "9000"
    assert "3536" not in str(card.trace)
    assert "31323334" not in str(card.trace)


@pytest.mark.logs("could not be kept")
def test_a_change_that_cannot_be_kept_did_not_happen(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = asking(powered(data, "adult"))
    ask(JPKI)
    ask("002000980431323334")

    def full(_: int) -> None:
        raise OSError(28, "full")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        assert ask("002401800435363738") == "6581"
    assert ask("002000980431323334") == "9000"


def test_the_quirk_keeps_what_was_opened_on_selecting_again(data: Path) -> None:
    ask = asking(powered(data, "adult", Quirk.KEEP_ON_RESELECT))
    for command in (SELECT["text"], TEXT_PIN, SELECT["text"]):
        ask(command)
    assert ask("00B0810001") == "FF9000"


def test_every_profile_with_a_holder_opens(data: Path) -> None:
    for name in ("adult", "blocked", "expired", "first", "last-try", "not-yet", "revoked", "wrong-policy"):
        card = open_card(card_folder(data, name))
        card.power_on()
        assert {asking(card)(select) for select in SELECT.values()} == {"9000"}
