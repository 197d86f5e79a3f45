"""The judge: Debian's OpenSC takes the card for what it plays. Source: card reference, section 12.2."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from drivers.software_card.control_client import CardBox
from drivers.software_card.folder import card_folder
from drivers.software_card.profile import Atr
from tests.card.software.conftest import jpki_tries
from tests.card.software.pcsc_client import Pcsc
from tests.card.software.traces.clients import CLIENTS, KEPT_ATRS, Client, Heard, opensc_version
from tests.card.software.traces.notation import read, reduce
from tests.pcsc import PrivatePcscd

for tool in ("pkcs11-tool", "pkcs15-tool", "openssl"):
    if shutil.which(tool) is None:
        pytest.skip(f"needs {tool}", allow_module_level=True)

DEADLINE_S = 60.0
USES = [(0, "1234", "01", "auth"), (1, "ABC123", "02", "sign")]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(arguments, capture_output=True, text=True, timeout=DEADLINE_S, check=False)


def succeed(*arguments: str) -> str:
    done = run(*arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def tries(data: Path, name: str = "adult") -> dict[str, int]:
    left: dict[str, int] = json.loads(card_folder(data, name).counters.read_bytes())
    return jpki_tries(left)


def sign(folder: Path, slot: int, pin: str, key: str) -> subprocess.CompletedProcess[str]:
    """Sign `in.txt` into `sig.bin`."""
    (folder / "in.txt").write_text("見本\n")
    tool = ["pkcs11-tool", "--module", "opensc-pkcs11.so", "--slot-index", str(slot), "--login", "--pin", pin]
    job = ["--sign", "-m", "SHA256-RSA-PKCS", "--id", key, "-i", str(folder / "in.txt"), "-o", str(folder / "sig.bin")]
    return run(*tool, *job)


def verified(data: Path, folder: Path, use: str, card: str = "adult") -> str:
    """OpenSSL's word on `sig.bin`, by the key of the certificate that the authority issued."""
    certificate = str(card_folder(data, card).certificate(use))
    (folder / "key.pem").write_text(
        succeed("openssl", "x509", "-inform", "der", "-in", certificate, "-pubkey", "-noout")
    )
    key, signature, text = (str(folder / name) for name in ("key.pem", "sig.bin", "in.txt"))
    return run("openssl", "dgst", "-sha256", "-verify", key, "-signature", signature, text).stdout.strip()


def test_pkcs15_tool_dumps_the_card(box: CardBox) -> None:
    box.insert("adult")
    dump = succeed("pkcs15-tool", "--dump")
    assert "PKCS#15 Card [JPKI]" in dump
    for part in (
        "PIN [User Authentication PIN]",
        "PIN [Digital Signature PIN]",
        "Private RSA Key [User Authentication Key]",
        "Private RSA Key [Digital Signature Key]",
        "X.509 Certificate [User Authentication Certificate]",
        "X.509 Certificate [Digital Signature Certificate]",
        "Tries left     : 3",
        "Tries left     : 5",
    ):
        assert part in dump, part


def test_pkcs11_tool_lists_slots_and_objects(box: CardBox) -> None:
    box.insert("adult")
    text = succeed("pkcs11-tool", "-L", "-O")
    for part in (
        "token label        : JPKI (User Authentication PIN)",
        "token label        : JPKI (Digital Signature PIN)",
        "pin min/max        : 4/4",
        "pin min/max        : 6/16",
        "label:      User Authentication Certificate\n",
        "CN=997794E9AGCIEG99001003A",
        "O=JPKI-EMU",
    ):
        assert part in text, part


def test_pkcs11_tool_finds_no_errors(box: CardBox) -> None:
    """Its own test: every signature mechanism, verified."""
    box.insert("adult")
    assert succeed("pkcs11-tool", "--login", "--pin", "1234", "--test").endswith("No errors\n")


