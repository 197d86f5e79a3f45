"""`madoguchi card read WHAT`, `hold-over`, `challenge`, `simulate-terminal`: every application, told as JSON."""

from __future__ import annotations

import base64
from pathlib import Path

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from drivers.software_card.cv_authority import read_key
from drivers.software_card.folder import card_folder, read_profile
from tests.cli.direct import Direct
from tests.cli.test_card_commands import check_signature

NUMBER, MATCH_B, BIRTH = "999999990018", "19050320359001", "190503"
NAME = "見本\u3000花子"
GENUINE = "genuine"


def test_the_text_is_read_checked_and_the_number_hidden(direct: Direct) -> None:
    status, text = direct.json("read", "text", "--data", str(direct.data), typed="1234\n")
    assert status == 0, text
    assert (text["name"], text["birth_date"], text["sex"]) == (NAME, "1944-05-03", "2")
    assert text["number"] == "********0018"
    assert text["integrity"] == GENUINE
    status, said = direct.run("read", "text", "--show-number", "--data", str(direct.data), typed="1234\n")
    assert NUMBER in said
    assert NAME in said


@pytest.mark.parametrize(
    ("by", "typed", "opened", "closed"),
    [("a", NUMBER, {"number"}, {"name", "address", "birth_date", "sex"}), ("b", MATCH_B, {"name", "sex"}, {"number"})],
)
def test_a_match_number_opens_its_part(direct: Direct, by: str, typed: str, opened: set[str], closed: set[str]) -> None:
    status, text = direct.json("read", "text", "--by", by, "--data", str(direct.data), typed=f"{typed}\n")
    assert status == 0, text
    assert all(text[name] for name in opened)
    assert all(text[name] is None for name in closed)
    assert text["integrity"] == GENUINE


def test_an_authority_nobody_knows_leaves_it_unjudged(direct: Direct, tmp_path: Path) -> None:
    status, text = direct.json("read", "text", "--data", str(tmp_path / "empty"), typed="1234\n")
    assert status == 0
    assert text["integrity"].startswith("not judged")
    assert not (tmp_path / "empty").exists(), "no authority is made to be believed"


def test_a_face_of_another_card_is_not_genuine(direct: Direct, data: Path) -> None:
    direct.box.remove()
    mine, others = (card_folder(data, name) for name in ("adult", "expired"))
    issued = msgspec.json.decode(mine.issued.read_bytes())
    issued["face_certificate"] = msgspec.json.decode(others.issued.read_bytes())["text_certificate"]
    mine.issued.write_bytes(msgspec.json.encode(issued))
    direct.box.insert("adult")
    status, told = direct.json("read", "face", "--data", str(data), typed=f"{MATCH_B}\n")
    assert status == 0, "another authority of the same house vouches: still genuine"
    issued["age"] = base64.b64encode(bytes(base64.b64decode(issued["age"])[:-1]) + b"\0").decode()
    direct.box.remove()
    mine.issued.write_bytes(msgspec.json.encode(issued))
    direct.box.insert("adult")
    status, told = direct.json("read", "age", "--data", str(data), typed=f"{BIRTH}\n")
    assert (status, told["error"]) == (1, "NotGenuine")
    assert "age record" in told["detail"]


@pytest.mark.parametrize(("by", "typed", "files"), [("b", MATCH_B, 4), ("a", NUMBER, 5)])
def test_the_face_with_its_pictures(direct: Direct, tmp_path: Path, by: str, typed: str, files: int) -> None:
    out = tmp_path / "face"
    arguments = ("read", "face", "--by", by, "--out", str(out), "--data", str(direct.data))
    status, face = direct.json(*arguments, typed=f"{typed}\n")
    assert status == 0, face
    assert (face["birth_date"], face["valid_until"], face["expired"]) == ("1944-05-03", "2035-05-03", False)
    assert (face["signatures"], face["holds_its_key"]) == (GENUINE, True)
    assert sorted(face["pictures"]) == sorted(map(str, out.iterdir()))
    assert len(face["pictures"]) == files
    assert (out / "photo.jp2").read_bytes()[4:8] == b"jP  "
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in out.glob("*.png"))
    assert {path.stat().st_mode & 0o777 for path in out.iterdir()} == {0o600}


def test_the_birth_date_alone(direct: Direct) -> None:
    status, age = direct.json("read", "age", "--data", str(direct.data), typed=f"{BIRTH}\n")
    assert (status, age["birth_date"], age["signature"]) == (0, "1944-05-03", GENUINE)


