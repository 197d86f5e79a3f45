"""A kind of card to issue: whose it is, its secrets, and what is odd about it."""

from __future__ import annotations

from enum import Enum
from importlib.resources import files
from importlib.resources.abc import Traversable

import msgspec

from drivers.software_card.errors import NoSuchCard


class Atr(Enum):
    """Which answer to reset the card gives. Source: card reference, section 2."""

    CONTACT = "contact"
    CONTACTLESS = "contactless"
    OTHER = "other"
    """Of no Individual Number Card: OpenSC takes a card by its ATR too, so a foreign card needs a foreign one."""


ATRS = {
    Atr.CONTACT: bytes.fromhex("3BE000FF8131FE4514"),
    Atr.CONTACTLESS: bytes.fromhex("3B888001000005E0B381A1007F"),
    Atr.OTHER: bytes.fromhex("3B80800101"),
}


class Quirk(Enum):
    """Where cards or their clients differ. Source: card reference, section 11 (7)."""

    KEEP_ON_RESELECT = "keep-on-reselect"
    """Selecting the application that is selected already keeps its security status (pyjpki needs it)."""
    CLEAR_ON_RESET = "clear-on-reset"
    """A warm reset clears the security status; measured hardware keeps it."""


class Profile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `profiles/NAME.toml` and a card's `card.json` say."""

    resident: str = ""
    """Id of the resident in the authority's list: the subject of the certificate requests."""
    pin: str | None = None
    """利用者証明用PIN; None on a card that has no JPKI application."""
    password: str | None = None
    """署名用パスワード; None on a card that has no signature certificate, such as a child's."""
    pin_tries: int = 3
    password_tries: int = 5
    pin_tries_left: int | None = None
    """When issued; None is all of them."""
    atr: Atr = Atr.CONTACT
    quirks: frozenset[Quirk] = frozenset()

    @property
    def maximum_tries(self) -> dict[str, int]:
        return {"auth": self.pin_tries, "sign": self.password_tries if self.password else 0} if self.pin else {}

    @property
    def tries_at_issue(self) -> dict[str, int]:
        if self.pin_tries_left is None:
            return self.maximum_tries
        return self.maximum_tries | {"auth": self.pin_tries_left}


def profile_names() -> tuple[str, ...]:
    names = [entry.name for entry in _folder().iterdir()]
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def load_profile(name: str) -> Profile:
    """Read `profiles/NAME.toml`. Raises NoSuchCard."""
    if name not in profile_names():
        raise NoSuchCard(name)
    return msgspec.toml.decode(_folder().joinpath(f"{name}.toml").read_bytes(), type=Profile)


def _folder() -> Traversable:
    return files("drivers.software_card.profiles")
