"""Checking the gateway's log without the gateway: pure functions over what it gave out.

Nothing here asks anybody: who holds a record, its proof and the public log key can check them for good.
Source: RFC 9162, sections 2.1.3.2 and 2.1.4.2; gateway reference, section 4.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import NamedTuple

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from backend_client.wire.basic import Message
from backend_client.wire.log import (
    Consistency,
    ContentPart,
    Inclusion,
    LawWords,
    Leaf,
    ProvenReceipt,
    ProvenRecord,
    ProviderPart,
    RequesterPart,
    SignedHead,
    canonical,
    commitment,
    edition,
    signed_part,
)

HASH_BYTES = 32


class NotProven(Exception):
    """What was given proves nothing. Names what does not fit."""


class WordsChanged(NotProven):
    """The wording is not the one the record was made under."""


class NotInTheLog(NotProven):
    """The record is not in the tree the head stands for: it, its place or the proof was changed."""


class HeadForged(NotProven):
    """The head was not signed by the key it names, or by the one that is trusted."""


class NotTheSameLog(NotProven):
    """The later head does not contain the earlier one: something in between was changed or taken away."""


class Unreadable(Exception):
    """This is no file that could be checked."""


class NotThePart(NotProven):
    """The opened part is not the one that was committed to."""


class OpenedRecord(Message, frozen=True):
    """A record with what requester or provider opened to the person: a file for `checks`."""

    record: ProvenRecord
    requester: RequesterPart | None = None
    provider: ProviderPart | None = None
    content: ContentPart | None = None


class TwoHeads(Message, frozen=True):
    """An earlier and a later head with the proof that they are of one log: a file for `checks`."""

    old: SignedHead
    new: SignedHead
    consistency: Consistency


Evidence = ProvenRecord | OpenedRecord | TwoHeads


class Check(NamedTuple):
    """One thing that was looked at: `fault` says what is wrong with it, None that it is proven."""

    name: str
    """head, place, words, receipt, requester, provider, content; for two heads old, new, growth."""
    fault: NotProven | None


def read_evidence(raw: bytes) -> Evidence:
    """Read a file of any of the three kinds, JSON. Raises Unreadable."""
    try:
        fields = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
        if "consistency" in fields:
            return msgspec.json.decode(raw, type=TwoHeads)
        if "record" in fields:
            return msgspec.json.decode(raw, type=OpenedRecord)
        return msgspec.json.decode(raw, type=ProvenRecord)
    except (msgspec.DecodeError, UnicodeDecodeError) as exc:
        raise Unreadable from exc


def key_of(evidence: Evidence) -> str:
    """The key the evidence itself names, hex; worth no more than where the file came from."""
    if isinstance(evidence, OpenedRecord):
        return evidence.record.head.key
    return evidence.new.key if isinstance(evidence, TwoHeads) else evidence.head.key


def checks(evidence: Evidence, key: str) -> tuple[Check, ...]:
    """Check everything there is against the log's public `key` (hex); each on its own, none left out."""
    if isinstance(evidence, TwoHeads):
        return _checks_of_heads(evidence, key)
    if isinstance(evidence, OpenedRecord):
        return (*_checks_of_record(evidence.record, key), *_checks_of_parts(evidence))
    return _checks_of_record(evidence, key)


def check_words(words: LawWords, leaf: Leaf) -> None:
    """Check that these are the words the record was made under. Raises WordsChanged."""
    if edition(words) != leaf.edition:
        raise WordsChanged


def check_receipt(receipt: ProvenReceipt, record: ProvenRecord) -> None:
    """Check that the receipt is this exchange's and in the same tree. Raises NotInTheLog."""
    if receipt.leaf.what != "receipt" or receipt.leaf.number != record.leaf.number:
        raise NotInTheLog
    check_inclusion(receipt.leaf, receipt.inclusion, record.head)


def check_head(head: SignedHead, key: str) -> None:
    """Check the signature of a head by `key` (hex of 32 bytes). Raises HeadForged."""
    if head.key != key:
        raise HeadForged
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(b64decode(head.signature), signed_part(head))
    except (InvalidSignature, ValueError) as exc:
        raise HeadForged from exc


