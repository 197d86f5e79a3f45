"""Drafts, applications and their papers, as the portal keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from secrets import choice, token_hex
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, select

from backend_client.wire import Application, ApplicationList, Draft, DraftSave, Parcel, ParcelState
from backend_stub.body import Refusal
from backend_stub.database import retried
from backend_stub.portal.life_events import life_event
from backend_stub.portal.tables import applications, drafts, parcels

DIGITS = "0123456789"
OPEN = (ParcelState.WAITING.value, ParcelState.RECEIVED.value)
"""States that may still change by a body's or the person's word."""


@dataclass(frozen=True, slots=True, repr=False)
class Waiting:
    """A paper that its body has not got yet."""

    parcel: str
    receiver: str
    paper: str
    folder_id: str
    event: str
    answers: dict[str, str]


class Applications:
    """The applications of one portal. Who holds no folder of an application has no such application: not_found."""

    def __init__(self, engine: Engine, names: Mapping[str, str]) -> None:
        """`names` are the members', by id."""
        self._engine = engine
        self._names = names

    @retried
    def save(self, folder_id: str, message: DraftSave, now: datetime) -> Draft:
        """Keep a draft in the place of the one there was for this life event."""
        life_event(message.event)
        one = (drafts.c.folder_id == folder_id) & (drafts.c.event == message.event)
        values = {"answers": message.answers, "receivers": list(message.receivers), "saved_at": now}
        with self._engine.begin() as connection:
            if not connection.execute(drafts.update().where(one).values(values)).rowcount:
                new = {"id": token_hex(16), "folder_id": folder_id, "event": message.event}
                connection.execute(drafts.insert().values(new | values))
            return _draft(connection.execute(drafts.select().where(one)).one())

    def draft(self, folder_id: str, draft_id: str) -> Draft | None:
        """None when it was sent, or never was."""
        one = (drafts.c.folder_id == folder_id) & (drafts.c.id == draft_id)
        with self._engine.connect() as connection:
            row = connection.execute(drafts.select().where(one)).first()
        return None if row is None else _draft(row)

    @retried
    def send(self, folder_id: str, draft: Draft, papers: Mapping[str, str], now: datetime) -> Application:
        """Turn a draft into an application whose papers go out in this order; the same one when it was sent before."""
        with self._engine.begin() as connection:
            if not connection.execute(drafts.delete().where(drafts.c.id == draft.id)).rowcount:
                return self._one(connection, folder_id, draft.id)
            number = "".join(choice(DIGITS) for _ in range(8))
            values = {"id": draft.id, "folder_id": folder_id, "event": draft.event, "answers": draft.answers}
            connection.execute(applications.insert().values(values | {"number": number, "sent_at": now}))
            for receiver, paper in papers.items():
                connection.execute(parcels.insert().values(_new_parcel(draft.id, receiver, paper, now)))
            return self._one(connection, folder_id, draft.id)

    def one(self, folder_id: str, application_id: str) -> Application:
        with self._engine.connect() as connection:
            return self._one(connection, folder_id, application_id)

    def of_parcel(self, folder_id: str, parcel_id: str) -> tuple[Application, Parcel]:
        with self._engine.connect() as connection:
            wanted = select(parcels.c.application_id).where(parcels.c.id == parcel_id)
            application = self._one(connection, folder_id, connection.scalar(wanted) or "")
        return application, next(one for one in application.parcels if one.id == parcel_id)

    def of(self, folder_id: str) -> ApplicationList:
        """Everything of one person, newest first."""
        mine = select(applications.c.id).where(applications.c.folder_id == folder_id)
        with self._engine.connect() as connection:
            begun = connection.execute(drafts.select().where(drafts.c.folder_id == folder_id)).all()
            ids = connection.execute(mine.order_by(applications.c.sent_at.desc(), applications.c.id)).scalars().all()
            sent = tuple(self._one(connection, folder_id, one) for one in ids)
        return ApplicationList(drafts=tuple(map(_draft, begun)), applications=sent)

    @retried
    def send_anew(self, parcel_id: str, paper: str, now: datetime) -> None:
        """Put a new paper in the place of one that was sent back; the body will know it by a new name.

        Raises Refusal: not_possible, when it was not (or not any more) sent back.
        """
        back = (parcels.c.id == parcel_id) & (parcels.c.state == ParcelState.SENT_BACK.value)
        with self._engine.begin() as connection:
            row = connection.execute(parcels.select().where(back)).first()
            if row is None:
                raise Refusal("not_possible")
            connection.execute(parcels.delete().where(parcels.c.place == row.place))
            connection.execute(parcels.insert().values(_new_parcel(row.application_id, row.receiver, paper, now)))

    # --- what bodies say ----------------------------------------------------------------------------------------------

    def waiting(self) -> tuple[Waiting, ...]:
        """Papers that are to go out, in order."""
        about = (applications.c.folder_id, applications.c.event, applications.c.answers)
        what = select(parcels.c.id.label("parcel"), parcels.c.receiver, parcels.c.paper, *about)
        out = what.join_from(parcels, applications).where(parcels.c.state == ParcelState.WAITING.value)
        with self._engine.connect() as connection:
            return tuple(Waiting(**row) for row in connection.execute(out.order_by(parcels.c.place)).mappings())

    def count_waiting(self) -> Mapping[str, float]:
        """How many papers no body has taken, for operators. Raises sqlalchemy.exc.DBAPIError."""
        left = select(func.count()).where(parcels.c.state == ParcelState.WAITING.value)
        with self._engine.connect() as connection:
            return {"": connection.execute(left).scalar_one()}

    def folder_awaiting(self, parcel_id: str) -> str | None:
        """The folder of a parcel that a body may still answer."""
        still = (parcels.c.id == parcel_id) & parcels.c.state.in_(OPEN)
        with self._engine.connect() as connection:
            return connection.scalar(select(applications.c.folder_id).join_from(parcels, applications).where(still))

    @retried
    def settle(self, parcel_id: str, state: ParcelState, reason: str, now: datetime) -> None:
        """Note what became of a paper, which is not kept any longer. One done, sent back or withdrawn stays so."""
        still = (parcels.c.id == parcel_id) & parcels.c.state.in_(OPEN) & (parcels.c.state != state.value)
        values = {"state": state.value, "reason": reason, "at": now, "paper": None}
        with self._engine.begin() as connection:
            connection.execute(parcels.update().where(still).values(values))

    def receiver(self, parcel_id: str) -> str | None:
        """Which body a parcel is for."""
        with self._engine.connect() as connection:
            return connection.scalar(select(parcels.c.receiver).where(parcels.c.id == parcel_id))

    def _one(self, connection: Connection, folder_id: str, application_id: str) -> Application:
        mine = (applications.c.id == application_id) & (applications.c.folder_id == folder_id)
        row = connection.execute(applications.select().where(mine)).first()
        if row is None:
            raise Refusal("not_found")
        its = parcels.select().where(parcels.c.application_id == application_id).order_by(parcels.c.place)
        return Application(
            id=row.id,
            number=row.number,
            event=row.event,
            title=life_event(row.event).title,
            answers=row.answers,
            sent_at=row.sent_at,
            parcels=tuple(map(self._parcel, connection.execute(its).all())),
        )

    def _parcel(self, row: Row[Any]) -> Parcel:
        return Parcel(
            id=row.id,
            receiver=row.receiver,
            receiver_name=self._names[row.receiver],
            state=ParcelState(row.state),
            reason=row.reason,
            at=row.at,
        )


def _new_parcel(application_id: str, receiver: str, paper: str, now: datetime) -> dict[str, object]:
    return {
        "id": token_hex(16),
        "application_id": application_id,
        "receiver": receiver,
        "state": ParcelState.WAITING.value,
        "reason": "",
        "at": now,
        "paper": paper,
    }


def _draft(row: Row[Any]) -> Draft:
    return Draft(id=row.id, event=row.event, answers=row.answers, receivers=tuple(row.receivers), saved_at=row.saved_at)
