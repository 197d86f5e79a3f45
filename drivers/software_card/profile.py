"""A kind of card to issue: whose it is, its secrets, and what is odd about it."""

from __future__ import annotations

from datetime import date
from enum import Enum
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated

import msgspec

from drivers.software_card.errors import NoSuchCard
from drivers.software_card.generation import FACTS, Facts, Generation

_FOUR_DIGITS = ("text", "common", "juki")
_PRINTED = ("text-a", "text-b", "visual-a", "visual-b", "birth-date")
_DEAD = {"dead": 0}
"""A key reference of the text application that is blocked from issue."""


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


class Holder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose card it is, and what is printed on it. Synthetic: no such number, municipality or person exists."""

    name: str
    """Family and given name with a plain space between them, as in the residents' list; a foreigner's in romaji."""
    alias: str = ""
    """通称. No file has a place of its own for it: that it follows the name in brackets is inferred."""
    address: str
    birth_date: date
    sex: Annotated[str, msgspec.Meta(pattern="^[0-9]$")]
    number: Annotated[str, msgspec.Meta(pattern="^[0-9]{12}$")]
    japanese_year: Annotated[int, msgspec.Meta(ge=1, le=99)]
    """Year of birth within its era, as printed: it begins two of the card's secrets."""
    valid_until: date
    security_code: Annotated[str, msgspec.Meta(pattern="^[0-9]{4}$")]
    card_number: Annotated[str, msgspec.Meta(pattern="^[0-9]{15}$")]
    municipality: Annotated[str, msgspec.Meta(pattern="^[0-9]{5}$")] = "99001"
    """Code without its check digit; prefecture 99 does not exist."""

    @property
    def printed_name(self) -> str:
        """As the card writes it, with an ideographic space."""
        alias = f"（{self.alias}）" if self.alias else ""
        return (self.name + alias).replace(" ", "\u3000")

    @property
    def birth_date_key(self) -> str:
        return f"{self.japanese_year:02}{self.birth_date:%m%d}"

    @property
    def match_b(self) -> str:
        """照合番号B, 14 digits. Source: card reference, section 5."""
        return f"{self.birth_date_key}{self.valid_until:%Y}{self.security_code}"


class Profile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `profiles/NAME.toml` and a card's `card.json` say."""

    resident: str = ""
    """Id of the resident in the authority's list: the subject of the certificate requests."""
    pin: str | None = None
    """利用者証明用PIN; None on a card that has no JPKI application.

    Empty on a face-authentication card: the office sets no PIN there, and every four-digit PIN is blocked from issue.
    That the others are blocked like this one is inferred. Source: card reference, section 5.
    """
    password: str | None = None
    """署名用パスワード; None on a card that has no signature certificate, such as a child's."""
    text_pin: str | None = None
    """券面事項入力補助用PIN; the same as `pin` unless given, as people choose."""
    register_pin: str | None = None
    """住民基本台帳用PIN, likewise."""
    holder: Holder | None = None
    """None on a card that has nothing but the JPKI application."""
    pin_tries: int = 3
    password_tries: int = 5
    match_tries: int = 10
    """Of match numbers and birth-date key. No source states the real maximum; ten is commonly cited (section 5)."""
    pin_tries_left: int | None = None
    """When issued; None is all of them."""
    generation: Generation = Generation.CURRENT
    renewed: bool = False
    """Keys and certificates have been renewed: those before them are in the folder too, and superseded."""
    atr: Atr = Atr.CONTACT
    quirks: frozenset[Quirk] = frozenset()

    @property
    def facts(self) -> Facts:
        """What cards of this generation have in common."""
        return FACTS[self.generation]

    @property
    def maximum_tries(self) -> dict[str, int]:
        if self.pin is None:
            return {}
        pin_tries = self.pin_tries if self.pin else 0
        jpki = {"auth": pin_tries, "sign": self.password_tries if self.password else 0}
        if not self.holder:
            return jpki
        return jpki | dict.fromkeys(_FOUR_DIGITS, pin_tries) | dict.fromkeys(_PRINTED, self.match_tries) | _DEAD

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
