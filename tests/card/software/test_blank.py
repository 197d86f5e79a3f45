"""Making blank cards, and opening issued ones."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from drivers.software_card.blank import make_all, make_blank
from drivers.software_card.errors import BrokenCard, NoSuchCard, NotIssued
from drivers.software_card.folder import card_folder, card_folders, existing_folder, open_card
from drivers.software_card.profile import profile_names
from tests.card.software.conftest import jpki_tries

NAMES = (
    "adult", "blocked", "child", "expired", "first", "foreign-resident", "last-try", "long-name", "no-pin", "not-yet",
    "old", "other-card", "p384", "renewed", "revoked", "wrong-policy",
)  # fmt: skip


def snapshot(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_profiles() -> None:
    assert profile_names() == NAMES


def test_a_blank_card(tmp_path: Path) -> None:
    folder = make_blank(tmp_path, "last-try")
    assert sorted(snapshot(folder.path)) == [
        "auth.csr", "auth.key", "card.json", "common.key", "counters.json", "delivery.key", "face.key", "issued.json",
        "sign.csr", "sign.key", "text.key",
    ]  # fmt: skip
    for use in ("auth", "sign"):
        request = x509.load_pem_x509_csr(folder.request(use).read_bytes())
        key = request.public_key()
        assert isinstance(key, RSAPublicKey)
        assert request.is_signature_valid
        assert request.subject.rfc4514_string() == "CN=last-try"
        assert (key.key_size, key.public_numbers().e) == (2048, 65537)
        assert load_pem_private_key(folder.key(use).read_bytes(), None).public_key() == key
    assert jpki_tries(json.loads(folder.counters.read_bytes())) == {"auth": 1, "sign": 5}
    assert json.loads(folder.profile.read_bytes())["resident"] == "last-try"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_keys_are_their_owners_alone(tmp_path: Path) -> None:
    folder = make_blank(tmp_path, "adult")
    assert {stat.S_IMODE(folder.key(use).stat().st_mode) for use in ("auth", "sign")} == {0o600}


def test_making_again_changes_nothing(data: Path) -> None:
    before = snapshot(data)
    make_all(data)
    assert snapshot(data) == before


@pytest.mark.parametrize("lost", ["sign.csr", "counters.json", "card.json"])
def test_what_an_interruption_left_out_is_made_up(data: Path, lost: str) -> None:
    folder = card_folder(data, "adult")
    before = snapshot(folder.path)
    (folder.path / lost).unlink()
    make_blank(data, "adult")
    after = snapshot(folder.path)
    assert after.keys() == before.keys()
    assert after["sign.key"] == before["sign.key"]
    open_card(folder)


def test_a_foreign_card_has_no_keys(tmp_path: Path) -> None:
    folder = make_blank(tmp_path, "other-card")
    assert sorted(snapshot(folder.path)) == ["card.json", "counters.json"]
    open_card(folder)


def test_there_are_no_other_profiles(tmp_path: Path) -> None:
    with pytest.raises(NoSuchCard, match="'nobody'"):
        make_blank(tmp_path, "nobody")


def test_a_card_that_was_not_issued_cannot_be_inserted(tmp_path: Path) -> None:
    with pytest.raises(NotIssued, match="the test authority must issue it first"):
        open_card(make_blank(tmp_path, "adult"))


@pytest.mark.parametrize(
    ("file", "content"), [("card.json", b"{"), ("card.json", b'{"colour":1}'), ("auth.key", b"no key")]
)
def test_a_broken_card_says_which(data: Path, file: str, content: bytes) -> None:
    (card_folder(data, "adult").path / file).write_bytes(content)
    with pytest.raises(BrokenCard, match="'adult' cannot be read"):
        open_card(card_folder(data, "adult"))


def test_a_card_is_found_by_name_and_never_by_path(data: Path) -> None:
    assert existing_folder(data, "adult").name == "adult"
    assert {folder.name for folder in card_folders(data)} == {*NAMES, "bare"}
    for name in ("", "..", "../cards/adult", "nobody"):
        with pytest.raises(NoSuchCard):
            existing_folder(data, name)
