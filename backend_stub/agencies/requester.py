"""An agency as requester: by relay or by access token, as the law tuple lays down.

It commits to its own part before it asks, so that a part can neither be lost nor be made up afterwards.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from secrets import token_bytes
from typing import Any
from uuid import uuid4

import msgspec

from backend_client.wire import (
    Content,
    ContentPart,
    ExchangeAnswer,
    ExchangeRequest,
    LawEntry,
    LawList,
    Outcome,
    Redeemed,
    RedeemedAnswer,
    Redemption,
    RequesterPart,
    TokenBatchEntry,
    TokenBatchGrant,
    TokenBatchRequest,
    TokenGrant,
    TokenRequest,
    Transport,
)
from backend_stub.agencies.catalogue import LayoutWrong, standard
from backend_stub.agencies.file import Ask
from backend_stub.agencies.parts import PartLog
from backend_stub.body import Refusal
from backend_stub.peers import Setup
from backend_stub.sealing import NotForUs, unseal

SALT_BYTES = 32
MOST_PERSONS = 1000
"""In one token."""
UNCERTAIN = frozenset({"peer_unavailable", "fault", "storage_full"})
"""After these nobody knows what the gateway has logged: the own part stays."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer, opened."""

    transaction_number: str
    outcome: Outcome
    data_as_of: date | None
    payload: dict[str, str]
    """Empty when there is no automatic answer."""


@dataclass(frozen=True, slots=True)
class _Question:
    """One person asked about."""

    symbol: str
    commitment: bytes

    @property
    def committed(self) -> str:
        return b64encode(self.commitment).decode()