def check_inclusion(leaf: Leaf, inclusion: Inclusion, head: SignedHead) -> None:
    """Check that the leaf is at its place under the head. Raises NotInTheLog."""
    if inclusion.size != head.size or not 0 <= inclusion.index < inclusion.size:
        raise NotInTheLog
    node, index, last = leaf_hash(leaf), inclusion.index, inclusion.size - 1
    for other in _hashes(inclusion.path, NotInTheLog):
        if last == 0:
            raise NotInTheLog
        if index & 1 or index == last:
            node = node_hash(other, node)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            node = node_hash(node, other)
        index, last = index >> 1, last >> 1
    if last or node.hex() != head.root:
        raise NotInTheLog


def check_consistency(old: SignedHead, new: SignedHead, proof: Consistency) -> None:
    """Check that the tree of `old` is the beginning of that of `new`. Signatures apart. Raises NotTheSameLog."""
    if (proof.old, proof.new) != (old.size, new.size) or not 0 <= old.size <= new.size:
        raise NotTheSameLog
    path = _hashes(proof.path, NotTheSameLog)
    if old.size == new.size or not old.size:
        if path or (old.size and old.root != new.root) or (not old.size and old.root != sha256().hexdigest()):
            raise NotTheSameLog
        return
    roots = _both_roots(old, new, path)
    if roots != (old.root, new.root):
        raise NotTheSameLog


def check_part(committed: str, part: RequesterPart | ProviderPart | ContentPart) -> None:
    """Check an opened part against the hex commitment in a leaf. Raises NotThePart."""
    if commitment(part).hex() != committed:
        raise NotThePart


def leaf_hash(leaf: Leaf) -> bytes:
    return sha256(b"\x00" + canonical(leaf)).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def _checks_of_record(record: ProvenRecord, key: str) -> tuple[Check, ...]:
    found = (
        _check("head", check_head, record.head, key),
        _check("place", check_inclusion, record.leaf, record.inclusion, record.head),
        _check("words", check_words, record.words, record.leaf),
    )
    if record.receipt is None:
        return found
    return (*found, _check("receipt", check_receipt, record.receipt, record))


def _checks_of_parts(opened: OpenedRecord) -> tuple[Check, ...]:
    leaf = opened.record.leaf
    answer = leaf if opened.record.receipt is None else opened.record.receipt.leaf
    parts = (
        ("requester", leaf.requester, opened.requester),
        ("provider", answer.provider, opened.provider),
        ("content", answer.content, opened.content),
    )
    return tuple(_check(name, check_part, committed, part) for name, committed, part in parts if part is not None)


def _checks_of_heads(heads: TwoHeads, key: str) -> tuple[Check, ...]:
    return (
        _check("old", check_head, heads.old, key),
        _check("new", check_head, heads.new, key),
        _check("growth", check_consistency, heads.old, heads.new, heads.consistency),
    )


def _check(name: str, check: Callable[..., None], *arguments: object) -> Check:
    try:
        check(*arguments)
    except NotProven as fault:
        return Check(name, fault)
    return Check(name, None)


def _both_roots(old: SignedHead, new: SignedHead, path: list[bytes]) -> tuple[str, str]:
    """Compute the roots of both trees that the path leads to. Source: RFC 9162, section 2.1.4.2."""
    if not old.size & (old.size - 1):
        path = [*_hashes((old.root,), NotTheSameLog), *path]
    index, last = old.size - 1, new.size - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    if not path:
        raise NotTheSameLog
    first = second = path[0]
    for node in path[1:]:
        if last == 0:
            raise NotTheSameLog
        if index & 1 or index == last:
            first, second = node_hash(node, first), node_hash(node, second)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            second = node_hash(second, node)
        index, last = index >> 1, last >> 1
    if last:
        raise NotTheSameLog
    return first.hex(), second.hex()


def _hashes(path: Iterable[str], otherwise: type[NotProven]) -> list[bytes]:
    try:
        nodes = [bytes.fromhex(node) for node in path]
    except ValueError as exc:
        raise otherwise from exc
    if any(len(node) != HASH_BYTES for node in nodes):
        raise otherwise
    return nodes
