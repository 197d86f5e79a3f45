"""The error catalogue: what can go wrong in front of a person -> its code and its words.

`docs/errors.md` has an entry for each code; a test holds code, words and documentation together. Light, because the
first frame may already have to show a problem.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from backend_client import errors as backend
from drivers import errors as card
from kiosk.desk import Back
from kiosk.screens import Choice, Problem, Stage
from kiosk.words import Words

AGAIN_S = 10
"""How long E-25 stays when nobody answers it."""


class Again(Enum):
    """Whether もう一度 can help."""

    SAME = "the same question may be answered now"
    FRESH = "only from the beginning of the service, with a new challenge or session"
    NEVER = "not today, or not at this kiosk"


@dataclass(frozen=True, slots=True)
class Entry:
    """One face of one code. The words are `SECTION.title`, `.lines` and `.next`."""

    code: str
    again: Again = Again.NEVER
    face: str = ""
    """Where one code has several faces."""

    @property
    def section(self) -> str:
        return f"{self.code}-{self.face}" if self.face else self.code


class Situation(Enum):
    """What a person must be told without any exception having been raised."""

    LAST_TRY = Entry("E-04")
    PASSWORD_WRONG = Entry("E-03", Again.SAME, face="password")
    PASSWORD_LAST = Entry("E-04", face="password")
    PASSWORD_BLOCKED = Entry("E-05", face="password")
    CARD_AWAY = Entry("E-09")
    INSURANCE_INVALID = Entry("E-11", face="invalid")
    INSURANCE_REPLACED = Entry("E-11", face="replaced")
    INSURANCE_NONE = Entry("E-11", face="none")
    INSURANCE_SEVERAL = Entry("E-11", face="several")
    INSURANCE_PROCESSING = Entry("E-11", face="processing")
    INSURERS_DOWN = Entry("E-10", Again.SAME, face="insurers")
    GLYPH_MISSING = Entry("E-12")
    PAYMENT_FAILED = Entry("E-14", Again.SAME)
    PAYMENT_UNSURE = Entry("E-14", face="unsure")
    TIME_OVER = Entry("E-15")
    NOT_HANDED_OUT = Entry("E-16", Again.SAME)
    PHONE_NOT_SAME = Entry("E-17", Again.SAME)
    PHONE_GONE = Entry("E-17", Again.SAME, face="gone")
    PHONE_NO_NETWORK = Entry("E-17", Again.SAME, face="network")
    OTHER_CARD = Entry("E-20")
    DAY_UNKNOWN = Entry("E-52", Again.SAME, face="unknown")
    DAY_PAST = Entry("E-52", Again.SAME, face="past")
    DAY_FAR = Entry("E-52", Again.SAME, face="far")
    READING_IMPOSSIBLE = Entry("E-54", Again.SAME)
    NO_FONT = Entry("E-24")
    RESTARTED = Entry("E-25", Again.FRESH)


UNREADABLE = Entry("E-01", Again.SAME)
UNREACHABLE = Entry("E-10", Again.SAME)
FAULTY = Entry("E-27", Again.SAME)
UNTRUSTED = Entry("E-29")
SERVICE_STOPPED, SERVICE_NOT_PERMITTED = Entry("E-22"), Entry("E-23")

BY_ERROR: dict[type[Exception], Entry] = {
    card.CardMute: UNREADABLE,
    card.BadAnswer: UNREADABLE,
    card.CardRefused: UNREADABLE,
    card.NotOurCard: Entry("E-02"),
    card.NotGenuine: UNTRUSTED,
    card.PinWrong: Entry("E-03", Again.SAME),
    card.PinBlocked: Entry("E-05"),
    card.PinNotEntered: Entry("E-33", Again.SAME),
    card.CardGone: Situation.CARD_AWAY.value,
    card.NoReader: Entry("E-21"),
    card.ReaderBusy: Entry("E-31", Again.SAME),
    backend.Unreachable: UNREACHABLE,
    backend.TooSlow: UNREACHABLE,
    backend.NotGenuine: Entry("E-26"),
    backend.Broken: FAULTY,
}

NOT_ACCEPTED = Entry("E-13")
ONCE_MORE = Entry("E-30", Again.FRESH)

BY_REFUSAL: dict[str, Entry] = {
    "bad_request": FAULTY,
    "too_large": FAULTY,
    "method_unknown": FAULTY,
    "layout_wrong": FAULTY,
    "content_wrong": FAULTY,
    "fault": FAULTY,
    "peer_unavailable": UNREACHABLE,
    "storage_busy": UNREACHABLE,
    "storage_full": Entry("E-32", Again.SAME),
    "certificate_expired": Entry("E-06"),
    "certificate_revoked": Entry("E-07"),
    "certificate_not_yet_valid": Entry("E-28"),
    "certificate_untrusted": UNTRUSTED,
    "certificate_policy": UNTRUSTED,
    "challenge_unknown": ONCE_MORE,
    "challenge_stale": ONCE_MORE,
    "token_invalid": ONCE_MORE,
    "session_unknown": ONCE_MORE,
    "ticket_unknown": ONCE_MORE,
    "pass_invalid": ONCE_MORE,
    "pass_late": ONCE_MORE,
    "folder_blocked": Entry("E-34"),
    "paper_wrong": FAULTY,
    "paper_foreign": NOT_ACCEPTED,
    "slot_taken": Entry("E-50"),
    "booking_limit": Entry("E-51"),
    "day_closed": Entry("E-52"),
    "cancel_late": Entry("E-53"),
    "reading_impossible": Situation.READING_IMPOSSIBLE.value,
    "not_found": NOT_ACCEPTED,
    "no_match": NOT_ACCEPTED,
    "no_data": NOT_ACCEPTED,
    "not_allowed": NOT_ACCEPTED,
    "law_forbids": NOT_ACCEPTED,
    "consent_missing": NOT_ACCEPTED,
    "disaster_closed": NOT_ACCEPTED,
    "order_expired": NOT_ACCEPTED,
    "wrong_transport": NOT_ACCEPTED,
    "access_token_invalid": NOT_ACCEPTED,
    "access_token_late": NOT_ACCEPTED,
    "access_token_used": NOT_ACCEPTED,
    "not_possible": NOT_ACCEPTED,
    "symbol_invalid": NOT_ACCEPTED,
    "symbol_old": NOT_ACCEPTED,
    "acquisition_unknown": NOT_ACCEPTED,
    "machine_unknown": NOT_ACCEPTED,
}


def entry_for(error: card.CardError | backend.BackendError) -> Entry:
    """The catalogue entry of `error`. A refusal newer than this kiosk is a fault of the backend (E-27)."""
    if isinstance(error, card.ServiceDown):
        return SERVICE_STOPPED if error.cause is card.ServiceCause.NOT_RUNNING else SERVICE_NOT_PERMITTED
    if isinstance(error, backend.Refused):
        return BY_REFUSAL.get(error.code, FAULTY)
    return BY_ERROR[type(error)]


def title(words: Words, entry: Entry, **parts: object) -> str:
    """What happened, in one sentence."""
    return words(f"{entry.section}.title", **parts)


def lines(words: Words, entry: Entry, place: str = "", **parts: object) -> tuple[str, ...]:
    """What it means and what to do next; `place` (a profile's entry flow) may have words of its own."""
    return (*_lines(words, entry, "lines", place, parts), *_lines(words, entry, "next", place, parts))


def _lines(words: Words, entry: Entry, word: str, place: str, parts: dict[str, object]) -> tuple[str, ...]:
    local = f"{entry.section}.{word}_{place}"
    return words.lines(local if local in words.texts else f"{entry.section}.{word}", **parts)


def problem(
    words: Words, entry: Entry, actions: tuple[Choice, ...] = (), *, place: str = "", note: str = "", **parts: object
) -> Problem:
    """The screen for `entry`. `note` is a last line of its own, e.g. a trace id for staff."""
    notes = (note,) if note else ()
    return Problem(
        name=entry.section,
        title=title(words, entry, **parts),
        code=entry.code,
        lines=lines(words, entry, place, **parts) + notes,
        actions=actions,
    )


def again(words: Words) -> Choice:
    return Choice("again", words("action.again"))


async def again_screen(stage: Stage, words: Words) -> None:
    """E-25: the last visit ended by a fault of this kiosk. Returns on any answer, and by itself after AGAIN_S."""
    import asyncio  # not needed for the first frame

    try:
        async with asyncio.timeout(AGAIN_S):
            await stage.show(problem(words, Situation.RESTARTED.value, (again(words),)))
    except (Back, TimeoutError):
        return
