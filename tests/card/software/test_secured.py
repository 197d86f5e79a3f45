"""Secure messaging at the card, by vectors of neither side's making. Source: card reference, section 4."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256, SHA384

from drivers.software_card import secure_messaging as sm
from tests.card.host.applications.session_vectors import (
    ANSWER_16,
    ANSWER_17,
    IVS,
    KEY,
    READ_17,
    SEED,
    SELECT_NUMBER,
    VERIFY_A,
)
from tests.card.software.conftest import Ask

TEXT = "00A4040C0AD3921000310001010408"
OTHERS = {
    "00A4040C0AD3921000310001010100": "66F1",
    "00A4040C0AD3921000310001010402": "66F1",
    "00A4040C0AD3921000310001010401": "6982",
    "00A4040C0AD392F000260100000001": "6982",
    "00A4040C07A0000001510000": "6D00",
}
PIN, MATCH_A, MATCH_B = (
    "002000910431323334",
    "002000940C" + b"999999990018".hex(),
    "002000950E" + b"19050320359001".hex(),
)
DELIVERY = bytes.fromhex("A0228020") + SEED
OAEP_SHA256 = OAEP(MGF1(SHA256()), SHA256(), None)


def delivery_numbers(ask: Ask) -> RSAPublicNumbers:
    """EF 0006 read by its bytes: A1 82 010D, 90 03 010001, 91 82 0100."""
    file = bytes.fromhex(ask("00B0860000") + ask("00B0010000"))
    file = file[:256] + file[258:-2]
    assert file[:13].hex() == "a182010990030100019182" + "0100"
    assert len(file) == 4 + 265
    return RSAPublicNumbers(65537, int.from_bytes(file[13:]))


def set_session_key(message: bytes) -> str:
    return f"80AE0000{0:02X}{len(message):04X}{message.hex()}"


def delivered(ask: Ask, message: bytes = DELIVERY, padding: OAEP = OAEP_SHA256) -> str:
    """Deliver to the card's own key; the answer."""
    return ask(set_session_key(delivery_numbers(ask).public_key().encrypt(message, padding)))


@pytest.fixture
def session(ask: Ask) -> Ask:
    for command in (TEXT, PIN):
        assert ask(command) == "9000"
    assert delivered(ask) == "9000"
    return ask


def test_the_counter_encrypted_begins_each_command() -> None:
    session = sm.delivered(DELIVERY)
    assert session.key == KEY
    assert {n: session.next_iv().hex() for n in IVS} == IVS


def test_a_number_is_read_as_in_the_vectors(session: Ask) -> None:
    assert session(VERIFY_A) == "9000"
    assert session(SELECT_NUMBER) == "9000"
    assert session(READ_17) == ANSWER_17 + "9000"
    assert session(READ_17.replace("9603000011", "9603000010")) == ANSWER_16 + "9000"


def test_a_read_of_no_length_is_a_read_of_all(session: Ask) -> None:
    session(VERIFY_A)
    session(SELECT_NUMBER)
    assert session(READ_17.replace("9603000011", "9603000000")) == ANSWER_17 + "9000"


def test_the_pin_alone_lets_a_session_key_in(ask: Ask) -> None:
    ask(TEXT)
    assert ask(set_session_key(bytes(256))) == "6982", "asked before anything is decrypted"
    for opens_the_key_file in (MATCH_A, MATCH_B):
        ask(opens_the_key_file)
        assert delivered(ask) == "6982"
    ask(PIN)
    assert delivered(ask) == "9000"


@pytest.mark.parametrize(
    "message",
    [
        DELIVERY[:-1],
        DELIVERY + b"\0",
        b"\xa0\x22\x81\x20" + SEED,
        SEED,
        b"\xa0\x44\x80\x20" + SEED + b"\x81\x20" + SEED,
    ],
)
def test_any_other_delivery_is_refused(ask: Ask, message: bytes) -> None:
    ask(TEXT)
    ask(PIN)
    assert delivered(ask, message) == "6A80"
    assert ask(VERIFY_A) == "69FC"


