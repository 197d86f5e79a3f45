"""The third-party commission: what it collects, what it finds, and what it publishes."""

from __future__ import annotations

from datetime import datetime

from backend_client.wire.basic import Count, Message, Moment
from backend_client.wire.log import LawWords, Leaf


class LeavesRequest(Message, frozen=True):
    """POST /gateway/leaves (signed by the commission) -> Leaves: from `start`, at most 10,000."""

    start: Count


class Leaves(Message, frozen=True):
    leaves: tuple[Leaf, ...]
    size: int
    """Leaves in the log now."""
    words: tuple[LawWords, ...] = ()
    """The wordings these leaves name by edition."""


class Happening(Message, frozen=True):
    """One event of GET /gateway/events (signed by the commission; server-sent events), and of the gateway's audit."""

    at: datetime
    event: str
    """`exchange`, or one of the gateway's audit events (wrong_symbol, law_forbade, not_provided ...)."""
    machine: str
    law: str
    detail: str
    transaction_number: str
    trace_id: str


class AuditRequest(Message, frozen=True):
    """POST /gateway/audits (signed by the commission) -> Audit: what happened in a time, alarms among it."""

    since: Moment
    until: Moment


class Audit(Message, frozen=True):
    happenings: tuple[Happening, ...]


class Finding(Message, frozen=True):
    """What the commission found. Names bodies, departments and terminals, never persons."""

    rule: str
    """Of the log: head_forged, head_inconsistent, leaves_altered, law_unknown. Of the parts: part_mismatch,
    part_missing, no_receipt, not_in_log, parts_refused. Of use: night_access, volume, one_person, never_used,
    law_forbidden, disaster_outside. Of the gateway's alarms: wrong_symbol, foreign_acquisition, foreign_receipt."""
    body: str
    transaction_number: str
    """Empty when it is not about one exchange."""
    words: str
    """One sentence for the commission's staff."""


class Findings(Message, frozen=True):
    """GET /commission/findings (signed by the commission's own staff machine)."""

    findings: tuple[Finding, ...]


class ReviewRequest(Message, frozen=True):
    """POST /commission/reviews (signed by the staff's machine) -> Review. Has all parts of a time checked."""

    since: Moment
    until: Moment
    """Not included; at most a week after `since`."""


class Review(Message, frozen=True):
    order: str
    """The order under which the agencies opened their parts; they have noted it."""
    exchanges: int
    findings: tuple[Finding, ...]
    """Of this review, those that were known before included."""


class DisasterEntry(Message, frozen=True):
    """One order in the commission's own record."""

    order: str
    words: str
    asked: datetime
    until: datetime
    opened: datetime | None
    """None: the gateway has not confirmed it."""
    ended: datetime | None
    """None: nobody has ended it; it is over at `until` all the same."""


class DisasterRecord(Message, frozen=True):
    """GET /commission/disasters: open to everybody, newest first.

    Orders come by POST /commission/disasters (DisasterOrder -> 204) and /commission/disaster-ends (DisasterEnd -> 204)
    from the staff's machine, and go on to the gateway.
    """

    orders: tuple[DisasterEntry, ...]


class UsageCell(Message, frozen=True):
    hour: datetime
    law: str
    exchanges: int | None
    """None: some, but how many may not be told, because they are few or would tell of others that are few."""


class Usage(Message, frozen=True):
    """GET /commission/usage: open to everybody; hour precision, small counts suppressed.

    An hour with too few exchanges to tell anything of is left out. What is shown of an hour never changes.
    """

    until: datetime
    """Hours from here on are not told yet."""
    least: int
    """Fewer than so many are not told."""
    cells: tuple[UsageCell, ...]
    never_used: tuple[str, ...] = ()
    """Law tuples nobody has used, or fewer than `least` times in all: which of the two is not told."""
