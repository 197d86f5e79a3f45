"""Which authorities a host believes about what stands on a card, and how far that goes."""

from __future__ import annotations

from enum import Enum
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from drivers.card.certificate_cv import Anchors, CvCertificate
from drivers.card.terminal import SimulatedTerminalAuthentication
from drivers.software_card.cv_authority import KEY_BITS, TERMINALS, cv_authority
from drivers.software_card.folder import card_folder

_TERMINAL = "9000200"
"""Key id of the terminal that is played here: of this project's own hierarchy."""


class Judgement(Enum):
    """Of signatures over what was read. A signature that is wrong is no judgement but the error NotGenuine."""

    GENUINE = "genuine"
    NOT_JUDGED = "not judged: the authority behind it is not known here"


def known_authorities(data: Path) -> Anchors:
    """Those of the software cards in a data folder; none where there are none. Raises OSError, ValueError.

    The real hierarchy's keys are not part of this program: what a real card says is read and left unjudged.
    """
    return cv_authority(data).anchors() if (data / "cv").is_dir() else {}


def knows(anchors: Anchors, certificate: CvCertificate) -> bool:
    return certificate.issuer.raw in anchors


def equip_reception(data: Path, folder: Path, staff: dict[str, str]) -> None:
    """Write what a hospital's reception needs: a terminal that these cards know, and who is on duty.

    `staff` names the holders of software cards, by the names of the cards. Raises OSError, ValueError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    key = generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    (folder / "terminal.cv").write_bytes(cv_authority(data).certificate(TERMINALS, _TERMINAL, key.public_key()))
    write_secret(folder / "terminal.pem", key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    lines = [f'{sha256(_certificate(data, card)).hexdigest()} = "{name}"' for card, name in staff.items()]
    (folder / "duty.toml").write_text("\n".join(("[staff]", *lines, "")), "utf-8")


def write_secret(path: Path, content: bytes) -> None:
    """For the owner's eyes only, from the first byte on."""
    path.unlink(missing_ok=True)
    path.touch(0o600, exist_ok=False)
    path.write_bytes(content)


def _certificate(data: Path, card: str) -> bytes:
    return card_folder(data, card).certificate("auth").read_bytes()


def simulated_terminal(data: Path) -> SimulatedTerminalAuthentication:
    """A terminal that the software cards of a data folder know. Raises OSError, ValueError."""
    key = generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    return SimulatedTerminalAuthentication(cv_authority(data).certificate(TERMINALS, _TERMINAL, key.public_key()), key)
