"""The consents in force, and what was read under them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex, token_urlsafe
from typing import Any

from sqlalchemy import Connection, Engine, Row, select

from backend_client.wire import PartnerField
from backend_stub.database import retried
from backend_stub.jose import digest
from backend_stub.oauth.pending import Person
from backend_stub.oauth.register import Purpose
from backend_stub.oauth.tables import closings, consents, reads, refreshes, subscriptions

MOST_READS = 100
"""So many are told of one consent."""


class Ended(Exception):
    """There is no such consent, its term is over, or the person has withdrawn it."""


@dataclass(frozen=True, slots=True)
class Consent:
    """One consent. `subject` is what the company calls the person."""

    id: str
    partner: str
    handle: str
    subject: str
    serial: str
    purpose: str
    fields: tuple[PartnerField, ...]
    given_at: datetime
    until: datetime


class Consents:
    """All consents of one authorization server."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @retried
    def give(
        self, partner: str, purpose: Purpose, person: Person, fields: Collection[PartnerField], now: datetime
    ) -> Consent:
        """Keep a consent; it takes the place of the same company's for the same purpose."""
        with self._engine.begin() as connection:
            subject = _subject(connection, partner, person.handle)
            same = (consents.c.partner == partner) & (consents.c.purpose == purpose.id)
            _end(connection, same & (consents.c.handle == person.handle), now)
            values = {
                "id": token_hex(16),
                "partner": partner,
                "handle": person.handle,
                "subject": subject,
                "serial": person.serial,
                "purpose": purpose.id,
                "fields": [field.value for field in fields],
                "given_at": now,
                "until": now + purpose.term,
            }
            connection.execute(consents.insert().values(values))
            if PartnerField.ADDRESS_CHANGES in fields:
                connection.execute(subscriptions.insert().values(consent=values["id"], looked_at=now))
            return _consent(connection.execute(consents.select().where(consents.c.id == values["id"])).one())

    def in_force(self, consent_id: str, now: datetime) -> Consent:
        """Raises Ended, also when it was withdrawn."""
        one = consents.select().where(consents.c.id == consent_id, consents.c.until > now)
        with self._engine.connect() as connection:
            row = connection.execute(one).first()
        if row is None:
            raise Ended
        return _consent(row)

    def any_of(self, consent_id: str) -> Consent:
        """Also one that has ended; it must be there."""
        with self._engine.connect() as connection:
            return _consent(connection.execute(consents.select().where(consents.c.id == consent_id)).one())

    def of(self, handle: str, now: datetime) -> list[Consent]:
        """A person's consents in force, newest first."""
        mine = consents.select().where(consents.c.handle == handle, consents.c.until > now)
        with self._engine.connect() as connection:
            rows = connection.execute(mine.order_by(consents.c.given_at.desc(), consents.c.id)).all()
        return [_consent(row) for row in rows]

    @retried
    def withdraw(self, handle: str, consent_id: str, now: datetime) -> None:
        """End a person's own consent; quiet when there is none."""
        with self._engine.begin() as connection:
            _end(connection, (consents.c.id == consent_id) & (consents.c.handle == handle), now)

    @retried
    def revoke(self, consent_id: str, now: datetime) -> None:
        """End a consent whose code came twice: one of the two was stolen. Source: RFC 6749, section 4.1.2."""
        with self._engine.begin() as connection:
            _end(connection, consents.c.id == consent_id, now)

    # --- refresh tokens

    @retried
    def give_refresh(self, consent_id: str, jkt: str) -> str:
        token = token_urlsafe(32)
        with self._engine.begin() as connection:
            connection.execute(refreshes.insert().values(token=digest(token), consent=consent_id, jkt=jkt))
        return token

    def of_refresh(self, token: str, partner: str, jkt: str, now: datetime) -> Consent:
        """The consent of a refresh token, which lives as long: bound to client and key, it need not change with each
        use (RFC 9700, section 4.14.2). Raises Ended, also for a token of another client or key.
        """
        mine = select(refreshes, consents.c.partner).join(consents).where(refreshes.c.token == digest(token))
        with self._engine.connect() as connection:
            row = connection.execute(mine).first()
        if row is None or row.partner != partner or row.jkt != jkt:
            raise Ended
        return self.in_force(row.consent, now)

    # --- reads

    @retried
    def log(self, consent: Consent, field: PartnerField, now: datetime) -> None:
        """Write down that a field is read now. Raises Ended when the consent ended in the meantime."""
        with self._engine.begin() as connection:
            still = select(consents.c.id).where(consents.c.id == consent.id, consents.c.until > now)
            if connection.execute(still).first() is None:
                raise Ended
            connection.execute(reads.insert().values(consent=consent.id, field=field.value, at=now))

    def reads(self, consent_id: str) -> list[tuple[datetime, PartnerField]]:
        """Newest first."""
        mine = reads.select().where(reads.c.consent == consent_id).order_by(reads.c.id.desc()).limit(MOST_READS)
        with self._engine.connect() as connection:
            return [(row.at, PartnerField(row.field)) for row in connection.execute(mine)]


def _subject(connection: Connection, partner: str, handle: str) -> str:
    """The company's own name for the person: the one it has, if it has one."""
    before = select(consents.c.subject).where(consents.c.partner == partner, consents.c.handle == handle)
    return str(connection.scalar(before.limit(1)) or token_urlsafe(32))


def _end(connection: Connection, which: Any, now: datetime) -> None:
    """From now on nothing is told; what was opened in the folder is left to be closed (`openings`)."""
    ending = connection.execute(consents.select().where(which, consents.c.until > now)).all()
    for row in ending:
        connection.execute(consents.update().where(consents.c.id == row.id).values(until=now))
        if PartnerField.MAIL.value in row.fields:
            connection.execute(closings.insert().values(consent=row.id))


def _consent(row: Row[Any]) -> Consent:
    values = dict(row._mapping)
    return Consent(**{**values, "fields": tuple(PartnerField(field) for field in row.fields)})
