"""What all messages are made of, how a body refuses, and the four basic items."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import msgspec


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """Root of all messages."""


# --- how values are written -----------------------------------------------------------------------------------------


def whole(pattern: str, most: int | None = None) -> msgspec.Meta:
    """Let `pattern` fit the whole of a text of at most so many characters. A bare `$` also fits before a last LF."""
    return msgspec.Meta(pattern=rf"^(?:{pattern})$(?!\n)", max_length=most)


Text = Annotated[str, msgspec.Meta(min_length=1), whole(r"[^\x00-\x1f]+", 200)]
"""One line for people."""
MaybeText = Annotated[str, whole(r"[^\x00-\x1f]*", 200)]
Line = Annotated[str, msgspec.Meta(min_length=1), whole(r"[^\x00-\x1f]+", 100)]
"""A short line: a heading, the name of a place."""
Lines = Annotated[str, whole(r"[^\x00]*", 20_000)]
"""The text of a notice; what is longer belongs into an attachment."""
Name = Annotated[str, whole("[0-9A-Za-z_-]{1,64}", 64)]
"""What one body calls a thing towards another: a machine, a law tuple, an order. Says nothing about persons."""
Serial = Annotated[str, whole("[0-9]{1,49}", 49)]
"""A certificate's serial number, decimal."""
TransactionNumber = Annotated[str, whole("[0-9A-F]{4}(?:-[0-9A-F]{4}){7}", 39)]
"""処理通番, as `wire.gateway.shown` writes it."""
_BASE64 = (
    r"(?:[0-9A-Za-z+/]{64})*(?:[0-9A-Za-z+/]{4}){0,15}"  # fours; by 64 because only that is fast
    r"(?:[0-9A-Za-z+/]{2}(?:[0-9A-Za-z+/]{2}|[AEIMQUYcgkosw048]=)|[0-9A-Za-z+/][AQgw]==)"
)
Base64 = Annotated[str, msgspec.Meta(min_length=4), whole(_BASE64, 16_384)]
"""Standard Base64 of one byte or more, in its one canonical form; a certificate is near 2,000 characters."""
Base64Of32 = Annotated[str, msgspec.Meta(min_length=44, max_length=44)]
"""The same of exactly 32 bytes. No pattern: batches hold hundreds of them, and who decodes one sees what it is."""
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
"""With its offset from UTC."""
Count = Annotated[int, msgspec.Meta(ge=0, lt=1 << 62)]
"""So many, or the position of one among them; fits every database's integers."""


class Problem(Message, frozen=True):
    """Body of every answer with status 4xx or 5xx. Carries no personal data."""

    code: str
    """Stable, e.g. `certificate_revoked`; the list is `REFUSALS` below."""
    origin: str
    """The body that refused, e.g. `portal`, `gateway`, `authority`, `city`."""
    trace_id: str
    message: str
    """One English sentence for engineers; people are shown the kiosk's own words for `code`."""


REFUSALS = {
    # code: (HTTP status, when)
    "bad_request": (400, "the message could not be read"),
    "content_wrong": (409, "what the message says cannot be: a term that is over, a request that holds no key"),
    "method_unknown": (405, "this path takes other methods"),
    "too_large": (413, "the message is larger than any this body takes"),
    "challenge_unknown": (409, "the challenge was never given, or was used before"),
    "challenge_stale": (409, "the challenge was given too long ago"),
    "token_invalid": (401, "the signature does not fit certificate, challenge and origin"),
    "certificate_untrusted": (403, "the certificate does not chain to the authority, or its form is wrong"),
    "certificate_policy": (403, "the certificate is not one for user authentication"),
    "certificate_expired": (403, "the certificate's term is over"),
    "certificate_not_yet_valid": (403, "the certificate's term has not begun"),
    "certificate_revoked": (403, "the authority has revoked or stopped the certificate"),
    "paper_wrong": (403, "the paper was altered after it was signed, or is not a signed paper at all"),
    "paper_foreign": (403, "the paper was signed with another person's card, or is about something else"),
    "session_unknown": (401, "signed out, expired, or never signed in"),
    "pass_invalid": (403, "the pass is not one of the portal's for this service, or was used before"),
    "pass_late": (403, "the pass was given too long ago"),
    "ticket_unknown": (409, "the registration ticket was used before or is too old"),
    "folder_blocked": (403, "the holder did not know a sign-in and blocked the folder; the counter opens it again"),
    "not_found": (404, "no such thing for this person"),
    "slot_taken": (409, "somebody else has booked the slot; one may wait for it"),
    "booking_limit": (409, "the person has as many bookings as one may have"),
    "day_closed": (409, "nothing can be booked on this day: closed, past, too far ahead, or no such room and slot"),
    "cancel_late": (409, "a booking can be cancelled until the day before"),
    "reading_impossible": (409, "no living person has such a blood pressure"),
    "not_possible": (409, "things are not in the state that this needs"),
    "machine_unknown": (401, "the request is not signed by a registered machine"),
    "not_allowed": (403, "this machine may not ask this"),
    "law_forbids": (403, "no entry of the law table allows this exchange"),
    "symbol_invalid": (403, "the symbol was not issued to who presents it; raised as an alarm"),
    "symbol_old": (409, "the symbol is of a version no longer taken; ask for its migration"),
    "wrong_transport": (409, "the law tuple lays down the other transport"),
    "consent_missing": (403, "the law tuple needs the person's consent, and there is none in force"),
    "disaster_closed": (403, "the law tuple may be used in a disaster only, and none is open"),
    "order_expired": (403, "the commission's order is over, or was used before"),
    "access_token_invalid": (403, "the access token is forged, for another body, or presented by another requester"),
    "access_token_late": (403, "the access token's minute is over"),
    "access_token_used": (409, "the access token was used before"),
    "layout_wrong": (502, "the provider's data does not fit the standard layout"),
    "acquisition_unknown": (409, "the acquisition number was used before or never given"),
    "no_match": (404, "the four items match nobody, or more than one person"),
    "no_data": (404, "the holder has no such data for this person"),
    "storage_full": (507, "the body's database cannot grow; nothing was stored"),
    "storage_busy": (503, "the body's database is locked; nothing was stored, and the same may be asked again"),
    "peer_unavailable": (502, "another body did not answer"),
    "fault": (500, "an unexpected fault; the trace id finds it in the log"),
}


class FourItems(Message, frozen=True):
    """基本4情報."""

    name: Text
    address: Text
    birth_date: date
    sex: Annotated[str, whole("[0129]", 1)]
    """JIS X 0303: 1 male, 2 female, 9 not applicable, 0 unknown."""


class Health(Message, frozen=True):
    """GET /health of the whole backend and of each body."""

    ok: bool
    bodies: dict[str, bool]
