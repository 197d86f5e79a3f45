"""The certificate link: which certificate is whose, kept for the day so that a check asks nobody else.

Source: card reference, section 8 (資格 is linked with the serial of the authentication certificate); decision 0035.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import msgspec
from sqlalchemy import Engine, delete, insert

from backend_stub.database import moment_text, retried
from backend_stub.hot import HotLookUp
from backend_stub.medical.book import Person
from backend_stub.medical.clocks import JST, day_of
from backend_stub.medical.coverage import Coverage
from backend_stub.medical.tables import LINKS
from backend_stub.verification.certificate import Checked

_FIND = (
    "SELECT l.symbol, l.linked_at, i.name, i.name_kana, CAST(i.birth_date AS TEXT), CAST(i.coverages AS TEXT)"
    " FROM links l LEFT JOIN insured i ON i.symbol = l.symbol"
    " WHERE l.certificate = ? AND l.linked_at <= ? AND l.until > ?"
)
_coverages = msgspec.json.Decoder(tuple[Coverage, ...]).decode


@dataclass(frozen=True, slots=True)
class Link:
    """Whose a certificate is, and what is known of the person at this moment."""

    symbol: str
    linked_at: datetime
    """When the authority was asked."""
    person: Person | None


class Links:
    """The links of one body. Serial numbers are kept as HMAC under `key`: the table tells nobody whose card it was."""

    def __init__(self, engine: Engine, key: bytes) -> None:
        self._engine = engine
        self._key = key
        self._hot = HotLookUp(engine, _FIND)

    def find(self, holder: Checked, now: datetime) -> Link | None:
        """The certificate's link, if it was made today. Raises sqlalchemy.exc.DBAPIError."""
        moment = moment_text(now)
        row = self._hot.row(self._name(holder), moment, moment)
        if row is None:
            return None
        symbol, linked_at, name, kana, birth_date, coverages = row
        at = datetime.fromisoformat(linked_at)
        if name is None:
            return Link(symbol, at, None)
        return Link(symbol, at, Person(name, kana, date.fromisoformat(birth_date), _coverages(coverages)))

    @retried
    def keep(self, holder: Checked, symbol: str, now: datetime) -> None:
        """Link the certificate until the day is over, or its term; forget what is over."""
        name = self._name(holder)
        with self._engine.begin() as connection:
            connection.execute(delete(LINKS).where((LINKS.c.certificate == name) | (LINKS.c.until <= now)))
            row = {"certificate": name, "symbol": symbol, "linked_at": now, "until": _until(holder, now)}
            connection.execute(insert(LINKS).values(row))

    @retried
    def drop(self, holder: Checked) -> None:
        """Forget the certificate."""
        with self._engine.begin() as connection:
            connection.execute(delete(LINKS).where(LINKS.c.certificate == self._name(holder)))

    def close(self) -> None:
        self._hot.close()

    def _name(self, holder: Checked) -> bytes:
        # Serial numbers are random and long: no two of the authority's certificates have one.
        return hmac.digest(self._key, b"%d" % holder.certificate.serial_number, "sha256")


def _until(holder: Checked, now: datetime) -> datetime:
    midnight = datetime.combine(day_of(now) + timedelta(days=1), time(), JST)
    ends = holder.certificate.not_valid_after_utc
    return min(midnight, ends) if now < ends else midnight
