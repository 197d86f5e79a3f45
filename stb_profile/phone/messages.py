"""Everything box and phone say to each other, as frozen msgspec structs; `page/channel.js` says the same in JavaScript.

Before they share keys they talk in JSON text frames, afterwards in sealed binary ones whose first byte tells JSON from
what was typed: that is never JSON, so that no decoder copies it.
"""

from __future__ import annotations

from enum import Enum

import msgspec

SAID, TYPED = 0, 1
"""First byte of what is sealed."""
SCREEN = 4
"""Bytes after TYPED that number the screen it is for."""


class Role(Enum):
    """What a phone may do; each is asked for apart."""

    REMOTE = "remote"
    """リモコン: keys only."""
    PRIVATE = "private"
    """手もとの画面: reads what is private, types what is secret."""


class Why(Enum):
    """Why a phone is sent away, or a key of it does nothing."""

    WRONG_KEY = "wrong key"
    USED = "used"
    TOO_LATE = "too late"
    NOT_SAME = "not same"
    """The person said on the television that the numbers differ, or wants no phone."""
    OVER = "over"
    """The visit or the pairing has ended."""
    HERE_ONLY = "here only"
    """Only the television's own keys answer this."""
    ROLE = "role"


# --- in the open ------------------------------------------------------------------------------------------------------


class Plain(msgspec.Struct, frozen=True, tag_field="t", rename="camel", forbid_unknown_fields=True):
    """Root of what is said before there are keys; bytes are base64."""


class Hello(Plain, frozen=True, tag="hello"):
    """A phone that read the QR: the hash of the public key it will show, and that it knows the one-time key."""

    commitment: bytes
    proof: bytes


class Answer(Plain, frozen=True, tag="box"):
    public: bytes
    proof: bytes


class Reveal(Plain, frozen=True, tag="reveal"):
    public: bytes


class Return(Plain, frozen=True, tag="return"):
    """A paired phone after sleep."""

    nonce: bytes
    proof: bytes


class Welcome(Plain, frozen=True, tag="welcome"):
    nonce: bytes
    proof: bytes


class No(Plain, frozen=True, tag="no"):
    why: Why


FROM_STRANGER = Hello | Reveal | Return

# --- sealed -----------------------------------------------------------------------------------------------------------


class Here(msgspec.Struct, frozen=True, tag_field="t", tag="here"):
    """Sign of life, and the first word on every connection: tell me how things stand."""


class Key(msgspec.Struct, frozen=True, tag_field="t", tag="key"):
    key: str
    """A value of `stb_profile.keymap.Action`."""


class Near(msgspec.Struct, frozen=True, tag_field="t", tag="near"):
    """Read texts here instead of on the television (`on`), or there again."""

    on: bool


class Forget(msgspec.Struct, frozen=True, tag_field="t", tag="forget"):
    """End the pairing."""


FROM_PHONE = Here | Key | Near | Forget


class Ask(msgspec.Struct, frozen=True):
    """The screen on top wants something typed: `shortest` to `longest` digits, or capital letters as well."""

    title: str
    hint: str
    note: str
    """Small line below the title: tries left, or what the number counts."""
    shortest: int
    longest: int
    letters: bool = False
    seen: bool = False
    """It is no secret: the phone shows what was typed instead of dots."""


class Page(msgspec.Struct, frozen=True):
    """A text to read on the phone."""

    title: str
    facts: list[tuple[str, str]]
    summary: list[str]
    body: str


class State(msgspec.Struct, frozen=True, tag_field="t", tag="state"):
    """How things stand: always all of it, so that nothing hangs on what was said before."""

    screen: int
    """Number of the screen on top; what is typed must name it."""
    roles: list[Role]
    here_only: bool = False
    ask: Ask | None = None
    near: bool = False
    page: Page | None = None


class Refused(msgspec.Struct, frozen=True, tag_field="t", tag="refused"):
    """A key that did nothing."""

    why: Why


class Taken(msgspec.Struct, frozen=True, tag_field="t", tag="taken"):
    """What was typed stands on the television, as dots."""


class Over(msgspec.Struct, frozen=True, tag_field="t", tag="over"):
    why: Why


FROM_BOX = State | Refused | Taken | Over
