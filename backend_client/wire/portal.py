"""The portal: sign-in, folder, notices, records."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated

import msgspec

from backend_client.wire.applications import Paper, PaperContent
from backend_client.wire.basic import Base64, Line, Message, Moment, Name, TransactionNumber, whole
from backend_client.wire.card import AuthToken
from backend_client.wire.gateway import Record
from backend_client.wire.notice import DocumentFormat, NoticeAction, NoticeDraft, SenderKind, Weight
from backend_client.wire.post_box import SignedStatement

Place = Annotated[str, msgspec.Meta(min_length=1), whole(r"[^\x00-\x1f]+", 50)]


class SignIn(Message, frozen=True):
    """POST /portal/sign-in -> SignedIn | NotRegistered."""

    nonce: str
    token: AuthToken
    place: Place
    """Where, in words for the person, e.g. このテレビ; shown at the next sign-in."""


class LastSignIn(Message, frozen=True):
    at: datetime
    place: str


class SignedIn(Message, frozen=True, tag_field="kind", tag="signed_in"):
    session: str
    """Opaque; sent as `Authorization: Bearer`. In memory only, on both sides; ends after `lifetime_s` unused, or by
    POST /portal/sign-out (no message, always 204)."""
    lifetime_s: int
    name: str
    last_sign_in: LastSignIn | None
    """None the first time."""
    unread_notices: int
    card_new: bool = False
    """The folder was there, and from now on this card opens it too. True once."""
    acts_for_others: bool = False
    """There is somebody for whom the person may act now; GET /portal/proxies says whom."""


class NotRegistered(Message, frozen=True, tag_field="kind", tag="not_registered"):
    """The card is in order but has no folder yet. The ticket opens one, once, within five minutes."""

    ticket: str


SignInAnswer = SignedIn | NotRegistered


class OwnChanges(Message, frozen=True):
    """POST /portal/own-changes -> Changed. Of the person signed in, for instance since the card was issued."""

    since: Moment


class Registration(Message, frozen=True):
    """POST /portal/registrations -> SignedIn. Opens the folder of the person whose card gave the ticket."""

    ticket: Name
    place: Place
    paper: Paper
    """利用者フォルダ利用申請, signed with the same person's 署名用 key; says `registration_content(ticket)`."""


def registration_content(ticket: str) -> PaperContent:
    """What the paper of a first registration says, for machines; the ticket makes it good once."""
    return PaperContent(application=ticket, event="registration", receiver="portal", answers={})


class CounterRelease(Message, frozen=True):
    """POST /portal/counter-releases (signed by a municipality) -> 204. The holder came in person: open it again."""

    certificate: Base64
    """As in `CounterRegistration`; of any card that opens the folder."""


class SignInPage(Message, frozen=True):
    """GET /portal/sign-ins/{page} (session). Newest first, from page 0."""

    sign_ins: tuple[LastSignIn, ...]
    more: bool


class CounterRegistration(Message, frozen=True):
    """POST /portal/counter-registrations (signed by a municipality) -> 204. The folder opens with the card."""

    certificate: Base64
    """Base64 of the user authentication certificate, DER."""
    partners: tuple[Name, ...]
    """Companies the resident lets in on the paper form, by partner id."""


class NoticeMark(Enum):
    """What the person means to do with it."""

    NONE = "none"
    LATER = "later"
    KEEP = "keep"


class NoticeHead(Message, frozen=True):
    id: str
    sender: str
    sender_kind: SenderKind
    title: str
    arrived_at: datetime
    opened: bool
    legal_effect: bool
    receipt: bool = False
    """The sender is told when it is opened; always so with legal effect."""
    weight: Weight = Weight.NORMAL
    reply_by: datetime | None = None
    life_event: str = ""
    mark: NoticeMark = NoticeMark.NONE


class NoticeList(Message, frozen=True):
    """GET /portal/notices. What weighs most and is due first stands first, then the newest."""

    notices: tuple[NoticeHead, ...]


