"""When and where a folder was entered: the holder's own check that nobody else was there.

Durable before anybody is let in, many in one commit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import chain

from sqlalchemy import Connection, Engine

from backend_client.wire import LastSignIn, SignInPage
from backend_stub.database import FIRST, moment_text, retried, writing
from backend_stub.endpoint import Refusal
from backend_stub.group_commit import GroupCommit
from backend_stub.hot import for_driver
from backend_stub.portal.tables import sign_ins

KEEP = timedelta(days=365)
PAGE = 20
BLOCKED = LastSignIn(at=FIRST, place="")
"""No sign-in: none is possible."""
_NOTE = "INSERT INTO sign_ins (folder_id, at, place) VALUES"
_ENTER = (
    "UPDATE folders SET last_sign_in_at = new.column2, last_sign_in_place = new.column3 FROM (VALUES) AS new"
    " WHERE folders.id = new.column1"
)


@dataclass(frozen=True, slots=True)
class SignedInAt:
    """One entrance into a folder."""

    folder_id: str
    place: str
    at: datetime


class SignIns:
    """The history of one portal's folders."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._group = GroupCommit(self._commit)

    async def note(self, folder_id: str, place: str, now: datetime) -> LastSignIn | None:
        """Write one down, and tell the one before.

        Raises Refusal: folder_blocked, as for a folder that is gone; sqlalchemy.exc.DBAPIError when it is not kept.
        """
        before = await self._group.write(SignedInAt(folder_id, place, now))
        if before is BLOCKED:
            raise Refusal("folder_blocked")
        return before

    async def close(self) -> None:
        """Wait until what was handed in is written."""
        await self._group.close()

    @retried
    def forget(self, now: datetime) -> None:
        """Leave nothing that is older than a year."""
        with self._engine.begin() as connection:
            connection.execute(sign_ins.delete().where(sign_ins.c.at < now - KEEP))

    def page(self, folder_id: str, page: int) -> SignInPage:
        """Newest first; an empty page after the last."""
        mine = sign_ins.select().where(sign_ins.c.folder_id == folder_id).order_by(sign_ins.c.number.desc())
        with self._engine.connect() as connection:
            rows = connection.execute(mine.offset(page * PAGE).limit(PAGE + 1)).all()
        found = tuple(LastSignIn(at=row.at, place=row.place) for row in rows[:PAGE])
        return SignInPage(sign_ins=found, more=len(rows) > PAGE)

    @retried
    def _commit(self, group: Sequence[SignedInAt]) -> list[LastSignIn | None]:
        with writing(self._engine) as connection:
            open_ones = _open_ones(connection, tuple({one.folder_id for one in group}))
            let_in = [one for one in group if one.folder_id in open_ones]
            last: dict[str, LastSignIn | None] = dict(open_ones)
            before: list[LastSignIn | None] = []
            for one in group:
                before.append(last[one.folder_id] if one.folder_id in open_ones else BLOCKED)
                last[one.folder_id] = LastSignIn(at=one.at, place=one.place)
            _write_down(connection, let_in)
        return before


def _open_ones(connection: Connection, folder_ids: tuple[str, ...]) -> dict[str, LastSignIn | None]:
    """Those of the folders that may be entered, and when they were last."""
    rows = connection.exec_driver_sql(for_driver(connection.engine, _find(len(folder_ids))), folder_ids)
    return {folder_id: _last(at, place) for folder_id, at, place in rows}


def _last(at: str | None, place: str) -> LastSignIn | None:
    return None if at is None else LastSignIn(at=datetime.fromisoformat(at), place=place)


def _write_down(connection: Connection, group: Sequence[SignedInAt]) -> None:
    rows = [(one.folder_id, moment_text(one.at), one.place) for one in group]
    newest = {row[0]: row for row in rows}.values()
    for statement, values in ((_NOTE, rows), (_ENTER, newest)):
        if values:
            text = statement.replace("VALUES", _marks(len(values)))
            connection.exec_driver_sql(for_driver(connection.engine, text), tuple(chain.from_iterable(values)))


@cache
def _find(folders: int) -> str:
    marks = ", ".join("?" * folders)
    return f"SELECT id, last_sign_in_at, last_sign_in_place FROM folders WHERE blocked_at IS NULL AND id IN ({marks})"  # noqa: S608 - marks


@cache
def _marks(rows: int) -> str:
    return f"VALUES {', '.join(['(?, ?, ?)'] * rows)}"
