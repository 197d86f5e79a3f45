"""Entries as leaves, hashes and rows; and rows as the leaves they were."""

from __future__ import annotations

from binascii import hexlify
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import blake2b, sha256
from typing import Any

import msgspec

from backend_client.wire import Leaf, canonical
from backend_client.wire.gateway import NUMBER_BYTES
from backend_stub.gateway.log.entry import Entry, LogAltered
from backend_stub.gateway.log.tables import MARK_LENGTH
from backend_stub.gateway.log.words import WordsBook

LAYOUT = 1
LEAF_PREFIX = b"\x00"
"""Source: RFC 9162, section 2.1.1."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LENGTHS = (0, 32)
MOST_FORMS = 1000


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
        self._keyed = blake2b(key=subject_key, digest_size=16)
        self._forms: dict[tuple[str, ...], _Form] = {}
        self._moment = (_EPOCH, b"", 0)
        self._second = (-1, b"")

    def write(self, entry: Entry) -> Written:
        """Make leaf, hash and row. Raises ValueError for an entry that could not be kept."""
        number, requester, provider, content = entry.number, entry.requester, entry.provider, entry.content
        _check_lengths(number, requester, provider, content)
        texts = (entry.what, entry.edition, entry.transport, entry.outcome, entry.mark)
        form = self._forms.get(texts) or self._form(texts)
        at, microseconds = self._time(entry.at)
        leaf_hash = form.hash(at, content, number, provider, requester)
        what, _, *rest = texts
        row = (number, what, microseconds, form.words, *rest, requester, provider, content, leaf_hash)
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
        pseudonym = self._keyed.copy()
        pseudonym.update(person)
        return pseudonym.digest()

    def _form(self, texts: tuple[str, ...]) -> _Form:
        if len(self._forms) >= MOST_FORMS:
            self._forms.clear()
        form = self._forms[texts] = _Form(texts, self._words)
        return form

    def _time(self, at: datetime) -> tuple[bytes, int]:
        # A batch has one time for all its entries.
        known, text, microseconds = self._moment
        if at is not known:
            microseconds = microseconds_of(at)
            text = self._text(microseconds)
            self._moment = (at, text, microseconds)
        return text, microseconds

    def _text(self, microseconds: int) -> bytes:
        """As `text_of`, at a third of its cost: but for its end it is the same for all of a second."""
        second, rest = divmod(microseconds, 1_000_000)
        if second != self._second[0]:
            self._second = (second, text_of(moment_of(second * 1_000_000)).encode()[: -len("000000Z")])
        return b"%b%06dZ" % (self._second[1], rest)


class _Form:
    """A leaf but for what is new in each entry, which is filled in as text: a third of the cost of making it anew."""

    def __init__(self, texts: tuple[str, ...], words: WordsBook) -> None:
        """Raises ValueError for texts that could not be kept."""
        what, edition, transport, outcome, mark = texts
        if len(mark) > MARK_LENGTH or (what == "exchange" and not edition):
            raise _unfit()
        self.words = words.id_of(edition)
        leaf = Leaf(
            version=LAYOUT,
            what=what,
            number="",
            at="",
            edition=edition,
            transport=transport,
            outcome=outcome,
            mark=mark,
            requester="",
            provider="",
            content="",
        )
        self._parts = tuple(_around(LEAF_PREFIX + canonical(leaf)))

    def hash(self, at: bytes, content: bytes, number: bytes, provider: bytes, requester: bytes) -> bytes:
        """Hash the leaf with these in it."""
        a, b, c, d, e, f = self._parts
        leaf = (a, at, b, hexlify(content), c, hexlify(number), d, hexlify(provider), e, hexlify(requester), f)
        return sha256(b"".join(leaf)).digest()


def _around(leaf: bytes) -> Iterator[bytes]:
    """Divide a leaf where something is filled in."""
    for name in (b"at", b"content", b"number", b"provider", b"requester"):  # the order of a canonical leaf
        before, opening, leaf = leaf.partition(b'"%b":"' % name)  # within a text the quotes would be escaped
        yield before + opening
    yield leaf


def hash_of(leaf: Leaf) -> bytes:
    return sha256(LEAF_PREFIX + canonical(leaf)).digest()


def microseconds_of(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND


def moment_of(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)


def text_of(moment: datetime) -> str:
    """Write a time as leaves and heads have it: RFC 3339 in UTC with microseconds and Z."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def _check_lengths(number: bytes, *commitments: bytes) -> None:
    if len(number) != NUMBER_BYTES:
        raise _unfit()
    for commitment in commitments:
        if len(commitment) not in _LENGTHS:
            raise _unfit()


def _unfit() -> ValueError:
    return ValueError("an entry that could not be kept")
