"""Access records at the portal: by pages, by month and by agency, proven, and doubted before the commission."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from backend_client.wire.basic import Count, Message, Name, Text, TransactionNumber, whole
from backend_client.wire.portal import RecordSentence

PAGE = 10
"""Records on one page: two screens of a television, so that ten thousand are paged as quickly as ten."""

Month = Annotated[str, whole("[0-9]{4}-(?:0[1-9]|1[0-2])", 7)]
"""2026-11, in Japanese time."""


class RecordPageRequest(Message, frozen=True):
    """POST /portal/record-pages (session) -> RecordPage."""

    before: Count | None = None
    """The cursor: `next` of the page before; None for the newest."""
    month: Month | None = None
    agency: Name | None = None
    """Requester, by the id in `RecordCounts`."""


class RecordPage(Message, frozen=True):
    """At most PAGE records, newest first."""

    records: tuple[RecordSentence, ...]
    next: int | None
    """None on the last page."""


class AgencyCount(Message, frozen=True):
    agency: Name
    name: str
    records: int


class RecordCounts(Message, frozen=True):
    """GET /portal/record-counts (session); POST /gateway/record-counts (signed by the portal, a RecordsRequest)."""

    months: tuple[tuple[Month, int], ...]
    """Newest first; months without a record are not named."""
    agencies: tuple[AgencyCount, ...]
    """Most records first."""


class ProofAsked(Message, frozen=True):
    """POST /portal/record-proofs (session) -> ProvenRecord. `not_found` unless it is the person's own."""

    transaction_number: TransactionNumber


class CaseOpening(Message, frozen=True):
    """POST /portal/cases (session) -> Case. おかしいと思う: once for each record, asked again it is the same case."""

    transaction_number: TransactionNumber


class CaseRequest(Message, frozen=True):
    """POST /commission/cases (signed by the portal) -> Case. Whose case it is, the portal alone knows."""

    id: Name
    """The portal's own, by which nobody else can tell a person."""
    transaction_number: TransactionNumber


class Case(Message, frozen=True):
    """One record that seems wrong to the person it is about."""

    id: str
    transaction_number: str
    opened_at: datetime
    answer: str
    """Empty while the commission looks into it."""
    answered_at: datetime | None


class CaseList(Message, frozen=True):
    """GET /portal/cases (session), POST /commission/case-states (signed by the portal), GET /commission/cases."""

    cases: tuple[Case, ...]


class CaseStates(Message, frozen=True):
    ids: Annotated[tuple[Name, ...], msgspec.Meta(max_length=1000)]


class CaseAnswer(Message, frozen=True):
    """POST /commission/case-answers (signed by the commission's staff) -> Case. The newest answer counts."""

    id: Name
    answer: Text
