"""The law table: what may flow, for what, from whom to whom."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import msgspec

TABLE = Path(__file__).with_name("law.toml")


class Law(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One law tuple. Fields ending in `_words`, `purpose` and `basis` are for people, the others for machines."""

    id: str
    purpose: str
    kind: str
    kind_words: str
    basis: str
    requester: str
    requester_words: str
    provider: str
    provider_words: str

    @property
    def edition(self) -> str:
        """Names this wording for good: old records keep the words they were made under."""
        return sha256(msgspec.json.encode(self)).hexdigest()[:16]


class LawForbids(Exception):
    """No entry lets this body ask this. `law` is the entry's id when there is one, but for another body."""

    def __init__(self, law: str) -> None:
        super().__init__(law)
        self.law = law


class LawTable:
    """The entries in force."""

    def __init__(self, laws: tuple[Law, ...]) -> None:
        self._laws = {law.id: law for law in laws}
        if len(self._laws) != len(laws):
            raise ValueError("two law entries have one id")

    @classmethod
    def read(cls, path: Path = TABLE) -> LawTable:
        return cls(msgspec.convert(tomllib.loads(path.read_text("utf-8"))["law"], tuple[Law, ...]))

    def __iter__(self) -> Iterator[Law]:
        return iter(self._laws.values())

    def entry(self, law_id: str, requester: str) -> Law:
        """Find the entry under which `requester` asks. Raises LawForbids."""
        law = self._laws.get(law_id)
        if law is None or law.requester != requester:
            raise LawForbids("" if law is None else law.id)
        return law
