"""`madoguchi card show | verify-pin | sign | read | new` on a real software card behind a real pcscd."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from drivers.software_card.control_client import CardBox
from drivers.software_card.folder import card_folder
from tests.card.software.running import running_box
from tests.cli.command import run, run_json, terminal
from tests.cli.conftest import Counters

SECRETS = {"auth": "1234", "sign": "ABC123"}


def check_signature(pem: str, signature: bytes, message: bytes) -> None:
    """Raises when the certificate's key did not sign the message."""
    key = x509.load_pem_x509_certificate(pem.encode()).public_key()
    assert isinstance(key, RSAPublicKey)
    key.verify(signature, message, PKCS1v15(), SHA256())


def test_show_tells_what_lies_there_and_uses_no_try(box: CardBox, counters: Counters) -> None:
    before = counters("adult")
    box.insert("adult")
    status, shown = run_json("card", "show")
    assert status == 0
    assert shown["tries"] == {"pin": 3, "password": 5}
    assert shown["label"] == "JPKIAPICCTOKEN2"
    assert shown["certificate"]["validity"] == "valid"
    assert shown["certificate"]["key"] == "RSA-2048"
    text = run("card", "show").stdout
    assert shown["certificate"]["serial"] in text
    assert shown["reader"] in text
    assert counters("adult") == before


@pytest.mark.parametrize(("card", "validity"), [("expired", "expired"), ("not-yet", "not valid yet")])
def test_show_judges_the_dates(box: CardBox, card: str, validity: str) -> None:
    box.insert(card)
    _, shown = run_json("card", "show")
    assert shown["certificate"]["validity"] == validity


def test_the_card_in_the_second_reader_is_found_past_a_foreign_one(box: CardBox) -> None:
    box.insert("other-card", 0)
    box.insert("adult", 1)
    status, shown = run_json("card", "show")
    assert status == 0
    assert shown["reader"].endswith("01")


def test_a_foreign_card_and_no_card_are_told_apart(box: CardBox) -> None:
    status, nothing = run_json("card", "show", "--wait", "2")
    assert (status, nothing["error"]) == (1, "CardGone")
    box.insert("other-card")
    status, foreign = run_json("card", "show", "--wait", "2")
    assert (status, foreign["error"]) == (1, "NotOurCard")
    assert foreign["next_step"]


@pytest.mark.parametrize("key", ["auth", "sign"])
def test_the_right_secret_is_accepted_and_never_shown(box: CardBox, key: str) -> None:
    box.insert("adult")
    done = run("card", "verify-pin", key, pin=SECRETS[key])
    assert done.returncode == 0, done.stdout + done.stderr
    assert SECRETS[key] not in done.stdout + done.stderr


def test_a_wrong_pin_uses_one_try_and_says_how_many_are_left(box: CardBox, counters: Counters) -> None:
    box.insert("adult")
    status, told = run_json("card", "verify-pin", pin="9999")
    assert (status, told["error"]) == (1, "PinWrong")
    assert "tries left: 2" in told["detail"]
    assert counters("adult")["auth"] == 2


@pytest.mark.parametrize("slip", ["123", "12345", "12a4", "", "１２３４"])
def test_a_slip_costs_no_try(box: CardBox, counters: Counters, slip: str) -> None:
    box.insert("adult")
    status, told = run_json("card", "verify-pin", pin=slip)
    assert (status, told["error"]) == (1, "NotAsked")
    assert counters("adult")["auth"] == 3


def test_a_descriptor_that_is_not_open_costs_no_try(box: CardBox, counters: Counters) -> None:
    box.insert("adult")
    status, told = run_json("card", "verify-pin", "--pin-fd", "77")
    assert (status, told["error"]) == (1, "NotAsked")
    assert counters("adult")["auth"] == 3


def test_a_blocked_card_is_not_asked(box: CardBox) -> None:
    box.insert("blocked")
    status, told = run_json("card", "verify-pin", pin="1234")
    assert (status, told["error"]) == (1, "PinBlocked")


def test_the_last_try_needs_a_word(box: CardBox, counters: Counters) -> None:
    box.insert("last-try")
    status, told = run_json("card", "verify-pin", pin="9999")
    assert (status, told["error"]) == (1, "NotAsked")
    assert counters("last-try")["auth"] == 1
    assert run("card", "verify-pin", "--last-try", pin="1234").returncode == 0


