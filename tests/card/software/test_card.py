"""What the chip answers, byte by byte. Source: card reference, sections 3, 4 and 11."""

from __future__ import annotations

from pathlib import Path

import pytest

from drivers.software_card.card import SoftwareCard
from drivers.software_card.errors import NoPower
from drivers.software_card.folder import card_folder
from drivers.software_card.profile import Quirk
from tests.card.software.conftest import Ask, asking, powered
from tests.card.software.issuer import opened

JPKI = "00A4040C0AD392F000260100000001"
MANAGER = "00A4040C07A0000001510000"
PIN, WRONG_PIN = "002000980431323334", "002000980434333231"
PASSWORD, WRONG_PASSWORD = "0020009B06414243313233", "0020009B06616263313233"
DIGEST_INFO = "3031300D060960864801650304020105000420" + "5A" * 32
SIGN = f"802A009733{DIGEST_INFO}00"


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        # SELECT by AID
        (JPKI, "9000"),
        ("00A404000AD392F000260100000001", "9000"),
        ("00A404000AD392F00026010000000100", "6F0C840AD392F0002601000000019000"),
        ("00A4040C0AD392F00026010000000100", "9000"),
        (MANAGER, "9000"),
        ("00A4040C0FD23300000045737445494420763335", "6A82"),
        ("00A404000BE82B0601040181C31F020100", "6A82"),
        ("00A4040C0AD3921000310001010408", "9000"),
        ("00A4040C0AD3921000310001010409", "6A82"),
        ("00A4040C", "6A82"),
        ("00A404040AD392F000260100000001", "6A86"),
        # no ISO master file, no files at the top
        ("00A40000", "6A86"),
        ("00A4000C023F00", "6A82"),
        ("00A4020C022F10", "6A82"),
        ("00A4080C023F00", "6A86"),
        # GET DATA, GET CHALLENGE
        ("00CA5F5100", "E000FF8131FE45149000"),
        ("00CA00F000", "39393030319000"),
        ("00CA00F200", "32303335303530339000"),
        ("00CA004500", b"JPKI-EMU-adult".hex().upper() + "9000"),
        ("00CADF3005", "6A88"),
        ("00CA00F002", "6700"),
        ("00CA00F800", "6700"),
        ("00CA00F000FFFF", "39393030319000"),
        ("00B0000000FFFF", "6700"),
        ("00CA00F0", "6700"),
        ("0084000100", "6A86"),
        ("00840000", "6700"),
        # nothing selected, classes and instructions
        ("00B0000000", "6986"),
        ("00200080", "6986"),
        ("00CB3FFF035C017E08", "6D00"),
        ("00240180", "6D00"),
        ("80A4040C", "6D00"),
        ("0C200080", "6E00"),
        ("08200080", "6E00"),
        ("0020", "6700"),
    ],
)
def test_at_the_card_manager(ask: Ask, command: str, answer: str) -> None:
    assert ask(command) == answer


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("00A40000", "9000"),
        ("00A4020C020018", "9000"),
        ("00A40200020017", "9000"),
        ("00A4020C020003", "6A82"),
        ("00A4020C0118", "6700"),
        ("00CA5F5100", "6A88"),
        # READ BINARY by short id
        ("00B0880000", "8F8F009000"),
        ("00B0880002", "8F8F9000"),
        ("00B0880100", "8F009000"),
        ("00B0880300", "6B00"),
        ("00B088FF00", "6B00"),
        ("00B0860020", b"JPKIAPICCTOKEN2".ljust(32).hex().upper() + "9000"),
        ("00B0810004", "6982"),
        ("00B0830000", "6A82"),
        ("00B0970000", "6981"),
        ("00B0980000", "6981"),
        ("00B0C80000", "6A86"),
        ("00B08800", "6700"),
        # VERIFY
        ("00200098", "63C3"),
        ("0020009B", "63C5"),
        ("0020009800", "63C3"),
        ("0020009A", "6981"),
        ("0020008A", "6981"),
        ("00200083", "6A82"),
        ("00200018", "6A86"),
        ("002000B8", "6A86"),
        ("00200198", "6A86"),
        ("0020009811" + "31" * 17, "6700"),
        ("00200098053132333400", "63C2"),  # filler is part of what was typed
        # COMPUTE DIGITAL SIGNATURE
        (SIGN, "6982"),
        (f"802A009A33{DIGEST_INFO}00", "6982"),
        ("802A00980131", "6981"),
        ("802A0080013100", "6986"),
        ("802A0697013100", "6A86"),
        ("802A0197013100", "6982"),
        ("802A0000013100", "6A86"),
    ],
)
def test_in_the_jpki_application(ask: Ask, command: str, answer: str) -> None:
    ask(JPKI)
    assert ask(command) == answer