def test_what_needs_no_secret(direct: Direct) -> None:
    data = ("--data", str(direct.data))
    holder = read_profile(card_folder(direct.data, "adult")).holder
    assert holder is not None
    assert direct.json("read", "token")[1]["token"]["label"] == "JPKIAPICCTOKEN2"
    assert direct.json("read", "availability")[1]["certificates"] == {
        "digital_signature": True,
        "user_authentication": True,
    }
    _, common = direct.json("read", "common")
    assert (common["number"], common["valid_until"]) == (holder.card_number, "2035-05-03")
    assert direct.json("read", "resident")[1]["register_tries"] == 3
    assert direct.json("read", "manager")[1]["municipality"] == "99001"
    status, cv = direct.json("read", "cv", *data)
    assert status == 0
    assert {line["place"] for line in cv["certificates"]} >= {"card manager", "text", "face"}
    assert {line["judgement"] for line in cv["certificates"]} == {GENUINE}


@pytest.mark.parametrize("what", ["token", "availability", "common", "resident", "manager", "cv"])
def test_each_is_text_too(direct: Direct, what: str) -> None:
    status, said = direct.run("read", what, "--data", str(direct.data))
    assert status == 0
    assert "{" not in said
    assert len(said.splitlines()) > 1


def test_kazashi(direct: Direct) -> None:
    """かざし利用."""
    status, held = direct.json("hold-over", "--data", str(direct.data), typed=f"{BIRTH}\n")
    assert status == 0, held
    assert (held["birth_date"], held["holds_its_key"]) == ("1944-05-03", True)
    assert held["certificate"]["validity"] == "valid"


def test_the_common_application_answers_a_challenge(direct: Direct, tmp_path: Path) -> None:
    challenge, out = tmp_path / "challenge", tmp_path / "answer"
    challenge.write_bytes(b"challenge")
    status, answered = direct.json("challenge", str(challenge), "--out", str(out))
    assert status == 0, answered
    key = read_key(card_folder(direct.data, "adult").key("common")).public_key()
    key.verify(out.read_bytes(), b"challenge", PKCS1v15(), SHA256())
    challenge.write_bytes(bytes(256))
    assert direct.json("challenge", str(challenge))[0] == 1


def test_the_simulated_terminal_signs_without_a_pin_and_says_what_it_is(direct: Direct, tmp_path: Path) -> None:
    file, out = tmp_path / "in.txt", tmp_path / "sig.bin"
    file.write_text("見本\n")
    status, said = direct.run("simulate-terminal", str(file), "--out", str(out), "--data", str(direct.data))
    assert status == 0, said
    assert "SIMULATION" in said
    key = x509.load_der_x509_certificate(card_folder(direct.data, "adult").certificate("auth").read_bytes())
    public = key.public_key()
    assert isinstance(public, RSAPublicKey)
    public.verify(out.read_bytes(), file.read_bytes(), PKCS1v15(), SHA256())
    status, told = direct.json("simulate-terminal", str(file), "--data", str(tmp_path))
    assert (status, told["error"]) == (1, "CardRefused"), "a terminal nobody vouched for"


def test_a_card_of_the_coming_generation_signs_and_says_by_what(direct: Direct, tmp_path: Path) -> None:
    direct.box.insert("p384")
    file = tmp_path / "in.txt"
    file.write_text("見本\n")
    status, signed = direct.json("sign", str(file), typed="1234\n")
    assert (status, signed["algorithm"]) == (0, "ES384")
    assert len(base64.b64decode(signed["signature"])) == 96


def test_options_that_do_not_go_together(direct: Direct, tmp_path: Path) -> None:
    for wrong in (["token", "--by", "a"], ["face", "--by", "pin"], ["text", "--out", str(tmp_path)]):
        status, told = direct.json("read", *wrong)
        assert (status, told["error"]) == (1, "ValueError")


def test_the_signature_certificate_fits_what_was_signed(direct: Direct, tmp_path: Path) -> None:
    file = tmp_path / "in.txt"
    file.write_text("見本\n")
    _, signed = direct.json("sign", str(file), "--key", "sign", typed="abc123\n")
    _, read = direct.json("read", "sign", typed="ABC123\n")
    check_signature(read["pem"], base64.b64decode(signed["signature"]), file.read_bytes())
