"""What a record proves to who holds it, and that any change to it is noticed and named."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from backend_client import proof
from backend_client.wire import Message, SignedHead
from backend_client.wire.log import ProvenReceipt
from tests.backend_client.evidence import CONTENT, OPENED, PUBLIC, RECEIPT, RECORD, TWO_HEADS, head

OTHER = Ed25519PrivateKey.from_private_bytes(b"\x12" * 32)


def wrong(evidence: proof.Evidence, key: str = PUBLIC) -> dict[str, type[proof.NotProven]]:
    return {check.name: type(check.fault) for check in proof.checks(evidence, key) if check.fault is not None}


def changed(evidence: Any, path: str, value: Any) -> Any:
    """`evidence` with one field changed, e.g. `record.leaf.at`."""
    name, _, rest = path.partition(".")
    return msgspec.structs.replace(evidence, **{name: changed(getattr(evidence, name), rest, value) if rest else value})


def test_everything_that_fits_is_proven() -> None:
    assert [check.name for check in proof.checks(RECORD, PUBLIC)] == ["head", "place", "words", "receipt"]
    assert [check.name for check in proof.checks(OPENED, PUBLIC)][4:] == ["requester", "provider", "content"]
    assert [check.name for check in proof.checks(TWO_HEADS, PUBLIC)] == ["old", "new", "growth"]
    assert wrong(RECORD) == wrong(OPENED) == wrong(TWO_HEADS) == {}


def leaf_changes() -> list[tuple[str, Any]]:
    changes = {"version": 2, "number": "f" * 32, "at": "2026-11-22T00:00:00.000000Z"}
    fields = msgspec.structs.asdict(RECORD.leaf)
    return [(f"leaf.{name}", changes.get(name, "x")) for name in fields if name != "edition"]


@pytest.mark.parametrize(("path", "value"), leaf_changes())
def test_any_change_of_a_leaf_is_noticed(path: str, value: Any) -> None:
    assert wrong(changed(RECORD, path, value))["place"] is proof.NotInTheLog


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        ("leaf.edition", "0" * 64, {"place": proof.NotInTheLog, "words": proof.WordsChanged}),
        ("words.purpose", "別の事務", {"words": proof.WordsChanged}),
        ("words.requester_english", "Somebody", {"words": proof.WordsChanged}),
        ("inclusion.index", 2, {"place": proof.NotInTheLog}),
        ("inclusion.size", 4, {"place": proof.NotInTheLog}),
        ("inclusion.path", (), {"place": proof.NotInTheLog}),
        ("receipt.leaf.outcome", "no_automatic_answer", {"receipt": proof.NotInTheLog}),
        ("receipt.leaf.number", "f" * 32, {"receipt": proof.NotInTheLog}),
        ("receipt", ProvenReceipt(leaf=RECORD.leaf, inclusion=RECORD.inclusion), {"receipt": proof.NotInTheLog}),
        ("head.at", "2026-11-22T00:00:00.000000Z", {"head": proof.HeadForged}),
        ("head.signature", "AAAA", {"head": proof.HeadForged}),
        ("head.signature", "ä", {"head": proof.HeadForged}),
        ("head", head(5, OTHER), {"head": proof.HeadForged}),
    ],
)
def test_any_other_change_of_a_record_is_noticed(path: str, value: Any, named: dict[str, type]) -> None:
    assert wrong(changed(RECORD, path, value)) == named


def test_a_smaller_tree_with_another_root_is_another_log() -> None:
    found = wrong(changed(changed(RECORD, "inclusion.size", 4), "head", head(4)))
    assert found["place"] is proof.NotInTheLog


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("requester.terminal", "requester"),
        ("requester.purpose", "requester"),
        ("provider.department", "provider"),
        ("content.salt", "content"),
    ],
)
def test_a_part_that_was_not_committed_to_is_noticed(path: str, name: str) -> None:
    assert wrong(changed(OPENED, path, "x")) == {name: proof.NotThePart}


def test_content_that_was_not_provided_is_noticed() -> None:
    payload = CONTENT.payload | {"合計所得金額": "0円"}
    assert wrong(changed(OPENED, "content.payload", payload)) == {"content": proof.NotThePart}


def test_without_a_receipt_a_part_is_checked_against_the_exchange_itself() -> None:
    relayed = changed(OPENED, "record.receipt", None)
    assert wrong(relayed) == {"provider": proof.NotThePart, "content": proof.NotThePart}
    proof.check_part(RECEIPT.content, CONTENT)


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        ("consistency.path", (), {"growth": proof.NotTheSameLog}),
        ("consistency.old", 3, {"growth": proof.NotTheSameLog}),
        ("consistency.path", ("xx",), {"growth": proof.NotTheSameLog}),
        ("old", head(5), {"growth": proof.NotTheSameLog}),
        ("old.root", "0" * 64, {"old": proof.HeadForged, "growth": proof.NotTheSameLog}),
        ("old.root", "no hex", {"old": proof.HeadForged, "growth": proof.NotTheSameLog}),
        ("old.size", -4, {"old": proof.HeadForged, "growth": proof.NotTheSameLog}),
        ("new.size", 6, {"new": proof.HeadForged, "growth": proof.NotTheSameLog}),
    ],
)
def test_any_change_of_two_heads_is_noticed(path: str, value: Any, named: dict[str, type]) -> None:
    assert wrong(changed(TWO_HEADS, path, value)) == named


def test_another_key_is_not_the_gateways() -> None:
    other = OTHER.public_key().public_bytes_raw().hex()
    assert wrong(RECORD, other) == {"head": proof.HeadForged}
    for nonsense in ("", "zz", "00"):
        assert wrong(changed(RECORD, "head.key", nonsense), nonsense) == {"head": proof.HeadForged}


def test_the_same_tree_needs_no_proof_and_the_empty_one_is_the_beginning_of_all() -> None:
    same = proof.TwoHeads(old=head(5), new=head(5), consistency=proof.Consistency(old=5, new=5, path=()))
    assert wrong(same) == {}
    assert "growth" in wrong(changed(same, "old.root", "0" * 64))
    empty = SignedHead(size=0, root=proof.sha256().hexdigest(), at="", key=PUBLIC, signature="")
    assert "growth" not in wrong(
        proof.TwoHeads(old=empty, new=head(5), consistency=proof.Consistency(old=0, new=5, path=()))
    )


@pytest.mark.parametrize("evidence", [RECORD, OPENED, TWO_HEADS])
def test_evidence_is_read_as_it_was_written(evidence: Message) -> None:
    assert proof.read_evidence(msgspec.json.encode(evidence)) == evidence


@pytest.mark.parametrize("raw", [b"", b"no", b"[]", b"{}", b'"x"', b'{"record":1}', b'{"consistency":{}}', b"\xff\xfe"])
def test_what_is_no_evidence_is_unreadable(raw: bytes) -> None:
    with pytest.raises(proof.Unreadable):
        proof.read_evidence(raw)


def test_a_log_that_lies_about_its_size_is_noticed() -> None:
    lie = changed(changed(TWO_HEADS, "new.size", 16), "consistency.new", 16)
    assert wrong(lie)["growth"] is proof.NotTheSameLog
