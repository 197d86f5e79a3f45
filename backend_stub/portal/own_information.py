"""わたしの情報: the portal asks the holders for the person, and reads and keeps nothing of what they answer.

The answer is sealed to the person's own key. What the request is logged under is committed to with that key as its
salt: it is new for each asking, and whoever made it can open the commitment. Decision 0036.
"""

from __future__ import annotations

from base64 import b64decode, b64encode

from backend_client.wire import (
    ExchangeAnswer,
    ExchangeRequest,
    LawEntry,
    LawList,
    OwnAnswer,
    OwnHolder,
    OwnHolders,
    OwnRequest,
    Reader,
    RequesterPart,
    commitment,
)
from backend_client.wire.gateway import READER_DOMAIN
from backend_stub.body import Call, Refusal
from backend_stub.peers import Peers
from backend_stub.portal.folders import Folders
from backend_stub.portal.signed_in import SignedInPeople

KEY_BYTES = 32


class OwnInformationDesk:
    """The endpoints about what the holders have, behind the person's own session. All raise Refusal."""

    def __init__(self, folders: Folders, sessions: SignedInPeople, peers: Peers) -> None:
        self._folders = folders
        self._sessions = sessions
        self._peers = peers

    async def list_holders(self, call: Call, _message: None) -> OwnHolders:
        """Tell what a person may ask for, and of whom: the law tuples that name the portal."""
        self._sessions.folder(call.bearer, call.now)
        laws: LawList = await self._peers.read("gateway", "/laws", LawList, call.trace_id)
        return OwnHolders(holders=tuple(map(_holder, laws.laws)))

    async def fetch(self, call: Call, request: OwnRequest) -> OwnAnswer:
        """Ask one holder for the person; the answer goes on unread."""
        symbol = self._folders.symbol(self._sessions.folder(call.bearer, call.now))
        asked = ExchangeRequest(
            law=request.law,
            symbol=symbol,
            commitment=b64encode(commitment(_part(request))).decode(),
            reader=self._reader(request),
        )
        answer: ExchangeAnswer = await self._peers.ask("gateway", "/exchanges", asked, ExchangeAnswer, call.trace_id)
        return OwnAnswer(
            transaction_number=answer.transaction_number,
            outcome=answer.outcome,
            data_as_of=answer.data_as_of,
            sealed=answer.sealed,
        )

    def _reader(self, request: OwnRequest) -> Reader:
        """Vouch for the person's key, so that nobody on the way puts in another."""
        try:
            key = b64decode(request.key, validate=True)
        except ValueError as exc:
            raise Refusal("content_wrong") from exc
        if len(key) != KEY_BYTES:
            raise Refusal("content_wrong")
        return Reader(key=request.key, signature=b64encode(self._peers.sign(READER_DOMAIN + key)).decode())


def _holder(law: LawEntry) -> OwnHolder:
    return OwnHolder(
        law=law.id,
        holder=law.provider_words,
        kind=law.kind_words,
        holder_english=law.provider_english,
        kind_english=law.kind_english,
        kind_easy=law.kind_easy,
    )


def _part(request: OwnRequest) -> RequesterPart:
    return RequesterPart(department="マイ・ポータル", terminal="本人", purpose="本人の求め", salt=request.key)
