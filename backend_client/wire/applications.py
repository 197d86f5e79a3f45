"""One-stop applications: what is asked of a person in a life event, drafts, signed papers, and what becomes of them.

A paper is a PDF signed with the card's 署名用 key (PAdES), one for each receiving body. The portal keeps a paper until
its body has it.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated

import msgspec

from backend_client.wire.basic import Line, MaybeText, Message, Name, Text, whole
from backend_client.wire.post_box import SignedStatement, StatementKind

Answers = Annotated[dict[Name, Text], msgspec.Meta(max_length=20)]
"""By the question's id."""
Paper = Annotated[str, msgspec.Meta(min_length=4, max_length=1_400_000)]
"""Base64 of a signed PDF of at most a megabyte. No pattern: who decodes it sees what it is."""
Postcode = Annotated[str, whole("[0-9]{7}", 7)]


NO_CERTIFICATES = "none"
"""The answer of who sends none along."""


# --- life events ------------------------------------------------------------------------------------------------------


class QuestionKind(Enum):
    """How a question is asked."""

    DAY = "day"
    """A day near today, as ISO 8601."""
    PLACE = "place"
    """A postcode, one of its towns, a house number: 〒9900011 みほん県みどり市若葉町 3-5."""
    CHOICE = "choice"
    CERTIFICATES = "certificates"
    """Certificates of the post box, of one kind: their ids with spaces between them, or NONE. They go along."""


class QuestionOption(Message, frozen=True):
    id: Name
    title: Line


class Question(Message, frozen=True):
    id: Name
    kind: QuestionKind
    title: Line
    label: Line
    """Before the answer, on the paper."""
    options: tuple[QuestionOption, ...] = ()
    """For a choice."""
    certificates: StatementKind | None = None
    """For certificates."""


class Receiver(Message, frozen=True):
    """A body that may be told."""

    id: Name
    """A member's id."""
    name: Line
    what: Line
    """What it does with it."""
    advised: bool
    """Chosen unless the person says otherwise."""


class Task(Message, frozen=True):
    """One entry of the check-list."""

    title: Line
    until: Line
    visit: bool = False
    """The one visit to the town hall."""


class LifeEvent(Message, frozen=True):
    """GET /portal/life-events/{id} (session)."""

    id: Name
    title: Line
    summary: Line
    questions: tuple[Question, ...]
    receivers: tuple[Receiver, ...]
    tasks: tuple[Task, ...]


class LifeEventHead(Message, frozen=True):
    id: str
    title: str
    summary: str


class LifeEventList(Message, frozen=True):
    """GET /portal/life-events (session)."""

    events: tuple[LifeEventHead, ...]


class Towns(Message, frozen=True):
    """GET /portal/postcodes/{code}: the towns of a postcode; none for one that does not exist."""

    towns: tuple[str, ...]


# --- drafts and papers ------------------------------------------------------------------------------------------------


class DraftSave(Message, frozen=True):
    """POST /portal/drafts (session) -> Draft. One of each life event; saved again it keeps its id."""

    event: Name
    answers: Answers
    receivers: Annotated[tuple[Name, ...], msgspec.Meta(max_length=20)]


class Draft(Message, frozen=True):
    id: str
    event: str
    answers: dict[str, str]
    receivers: tuple[str, ...]
    saved_at: datetime


class PaperContent(Message, frozen=True):
    """What a paper says, for machines: JSON in the PDF's subject, under the signature like all of the PDF."""

    application: Name
    event: Name
    receiver: Name
    answers: Answers


class SignedPaper(Message, frozen=True):
    receiver: Name
    paper: Paper


class Submission(Message, frozen=True):
    """POST /portal/applications (session) -> Application. Sent again it is the same application, sent once."""

    draft: Name
    papers: Annotated[tuple[SignedPaper, ...], msgspec.Meta(min_length=1, max_length=20)]


class ParcelState(Enum):
    WAITING = "waiting"
    """The body has not taken it yet."""
    RECEIVED = "received"
    DONE = "done"
    SENT_BACK = "sent_back"
    WITHDRAWN = "withdrawn"


class Parcel(Message, frozen=True):
    """The paper for one body."""

    id: str
    receiver: str
    receiver_name: str
    state: ParcelState
    reason: str
    """Why it was sent back, in words for the person."""
    at: datetime
    """Of the last change."""


class Application(Message, frozen=True):
    id: str
    number: str
    """受付番号, for people."""
    event: str
    title: str
    answers: dict[str, str]
    sent_at: datetime
    parcels: tuple[Parcel, ...]


class ApplicationList(Message, frozen=True):
    """GET /portal/applications (session). Newest first."""

    drafts: tuple[Draft, ...]
    applications: tuple[Application, ...]


class Resending(Message, frozen=True):
    """POST /portal/resendings (session) -> Application. A new paper in the place of one that was sent back."""

    parcel: Name
    paper: Paper


class Withdrawal(Message, frozen=True):
    """POST /portal/withdrawals (session) -> Application, and from the portal to the body -> 204.

    `not_possible` for what is done.
    """

    parcel: Name


# --- between portal and body ------------------------------------------------------------------------------------------


class Delivery(Message, frozen=True):
    """POST /agencies/{id}/applications (signed by the portal) -> 204. Delivered again it counts once."""

    parcel: Name
    paper: Paper
    certificates: Annotated[tuple[SignedStatement, ...], msgspec.Meta(max_length=10)] = ()
    """Those that the paper names."""


class ApplicationResult(Message, frozen=True):
    """POST /portal/application-results (signed by the body) -> 204. Told again it counts once."""

    parcel: Name
    state: ParcelState
    reason: MaybeText = ""
    certificate: SignedStatement | None = None
    """For the post box."""


class StatementDelivery(Message, frozen=True):
    """POST /agencies/{id}/certificates (signed by the portal) -> 204. With the holder's consent; counts once."""

    certificate: SignedStatement
