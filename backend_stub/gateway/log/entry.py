"""What is handed to the log: entries of the tree, and what went wrong beside it."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

import msgspec


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One entry; it becomes a wire.log.Leaf. A struct because one is made for each exchange."""

    what: str
    """exchange, receipt or mark."""
    number: bytes
    """Transaction number, 16 bytes. A receipt has that of its exchange."""
    at: datetime
    edition: str = ""
    """wire.log.edition of a wording the log has learnt; empty for marks."""
    transport: str = ""
    outcome: str = ""
    mark: str = ""
    """At most 200 characters."""
    requester: bytes = b""
    """Commitments are 32 bytes, or empty."""
    provider: bytes = b""
    content: bytes = b""
    person: bytes | None = None
    """12 bytes. A pseudonym of it is kept beside the leaf, never in it."""
    hidden_until: datetime | None = None
    """The person does not see it before; the commission does."""


class Event(Enum):
    """What the commission reads beside the exchanges."""

    WRONG_SYMBOL = "wrong_symbol"
    """Alarm: a symbol was presented by somebody it was not issued to."""
    FOREIGN_ACQUISITION = "foreign_acquisition"
    """Alarm: an acquisition number was presented by somebody it was not given to."""
    FOREIGN_RECEIPT = "foreign_receipt"
    """Alarm: a receipt came for an exchange that was not the sender's to answer."""
    OLD_SYMBOL = "old_symbol"
    LAW_FORBADE = "law_forbade"
    """`detail` says why: no entry, the other transport, no consent, no disaster."""
    NOT_PROVIDED = "not_provided"
    """The provider refused or did not answer: nothing was exchanged."""
    NOTICE_CARRIED = "notice_carried"
    NOTICE_REFUSED = "notice_refused"


class NoSuchRecord(Exception):
    """No record with this number is shown to this person."""


class NoSuchTree(Exception):
    """The log never had trees of these sizes, or not yet."""


class LogAltered(Exception):
    """The log's database is not as this log left it: somebody else wrote, or took away. The body must not go on."""
