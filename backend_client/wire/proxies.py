"""Proxies at the portal: who may act for whom, in what, until when; and what was done so."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated

import msgspec

from backend_client.wire.basic import Base64, Message, Moment, Name, whole


class ProxyKind(Enum):
    CHILD = "child"
    """法定代理: a parent for a child."""
    WARD = "ward"
    """法定代理: a guardian (成年後見人)."""
    VOLUNTARY = "voluntary"
    """任意代理: by the person's own word."""


class ProxyScope(Enum):
    """What a proxy may do; nothing else at all."""

    NOTICES = "notices"
    RECORDS = "records"
    PROCEDURES = "procedures"
    """See and take back what was applied for. Applications themselves are signed with the person's own card."""
    POST = "post"


Scopes = Annotated[tuple[ProxyScope, ...], msgspec.Meta(min_length=1, max_length=len(ProxyScope))]
Kinds = Annotated[tuple[Name, ...], msgspec.Meta(max_length=20)]
"""Kinds of information by the law table's names: hidden from this proxy, whose interest is against the person's."""
Code = Annotated[str, whole("[0-9]{8}", 8)]


class ProxyOffer(Message, frozen=True):
    """POST /portal/proxy-offers (session) -> ProxyCode. The person's own word, given with the own card and PIN."""

    scopes: Scopes
    until: Moment
    hidden: Kinds = ()


class ProxyCode(Message, frozen=True):
    """For the proxy, who types it signed in with the own card: once, within `lifetime_s`."""

    code: str
    lifetime_s: int


class ProxyCodeTyped(Message, frozen=True):
    """POST /portal/proxy-codes (session) -> ProxyOffered; POST /portal/proxies (session) -> Proxy: agreed to.

    `not_found` for a wrong or old code, `not_possible` for the person's own, or after too many wrong ones.
    """

    code: Code


class ProxyOffered(Message, frozen=True):
    name: str
    """Whose proxy it would be."""
    scopes: tuple[ProxyScope, ...]
    until: datetime


class CounterProxy(Message, frozen=True):
    """POST /portal/counter-proxies (signed by a municipality) -> 204. By law: the counter has seen both cards."""

    principal: Base64
    """The user authentication certificate (DER) of the person, who has a folder."""
    proxy: Base64
    kind: ProxyKind
    scopes: Scopes
    until: Moment
    """A child's 18th birthday, the end of a guardianship's term."""
    hidden: Kinds = ()


class Proxy(Message, frozen=True):
    id: str
    kind: ProxyKind
    acts_for: bool
    """Whether the reader acts for `name`; else `name` acts for the reader."""
    name: str
    scopes: tuple[ProxyScope, ...]
    until: datetime


class ProxyAct(Message, frozen=True):
    """One thing a proxy did in the reader's folder."""

    at: datetime
    name: str
    scope: ProxyScope


class ProxyList(Message, frozen=True):
    """GET /portal/proxies (session)."""

    proxies: tuple[Proxy, ...]
    """In force."""
    acts: tuple[ProxyAct, ...]
    """The newest hundred, newest first."""


class ProxyEnd(Message, frozen=True):
    """POST /portal/proxy-ends (session) -> 204. Ended at once, by either side."""

    proxy: Name


class ActingRequest(Message, frozen=True):
    """POST /portal/actings (session) -> SignedIn: a session as the other person, beside the own one."""

    proxy: Name
