"""The law table: what may flow, for what, from whom to whom, how, and under which conditions. All of it is data."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

import msgspec

from backend_client.wire import LawEntry, LawWords, Transport
from backend_client.wire import edition as edition_of

TABLE = Path(__file__).with_name("law.toml")


class Law(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """One law tuple. Fields ending in `_words`, `_easy`, `_english`, `purpose` and `basis` are for people."""

    id: str
    purpose: str
    kind: str
    kind_words: str
    fields: tuple[str, ...]
    """What an answer may name; nothing else travels."""
    basis: str
    requester: str
    requester_words: str
    provider: str
    provider_words: str
    transport: Transport
    consent: bool = False
    """Whether the person must have agreed before (a sensitive kind)."""
    disaster: bool = False
    """Whether it may be used only while the commission has opened a disaster."""
    hidden_days: int = 0
    """For so long the person does not see the record: a query that an investigation rests on. The commission does."""
    purpose_easy: str = ""
    kind_easy: str = ""
    purpose_english: str = ""
    kind_english: str = ""
    requester_english: str = ""
    provider_english: str = ""

    def __post_init__(self) -> None:
        if not self.fields or self.hidden_days < 0 or self.requester == self.provider:
            raise ValueError("a law entry names fields, and two bodies; nothing is hidden for less than no time")

    @cached_property
    def words(self) -> LawWords:
        """The wording of ③ to ⑥."""
        return LawWords(
            law=self.id,
            basis=self.basis,
            requester=self.requester,
            requester_words=self.requester_words,
            provider=self.provider,
            provider_words=self.provider_words,
            kind=self.kind,
            kind_words=self.kind_words,
            purpose=self.purpose,
            requester_english=self.requester_english,
            provider_english=self.provider_english,
            kind_english=self.kind_english,
            purpose_english=self.purpose_english,
            kind_easy=self.kind_easy,
            purpose_easy=self.purpose_easy,
        )

    @cached_property
    def edition(self) -> str:
        """Names this wording for good: old records keep the words they were made under."""
        return edition_of(self.words)

    def hidden_until(self, now: datetime) -> datetime | None:
        return now + timedelta(days=self.hidden_days) if self.hidden_days else None

    def entry(self, open_now: bool) -> LawEntry:
        """What the requester is told of it."""
        return LawEntry(
            id=self.id,
            purpose=self.purpose,
            kind=self.kind,
            kind_words=self.kind_words,
            fields=self.fields,
            basis=self.basis,
            provider=self.provider,
            provider_words=self.provider_words,
            transport=self.transport,
            consent_needed=self.consent,
            open_now=open_now,
            provider_english=self.provider_english,
            kind_english=self.kind_english,
            kind_easy=self.kind_easy,
        )


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
        """Read the data file. Raises msgspec.ValidationError when it is not in order."""
        return cls(msgspec.convert(tomllib.loads(path.read_text("utf-8"))["law"], tuple[Law, ...]))

    def __iter__(self) -> Iterator[Law]:
        return iter(self._laws.values())

    def of(self, requester: str) -> tuple[Law, ...]:
        """What a body may ask."""
        return tuple(law for law in self._laws.values() if law.requester == requester)

    def entry(self, law_id: str, requester: str) -> Law:
        """Find the entry under which `requester` asks. Raises LawForbids."""
        law = self._laws.get(law_id)
        if law is None or law.requester != requester:
            raise LawForbids("" if law is None else law.id)
        return law

    def get(self, law_id: str) -> Law:
        """Find an entry whoever asks under it. Raises LawForbids."""
        try:
            return self._laws[law_id]
        except KeyError as exc:
            raise LawForbids("") from exc
