"""Whether a record is what the gateway wrote: checked here, against what another body has witnessed.

The gateway's key is not taken from the gateway but from the commission, which follows its log; and the log the record
comes from must be the one that the commission has seen, grown on. Source: gateway reference, section 4.
"""

from __future__ import annotations

from backend_client import wire
from backend_client.proof import Evidence, TwoHeads, checks


def ends(record: wire.ProvenRecord, witnessed: wire.SignedHead) -> tuple[wire.SignedHead, wire.SignedHead]:
    """The earlier and the later of the two heads."""
    old, new = sorted((record.head, witnessed), key=lambda head: head.size)
    return old, new


def holds(record: wire.ProvenRecord, number: str, witnessed: wire.SignedHead, growth: wire.Consistency) -> bool:
    """Whether everything about the record of this transaction number is proven. `growth` is between the two `ends`."""
    old, new = ends(record, witnessed)
    evidence: tuple[Evidence, ...] = (record, TwoHeads(old=old, new=new, consistency=growth))
    right_one = record.leaf.number == number.replace("-", "").lower()
    return right_one and all(check.fault is None for one in evidence for check in checks(one, witnessed.key))