def test_what_was_encrypted_otherwise_is_refused(ask: Ask) -> None:
    ask(TEXT)
    ask(PIN)
    assert delivered(ask, padding=OAEP(MGF1(SHA384()), SHA384(), None)) == "6A80"
    n = delivery_numbers(ask).n
    other = generate_private_key(65537, 2048).public_key().encrypt(DELIVERY, OAEP_SHA256)
    assert ask(set_session_key(other)) == ("6A80" if int.from_bytes(other) < n else "6F00")
    assert ask(set_session_key(n.to_bytes(256))) == "6F00"
    assert ask(set_session_key(bytes(255))) == "6700"
    assert ask(set_session_key(bytes(256)).replace("80AE0000", "80AE0001", 1)) == "6A86"


@pytest.mark.parametrize(
    "broken",
    [
        "08200094",
        "082000940C" + b"999999990018".hex(),
        VERIFY_A.replace("861101", "861102"),
        VERIFY_A.replace("861101", "961101"),
        VERIFY_A.replace("861101", "871101"),
        "0820009411860F01" + VERIFY_A[16:-4],
        "0820009426" + VERIFY_A[10:] * 2,
        VERIFY_A[:-2] + "00",
        SELECT_NUMBER,  # of counter 2
        "08B00000" + "13" + VERIFY_A[10:],
        "08B00000" + "04" + "96020011" + "00",
        "08B00000" + "05" + "9603010011" + "00",
    ],
)
def test_what_cannot_be_uncovered_ends_the_session(session: Ask, broken: str) -> None:
    assert session(broken) == "6988"
    assert {session(VERIFY_A), session(SELECT_NUMBER), session(READ_17)} == {"69FC"}
    assert session("00B0810001") == "FF9000", "what is not secured goes on"


def test_what_the_application_refuses_counts_as_a_command(session: Ask) -> None:
    """VERIFY against the dead key reference uses up counter 1, as measured."""
    assert session(VERIFY_A.replace("08200094", "08200092")) == "6984"
    assert session(SELECT_NUMBER) == "9000"


def test_a_counter_that_is_one_off_ends_the_session(session: Ask) -> None:
    assert session(READ_17).endswith("9000"), "carries nothing covered, but counts"
    assert (session(VERIFY_A), session(VERIFY_A)) == ("6988", "69FC")


def test_plain_commands_between_do_not_count(session: Ask) -> None:
    assert session(VERIFY_A) == "9000"
    assert session("00B0820001") == "FF9000"
    assert session(SELECT_NUMBER) == "9000"


def test_a_wrong_secret_costs_a_try_as_in_the_clear(session: Ask) -> None:
    assert session(VERIFY_A.replace("08200094", "08200095")) == "63C9"
    assert session("00200095") == "63C9"


def test_a_long_form_of_length_is_taken(session: Ask) -> None:
    assert session("0820009414" + "86811101" + VERIFY_A[16:]) == "9000"


def test_an_answer_must_fit_what_was_asked_for(session: Ask) -> None:
    session(VERIFY_A)
    session(SELECT_NUMBER)
    assert session("08B0000005960300001123") == ANSWER_17 + "9000", "35 bytes, in the short form"
    assert session("08B0000005960300001122") == "6700"


@pytest.mark.parametrize("selects", [TEXT, *OTHERS])
def test_another_selection_ends_the_session(session: Ask, selects: str) -> None:
    session(selects)
    session(TEXT)
    assert session(VERIFY_A) == "69FC"


def test_a_second_delivery_begins_anew(session: Ask) -> None:
    assert session(VERIFY_A) == "9000"
    assert delivered(session) == "9000"
    assert session(VERIFY_A) == "9000"


def test_what_is_not_covered_by_a_session(session: Ask) -> None:
    assert session("0C20009413" + VERIFY_A[10:]) == "6987"
    assert session("08240180" + VERIFY_A[8:]) == "6D00"
    assert session(VERIFY_A) == "9000", "neither was a secured command"


def test_without_a_session(ask: Ask) -> None:
    ask(TEXT)
    assert (ask(VERIFY_A), ask("0C200094")) == ("69FC", "6987")


@pytest.mark.parametrize(("select", "refusal"), OTHERS.items())
def test_no_other_application_takes_a_session_key(ask: Ask, select: str, refusal: str) -> None:
    ask(select)
    assert ask(set_session_key(bytes(256))) == refusal
    secured = {"6E00"} if refusal == "6D00" else {"69FC", "6882"}
    assert {ask(VERIFY_A), ask("0C200094")} == secured


def test_a_covered_secret_stands_in_no_trace(session: Ask, adult) -> None:  # type: ignore[no-untyped-def]
    session(VERIFY_A)
    assert VERIFY_A[16:] not in str(adult.trace)
