"""`madoguchi verify`: what a downloaded record proves, in words. Asks nobody, needs no card and no backend."""

from __future__ import annotations

import json
from dataclasses import dataclass

from backend_client.proof import (
    Check,
    Evidence,
    OpenedRecord,
    TwoHeads,
    checks,
    key_of,
    read_evidence,
)
from backend_client.wire import ProvenRecord

PROVEN = {
    "head": "The gateway's log key signed the state of the log this record comes from.",
    "place": "The record stands in that log, unchanged.",
    "words": "The wording is the one that was in force when the record was made.",
    "receipt": "The provider's answer stands in the same log.",
    "requester": "What the requester opened is what it committed to before it asked.",
    "provider": "What the provider opened is what it committed to with its answer.",
    "content": "The content shown is the content that was provided.",
    "old": "The gateway's log key signed the earlier state of the log.",
    "new": "The gateway's log key signed the later state of the log.",
    "growth": "The log has only grown in between: nothing was changed or taken away.",
}
WRONG = {
    "head": "The state of the log was NOT signed by this key.",
    "place": "The record is NOT in that log: it, or its proof, was changed.",
    "words": "The wording is NOT the one the record was made under.",
    "receipt": "The provider's answer is NOT in the same log, or belongs to another record.",
    "requester": "What the requester opened is NOT what it committed to.",
    "provider": "What the provider opened is NOT what it committed to.",
    "content": "The content shown is NOT what was provided.",
    "old": "The earlier state of the log was NOT signed by this key.",
    "new": "The later state of the log was NOT signed by this key.",
    "growth": "These are NOT two states of one log: something was changed or taken away.",
}
OWN_KEY = (
    "The key was taken from the file itself: this shows that the file fits together, not who made it. "
    "Give the gateway's published key with --key."
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found in one file."""

    told: tuple[str, ...]
    """What the file says happened, a line each."""
    checks: tuple[Check, ...]
    key: str
    key_given: bool
    """By the caller, and not by the file itself."""

    @property
    def proven(self) -> bool:
        return all(check.fault is None for check in self.checks)


def examine(raw: bytes, key: str | None) -> Verdict:
    """Check a file. `key` is the log's public key in hex, None for the file's own. Raises Unreadable."""
    evidence = read_evidence(raw)
    trusted = key_of(evidence) if key is None else key.lower()
    return Verdict(_told(evidence), checks(evidence, trusted), trusted, key is not None)


def as_text(verdict: Verdict) -> str:
    lines = [*verdict.told, ""]
    lines += [f"✓ {PROVEN[c.name]}" if c.fault is None else f"✗ {WRONG[c.name]}" for c in verdict.checks]
    if not verdict.key_given:
        lines.append(f"! {OWN_KEY}")
    lines += ["", "Proven." if verdict.proven else "NOT proven."]
    return "\n".join(lines)


def as_json(verdict: Verdict) -> str:
    found = [{"check": c.name, "proven": c.fault is None, "words": _words(c)} for c in verdict.checks]
    answer = {"proven": verdict.proven, "key": verdict.key, "key_given": verdict.key_given, "checks": found}
    return json.dumps(answer, ensure_ascii=False)


def unreadable_as_json(why: str) -> str:
    return json.dumps({"proven": False, "unreadable": why})


def _words(check: Check) -> str:
    return PROVEN[check.name] if check.fault is None else WRONG[check.name]


def _told(evidence: Evidence) -> tuple[str, ...]:
    if isinstance(evidence, TwoHeads):
        old, new = evidence.old, evidence.new
        return (f"A log of {old.size} entries at {old.at}, and of {new.size} entries at {new.at}.",)
    return _told_of_record(evidence.record if isinstance(evidence, OpenedRecord) else evidence)


def _told_of_record(record: ProvenRecord) -> tuple[str, ...]:
    words = record.words
    return (
        f"Record {record.leaf.number} of {record.leaf.at}",
        f"  {words.requester_words} ← {words.provider_words}: {words.kind_words}",
        f"  {words.purpose} ({words.basis})",
    )