def test_pkcs15_tool_reads_the_certificate_that_was_issued(box: CardBox, data: Path, tmp_path: Path) -> None:
    box.insert("adult")
    pem = succeed("pkcs15-tool", "--read-certificate", "01")
    (tmp_path / "read.pem").write_text(pem)
    succeed("openssl", "x509", "-in", str(tmp_path / "read.pem"), "-outform", "der", "-out", str(tmp_path / "read.der"))
    assert (tmp_path / "read.der").read_bytes() == card_folder(data, "adult").certificate("auth").read_bytes()


@pytest.mark.parametrize(("slot", "pin", "key", "use"), USES)
def test_both_keys_sign_and_openssl_agrees(
    box: CardBox, data: Path, tmp_path: Path, slot: int, pin: str, key: str, use: str
) -> None:
    box.insert("adult")
    signed = sign(tmp_path, slot, pin, key)
    assert signed.returncode == 0, signed.stderr
    assert verified(data, tmp_path, use) == "Verified OK"
    (tmp_path / "in.txt").write_text("another text\n")
    assert verified(data, tmp_path, use) != "Verified OK"
    assert tries(data) == {"auth": 3, "sign": 5}


@pytest.mark.parametrize(
    ("slot", "pin", "key", "left"),
    [(0, "4321", "01", {"auth": 2, "sign": 5}), (1, "XYZ789", "02", {"auth": 3, "sign": 4})],
)
def test_a_wrong_pin_costs_one_try(
    box: CardBox, data: Path, tmp_path: Path, slot: int, pin: str, key: str, left: dict[str, int]
) -> None:
    box.insert("adult")
    refused = sign(tmp_path, slot, pin, key)
    assert refused.returncode != 0
    assert "CKR_PIN_INCORRECT" in refused.stderr
    assert not (tmp_path / "sig.bin").exists()
    assert tries(data) == left


def test_a_blocked_pin_opens_nothing(box: CardBox, data: Path, tmp_path: Path) -> None:
    box.insert("blocked")
    refused = sign(tmp_path, 0, "1234", "01")
    assert refused.returncode != 0
    assert "C_Login failed" in refused.stderr
    assert tries(data, "blocked") == {"auth": 0, "sign": 5}


def test_a_foreign_card_in_the_first_slot_hides_nothing(box: CardBox, data: Path, tmp_path: Path) -> None:
    box.insert("other-card", 0)
    box.insert("adult", 1)
    slots = succeed("pkcs11-tool", "-L")
    assert "(token not recognized)" in slots
    assert slots.count("token label        : JPKI") == 2
    assert sign(tmp_path, 1, "1234", "01").returncode == 0
    assert verified(data, tmp_path, "auth") == "Verified OK"


def test_a_childs_card_signs_for_authentication(box: CardBox, data: Path, tmp_path: Path) -> None:
    box.insert("child")
    assert sign(tmp_path, 0, "1234", "01").returncode == 0
    assert verified(data, tmp_path, "auth", "child") == "Verified OK"


def test_after_removal_there_is_no_token(box: CardBox, pcsc: Pcsc) -> None:
    box.insert("adult")
    assert "JPKI" in succeed("pkcs11-tool", "-L")
    box.remove()
    assert pcsc.has_card(0, False)
    assert "JPKI" not in succeed("pkcs11-tool", "-L")


@pytest.mark.parametrize("atr", KEPT_ATRS, ids=lambda atr: atr.value)
@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
def test_it_asks_what_it_asked_when_the_trace_was_kept(
    client: Client, atr: Atr, data: Path, tmp_path: Path, pcscd: PrivatePcscd, pcsc: Pcsc
) -> None:
    """Both answers to reset. The trace is replayed without OpenSC in traces/test_replay.py."""
    kept = client.kept(atr).read_text()
    with Heard(data, atr, pcscd.slot(0)) as heard:
        assert pcsc.has_card(0, True)
        done = client.run(tmp_path)
    assert pcsc.has_card(0, False)
    assert done.returncode == 0, done.stderr
    assert client.proves in done.stdout
    if client.signs_with:
        assert verified(data, tmp_path, client.signs_with) == "Verified OK"
    if f"OpenSC {opensc_version()}\n" not in kept:
        pytest.skip("the trace is another version's; everything else held")
    assert reduce(heard.exchanges) == read(kept)