@pytest.mark.parametrize("last", ["00", "01", "02", "03", "04", "05", "06", "0A", "0F"])
def test_what_opensc_tries_before_jpki_is_unknown(ask: Ask, last: str) -> None:
    """A card that accepts any of these is taken for another. Source: card reference, section 10.1."""
    assert ask(f"00A4040C07A00000007901{last}00") == "6A82"


def test_token_info_is_160_bytes_of_our_own(ask: Ask) -> None:
    ask(JPKI)
    ask("00A4020C020006")
    info = bytes.fromhex(ask("00B0000000"))
    assert (len(info), info[-2:].hex()) == (160 + 2, "9000")
    assert info[32:64] == b"JPKI-EMU".ljust(32)
    assert info[96:100].hex() == "0000040d"
    assert info[116:124].hex() == "0000001000000006", "longest and shortest PIN"
    assert info[140:160] == b"0301" + b"9" * 16


def test_challenges_are_random(ask: Ask) -> None:
    first, second = ask("0084000008"), ask("0084000008")
    assert len(first) == len(second) == 2 * (8 + 2)
    assert first != second
    assert len(ask("0084000000")) == 2 * (256 + 2)


# --- VERIFY and its counters


def test_wrong_pins_count_down_to_blocked(ask: Ask) -> None:
    ask(JPKI)
    assert [ask(WRONG_PIN) for _ in range(4)] == ["63C2", "63C1", "63C0", "6984"]
    assert (ask(PIN), ask("00200098"), ask("0020009B")) == ("6984", "63C0", "63C5")


def test_the_right_pin_restores_the_counter_which_is_told_after_success_too(ask: Ask) -> None:
    ask(JPKI)
    assert [ask(c) for c in (WRONG_PIN, WRONG_PIN, "00200098", PIN, "00200098")] == [
        "63C2", "63C1", "63C1", "9000", "63C3",
    ]  # fmt: skip


def test_the_password_is_compared_as_it_is(ask: Ask) -> None:
    ask(JPKI)
    assert (ask(WRONG_PASSWORD), ask(PASSWORD), ask("0020009B")) == ("63C4", "9000", "63C5")


def test_a_wrong_pin_takes_back_the_right_one(ask: Ask) -> None:
    ask(JPKI)
    assert [ask(PIN), ask(WRONG_PIN), ask(SIGN)] == ["9000", "63C2", "6982"]


def test_verify_on_the_current_file(ask: Ask) -> None:
    ask(JPKI)
    ask("00A4020C020018")
    assert (ask("00200080"), ask("002000800431323334")) == ("63C3", "9000")


@pytest.mark.parametrize(("name", "tries"), [("last-try", "63C1"), ("blocked", "63C0"), ("expired", "63C3")])
def test_profiles_begin_with_their_tries(data: Path, name: str, tries: str) -> None:
    ask = asking(powered(data, name))
    ask(JPKI)
    assert ask("00200098") == tries


# --- the signature certificate and the security status


def test_the_signature_certificate_needs_the_password(data: Path, ask: Ask) -> None:
    certificate = card_folder(data, "adult").certificate("sign").read_bytes()
    ask(JPKI)
    assert ask(PIN) == "9000"
    assert ask("00B0810004") == "6982", "the PIN of the other key opens nothing here"
    assert ask(PASSWORD) == "9000"
    assert ask("00B0810000") == certificate[:256].hex().upper() + "9000"
    assert ask("00B0010000") == certificate[256:512].hex().upper() + "9000", "the short id made it the current file"


