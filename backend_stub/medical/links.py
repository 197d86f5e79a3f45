"""The certificate link: which certificate is whose, kept for the day so that a check asks nobody else.

Source: card reference, section 8 (資格 is linked with the serial of the authentication certificate); decision 0035.
"""

from __future__ import annotations

import hmac
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import msgspec
from sqlalchemy import Engine, delete, insert

from backend_stub.database import moment_text, retried
from backend_stub.hot import HotLookUp
from backend_stub.medical.book import Person
from backend_stub.medical.clocks import JST, day_of
from backend_stub.medical.coverage import Coverage
from backend_stub.medical.standing import Judged, judge_person
from backend_stub.medical.tables import LINKS
from backend_stub.verification.certificate import Checked

_FIND = (
    "SELECT l.symbol, l.linked_at, l.until, i.name, i.name_kana, CAST(i.birth_date AS TEXT), CAST(i.coverages AS TEXT)"
    " FROM links l LEFT JOIN insured i ON i.symbol = l.symbol"
    " WHERE l.certificate = ? AND l.linked_at <= ? AND l.until > ?"
)
MOST = 5_000
"""So many links are in memory."""
_coverages = msgspec.json.Decoder(tuple[Coverage, ...]).decode


@dataclass(frozen=True, slots=True)
class Link:
    """Whose a certificate is, and what that means on the day on which it was linked."""

    symbol: str
    linked_at: datetime
    """When the authority was asked."""
    until: datetime
    day: date
    judged: Judged
    ends: datetime
    """The certificate's term."""


class Links:
    """The links of one body. Serial numbers are kept as HMAC under `key`: the table tells nobody whose card it was.

    What was found stays in memory, and with it what is known of the person: whoever writes either says `forget`.
    """

    def __init__(self, engine: Engine, key: bytes) -> None:
        self._engine = engine
        self._key = key
        self._hot = HotLookUp(engine, _FIND)
        self._known: OrderedDict[int, Link] = OrderedDict()
        """By serial number; the one used longest ago comes first."""

    def find(self, holder: Checked, now: datetime) -> Link | None:
        """The certificate's link, if it was made today. Raises sqlalchemy.exc.DBAPIError."""
        serial = holder.serial
        link = self._known.get(serial)
        if link is not None and link.linked_at <= now < link.until:
            self._known.move_to_end(serial)
            return link
        link = self._read(holder, now)
        if link is not None:
            self._known[serial] = link
            if len(self._known) > MOST:
                self._known.popitem(last=False)
        return link

    def forget(self) -> None:
        """Read everything anew: somebody was registered, or a symbol exchanged."""
        self._known.clear()

    def _read(self, holder: Checked, now: datetime) -> Link | None:
        moment = moment_text(now)
        row = self._hot.row(self._name(holder), moment, moment)
        if row is None:
            return None
        symbol, linked_at, until, name, kana, birth_date, coverages = row
        day = day_of(now)
        person = None if name is None else Person(name, kana, date.fromisoformat(birth_date), _coverages(coverages))
        ends = holder.ends
        at = datetime.fromisoformat(linked_at)
        return Link(symbol, at, datetime.fromisoformat(until), day, judge_person(person, day), ends)

    @retried
    def keep(self, holder: Checked, symbol: str, now: datetime) -> None:
        """Link the certificate until the day is over, or its term; forget what is over."""
        name = self._name(holder)
        with self._engine.begin() as connection:
            connection.execute(delete(LINKS).where((LINKS.c.certificate == name) | (LINKS.c.until <= now)))
            row = {"certificate": name, "symbol": symbol, "linked_at": now, "until": _until(holder, now)}
            connection.execute(insert(LINKS).values(row))
        self._known.pop(holder.serial, None)

    @retried
    def drop(self, holder: Checked) -> None:
        """Forget the certificate."""
        with self._engine.begin() as connection:
            connection.execute(delete(LINKS).where(LINKS.c.certificate == self._name(holder)))
        self._known.pop(holder.serial, None)

    def close(self) -> None:
        self._hot.close()

    def _name(self, holder: Checked) -> bytes:
        # Serial numbers are random and long: no two of the authority's certificates have one.
        return hmac.digest(self._key, b"%d" % holder.serial, "sha256")


def _until(holder: Checked, now: datetime) -> datetime:
    midnight = datetime.combine(day_of(now) + timedelta(days=1), time(), JST)
    ends = holder.ends
    return min(midnight, ends) if now < ends else midnight
