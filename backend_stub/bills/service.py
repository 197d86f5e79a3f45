"""The body of bills put together."""

from __future__ import annotations

from functools import partial

from backend_client.wire import (
    AccountRegistration,
    Bill,
    BillDraft,
    BillList,
    BillPayment,
    Challenge,
    Entered,
    Forwarding,
    ForwardingRequest,
    Means,
    NewMeans,
    Pass,
    SentBills,
    StorePayment,
)
from backend_stub.bills.cashier import Cashier
from backend_stub.bills.ledger import Ledger
from backend_stub.bills.tables import TABLES
from backend_stub.body import Body, Call, Endpoint, Refusal
from backend_stub.database import answers, open_database
from backend_stub.machines import Role
from backend_stub.passes import Gatehouse, Guest
from backend_stub.peers import Peers, Setup
from backend_stub.verification import Challenges, Verifier

ID = "bills"
CARD_ABOVE = 30_000
"""Yen. More than that is paid with the card and its four digits alone."""
BILLERS = frozenset({Role.BILLER})


class BillBox:
    """The endpoints for billers."""

    def __init__(self, ledger: Ledger, peers: Peers) -> None:
        self._ledger = ledger
        self._peers = peers

    async def take(self, call: Call, draft: BillDraft) -> None:
        """Take a bill for somebody who let the biller in. Raises Refusal: not_allowed, content_wrong."""
        asked = ForwardingRequest(partner=call.machine.id, handle=draft.handle)
        to: Forwarding = await self._peers.ask("portal", "/forwardings", asked, Forwarding, call.trace_id)
        self._ledger.put(call.machine.id, to.handle, draft, call.now)

    async def sent(self, call: Call, _message: None) -> SentBills:
        """Tell a biller what became of its bills."""
        return SentBills(bills=self._ledger.sent(call.machine.id))

    async def pay_at_store(self, call: Call, payment: StorePayment) -> None:
        """Let a till take the money, or not. Raises Refusal: not_found, not_possible."""
        self._ledger.pay_at_store(call.machine.id, payment.store_number, call.now)


class BillDesk:
    """The endpoints behind a pass. All raise Refusal: session_unknown."""

    def __init__(
        self, ledger: Ledger, cashier: Cashier, gatehouse: Gatehouse, verifier: Verifier, peers: Peers
    ) -> None:
        self._ledger = ledger
        self._cashier = cashier
        self._gatehouse = gatehouse
        self._verifier = verifier
        self._peers = peers
        self._challenges = Challenges()

    async def list_bills(self, call: Call, _message: None) -> BillList:
        """List the person's bills, and say what they are paid from."""
        return self._list(self._gatehouse.guest(call).handle)

    async def register(self, call: Call, new: AccountRegistration) -> BillList:
        """Register an account by its token. Raises Refusal: not_possible."""
        handle = self._gatehouse.guest(call).handle
        means: Means = await self._peers.ask("payments", "/means", NewMeans(token=new.token), Means, call.trace_id)
        self._ledger.register(handle, means)
        return self._list(handle)

    async def challenge(self, call: Call, _message: None) -> Challenge:
        """Give a challenge for the card to sign."""
        self._gatehouse.guest(call)
        return self._challenges.give(call.now)

    async def pay(self, call: Call, payment: BillPayment) -> Bill:
        """Pay a bill from the registered account. Raises Refusal."""
        guest = self._gatehouse.guest(call)
        bill = self._ledger.bill(guest.handle, payment.id)
        if bill.amount > CARD_ABOVE:
            await self._check_card(call, guest, payment)
        return await self._cashier.pay(guest.handle, payment.id, call.now, call.trace_id)

    async def _check_card(self, call: Call, guest: Guest, payment: BillPayment) -> None:
        """The card that signed in is still there, and who holds it knows its four digits."""
        if payment.token is None:
            raise Refusal("token_invalid")
        self._challenges.use(payment.nonce, call.now)
        certificate = await self._verifier.token(payment.token, payment.nonce, call.now, call.trace_id)
        if str(certificate.serial_number) != guest.serial:
            raise Refusal("token_invalid")

    def _list(self, handle: str) -> BillList:
        account = self._ledger.account(handle)
        return BillList(bills=self._ledger.of(handle), account=account, card_above=CARD_ABOVE)


def build(setup: Setup, auth_ca: bytes, origins: tuple[str, ...]) -> Body:
    """Open it on its database. `auth_ca` is as for `Verifier`; `origins` are those under which kiosks reach it."""
    engine, gatehouse = open_database(setup.database_url, TABLES), Gatehouse(setup, ID)
    ledger = Ledger(engine, setup.directory)
    cashier = Cashier(ledger, setup.peers, setup.clock)
    box = BillBox(ledger, setup.peers)
    desk = BillDesk(ledger, cashier, gatehouse, Verifier(auth_ca, origins, setup.peers), setup.peers)

    async def close() -> None:
        await cashier.errand.close()
        gatehouse.close()
        engine.dispose()

    return Body(
        ID,
        "お支払い — bills",
        (
            Endpoint("POST", "/sessions", gatehouse.enter, Pass, Entered),
            Endpoint("POST", "/leave", gatehouse.leave),
            Endpoint("GET", "/bills", desk.list_bills, gives=BillList, session=True),
            Endpoint("POST", "/account", desk.register, AccountRegistration, BillList, session=True),
            Endpoint("POST", "/challenges", desk.challenge, gives=Challenge, session=True),
            Endpoint("POST", "/payments", desk.pay, BillPayment, Bill, session=True),
            Endpoint("POST", "/drafts", box.take, BillDraft, None, BILLERS),
            Endpoint("GET", "/sent", box.sent, gives=SentBills, roles=BILLERS),
            Endpoint("POST", "/store-payments", box.pay_at_store, StorePayment, None, BILLERS),
        ),
        setup.registry,
        setup.clock,
        partial(answers, engine),
        start=cashier.errand.start,
        work=cashier.settle_all,
        close=close,
    )
