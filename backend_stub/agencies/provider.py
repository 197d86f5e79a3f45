"""An agency as provider: it answers the gateway (relay), and requesters that hand it an access token.

The content is sealed to the requester in both ways, bound to the transaction number, and holds no field but those the
law tuple names. What a person asks for by the portal is sealed to the person's own key.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Sequence
from secrets import token_bytes

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from backend_client.wire import (
    Content,
    ContentPart,
    Outcome,
    Provided,
    ProvideRequest,
    ProviderPart,
    Reader,
    Redeemed,
    RedeemedAnswer,
    Redemption,
)
from backend_client.wire.gateway import READER_DOMAIN
from backend_client.wire.token import AccessClaims, TokenInvalid, TokenLate, verify_access_token
from backend_stub.agencies.book import Book, Held
from backend_stub.agencies.catalogue import LayoutWrong, standard
from backend_stub.agencies.file import Desk
from backend_stub.agencies.outbox import Outbox
from backend_stub.agencies.parts import Given, PartLog, UsedBefore
from backend_stub.body import Call, Refusal
from backend_stub.machines import Role
from backend_stub.peers import Setup
from backend_stub.sealing import seal

SALT_BYTES = 32


class Provider:
    """Answers for one agency. What it refuses leaves no trace in its part of the log."""

    def __init__(self, setup: Setup, agency: str, desk: Desk, book: Book, parts: PartLog, outbox: Outbox) -> None:
        self._directory = setup.directory
        self._sealing = setup.sealing
        self._agency = agency
        self._desk = desk
        self._book = book
        self._parts = parts
        self._outbox = outbox

    async def provide(self, call: Call, request: ProvideRequest) -> Provided:
        """Give one kind of information about the client that the gateway means."""
        to = self._reader(request) or self._key_of(request.requester)
        given, held = self._given(request.kind, request.fields, [(request.transaction_number, request.symbol)])[0]
        try:
            self._parts.provided((given,), call.now)
        except UsedBefore as exc:
            raise Refusal("not_possible") from exc
        answer, receipt = _answer(given, held, to), given.receipt
        return Provided(
            outcome=given.outcome,
            data_as_of=answer.data_as_of,
            sealed=answer.sealed,
            provider=receipt.provider,
            content=receipt.content,
        )

    async def redeem(self, call: Call, request: Redemption) -> Redeemed:
        """Give the caller what its access token is for: once, everything or nothing."""
        claims = self._claims(call, request.token)
        to = self._key_of(claims.requester)
        pairs = self._given(claims.kind, claims.fields, list(zip(claims.numbers, claims.symbols, strict=True)))
        given = [one for one, _ in pairs]
        try:
            self._parts.provided(given, call.now, [one.receipt for one in given])
        except UsedBefore as exc:
            raise Refusal("access_token_used") from exc
        self._outbox.kick()
        return Redeemed(answers=tuple(_answer(one, held, to) for one, held in pairs))

    def _claims(self, call: Call, token: str) -> AccessClaims:
        gateway, caller = self._directory["gateway"].key, call.machine.id
        try:
            return verify_access_token(token, gateway, self._sealing, self._agency, caller, call.now)
        except TokenInvalid as exc:
            raise Refusal("access_token_invalid") from exc
        except TokenLate as exc:
            raise Refusal("access_token_late") from exc

    def _reader(self, request: ProvideRequest) -> X25519PublicKey | None:
        """The person's key, where the portal has signed it. Raises Refusal: not_allowed."""
        machine = self._directory.get(request.requester)
        by_the_portal = machine is not None and Role.PORTAL in machine.roles
        if request.reader is None and not by_the_portal:
            return None
        if machine is None or request.reader is None or not by_the_portal:
            raise Refusal("not_allowed")
        try:
            return _checked(request.reader, machine.key)
        except (InvalidSignature, ValueError) as exc:  # Base64's errors are ValueErrors
            raise Refusal("not_allowed") from exc

    def _key_of(self, requester: str) -> X25519PublicKey:
        machine = self._directory.get(requester)
        if machine is None or machine.sealing is None:
            raise Refusal("not_allowed")
        return machine.sealing

    def _given(
        self, kind: str, fields: tuple[str, ...], persons: Sequence[tuple[str, str]]
    ) -> list[tuple[Given, Held]]:
        """Look up what is held of each person (transaction number, symbol), cut to the fields the law names."""
        held = self._book.held([symbol for _, symbol in persons], kind)
        try:
            return [(self._give(number, held[symbol], fields), held[symbol]) for number, symbol in persons]
        except KeyError as exc:
            raise Refusal("no_data") from exc
        except LayoutWrong as exc:
            raise Refusal("layout_wrong") from exc

    def _give(self, number: str, held: Held, fields: tuple[str, ...]) -> Given:
        payload = standard().excerpt(held.kind, held.payload, fields) if held.automatic else {}
        return Given(
            number=number,
            reference=held.reference,
            outcome=Outcome.PROVIDED if held.automatic else Outcome.NO_AUTOMATIC_ANSWER,
            provider=ProviderPart(department=self._desk.department, terminal=self._desk.terminal, salt=_salt()),
            content=ContentPart(payload=payload, salt=_salt()),
        )


def _checked(reader: Reader, signer: Ed25519PublicKey) -> X25519PublicKey:
    """Raises InvalidSignature; ValueError also for a key to which nothing can be sealed (of low order)."""
    raw = b64decode(reader.key, validate=True)
    signer.verify(b64decode(reader.signature, validate=True), READER_DOMAIN + raw)
    key = X25519PublicKey.from_public_bytes(raw)
    X25519PrivateKey.generate().exchange(key)
    return key


def _answer(given: Given, held: Held, to: X25519PublicKey) -> RedeemedAnswer:
    return RedeemedAnswer(
        transaction_number=given.number,
        outcome=given.outcome,
        data_as_of=held.data_as_of if held.automatic else None,
        sealed=_sealed(given, to) if held.automatic else "",
    )


def _sealed(given: Given, to: X25519PublicKey) -> str:
    content = Content(transaction_number=given.number, payload=given.content.payload, salt=given.content.salt)
    return b64encode(seal(msgspec.json.encode(content), to, given.number.encode())).decode()


def _salt() -> str:
    return b64encode(token_bytes(SALT_BYTES)).decode()
