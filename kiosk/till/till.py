"""The till: exactly one charge for a patient's yes, whatever falls over in between; the practice is told of it once.

The key is kept on disk before anything is sent. After a fall the cashier is asked to close the key: either it was
charged, and then it is told and receipted, or nothing was and nothing ever will be. Decision 0027.
"""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Never, Protocol, TypeVar

from backend_client import wire
from backend_client.errors import BackendError, Refused
from backend_client.outbox import BUSY_S, Elsewhere, Outbox, Under
from kiosk.desk import Due, Unsettled
from kiosk.handover.folders import FolderTrouble
from kiosk.till.bills import BillFolder, Told

T = TypeVar("T")

CARE_S = 30.0
"""How soon a refund is made, and what the line kept back is found out."""
TAKEN = (wire.CashierState.PAID, wire.CashierState.REFUNDED)


class Line(Protocol):
    """What the cashier is reached by: `Backend`."""

    def ask(
        self, method: str, path: str, message: wire.Message | None, kind: type[T], session: str | None
    ) -> Awaitable[T]: ...


class Till:
    """One process's way to the bills. Several processes may have one; they take turns."""

    def __init__(
        self,
        outbox: Outbox,
        folder: BillFolder,
        line: Line,
        today: Callable[[], date],
        refunded: Callable[[str], None] = lambda _: None,
    ) -> None:
        """`refunded` hears the receipt of what was given back."""
        self._refunded = refunded
        self._outbox = outbox
        self._folder = folder
        self._line = line
        self._today = today

    async def care(self) -> Never:
        """Settle now, and again and again while nobody is served."""
        while True:
            with suppress(BackendError):
                await self.settle()
            await asyncio.sleep(CARE_S)

    async def remember(self, certificate: bytes, number: str) -> None:
        """Whose card has which reception number, so that the card finds its bill later."""
        await asyncio.to_thread(self._outbox.remember, _tag(certificate), number, self._today())

    async def waiting(self) -> bool:
        """Whether it is worth asking a card: some bill or receipt waits for somebody."""
        return await asyncio.to_thread(self._anything)

    async def due(self, certificate: bytes) -> Due | None:
        """What waits for this card: a bill, or the receipt of one that was paid before a fall."""
        return await asyncio.to_thread(self._due, certificate)

    async def card(self, certificate: bytes) -> wire.RegisteredCard | None:
        """What this card pays with; None when it is not registered. Raises BackendError."""
        shown = wire.CardShown(certificate=b64encode(certificate).decode())
        try:
            return await self._ask("/registered", shown, wire.RegisteredCard)
        except Refused as exc:
            if exc.code != "not_found":
                raise
            return None

    async def challenge(self) -> wire.Challenge:
        """Raises BackendError."""
        return await self._ask("/challenges", None, wire.Challenge)

    async def pay(self, due: Due, certificate: bytes, proof: wire.CashierProof | None) -> Due | None:
        """Charge once; gives it with its receipt, or None when the account was declined.

        Raises BackendError when it failed and nothing was taken; Unsettled when nobody can know now.
        """
        try:
            return await self._pay(due, certificate, proof)
        except Elsewhere as exc:
            raise Unsettled from exc

    async def _pay(self, due: Due, certificate: bytes, proof: wire.CashierProof | None) -> Due | None:
        async with self._alone(BUSY_S):
            under = await self._begin(due, _tag(certificate))
            if not under.receipt:
                charge = wire.CashierCharge(
                    key=under.key,
                    certificate=b64encode(certificate).decode(),
                    amount=under.amount,
                    proof=proof,
                )
                under = await self._became(under, await self._charged(under, charge))
            if not under.receipt:
                return None
            await self._tell(under)
            return replace(_paid(under), number=due.number)

    async def post_receipt(self, paid: Due, certificate: bytes, place: str) -> bool:
        """Put the receipt into the card holder's post box; False where there is none. Raises BackendError."""
        shown = b64encode(certificate).decode()
        wanted = wire.ReceiptWanted(key=paid.key, receipt=paid.receipt, certificate=shown, place=place)
        try:
            await self._ask("/receipts", wanted, wire.CashierPayment)
        except Refused as exc:
            if exc.code != "not_found":
                raise
            return False
        return True

    async def given(self, paid: Due) -> None:
        """The patient has the receipt: nothing is kept any more, once the practice has been told too."""
        await asyncio.to_thread(self._outbox.given, paid.key)
        with suppress(Elsewhere):  # whoever is at it now tells it, or who comes next
            async with self._alone(0):
                for under in await asyncio.to_thread(self._outbox.under_way):
                    if under.key == paid.key:
                        await self._tell(under)

    async def settle(self) -> None:
        """Find out what became of everything under way, tell the practice, and make refunds that it wants.

        Raises BackendError; what could not be settled waits for the next time.
        """
        with suppress(Elsewhere):  # whoever is at it now does it
            async with self._alone(0):
                for under in await asyncio.to_thread(self._outbox.under_way):
                    known = under if under.receipt else await self._became(under, await self._close(under))
                    if known.receipt:
                        await self._tell(known)
                await self._refund()

    async def _begin(self, due: Due, card: str) -> Under:
        """Write it down; one that is under way from before is settled first. Raises BackendError, Unsettled."""
        new = Under(token_hex(16), due.bill, card, due.amount)
        while (under := await asyncio.to_thread(self._outbox.begin, new)) != new:
            if under.receipt:
                return under
            try:
                known = await self._became(under, await self._close(under))
            except BackendError as exc:
                raise Unsettled from exc
            if known.receipt:
                return known
        return new

    async def _charged(self, under: Under, charge: wire.CashierCharge) -> wire.CashierPayment:
        try:
            return await self._ask("/charges", charge, wire.CashierPayment)
        except BackendError as failed:
            try:
                payment = await self._close(under)
            except BackendError as exc:
                raise Unsettled from exc
            if payment.state not in TAKEN:
                await self._became(under, payment)
                raise failed from None
            return payment

    async def _close(self, under: Under) -> wire.CashierPayment:
        return await self._ask("/closings", wire.CashierKey(key=under.key), wire.CashierPayment)

    async def _became(self, under: Under, payment: wire.CashierPayment) -> Under:
        """Write down what became of it; without a receipt it is forgotten."""
        if payment.state not in TAKEN:
            await asyncio.to_thread(self._outbox.forget, under.key)
            return under
        at = payment.at.isoformat()
        await asyncio.to_thread(self._outbox.paid, under.key, payment.receipt, at)
        return replace(under, receipt=payment.receipt, at=at)

    async def _tell(self, under: Under) -> None:
        """What a folder does not take now, it takes when things are settled the next time."""
        told = Told("paid", under.key, under.receipt, under.amount, datetime.fromisoformat(under.at))
        with suppress(FolderTrouble):
            await asyncio.to_thread(self._folder.tell, under.bill, told)
            if under.given:
                await asyncio.to_thread(self._outbox.forget, under.key)

    async def _refund(self) -> None:
        with suppress(FolderTrouble):
            for name, wanted in (await asyncio.to_thread(self._folder.refunds)).items():
                asked = wire.CashierRefund(key=wanted.key, receipt=wanted.receipt)
                try:
                    made = await self._ask("/refunds", asked, wire.CashierPayment)
                    told = Told("refunded", made.key, made.receipt, made.amount, made.at)
                    self._refunded(wanted.receipt)
                except Refused as exc:
                    if exc.code not in ("not_found", "not_possible"):
                        raise
                    told = Told("impossible", wanted.key, wanted.receipt, 0, None)
                await asyncio.to_thread(self._folder.tell, name, told)

    def _anything(self) -> bool:
        with suppress(FolderTrouble):
            return bool(self._outbox.under_way() or self._folder.bills())
        return False

    def _due(self, certificate: bytes) -> Due | None:
        card, paid = _tag(certificate), [under for under in self._outbox.under_way() if under.receipt]
        for under in paid:
            if under.card == card and not under.given:
                return _paid(under)
        number, today = self._outbox.number_of(card, self._today()), self._today()
        with suppress(FolderTrouble):
            for name, bill in sorted(self._folder.bills().items()):
                if (bill.number, bill.day) == (number, today) and all(under.bill != name for under in paid):
                    return Due(name, bill.amount, number=bill.number)
        return None

    async def _ask(self, path: str, message: wire.Message | None, kind: type[T]) -> T:
        return await self._line.ask("POST", f"/cashier{path}", message, kind, None)

    @asynccontextmanager
    async def _alone(self, wait_s: float) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            await asyncio.to_thread(stack.enter_context, self._outbox.alone(wait_s))
            yield


def _tag(certificate: bytes) -> str:
    return sha256(certificate).hexdigest()


def _paid(under: Under) -> Due:
    return Due(under.bill, under.amount, under.key, under.receipt, datetime.fromisoformat(under.at))


def open_till(
    own: Path, bills: Path, line: Line, today: Callable[[], date], refunded: Callable[[str], None] = lambda _: None
) -> Till:
    """With the kiosk's own folder and the one it shares with the practice; `refunded` as for `Till`."""
    return Till(Outbox(own), BillFolder(bills), line, today, refunded)
