"""The client programs whose traces are kept, and the card that hears all of what they say."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

import msgspec

from drivers.software_card.card import SoftwareCard
from drivers.software_card.folder import card_folder, open_card, read_profile
from drivers.software_card.profile import ATRS, Atr
from tests.card.host.vpcd_card import OFF, ON, RESET, VpcdCard

FOLDER = Path(__file__).parent
PKCS11 = "opensc-pkcs11.so"
TEXT = "見本\n"
DEADLINE_S = 60.0
KEPT_ATRS = (Atr.CONTACT, Atr.CONTACTLESS)
"""OpenSC selects the application once more where its own table does not have the ATR."""


@dataclass(frozen=True, slots=True)
class Client:
    """One command line; `{in}` and `{out}` in it are files of its own, `{module}` is OpenSC's PKCS #11 module."""

    name: str
    command: tuple[str, ...]
    proves: str = ""
    """What its output holds when it went well."""
    signs_with: str = ""
    """The key, when it leaves a signature in `{out}`."""

    def kept(self, atr: Atr) -> Path:
        return FOLDER / f"{self.name}.{atr.value}.txt"

    def run(self, folder: Path) -> subprocess.CompletedProcess[str]:
        (folder / "in.txt").write_text(TEXT)
        places = {"in": folder / "in.txt", "out": folder / "sig.bin", "module": module()}
        command = [word.format(**places) for word in self.command]
        return subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_S, check=False)


def _sign(slot: str, pin: str, key: str) -> tuple[str, ...]:
    login = ("pkcs11-tool", "--module", PKCS11, "--slot-index", slot, "--login", "--pin", pin)
    return (*login, "--sign", "-m", "SHA256-RSA-PKCS", "--id", key, "-i", "{in}", "-o", "{out}")


CLIENTS = (
    Client("pkcs15-dump", ("pkcs15-tool", "--dump"), "PKCS#15 Card [JPKI]"),
    Client("pkcs11-objects", ("pkcs11-tool", "--module", PKCS11, "-O"), "User Authentication Certificate"),
    Client("pkcs11-sign-auth", _sign("0", "1234", "01"), signs_with="auth"),
    Client("pkcs11-sign-sign", _sign("1", "ABC123", "02"), signs_with="sign"),
    Client("ssh-keygen", ("ssh-keygen", "-D", "{module}"), "ssh-rsa "),
)


def module() -> str:
    """OpenSC's module where ssh-keygen, which wants a whole path, finds it; empty when it is not installed."""
    found = sorted(Path("/usr/lib").glob(f"**/{PKCS11}"), key=lambda path: len(path.parts))
    return str(found[0]) if found else ""


def opensc_version() -> str:
    """Such as 0.23.0. Empty when there is no OpenSC."""
    try:
        said = subprocess.run(
            ["opensc-tool", "--info"], capture_output=True, text=True, timeout=DEADLINE_S, check=False
        )
    except FileNotFoundError:
        return ""
    return said.stdout.split()[1] if said.stdout.startswith("OpenSC ") else ""


class Heard:
    """A software card behind vpcd whose exchanges are kept whole: for cards of the tests only."""

    def __init__(self, data: Path, atr: Atr, port: int, name: str = "adult") -> None:
        folder = card_folder(data, name)
        changed = msgspec.structs.replace(read_profile(folder), atr=atr)
        folder.profile.write_bytes(msgspec.json.encode(changed))
        self._card: SoftwareCard = open_card(folder)
        self.exchanges: list[tuple[bytes, bytes]] = []
        self._powered = 0
        self._reader = VpcdCard(port, self._answer, ATRS[atr])

    def _answer(self, command: bytes) -> bytes:
        self._follow_power()
        answer = self._card.answer(command)
        self.exchanges.append((command, answer))
        return answer

    def _follow_power(self) -> None:
        """What the reader's line has said since the last command."""
        for code in self._reader.power[self._powered :]:
            {ON: self._card.power_on, OFF: self._card.power_off, RESET: self._card.reset}[code]()
            self._powered += 1

    def __enter__(self) -> Heard:
        return self

    def __exit__(self, *_: object) -> None:
        self._reader.remove()
