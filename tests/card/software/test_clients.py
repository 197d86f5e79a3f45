"""The card seen by clients that were not written for it: each style replayed, row by row of card reference, 10.3.

OpenSC's own traces are in `traces/`.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography import x509

from drivers.software_card.folder import card_folder
from drivers.software_card.profile import Quirk
from tests.card.software.conftest import Ask, asking, powered
from tests.card.software.issuer import opened

JPKI = "00A4040C0AD392F000260100000001"
TEXT = "00A4040C0AD3921000310001010408"
FACE = "00A4040C0AD3921000310001010402"
COMMON = "00A4040C0AD3921000310001010100"
MANAGER = "00A4040C07A0000001510000"
HASH = "A5" * 32
DIGEST_INFO = f"3031300D060960864801650304020105000420{HASH}"
WITHOUT_NULL = f"302F300B06096086480165030402010420{HASH}"
PIN, PASSWORD = "31323334", "414243313233"
NUMBER = "999999990018"


def certificate(data: Path, use: str) -> bytes:
    return card_folder(data, "adult").certificate(use).read_bytes()


def data_of(answer: str) -> bytes:
    """What came before 9000."""
    assert answer.endswith("9000"), answer
    return bytes.fromhex(answer[:-4])


def signed_over(data: Path, use: str, answer: str) -> bytes:
    """What the signature holds after its padding."""
    padded = opened(data_of(answer), card_folder(data, "adult").certificate(use))
    kind, _, message = padded.lstrip(b"\0").partition(b"\0")
    assert kind == b"\x01" + b"\xff" * (len(kind) - 1)
    return message


# --- pyjpki: Le FF until 6B00, and the application selected again before the key


def read_until_6b00(ask: Ask, fid: str) -> bytes:
    assert ask(f"00A4020C02{fid}") == "9000"
    read = b""
    while (answer := ask(f"00B0{len(read):04X}FF")) != "6B00":
        read += data_of(answer)
    return read


@pytest.fixture
def keeping(data: Path) -> Ask:
    """The quirk that this client needs."""
    return asking(powered(data, "adult", Quirk.KEEP_ON_RESELECT))


def test_reading_until_6b00_gives_the_certificate_and_nothing_behind_it(data: Path, keeping: Ask) -> None:
    keeping(JPKI)
    for fid, use in (("000A", "auth"), ("000B", "auth-ca"), ("0002", "sign-ca")):
        assert read_until_6b00(keeping, fid) == certificate(data, use)


def test_reading_until_6b00_the_signature_certificate_after_its_password(data: Path, keeping: Ask) -> None:
    keeping(JPKI)
    keeping("00A4020C020001")
    assert keeping("00B00000FF") == "6982"
    keeping("00A4020C02001B")
    assert keeping(f"0020008006{PASSWORD}") == "9000"
    keeping(JPKI)
    assert read_until_6b00(keeping, "0001") == certificate(data, "sign")


@pytest.mark.parametrize(
    ("pin", "secret", "key", "use"), [("0018", f"04{PIN}", "0017", "auth"), ("001B", f"06{PASSWORD}", "001A", "sign")]
)
def test_selecting_again_before_signing_works_with_the_quirk(
    data: Path, keeping: Ask, pin: str, secret: str, key: str, use: str
) -> None:
    """The DigestInfo has no NULL."""
    keeping(JPKI)
    keeping(f"00A4020C02{pin}")
    assert keeping(f"00200080{secret}") == "9000"
    assert keeping(JPKI) == "9000"
    assert keeping(f"00A4020C02{key}") == "9000"
    answer = keeping(f"802A008031{WITHOUT_NULL}00")
    assert signed_over(data, use, answer) == bytes.fromhex(WITHOUT_NULL)


def test_selecting_again_before_signing_is_refused_without_the_quirk(ask: Ask) -> None:
    ask(JPKI)
    ask("00A4020C020018")
    assert ask(f"0020008004{PIN}") == "9000"
    ask(JPKI)
    ask("00A4020C020017")
    assert ask(f"802A008031{WITHOUT_NULL}00") == "6982"


def test_four_items_in_one_read(keeping: Ask) -> None:
    keeping(TEXT)
    keeping("00A4020C020011")
    assert keeping(f"0020008004{PIN}") == "9000"
    keeping(TEXT)
    keeping("00A4020C020002")
    items = data_of(keeping("00B0000000"))
    assert items[:2].hex() == "ff20"
    assert len(items) == 3 + items[2], "the whole file, which is shorter than 256 bytes"
    assert "見本\u3000花子".encode() in items


# --- MYNA and mpa: a header of seven bytes, then from offset 7; case-1 counters; INS 24


def test_a_header_of_seven_bytes_and_the_rest_from_there(data: Path, ask: Ask) -> None:
    ask(JPKI)
    for fid, use in (("000A", "auth"), ("000B", "auth-ca"), ("0002", "sign-ca")):
        ask(f"00A4020C02{fid}")
        read = data_of(ask("00B0000007"))
        size = 4 + int.from_bytes(read[2:4])
        while len(read) < size:
            left = size - len(read)
            read += data_of(ask(f"00B0{len(read):04X}{0 if left > 255 else left:02X}"))
        assert read == certificate(data, use)


def test_the_token_label_is_32_bytes_padded_with_spaces(ask: Ask) -> None:
    ask(JPKI)
    ask("00A4020C020006")
    assert data_of(ask("00B0000020")) == b"JPKIAPICCTOKEN2".ljust(32)


def test_the_number_in_one_read_of_seventeen(ask: Ask) -> None:
    ask(TEXT)
    ask("00A4020C020011")
    ask(f"0020008004{PIN}")
    ask("00A4020C020001")
    assert data_of(ask("00B0000011")) == bytes.fromhex("FF100C") + NUMBER.encode() + b"\xff\xff"


@pytest.mark.parametrize(
    ("application", "files"),
    [
        (TEXT, {"0011": "63C3", "0014": "63CA", "0015": "63CA"}),
        (FACE, {"0013": "63CA", "0012": "63CA"}),
        (JPKI, {"0018": "63C3", "001B": "63C5"}),
    ],
    ids=["text", "face", "JPKI"],
)
def test_every_counter_is_told_without_data(ask: Ask, application: str, files: dict[str, str]) -> None:
    ask(application)
    for _ in range(2):
        for fid, tries in files.items():
            assert (ask(f"00A4020C02{fid}"), ask("00200080")) == ("9000", tries), fid


def test_signing_with_the_whole_digest_info(data: Path, ask: Ask) -> None:
    ask(JPKI)
    ask("00A4020C020018")
    assert ask(f"0020008004{PIN}") == "9000"
    assert ask("00200080") == "63C3", "the counter is told after success, too"
    ask("00A4020C020017")
    assert signed_over(data, "auth", ask(f"802A008033{DIGEST_INFO}00")) == bytes.fromhex(DIGEST_INFO)


@pytest.mark.parametrize(
    ("application", "fid", "old", "new"),
    [(JPKI, "0018", f"04{PIN}", "0438373635"), (JPKI, "001B", f"06{PASSWORD}", "0658595A373839"),
     (TEXT, "0011", f"04{PIN}", "0438373635")],
)  # fmt: skip
def test_a_secret_is_changed_after_it_was_verified(ask: Ask, application: str, fid: str, old: str, new: str) -> None:
    ask(application)
    ask(f"00A4020C02{fid}")
    assert ask(f"00240180{new}") == "6982"
    assert ask(f"00200080{old}") == "9000"
    assert ask(f"00240180{new}") == "9000"
    ask(application)
    ask(f"00A4020C02{fid}")
    assert ask(f"00200080{old}").startswith("63C")
    assert ask(f"00200080{new}") == "9000"


def test_the_short_record_read_of_mpa_gives_the_production_number(ask: Ask) -> None:
    """It takes the digits 2 to 15; the same record by number in the current file, and from it to the last."""
    ask(COMMON)
    record = data_of(ask("00B2010C00"))
    assert (record[:2].hex(), len(record)) == ("011c", 30)
    assert record[2:][2:15] == b"0000000000001"
    assert data_of(ask("00B2010400")) == record
    assert data_of(ask("00B2010500")) == record
    assert ask("00B2020400") == "6A83"
    assert ask("00B0000000") == "6981"


def test_a_visit_of_mpa(data: Path, ask: Ask) -> None:
    """Mode 01: production number, PIN, signature over a digest the service made, certificate."""
    ask(COMMON)
    assert len(data_of(ask("00B2010C00"))[2:][2:15]) == 13
    ask(JPKI)
    ask("00A4020C020018")
    assert ask(f"0020008004{PIN}") == "9000"
    ask("00A4020C020017")
    assert signed_over(data, "auth", ask(f"802A008033{DIGEST_INFO}00")) == bytes.fromhex(DIGEST_INFO)
    ask("00A4020C02000A")
    x509.load_der_x509_certificate(read_until_6b00(ask, "000A"))


# --- MBE and MC: short file ids


def test_short_ids_in_read(data: Path, ask: Ask) -> None:
    ask(JPKI)
    header = data_of(ask("00B08A0004"))
    size = 4 + int.from_bytes(header[2:4])
    assert data_of(ask("00B08A0400")) == certificate(data, "auth")[4:260]
    assert ask(f"00B0{size:04X}00") == "6B00", "the file is now the current one, and as long as the certificate"
    assert data_of(ask("00B0820201")) == certificate(data, "sign-ca")[2:3]


@pytest.mark.parametrize(
    ("pin", "secret", "key", "use"), [("98", f"04{PIN}", "97", "auth"), ("9B", f"06{PASSWORD}", "9A", "sign")]
)
def test_short_ids_in_verify_and_sign(data: Path, ask: Ask, pin: str, secret: str, key: str, use: str) -> None:
    ask(JPKI)
    tries = {"98": "63C3", "9B": "63C5"}[pin]
    assert (ask(f"002000{pin}"), ask(f"002000{pin}{secret}"), ask(f"002000{pin}")) == (tries, "9000", tries)
    assert signed_over(data, use, ask(f"802A00{key}33{DIGEST_INFO}00")) == bytes.fromhex(DIGEST_INFO)


def test_short_ids_in_the_text_application(ask: Ask) -> None:
    ask(TEXT)
    assert ask("00B081030C") == "6982"
    assert (ask("00200091"), ask(f"0020009104{PIN}")) == ("63C3", "9000")
    assert data_of(ask("00B081030C")) == NUMBER.encode()
    length = data_of(ask("00B0820201"))
    assert data_of(ask("00B0820000"))[3:] == data_of(ask(f"00B08203{length.hex()}"))


def test_card_verifiable_certificates_by_their_header(ask: Ask) -> None:
    for application in (TEXT, FACE):
        ask(application)
        header = data_of(ask("00B0840007"))
        assert header[:5].hex() == "7f21820233"
        size = 5 + int.from_bytes(header[3:5])
        read = header
        for at in (7, 263, 519):
            read += data_of(ask(f"00B0{at:04X}{min(size - at, 256) & 0xFF:02X}"))
        assert len(read) == size == 568
        assert ask("00B0023800") == "6B00"


def test_data_objects_of_the_card_manager(ask: Ask) -> None:
    """In the short form as far as it goes, then in the extended one."""
    ask(MANAGER)
    assert data_of(ask("00CA00F000")) == b"99001"
    assert data_of(ask("00CA00F200")) == b"20350503"
    assert data_of(ask("00CA004500")) == b"JPKI-EMU-adult"
    assert data_of(ask("00CA5F5100")) == bytes.fromhex("E000FF8131FE4514"), "the ATR without its first byte"
    assert len(data_of(ask("00CA00F700"))) == 16
    assert ask("00CA00F800") == "6700"
    assert len(data_of(ask("00CA00F8000000"))) == 568
    assert ask("00CA004300") == "6A88"


def test_a_key_without_a_secret_signs_in_the_face_and_the_text_application(ask: Ask) -> None:
    for application in (TEXT, FACE):
        ask(application)
        assert len(data_of(ask(f"802A000033{DIGEST_INFO}00"))) == 256


def test_a_challenge_for_the_common_key_and_no_other(ask: Ask) -> None:
    ask(COMMON)
    assert len(data_of(ask("0088009904CAFEBABE00"))) == 256
    ask(FACE)
    assert ask("0088009304CAFEBABE00") == "6985"
    assert len(data_of(ask("0084000008"))) == 8
