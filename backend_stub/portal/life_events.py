"""Life events (ライフイベント) as data: what is asked, who may be told, what remains to be done. One file each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec

from backend_client.wire import NO_CERTIFICATES, LifeEvent, LifeEventHead, LifeEventList, QuestionKind, Towns
from backend_stub.body import Call, Refusal

FILES = Path(__file__).with_name("life_events")
POSTCODES = Path(__file__).with_name("postcodes.toml")


@cache
def life_events() -> dict[str, LifeEvent]:
    """All of them by id, in the order of their files' names."""
    read = (msgspec.toml.decode(path.read_bytes(), type=LifeEvent) for path in sorted(FILES.glob("*.toml")))
    return {event.id: event for event in read}


def life_event(event: str) -> LifeEvent:
    """Raises Refusal: not_found."""
    try:
        return life_events()[event]
    except KeyError as exc:
        raise Refusal("not_found") from exc


def certificates_named(event: str, answers: Mapping[str, str]) -> tuple[str, ...]:
    """Which certificates of the post box go along with an application, by what was answered."""
    asked = (one.id for one in life_event(event).questions if one.kind is QuestionKind.CERTIFICATES)
    given = (answers.get(question, NO_CERTIFICATES) for question in asked)
    return tuple(dict.fromkeys(one for text in given if text != NO_CERTIFICATES for one in text.split()))


@cache
def _postcodes() -> dict[str, tuple[str, ...]]:
    return msgspec.toml.decode(POSTCODES.read_bytes(), type=dict[str, tuple[str, ...]])


class Guide:
    """The endpoints that tell what there is. Nothing in them is about a person."""

    async def list_events(self, _call: Call, _message: None) -> LifeEventList:
        """List the life events."""
        heads = (LifeEventHead(id=one.id, title=one.title, summary=one.summary) for one in life_events().values())
        return LifeEventList(events=tuple(heads))

    async def event(self, call: Call, _message: None) -> LifeEvent:
        """Give one life event whole."""
        return life_event(call.params["id"])

    async def towns(self, call: Call, _message: None) -> Towns:
        """Give the towns of a postcode."""
        return Towns(towns=_postcodes().get(call.params["code"], ()))
