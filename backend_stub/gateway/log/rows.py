"""Entries as leaves, hashes and rows; and rows as the leaves they were."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import blake2b, sha256
from typing import Any

import msgspec

from backend_client.wire import Leaf, canonical
from backend_stub.gateway.log.entry import Entry, LogAltered
from backend_stub.gateway.log.tables import MARK_LENGTH
from backend_stub.gateway.log.words import WordsBook

LAYOUT = 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LENGTHS = (0, 32)


class Written(msgspec.Struct, frozen=True, gc=False):
    """An entry ready for the database: all but its position, which the writer gives."""

    entry: Entry
    hash: bytes
    row: tuple[Any, ...]
    """The columns of LEAVES after the position."""
    subject: bytes | None
    hidden_until: int | None


class Scribe:
    """Makes rows of entries. `subject_key` makes the pseudonyms of persons."""

    def __init__(self, words: WordsBook, subject_key: bytes) -> None:
        self._words = words
        self._subject_key = subject_key
        self._moment = (_EPOCH, "", 0)

    def write(self, entry: Entry) -> Written:
        """Make leaf, hash and row. Raises ValueError for an entry that could not be kept."""
        _check(entry)
        at, microseconds = self._time(entry.at)
        leaf_hash = hash_of(
            Leaf(
                version=LAYOUT,
                what=entry.what,
                number=entry.number.hex(),
                at=at,
                edition=entry.edition,
                transport=entry.transport,
                outcome=entry.outcome,
                mark=entry.mark,
                requester=entry.requester.hex(),
                provider=entry.provider.hex(),
                content=entry.content.hex(),
            )
        )
        row = (
            entry.number,
            entry.what,
            microseconds,
            self._words.id_of(entry.edition),
            entry.transport,
            entry.outcome,
            entry.mark,
            entry.requester,
            entry.provider,
            entry.content,
            leaf_hash,
        )
        subject = None if entry.person is None else self.subject(entry.person)
        hidden_until = None if entry.hidden_until is None else microseconds_of(entry.hidden_until)
        return Written(entry, leaf_hash, row, subject, hidden_until)

    def read(self, row: Any) -> Leaf:
        """Give the leaf a row of LEAVES holds. Raises LogAltered when it is no longer what the tree has."""
        leaf = Leaf(
            version=LAYOUT,
            what=row.what,
            number=row.number.hex(),
            at=text_of(moment_of(row.at)),
            edition=self._words.edition_of(row.words),
            transport=row.transport,
            outcome=row.outcome,
            mark=row.mark,
            requester=row.requester.hex(),
            provider=row.provider.hex(),
            content=row.content.hex(),
        )
        if hash_of(leaf) != row.hash:
            raise LogAltered(f"leaf {row.position} is not what was written")
        return leaf

    def subject(self, person: bytes) -> bytes:
        return blake2b(person, key=self._subject_key, digest_size=16).digest()

    def _time(self, at: datetime) -> tuple[str, int]:
        # A batch has one time for all its entries.
        known, text, microseconds = self._moment
        if at is not known:
            text, microseconds = text_of(at), microseconds_of(at)
            self._moment = (at, text, microseconds)
        return text, microseconds


def hash_of(leaf: Leaf) -> bytes:
    return sha256(b"\x00" + canonical(leaf)).digest()


def microseconds_of(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND


def moment_of(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)


def text_of(moment: datetime) -> str:
    """Write a time as leaves and heads have it: RFC 3339 in UTC with microseconds and Z."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def _check(entry: Entry) -> None:
    lengths = (len(entry.requester), len(entry.provider), len(entry.content))
    if (
        len(entry.number) != 16
        or len(entry.mark) > MARK_LENGTH
        or (entry.what == "exchange" and not entry.edition)
        or any(length not in _LENGTHS for length in lengths)
    ):
        raise ValueError("an entry that could not be kept")