@pytest.mark.parametrize("between", [JPKI, MANAGER])
def test_selecting_an_application_clears_what_was_verified(ask: Ask, between: str) -> None:
    ask(JPKI)
    ask(PIN)
    ask(between)
    ask(JPKI)
    assert ask(SIGN) == "6982"


def test_a_refused_select_changes_nothing(ask: Ask) -> None:
    ask(JPKI)
    ask(PIN)
    assert ask("00A4040C06A00000000101") == "6A82"
    assert len(ask(SIGN)) == 2 * (256 + 2)


def test_power_off_clears_everything_but_the_counters(adult: SoftwareCard) -> None:
    ask = asking(adult)
    ask(JPKI)
    ask(WRONG_PASSWORD)
    ask(PIN)
    adult.power_off()
    with pytest.raises(NoPower):
        ask(SIGN)
    assert adult.power_on().hex().upper() == "3BE000FF8131FE4514"
    assert ask("00A4020C020018") == "6A82", "nothing is selected any more"
    ask(JPKI)
    assert (ask(SIGN), ask("0020009B")) == ("6982", "63C4")


@pytest.mark.parametrize(("quirks", "length"), [((), 258), ((Quirk.CLEAR_ON_RESET,), 2)])
def test_a_warm_reset_keeps_the_status_unless_told(data: Path, quirks: tuple[Quirk, ...], length: int) -> None:
    card = powered(data, "adult", *quirks)
    ask = asking(card)
    ask(JPKI)
    ask(PIN)
    assert card.reset() == card.atr
    assert len(ask(SIGN)) == 2 * length


def test_keep_on_reselect_keeps_it_for_the_same_application_alone(data: Path) -> None:
    ask = asking(powered(data, "adult", Quirk.KEEP_ON_RESELECT))
    for command in (JPKI, PIN, JPKI):
        assert ask(command) == "9000"
    assert len(ask(SIGN)) == 2 * (256 + 2)
    ask(MANAGER)
    ask(JPKI)
    assert ask(SIGN) == "6982"


# --- signing


@pytest.mark.parametrize(("use", "opens", "p2"), [("auth", PIN, "97"), ("sign", PASSWORD, "9A")])
@pytest.mark.parametrize("given", [b"\x01", b"any bytes, no DigestInfo", bytes.fromhex(DIGEST_INFO), b"x" * 245])
def test_the_given_bytes_are_padded_and_signed(
    data: Path, ask: Ask, use: str, opens: str, p2: str, given: bytes
) -> None:
    ask(JPKI)
    ask(opens)
    answer = bytes.fromhex(ask(f"802A00{p2}{len(given):02X}{given.hex()}00"))
    assert answer[-2:].hex() == "9000"
    assert (
        opened(answer[:-2], card_folder(data, "adult").certificate(use))
        == b"\x00\x01" + b"\xff" * (253 - len(given)) + b"\x00" + given
    )


@pytest.mark.parametrize(
    "command", ["802A009700", "802A0097", f"802A0097F6{'31' * 246}00", "802A00970131", "802A0097013110"]
)
def test_nothing_and_too_much_to_sign_is_refused(ask: Ask, command: str) -> None:
    ask(JPKI)
    ask(PIN)
    assert ask(command) == "6700"


# --- other cards


def test_a_foreign_card_knows_no_application(data: Path) -> None:
    card = powered(data, "other-card")
    ask = asking(card)
    assert {ask(c) for c in (JPKI, MANAGER, "00A40400", "00A4020C020018", "00A4000C023F00")} == {"6A82"}
    assert card.atr.hex().upper() == "3B80800101"


def test_a_child_has_no_signature_certificate(data: Path) -> None:
    ask = asking(powered(data, "child"))
    ask(JPKI)
    assert ask("00B0880000") == "008F009000"
    assert {ask(c) for c in ("00B0810000", "00B0820000", "00A4020C02001A", SIGN.replace("97", "9A", 1))} == {"6A82"}
    assert (ask("0020009B"), ask(PASSWORD)) == ("63C0", "6984"), "there and blocked: OpenSC binds only if it is there"
    assert ask(PIN) == "9000"
