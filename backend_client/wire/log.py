"""The gateway's log as anybody can check it: leaves, commitments, signed heads and proofs.

The tree is that of RFC 9162 (SHA-256). A leaf holds the gateway's items ①–⑥ and salted commitments to what requester
and provider keep; whom it is about is not in it. Source: gateway reference, section 4.
"""

from __future__ import annotations

from hashlib import sha256

import msgspec

from backend_client.wire.basic import Count, Message


class RequesterPart(Message, frozen=True):
    """What the requester keeps and commits to before it asks."""

    department: str
    """⑦."""
    terminal: str
    """⑨."""
    purpose: str
    """⑫."""
    salt: str
    """Base64 of 32 random bytes, new for each exchange."""


class ProviderPart(Message, frozen=True):
    """What the provider keeps and commits to with its answer."""

    department: str
    """⑧."""
    terminal: str
    """⑩."""
    salt: str


class ContentPart(Message, frozen=True):
    """⑪ the content provided, which both keep."""

    payload: dict[str, str]
    salt: str


class LawWords(Message, frozen=True):
    """A law tuple's wording at the time: ③–⑥ for people. Its hash is in the leaf, so old records keep their words."""

    law: str
    basis: str
    """③."""
    requester: str
    requester_words: str
    """④."""
    provider: str
    provider_words: str
    """⑤."""
    kind: str
    kind_words: str
    """⑥."""
    purpose: str
    requester_english: str = ""
    """This and what follows: the same for who reads English or easy Japanese. Empty: the plain words stand in."""
    provider_english: str = ""
    kind_english: str = ""
    purpose_english: str = ""
    kind_easy: str = ""
    purpose_easy: str = ""


class Leaf(Message, frozen=True):
    """One leaf. `canonical(leaf)` is what the tree hashes."""

    version: int
    """1. Another layout of leaves gets another number: old records stay as they were written."""
    what: str
    """exchange (asked, allowed and, in relay, answered), receipt (answered for a token), mark (a disaster opened or
    closed, personal parts deleted)."""
    number: str
    """① 32 lower-case hex digits. A receipt has that of its exchange."""
    at: str
    """② RFC 3339 in UTC with microseconds and Z."""
    edition: str
    """Hex SHA-256 of the canonical LawWords: ③–⑥. Empty for marks."""
    transport: str
    """relay or token; empty for marks."""
    outcome: str
    """provided or no_automatic_answer; empty while a token is not answered, and for marks."""
    mark: str
    """Empty, or why this is out of the ordinary: the disaster order, or what was deleted."""
    requester: str
    """Hex commitment to RequesterPart; empty where there is none."""
    provider: str
    """Hex commitment to ProviderPart."""
    content: str
    """Hex commitment to ContentPart."""


class SignedHead(Message, frozen=True):
    """GET /gateway/head, and POST /commission/heads (signed by the gateway) -> 204. A head of the tree.

    `signature` is Ed25519 over the canonical head without it.
    """

    size: Count
    root: str
    """Hex."""
    at: str
    key: str
    """Hex of the gateway's public log key, 32 bytes."""
    signature: str
    """Base64."""


class Inclusion(Message, frozen=True):
    """RFC 9162, section 2.1.3: the leaf at `index` is in the tree of `size` leaves."""

    index: int
    size: int
    path: tuple[str, ...]
    """Hex, from the leaf upwards."""


class Consistency(Message, frozen=True):
    """GET /gateway/consistency/{old}/{new}. RFC 9162, section 2.1.4: the older tree is the beginning of the newer."""

    old: int
    new: int
    path: tuple[str, ...]


class ProvenReceipt(Message, frozen=True):
    """The receipt of an exchange by access token: what its provider committed to when it answered."""

    leaf: Leaf
    inclusion: Inclusion


class ProvenRecord(Message, frozen=True):
    """POST /gateway/proofs (signed by the portal, a ProofRequest) -> this: a record anybody can check offline.

    Also what `madoguchi verify FILE` reads, as JSON.
    """

    leaf: Leaf
    words: LawWords
    inclusion: Inclusion
    head: SignedHead
    receipt: ProvenReceipt | None = None
    """Under the same head. None for relayed exchanges, whose leaf says it all, and while no receipt has come."""


class ProofRequest(Message, frozen=True):
    symbol: str
    """The portal's own."""
    transaction_number: str


def canonical(message: Message) -> bytes:
    """The message as RFC 8785 has it. Its names are ASCII and its numbers integers, for which sorting is enough."""
    return msgspec.json.encode(message, order="sorted")


def signed_part(head: SignedHead) -> bytes:
    """What the signature of a head is over: the head without it, in the same form."""
    return msgspec.json.encode({"at": head.at, "key": head.key, "root": head.root, "size": head.size}, order="sorted")


def commitment(part: RequesterPart | ProviderPart | ContentPart) -> bytes:
    """Commit to a part, 32 bytes: the salt is inside, so the hash tells nothing to who cannot guess 256 bits."""
    return sha256(canonical(part)).digest()


def edition(words: LawWords) -> str:
    """Name a wording for good: hex SHA-256."""
    return sha256(canonical(words)).hexdigest()
