"""The third-party commission: what it collects, what it finds, and what it publishes."""

from __future__ import annotations

from datetime import datetime

from backend_client.wire.basic import Message
from backend_client.wire.log import Leaf


class LeavesRequest(Message, frozen=True):
    """POST /gateway/leaves (signed by the commission) -> Leaves: from `start`, at most 10,000."""

    start: int


class Leaves(Message, frozen=True):
    leaves: tuple[Leaf, ...]
    size: int
    """Leaves in the log now."""


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

    since: datetime
    until: datetime


class Audit(Message, frozen=True):
    happenings: tuple[Happening, ...]


class Finding(Message, frozen=True):
    """What the commission found. Names bodies, departments and terminals, never persons."""

    rule: str
    """night_access, volume, never_used, wrong_symbol, part_mismatch, part_missing, no_receipt, head_inconsistent ..."""
    body: str
    transaction_number: str
    words: str
    """One sentence for the commission's staff."""


class Findings(Message, frozen=True):
    """GET /commission/findings (signed by the commission's own staff machine)."""

    findings: tuple[Finding, ...]


class UsageCell(Message, frozen=True):
    hour: datetime
    law: str
    exchanges: int | None
    """None: some, but fewer than may be told."""


class Usage(Message, frozen=True):
    """GET /commission/usage: open to everybody; hour precision, small counts suppressed."""

    cells: tuple[UsageCell, ...]