class Requester:
    """Asks for one agency. Persons are (reference, own symbol). All raise Refusal."""

    def __init__(self, setup: Setup, parts: PartLog) -> None:
        self._peers = setup.peers
        self._clock = setup.clock
        self._sealing = setup.sealing
        self._parts = parts
        self._laws: dict[str, LawEntry] = {}

    async def ask(self, persons: Sequence[tuple[str, str]], ask: Ask) -> tuple[Answered, ...]:
        """Ask about some persons under one law entry, in order; each answer is in the own part when this returns."""
        trace_id = uuid4().hex
        law = await self._law(ask.law, trace_id)
        if law.transport is Transport.RELAY:
            return tuple([await self._by_relay(person, ask, law, trace_id) for person in persons])
        starts = range(0, len(persons), MOST_PERSONS)
        batches = [await self._by_token(persons[s : s + MOST_PERSONS], ask, law, trace_id) for s in starts]
        return tuple(answer for batch in batches for answer in batch)

    async def _law(self, law: str, trace_id: str) -> LawEntry:
        if law not in self._laws:
            found: LawList = await self._peers.read("gateway", "/laws", LawList, trace_id)
            self._laws = {entry.id: entry for entry in found.laws}
        if law not in self._laws:
            raise Refusal("law_forbids", "gateway", trace_id)
        return self._laws[law]

    async def _by_relay(self, person: tuple[str, str], ask: Ask, law: LawEntry, trace_id: str) -> Answered:
        questions = self._commit([person], ask)
        (only,) = questions
        request = ExchangeRequest(law=law.id, symbol=only.symbol, commitment=only.committed)
        answer: ExchangeAnswer = await self._send("/exchanges", request, ExchangeAnswer, questions, trace_id)
        return self._keep(questions, (answer,), law, trace_id)[0]

    async def _by_token(
        self, persons: Sequence[tuple[str, str]], ask: Ask, law: LawEntry, trace_id: str
    ) -> tuple[Answered, ...]:
        questions = self._commit(persons, ask)
        numbers, token = await self._grant(questions, law, trace_id)
        commitments = [question.commitment for question in questions]
        self._parts.numbered(list(zip(commitments, numbers, strict=True)))
        redeemed: Redeemed = await self._peers.ask(
            law.provider, "/redemptions", Redemption(token=token), Redeemed, trace_id
        )
        if numbers != tuple(answer.transaction_number for answer in redeemed.answers):
            raise Refusal("layout_wrong", law.provider, trace_id)
        return self._keep(questions, redeemed.answers, law, trace_id)

    async def _grant(self, questions: Sequence[_Question], law: LawEntry, trace_id: str) -> tuple[tuple[str, ...], str]:
        """Get one token for all questions; gives the transaction numbers and the token."""
        if len(questions) == 1:
            only = questions[0]
            request = TokenRequest(law=law.id, symbol=only.symbol, commitment=only.committed)
            grant: TokenGrant = await self._send("/tokens", request, TokenGrant, questions, trace_id)
            return (grant.transaction_number,), grant.token
        entries = tuple(TokenBatchEntry(symbol=q.symbol, commitment=q.committed) for q in questions)
        batch = TokenBatchRequest(law=law.id, entries=entries)
        grants: TokenBatchGrant = await self._send("/token-batches", batch, TokenBatchGrant, questions, trace_id)
        if len(grants.transaction_numbers) != len(questions):
            raise Refusal("layout_wrong", "gateway", trace_id)
        return grants.transaction_numbers, grants.token

    def _commit(self, persons: Sequence[tuple[str, str]], ask: Ask) -> tuple[_Question, ...]:
        asks = [(reference, _part(ask)) for reference, _ in persons]
        commitments = self._parts.asking(asks, ask.law, self._clock())
        return tuple(_Question(symbol, one) for (_, symbol), one in zip(persons, commitments, strict=True))

    async def _send(
        self, path: str, message: object, gives: object, questions: Sequence[_Question], trace_id: str
    ) -> Any:
        """Ask the gateway. What it certainly did not log is not kept here either."""
        try:
            return await self._peers.ask("gateway", path, message, gives, trace_id)
        except Refusal as refusal:
            if refusal.code == "wrong_transport":
                self._laws = {}  # the law has changed; the next asking reads it anew
            if refusal.code not in UNCERTAIN:
                self._parts.refused([question.commitment for question in questions])
            raise

    def _keep(
        self,
        questions: Sequence[_Question],
        answers: Sequence[ExchangeAnswer | RedeemedAnswer],
        law: LawEntry,
        trace_id: str,
    ) -> tuple[Answered, ...]:
        """Open all answers and write them into the own part; of answers that cannot be opened, the numbers."""
        pairs = list(zip(questions, answers, strict=True))
        try:
            contents = [self._open(answer, law) for answer in answers]
        except (NotForUs, LayoutWrong, ValueError) as exc:  # msgspec's and Base64's errors are ValueErrors
            self._parts.numbered([(question.commitment, answer.transaction_number) for question, answer in pairs])
            raise Refusal("layout_wrong", law.provider, trace_id) from exc
        self._parts.answered(
            [
                (question.commitment, answer.transaction_number, answer.outcome, content)
                for (question, answer), content in zip(pairs, contents, strict=True)
            ]
        )
        return tuple(_answered(answer, content) for answer, content in zip(answers, contents, strict=True))

    def _open(self, answer: ExchangeAnswer | RedeemedAnswer, law: LawEntry) -> ContentPart | None:
        if answer.outcome is Outcome.NO_AUTOMATIC_ANSWER:
            return None
        number = answer.transaction_number
        opened = unseal(b64decode(answer.sealed, validate=True), self._sealing, number.encode())
        content = msgspec.json.decode(opened, type=Content)
        if content.transaction_number != number or len(b64decode(content.salt, validate=True)) != SALT_BYTES:
            raise LayoutWrong(law.kind)
        standard().check_excerpt(law.kind, content.payload, law.fields)
        return ContentPart(payload=content.payload, salt=content.salt)


def _part(ask: Ask) -> RequesterPart:
    salt = b64encode(token_bytes(SALT_BYTES)).decode()
    return RequesterPart(department=ask.desk.department, terminal=ask.desk.terminal, purpose=ask.purpose, salt=salt)


def _answered(answer: ExchangeAnswer | RedeemedAnswer, content: ContentPart | None) -> Answered:
    payload = {} if content is None else content.payload
    return Answered(answer.transaction_number, answer.outcome, answer.data_as_of, payload)
