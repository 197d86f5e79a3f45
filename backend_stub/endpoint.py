"""What a body serves: endpoints, the calls they are given, and the one way to refuse."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from backend_stub.machines import Machine, Role


class Refusal(Exception):
    """A body says no. `code` is one of wire.REFUSALS; `origin` is set when it passes on a neighbour's refusal."""

    def __init__(self, code: str, origin: str = "", trace_id: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.origin = origin
        self.trace_id = trace_id


class Call(msgspec.Struct, frozen=True, gc=False):
    """One request, checked as far as its endpoint asks. A struct because one is made for each request."""

    now: datetime
    trace_id: str
    params: dict[str, str]
    bearer: str
    """The session token sent along; empty when there is none."""
    caller: Machine | None
    """Who signed; set exactly for endpoints with roles."""
    raw: bytes
    """The content as it came, for endpoints that take no message."""

    @property
    def machine(self) -> Machine:
        assert self.caller is not None, "only endpoints with roles ask who signed"  # noqa: S101
        return self.caller


Handler = Callable[[Call, Any], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Tagged:
    """A raw answer that stays the same for a while: who has it already, by its tag, is told so and gets no bytes.

    Source: RFC 9110, section 13.1.2.
    """

    content: bytes
    tag: str
    """An entity-tag with its quotation marks."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method and path, the message it takes and the one it gives, and which machines it serves (none: citizens)."""

    method: str
    path: str
    handler: Handler
    takes: Any = None
    gives: Any = None
    roles: frozenset[Role] = frozenset()
    media_type: str = "application/json"
    """Of raw answers: handlers of endpoints without `gives` return bytes, Tagged, None, or a stream's iterator."""
    session: bool = False
    """Whether it is for who has signed in; the handler looks the session up."""
