"""The cashier put together: challenges and cards for people, charges that are made once, refunds."""

from __future__ import annotations

import hmac
from functools import partial
from hashlib import sha256
from secrets import token_bytes
from typing import Any
from uuid import uuid4

from cryptography import x509
from sqlalchemy import Row

from backend_client.wire import (
    AccountShown,
    AccountToken,
    CardRegistration,
    CardShown,
    CashierCharge,
    CashierKey,
    CashierPayment,
    CashierProof,
    CashierRefund,
    CashierState,
    Challenge,
    Charge,
    Means,
    NewMeans,
    Payment,
    PaymentKey,
    PostDelivery,
    ReceiptWanted,
    RegisteredCard,
)
from backend_stub.body import Body, Call, Endpoint, Refusal
from backend_stub.cashier.book import Book, State
from backend_stub.cashier.receipts import receipt_of
from backend_stub.cashier.tables import TABLES
from backend_stub.database import answers, closing, open_database
from backend_stub.keyfile import keep
from backend_stub.peers import Setup
from backend_stub.statements import write_statement
from backend_stub.verification import Challenges, Verifier

DIGITS_ABOVE = 10_000
"""Yen. A lost card pays no more than that at once."""
WORDS = "病院のお支払い"
"""On the bank statement: which hospital it was is nobody's business there."""


class Cashier:
    """The cashier at work. Who pays is the card on the reader; above a limit it has to sign."""

    def __init__(self, setup: Setup, auth_ca: bytes, origins: tuple[str, ...]) -> None:
        """`auth_ca` and `origins` are as for `Verifier`."""
        self._setup = setup
        self._engine = open_database(setup.database_url, TABLES)
        self._peers = setup.peers
        self._book = Book(self._engine)
        self._verifier = Verifier(auth_ca, origins, setup.peers)
        self._challenges = Challenges()
        self._tag_key = keep(setup.data / "tag.key", partial(token_bytes, 32))

    def body(self) -> Body:
        return Body(
            "cashier",
            "病院の会計（試験用） — hospital cashier",
            (
                Endpoint("POST", "/challenges", self.challenge, gives=Challenge),
                Endpoint("POST", "/cards", self.register, CardRegistration, RegisteredCard),
                Endpoint("POST", "/registered", self.registered, CardShown, RegisteredCard),
                Endpoint("POST", "/charges", self.charge, CashierCharge, CashierPayment),
                Endpoint("POST", "/closings", self.close, CashierKey, CashierPayment),
                Endpoint("POST", "/refunds", self.refund, CashierRefund, CashierPayment),
                Endpoint("POST", "/receipts", self.post_receipt, ReceiptWanted, CashierPayment),
            ),
            self._setup.registry,
            self._setup.clock,
            partial(answers, self._engine),
            close=closing(self._engine),
        )

    async def challenge(self, call: Call, _message: None) -> Challenge:
        """Give a challenge for the card to sign."""
        return self._challenges.give(call.now)

    async def register(self, call: Call, new: CardRegistration) -> RegisteredCard:
        """Keep what a card pays with from now on. Raises Refusal."""
        holder = await self._proven(CashierProof(nonce=new.nonce, token=new.token), call)
        means: Means = await self._peers.ask("payments", "/means", NewMeans(token=new.account), Means, call.trace_id)
        self._book.keep_card(self._tag(holder), means.id, means.label)
        return RegisteredCard(label=means.label, digits_above=DIGITS_ABOVE)

    async def register_at_counter(self, certificate: bytes, account: str) -> None:
        """Keep what the holder of a certificate pays with, as clerks do who have seen both; once. Raises Refusal."""
        tag, trace_id = self._tag(x509.load_der_x509_certificate(certificate)), uuid4().hex
        if self._book.has_card(tag):
            return
        token = await self._peers.ask("payments", "/tokens", AccountShown(account=account), AccountToken, trace_id)
        means: Means = await self._peers.ask("payments", "/means", NewMeans(token=token.token), Means, trace_id)
        self._book.keep_card(tag, means.id, means.label)

    async def registered(self, call: Call, shown: CardShown) -> RegisteredCard:
        """Say what the card on the reader pays with. Raises Refusal: not_found."""
        holder = await self._verifier.certificate(shown.certificate, call.now, call.trace_id)
        return RegisteredCard(label=self._book.card(self._tag(holder)).label, digits_above=DIGITS_ABOVE)

    async def charge(self, call: Call, charge: CashierCharge) -> CashierPayment:
        """Charge the card on the reader, once for each key. Raises Refusal."""
        holder = await self._verifier.certificate(charge.certificate, call.now, call.trace_id)
        if charge.amount > DIGITS_ABOVE:
            await self._check_digits(holder, charge.proof, call)
        means = self._book.card(self._tag(holder)).means
        row = self._book.begin(charge.key, means, charge.amount, call.now)
        return await self._told(row, "/charges", call)

    async def close(self, call: Call, closed: CashierKey) -> CashierPayment:
        """Say what became of a charge; of one that has not come nothing will. Raises Refusal."""
        return await self._told(self._book.close(closed.key, call.now), "/withdrawals", call)

    async def refund(self, call: Call, paid: CashierRefund) -> CashierPayment:
        """Give back what was taken. Raises Refusal."""
        self._book.look_up(paid.key, paid.receipt)
        asked = PaymentKey(key=paid.key)
        payment: Payment = await self._peers.ask("payments", "/refunds", asked, Payment, call.trace_id)
        return _payment(self._book.became(payment))

    async def post_receipt(self, call: Call, wanted: ReceiptWanted) -> CashierPayment:
        """Put the receipt of what this card paid into its holder's post box, once. Raises Refusal: not_found."""
        holder = await self._verifier.certificate(wanted.certificate, call.now, call.trace_id)
        row = self._book.look_up(wanted.key, wanted.receipt)
        if row.means != self._book.card(self._tag(holder)).means:
            raise Refusal("not_found")
        delivery = PostDelivery(
            certificate_serial=str(holder.serial_number),
            item=row.key,
            certificate=write_statement(receipt_of(row, wanted.place), self._peers.sign),
        )
        await self._peers.ask("portal", "/post-deliveries", delivery, None, call.trace_id)
        return _payment(row)

    async def _told(self, row: Row[Any], path: str, call: Call) -> CashierPayment:
        """What is written, after the payment body was asked where it alone knows."""
        if row.state == State.CHARGING.value:
            charge = Charge(key=row.key, means=row.means, amount=row.amount, words=WORDS)
            payment: Payment = await self._peers.ask("payments", path, charge, Payment, call.trace_id)
            row = self._book.became(payment)
        return _payment(row)

    async def _check_digits(self, holder: x509.Certificate, proof: CashierProof | None, call: Call) -> None:
        if proof is None or await self._proven(proof, call) != holder:
            raise Refusal("not_allowed")

    async def _proven(self, proof: CashierProof, call: Call) -> x509.Certificate:
        self._challenges.use(proof.nonce, call.now)
        return await self._verifier.token(proof.token, proof.nonce, call.now, call.trace_id)

    def _tag(self, holder: x509.Certificate) -> str:
        """What a card is found by: its serial under a key of this body, which says nothing to anybody else."""
        return hmac.new(self._tag_key, str(holder.serial_number).encode(), sha256).hexdigest()


def _payment(row: Row[Any]) -> CashierPayment:
    return CashierPayment(key=row.key, state=CashierState(row.state), amount=row.amount, at=row.at, receipt=row.receipt)