class Notice(Message, frozen=True):
    """GET /portal/notices/{id}. Reading it records the opening."""

    head: NoticeHead
    summary: tuple[str, ...]
    """At most three lines."""
    body: str
    """Plain text; markup in it is shown as text."""
    case_id: str = ""
    documents: tuple[DocumentHead, ...] = ()
    action: NoticeAction | None = None


class DocumentHead(Message, frozen=True):
    """GET /portal/notices/{id}/documents/{number} has the whole `Document`; numbers count from 0."""

    filename: str
    encoding_format: DocumentFormat
    size: int
    """Bytes."""


class MarkNotice(Message, frozen=True):
    """POST /portal/notice-marks (session) -> 204."""

    notice: Name
    mark: NoticeMark


class ShareNotice(Message, frozen=True):
    """POST /portal/notice-shares (session) -> NoticeShare. Of a notice that was opened."""

    notice: Name


class NoticeShare(Message, frozen=True):
    """Eight digits with which one other person who is signed in reads the notice, once."""

    code: str
    until: datetime


class SharedNotice(Message, frozen=True):
    """POST /portal/shared-notices (session) -> Notice. `not_found` for a wrong or used code, and after five wrong."""

    code: Annotated[str, whole("[0-9]{8}", 8)]


class RecordSentence(Message, frozen=True):
    """A record as the portal tells it."""

    record: Record
    sentence: str
    reason: str
    easy: str = ""
    """Sentence and reason together in easy Japanese (やさしい日本語)."""
    english: str = ""
    """The same in English."""


class RecordList(Message, frozen=True):
    """GET /portal/records, and GET /medical/records (session by pass). Newest first."""

    records: tuple[RecordSentence, ...]


class Consent(Message, frozen=True):
    """POST /portal/consents (session) -> 204. The person lets a law tuple that needs it be used, until a time."""

    law: Name
    until: Moment


class ConsentEnd(Message, frozen=True):
    """POST /portal/consent-withdrawals (session) -> 204, also when there was none."""

    law: Name


class ConsentList(Message, frozen=True):
    """GET /portal/consents (session): those in force, by law tuple."""

    consents: tuple[Consent, ...]


class PortalDelivery(Message, frozen=True):
    """POST /portal/deliveries (signed by the gateway) -> 204. A notice for the holder of the portal's own symbol."""

    symbol: str
    transaction_number: TransactionNumber
    sender: Line
    sender_kind: SenderKind
    draft: NoticeDraft


class PartnerNotice(Message, frozen=True):
    """POST /portal/partner-notices (signed by a partner) -> 204. `not_allowed` unless let in."""

    handle: Name
    """The partner's own name for the resident, given when it was let in; means nothing to anybody else."""
    draft: NoticeDraft
    """What stands in `sealed` is left empty here."""
    sealed: Annotated[str, msgspec.Meta(max_length=120_000)] = ""
    """Base64 of a `Letter`, sealed to the folder's key in the context LETTER_DOMAIN and `message_id`; the portal stores
    it unread. Empty: the portal seals what stands in `draft`. Attachments cannot be sent with it."""


class PartnerHandles(Message, frozen=True):
    """GET /portal/partner-handles (signed by a partner): whom it may write to."""

    handles: tuple[str, ...]
    keys: tuple[str, ...] = ()
    """Base64 of each folder's public key (X25519), in the order of `handles`."""


class PartnerCertificate(Message, frozen=True):
    """POST /portal/partner-certificates (signed by a partner) -> 204. Counts once; `not_allowed` unless let in."""

    handle: Name
    certificate: SignedStatement


class FolderOpening(Message, frozen=True):
    """POST /portal/folder-openings (signed by the authorization server) -> FolderOpened. For a term, by consent."""

    handle: Name
    """The authorization server's own name for the resident."""
    partner: Name
    until: Moment


class FolderOpened(Message, frozen=True):
    handle: str
    """As in PartnerNotice."""


class FolderClosing(Message, frozen=True):
    """POST /portal/folder-closings (signed by the authorization server) -> 204. Quiet when it is closed already."""

    handle: Name
    partner: Name


class GuestCertificates(Message, frozen=True):
    """POST /portal/guest-certificates (signed by the authorization server, a GuestNotices) -> this. Newest first."""

    certificates: tuple[SignedStatement, ...]
