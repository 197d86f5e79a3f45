"""Who may act for whom: kept with scope and term, ended at once, and every act written down with the proxy's name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import Engine, Row, func, or_, select

from backend_client.wire import Proxy, ProxyAct, ProxyKind, ProxyList, ProxyScope
from backend_stub.body import Refusal
from backend_stub.database import retried
from backend_stub.portal.tables import certificates, folders, notices, proxies, proxy_acts

MOST_ACTS = 100


@dataclass(frozen=True, slots=True)
class Grant:
    """What somebody may do for somebody."""

    kind: ProxyKind
    scopes: tuple[ProxyScope, ...]
    until: datetime
    hidden: tuple[str, ...] = ()


class Proxies:
    """The proxies of one portal. People are folders here."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @retried
    def keep(self, principal: str, proxy: str, grant: Grant, now: datetime) -> str:
        """Let somebody act; takes the place of what was in force between the two. Raises Refusal: not_possible."""
        if principal == proxy or grant.until <= now:
            raise Refusal("not_possible")
        between = (proxies.c.principal == principal) & (proxies.c.proxy == proxy) & _unended()
        values = {
            "id": token_hex(16),
            "principal": principal,
            "proxy": proxy,
            "kind": grant.kind.value,
            "scopes": [scope.value for scope in grant.scopes],
            "hidden": list(grant.hidden),
            "since": now,
            "until": grant.until,
        }
        with self._engine.begin() as connection:
            connection.execute(proxies.update().where(between).values(ended_at=now))
            connection.execute(proxies.insert().values(values))
        return str(values["id"])

    def of(self, folder_id: str, now: datetime) -> ProxyList:
        """Both ways: for whom the folder's holder acts, and who acts for the holder and what they did."""
        mine = or_(proxies.c.principal == folder_id, proxies.c.proxy == folder_id)
        found = select(proxies).where(mine, _in_force(now)).order_by(proxies.c.since, proxies.c.id)
        acts = select(proxy_acts.c.at, proxy_acts.c.scope, folders.c.name).join(
            proxies, proxies.c.id == proxy_acts.c.proxy_id
        )
        acts = acts.join(folders, folders.c.id == proxies.c.proxy).where(proxies.c.principal == folder_id)
        with self._engine.connect() as connection:
            rows = connection.execute(found).all()
            done = connection.execute(acts.order_by(proxy_acts.c.id.desc()).limit(MOST_ACTS)).all()
            people = {one for row in rows for one in (row.principal, row.proxy)}
            called = select(folders.c.id, folders.c.name).where(folders.c.id.in_(people))
            people = {one for row in rows for one in (row.principal, row.proxy)}
            called = select(folders.c.id, folders.c.name).where(folders.c.id.in_(people))
            names = {row.id: row.name for row in connection.execute(called)}
        return ProxyList(
            proxies=tuple(_proxy(row, folder_id, names) for row in rows),
            acts=tuple(ProxyAct(at=row.at, name=row.name, scope=ProxyScope(row.scope)) for row in done),
        )

    @retried
    def end(self, proxy_id: str, folder_id: str, now: datetime) -> None:
        """End one, by either side. Raises Refusal: not_found for what is somebody else's."""
        either = or_(proxies.c.principal == folder_id, proxies.c.proxy == folder_id)
        one = (proxies.c.id == proxy_id) & either & _unended()
        with self._engine.begin() as connection:
            if connection.execute(proxies.update().where(one).values(ended_at=now)).rowcount == 0:
                raise Refusal("not_found")

    def principal(self, proxy_id: str, proxy: str, now: datetime) -> str:
        """For whom somebody acts by it. Raises Refusal: not_found unless it is in force and this proxy's."""
        one = select(proxies.c.principal).where(proxies.c.id == proxy_id, proxies.c.proxy == proxy, _in_force(now))
        with self._engine.connect() as connection:
            principal = connection.scalar(one)
        if principal is None:
            raise Refusal("not_found")
        return str(principal)

    @retried
    def note(self, proxy_id: str, scope: ProxyScope, now: datetime) -> None:
        """Write down that the proxy acts now. Raises Refusal: session_unknown when it has ended, not_allowed."""
        one = select(proxies.c.scopes).where(proxies.c.id == proxy_id, _in_force(now))
        with self._engine.begin() as connection:
            scopes = connection.scalar(one)
            if scopes is None:
                raise Refusal("session_unknown")
            if scope.value not in scopes:
                raise Refusal("not_allowed")
            connection.execute(proxy_acts.insert().values(proxy_id=proxy_id, at=now, scope=scope.value))

    def hidden(self, proxy_id: str) -> frozenset[str]:
        """Kinds of information that are hidden from this proxy."""
        with self._engine.connect() as connection:
            return frozenset(connection.scalar(select(proxies.c.hidden).where(proxies.c.id == proxy_id)) or ())

    def greeting(self, folder_id: str) -> tuple[str, int]:
        """Name of a folder's holder, and how many notices are unread."""
        unread = select(func.count()).where(notices.c.folder_id == folder_id, notices.c.opened_at.is_(None))
        with self._engine.connect() as connection:
            name = connection.execute(select(folders.c.name).where(folders.c.id == folder_id)).scalar_one()
            return str(name), connection.execute(unread).scalar_one()

    def folder_of(self, serial: str) -> str:
        """Whose card it is. Raises Refusal: not_found for who has no folder."""
        with self._engine.connect() as connection:
            folder = connection.scalar(select(certificates.c.folder_id).where(certificates.c.serial == serial))
        if folder is None:
            raise Refusal("not_found")
        return str(folder)


def _unended() -> Any:
    return proxies.c.ended_at.is_(None)


def _in_force(now: datetime) -> Any:
    return _unended() & (proxies.c.until > now)


def _proxy(row: Row[Any], reader: str, names: dict[str, str]) -> Proxy:
    acts_for = row.proxy == reader
    return Proxy(
        id=row.id,
        kind=ProxyKind(row.kind),
        acts_for=acts_for,
        name=names[row.principal if acts_for else row.proxy],
        scopes=tuple(ProxyScope(scope) for scope in row.scopes),
        until=row.until,
    )