def test_a_terminal_does_not_echo_the_pin(box: CardBox) -> None:
    box.insert("adult")
    with terminal("card", "verify-pin") as person:
        person.wait_for("tries left 3: ")
        person.type("1234\n")
        assert person.end() == 0, person.shown
    assert "accepted" in person.shown
    assert "1234" not in person.shown


def test_a_person_can_let_the_last_try_be(box: CardBox, counters: Counters) -> None:
    box.insert("last-try")
    with terminal("card", "verify-pin") as person:
        person.wait_for("Go on? [y/N] ")
        person.type("n\n")
        assert person.end() == 1
    assert counters("last-try")["auth"] == 1


def test_a_person_can_take_the_last_try(box: CardBox) -> None:
    box.insert("last-try")
    with terminal("card", "verify-pin") as person:
        person.wait_for("Go on? [y/N] ")
        person.type("y\n")
        person.wait_for("tries left 1: ")
        person.type("1234\n")
        assert person.end() == 0, person.shown


def test_ctrl_c_at_the_pin_ends_the_command(box: CardBox, counters: Counters) -> None:
    box.insert("adult")
    with terminal("card", "verify-pin") as person:
        person.wait_for("tries left 3: ")
        person.type("\x03")
        assert person.end() == 130, person.shown
    assert "Traceback" not in person.shown
    assert counters("adult")["auth"] == 3


@pytest.mark.parametrize("key", ["auth", "sign"])
def test_a_signature_fits_the_certificate_that_was_read(box: CardBox, tmp_path: Path, key: str) -> None:
    box.insert("adult")
    file, out = tmp_path / "in.txt", tmp_path / "sig.bin"
    file.write_text("見本\n")
    status, signed = run_json("card", "sign", str(file), "--key", key, "--out", str(out), pin=SECRETS[key])
    assert status == 0, signed
    status, read = run_json("card", "read", key, pin=SECRETS["sign"])
    assert status == 0, read
    check_signature(read["pem"], out.read_bytes(), file.read_bytes())
    assert base64.b64decode(signed["signature"]) == out.read_bytes()
    assert SECRETS[key] not in str(signed)


def test_a_certificate_fits_its_authority(box: CardBox) -> None:
    box.insert("adult")
    certificate, authority = run("card", "read", "auth"), run("card", "read", "auth-ca")
    ours = x509.load_pem_x509_certificate(certificate.stdout.encode())
    ours.verify_directly_issued_by(x509.load_pem_x509_certificate(authority.stdout.encode()))


def test_the_signature_certificate_stays_closed_to_a_wrong_password(box: CardBox, counters: Counters) -> None:
    box.insert("adult")
    status, told = run_json("card", "read", "sign", pin="WRONG1")
    assert (status, told["error"]) == (1, "PinWrong")
    assert counters("adult")["sign"] == 4


def test_a_file_that_is_not_there_is_said_before_the_pin(box: CardBox, tmp_path: Path) -> None:
    status, told = run_json("card", "sign", str(tmp_path / "none"), pin="1234")
    assert (status, told["error"]) == (1, "FileNotFoundError")


def test_a_new_card_is_issued_and_can_be_used(box: CardBox, data: Path) -> None:
    assert run("card", "new", "hanako", "--as", "adult", "--data", str(data)).returncode == 0
    box.insert("hanako")
    assert run("card", "verify-pin", pin="1234").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(("adult",), "already"), (("../out",), "letters"), (("taro", "--as", "nobody"), "There is no kind")],
)
def test_a_card_that_cannot_be_made_is_not_begun(data: Path, arguments: tuple[str, ...], said: str) -> None:
    done = run("card", "new", *arguments, "--data", str(data))
    assert done.returncode == 1
    assert said in done.stdout
    assert not card_folder(data, "taro").path.exists()
    assert not (data / "out").exists()


def test_the_software_card_without_a_service(data: Path) -> None:
    with running_box(data, "--insert", "adult"):
        status, shown = run_json("card", "show", "--reader", f"direct:{data}")
    assert status == 0
    assert shown["tries"]["pin"] == 3


def test_no_service_at_all_is_named_as_such(tmp_path: Path) -> None:
    status, told = run_json("card", "show", "--reader", f"direct:{tmp_path}", "--wait", "1")
    assert (status, told["error"]) == (1, "ServiceDown")
