"""The card seen by clients that were not written for it. Source: card reference, section 10."""

from __future__ import annotations

from pathlib import Path

from cryptography import x509

from drivers.software_card.folder import card_folder
from drivers.software_card.profile import Quirk
from tests.card.software.conftest import Ask, asking, powered
from tests.card.software.issuer import opened

JPKI = "00A4040C0AD392F000260100000001"
HASH = "A5" * 32


def certificate(data: Path, use: str) -> bytes:
    return card_folder(data, "adult").certificate(use).read_bytes()


def test_a_client_that_reads_until_6b00_and_selects_again_before_signing(data: Path) -> None:
    """Le=FF chunks; the DigestInfo has no NULL; needs the quirk."""
    ask = asking(powered(data, "adult", Quirk.KEEP_ON_RESELECT))
    ask(JPKI)
    ask("00A4020C02000A")
    read = b""
    while (answer := ask(f"00B0{len(read):04X}FF")) != "6B00":
        assert answer.endswith("9000")
        read += bytes.fromhex(answer[:-4])
    assert read == certificate(data, "auth")
    ask("00A4020C020018")
    assert ask("002000800431323334") == "9000"
    ask(JPKI)
    ask("00A4020C020017")
    info = f"302F300B06096086480165030402010420{HASH}"
    signature = bytes.fromhex(ask(f"802A008031{info}00"))[:-2]
    assert opened(signature, card_folder(data, "adult").certificate("auth")).endswith(b"\xff\x00" + bytes.fromhex(info))


def test_a_client_that_reads_a_header_of_seven_bytes_first(data: Path, ask: Ask) -> None:
    ask(JPKI)
    ask("00A4020C020006")
    assert bytes.fromhex(ask("00B0000020"))[:-2].rstrip(b" ") == b"JPKIAPICCTOKEN2"
    ask("00A4020C02000A")
    header = bytes.fromhex(ask("00B0000007"))[:-2]
    assert header[:2].hex() == "3082"
    size = 4 + int.from_bytes(header[2:4], "big")
    read = header
    while size - len(read) > 0:
        read += bytes.fromhex(ask(f"00B0{len(read):04X}{min(size - len(read), 256) % 256:02X}"))[:-2]
    assert read == certificate(data, "auth")


def test_a_client_of_short_ids(data: Path, ask: Ask) -> None:
    ask(JPKI)
    header = bytes.fromhex(ask("00B08A0004"))
    size = 4 + int.from_bytes(header[2:4], "big")
    assert bytes.fromhex(ask("00B08A0400"))[:-2] == certificate(data, "auth")[4:260]
    assert ask(f"00B0{size:04X}00") == "6B00", "the file is exactly as long as the certificate says"
    assert ask("00B0820201")[2:] == "9000"
    assert (ask("00200098"), ask("002000980431323334")) == ("63C3", "9000")
    info = f"3031300D060960864801650304020105000420{HASH}"
    assert len(ask(f"802A009733{info}00")) == 2 * (256 + 2)


def test_opensc_binds_and_finds_every_certificate(data: Path, ask: Ask) -> None:
    ask(JPKI)
    for fid, tries in (("0018", "63C3"), ("001B", "63C5")):
        assert (ask(f"00A4020C02{fid}"), ask("00200080")) == ("9000", tries)
    for fid, use in (("000A", "auth"), ("000B", "auth-ca"), ("0002", "sign-ca")):
        ask(f"00A4020C02{fid}")
        size = 4 + int(ask("00B0000004")[4:8], 16)
        read = b"".join(
            bytes.fromhex(ask(f"00B0{at:04X}{min(size - at, 256) % 256:02X}"))[:-2] for at in range(0, size, 256)
        )
        assert read == certificate(data, use)
        x509.load_der_x509_certificate(read)
    ask("00A4020C020001")
    assert ask("00B0000004") == "6982"
