"""The body of cards put together."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import timedelta, timezone
from functools import partial

import msgspec

from backend_client.wire import (
    SHOWING_DOMAIN,
    CardDraft,
    CardEnd,
    Entered,
    Forwarding,
    ForwardingRequest,
    HeldCards,
    Pass,
    Showing,
    ShowingCode,
    ShowingRequest,
)
from backend_stub.body import Body, Call, Endpoint, Refusal
from backend_stub.cards.folder import CardFolder
from backend_stub.cards.tables import TABLES
from backend_stub.database import answers, open_database
from backend_stub.machines import Role
from backend_stub.passes import Gatehouse
from backend_stub.peers import Peers, Setup

ID = "cards"
LIFETIME = timedelta(minutes=2)
JST = timezone(timedelta(hours=9))
ISSUERS = frozenset({Role.ISSUER})


class IssuerDesk:
    """The endpoints for issuers."""

    def __init__(self, folder: CardFolder, peers: Peers) -> None:
        self._folder = folder
        self._peers = peers

    async def issue(self, call: Call, draft: CardDraft) -> None:
        """Take a card for somebody who let the issuer in. Raises Refusal: not_allowed, content_wrong."""
        asked = ForwardingRequest(partner=call.machine.id, handle=draft.handle)
        to: Forwarding = await self._peers.ask("portal", "/forwardings", asked, Forwarding, call.trace_id)
        self._folder.put(call.machine.id, to.handle, draft, call.now)

    async def end(self, call: Call, end: CardEnd) -> None:
        """Take a card of the issuer's own away."""
        self._folder.end(call.machine.id, end.number)


class CardDesk:
    """The endpoints behind a pass. All raise Refusal: session_unknown."""

    def __init__(self, folder: CardFolder, gatehouse: Gatehouse, peers: Peers) -> None:
        self._folder = folder
        self._gatehouse = gatehouse
        self._peers = peers

    async def list_cards(self, call: Call, _message: None) -> HeldCards:
        """List the person's cards."""
        return HeldCards(cards=self._folder.of(self._gatehouse.guest(call).handle))

    async def show(self, call: Call, request: ShowingRequest) -> ShowingCode:
        """Sign a card for one counter and two minutes. Raises Refusal: not_found, not_possible."""
        card = self._folder.card(self._gatehouse.guest(call).handle, request.id)
        if call.now.astimezone(JST).date() > card.valid_until:
            raise Refusal("not_possible")
        showing = Showing(
            issuer=card.issuer,
            number=card.number,
            title=card.title,
            holder=card.holder,
            valid_until=card.valid_until,
            counter=request.counter,
            until=int((call.now + LIFETIME).timestamp()),
        )
        text = msgspec.msgpack.encode(showing)
        signed = self._peers.sign(SHOWING_DOMAIN + text) + text
        return ShowingCode(code=urlsafe_b64encode(signed).decode().rstrip("="))


def build(setup: Setup) -> Body:
    """Open it on its database."""
    engine, gatehouse = open_database(setup.database_url, TABLES), Gatehouse(setup, ID)
    folder = CardFolder(engine, setup.directory)
    issuers, desk = IssuerDesk(folder, setup.peers), CardDesk(folder, gatehouse, setup.peers)

    async def close() -> None:
        gatehouse.close()
        engine.dispose()

    return Body(
        ID,
        "会員証・資格証 — cards",
        (
            Endpoint("POST", "/sessions", gatehouse.enter, Pass, Entered),
            Endpoint("POST", "/leave", gatehouse.leave),
            Endpoint("GET", "/cards", desk.list_cards, gives=HeldCards, session=True),
            Endpoint("POST", "/showings", desk.show, ShowingRequest, ShowingCode, session=True),
            Endpoint("POST", "/drafts", issuers.issue, CardDraft, None, ISSUERS),
            Endpoint("POST", "/ends", issuers.end, CardEnd, None, ISSUERS),
        ),
        setup.registry,
        setup.clock,
        partial(answers, engine),
        close=close,
    )
