"""When and where a folder was entered: the holder's own check that nobody else was there."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, bindparam

from backend_client.wire import LastSignIn, SignInPage
from backend_stub.portal.tables import sign_ins

KEEP = timedelta(days=365)
PAGE = 20
# Made once: building them takes longer than the database does.
_FORGET = sign_ins.delete().where(sign_ins.c.folder_id == bindparam("folder"), sign_ins.c.at < bindparam("before"))
_NOTE = sign_ins.insert().values(folder_id=bindparam("folder_id"), at=bindparam("at"), place=bindparam("place"))


def note_sign_in(connection: Connection, folder_id: str, place: str, now: datetime) -> None:
    """Write one down, and forget what is older than a year."""
    connection.execute(_FORGET, {"folder": folder_id, "before": now - KEEP})
    connection.execute(_NOTE, {"folder_id": folder_id, "at": now, "place": place})


class SignIns:
    """The history of one portal's folders."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def page(self, folder_id: str, page: int) -> SignInPage:
        """Newest first; an empty page after the last."""
        mine = sign_ins.select().where(sign_ins.c.folder_id == folder_id).order_by(sign_ins.c.number.desc())
        with self._engine.connect() as connection:
            rows = connection.execute(mine.offset(page * PAGE).limit(PAGE + 1)).all()
        found = tuple(LastSignIn(at=row.at, place=row.place) for row in rows[:PAGE])
        return SignInPage(sign_ins=found, more=len(rows) > PAGE)
