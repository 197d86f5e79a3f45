"""A whole visit on a real window under Xvfb with xdotool; afterwards nothing of it is left in any living process."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import pytest
from cryptography import x509

from tests.e2e.memory import Needles, absent_digits, alone, exactly, found, regions
from tests.e2e.television import Television, television
from tests.pcsc import PrivatePcscd

NAME = "見本 花子"
"""The synthetic resident `adult`."""


def test_a_visit_leaves_nothing_behind(data: Path, pcscd: PrivatePcscd) -> None:
    with television(data, pcscd.vpcd) as tv:
        tv.reach("attract")
        pin = absent_digits([tv.demo.pid, *tv.kiosk_pids()])
        needles = _needles(data, pin)
        _give_pin(data, pin)
        visited = _visit(tv, pin, needles)
        alive = [tv.demo.pid, *tv.kiosk_pids()]
        assert visited not in alive
        for pid in alive:
            assert found(pid, needles) == set()
        assert _in_files(data / "kiosk", needles) == set()


@pytest.mark.parametrize("encoding", ["ascii", "utf-16-le"])
def test_digits_that_are_left_are_found_and_those_of_a_time_or_a_hash_are_not(encoding: str) -> None:
    needle = alone("0713", encoding)
    assert all(needle.search(left.encode(encoding)) for left in ("0713", "\x04\x000713\0", '{"pin":"0713"}'))
    chance = ("20:17:41.0713", "a0713", "0713f", "00713", "+0713/")
    assert not any(needle.search(other.encode(encoding)) for other in chance)


def _visit(tv: Television, pin: str, needles: Needles) -> int:
    """The whole visit by digits, arrows and OK. Returns the process it ran in; adds the portal session to needles."""
    tv.box.insert("adult")
    tv.reach("sign_in.pin")
    tv.press(*pin, "Return")
    tv.reach("home")
    tv.press("Return")
    tv.reach("notices")
    tv.press("Return")
    tv.reach("notices.confirm")
    tv.press("1")
    tv.reach("notices.notice")
    tv.press("Escape")
    tv.reach("notices")
    tv.press("Escape")
    tv.reach("home")
    tv.press("Right", "Return")
    tv.reach("access_log")
    tv.press("Down", "Return")
    tv.reach("access_log.record")
    process = _process_of_the_visit(tv, needles)
    tv.press("Escape")
    tv.reach("access_log")
    tv.press("Escape")
    tv.reach("home")
    tv.press("0")
    tv.reach("take_card")
    tv.box.remove()
    tv.reach("attract")
    return process


def _process_of_the_visit(tv: Television, needles: Needles) -> int:
    """The one process that knows the name: shows that the scan finds what it looks for."""
    knowing = [pid for pid in tv.kiosk_pids() if "name, as Python and Qt keep text" in found(pid, needles)]
    assert len(knowing) == 1
    needles["portal session"] = exactly(_session(knowing[0]))
    return knowing[0]


def _session(pid: int) -> bytes:
    for region in regions(pid):
        if match := re.search(rb'(?:"session":"|Bearer )([A-Za-z0-9_-]{20,})', region):
            return match.group(1)
    raise AssertionError("the process of a signed-in visit holds a portal session")


def _give_pin(data: Path, pin: str) -> None:
    """Change the card's PIN while it lies outside the reader."""
    path = data / "cards" / "adult" / "card.json"
    card = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**card, "pin": pin}), "utf-8")


def _needles(data: Path, pin: str) -> Needles:
    certificate = (data / "cards" / "adult" / "auth.cer").read_bytes()
    serial = x509.load_der_x509_certificate(certificate).serial_number
    family, given = NAME.split()
    pins = {"PIN": alone(pin, "ascii"), "PIN, as Qt keeps text": alone(pin, "utf-16-le")}
    others = {
        "name": NAME.encode(),
        "name, as Python and Qt keep text": NAME.encode("utf-16-le"),
        "given name": given.encode("utf-16-le"),
        "family name": family.encode("utf-16-le"),
        "serial": serial.to_bytes((serial.bit_length() + 7) // 8, "big"),
        "serial, decimal": str(serial).encode(),
        "serial, hex": f"{serial:x}".encode(),
        "certificate": certificate[100:200],
        "certificate, Base64": base64.b64encode(certificate)[300:400],
    }
    return pins | {name: exactly(content) for name, content in others.items()}


def _in_files(folder: Path, needles: Needles) -> set[str]:
    contents = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    assert contents, "the supervisor keeps its counts there"
    return {name for name, needle in needles.items() for content in contents if needle.search(content)}
