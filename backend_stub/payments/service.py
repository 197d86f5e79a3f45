"""The payment body put together: people show an account here alone, collectors hold a token's worth of it."""

from __future__ import annotations

from functools import partial

from backend_client.wire import AccountShown, AccountToken, Charge, Means, NewMeans, Payment, PaymentKey
from backend_stub.body import Body, Call, Endpoint, Refusal
from backend_stub.database import answers, closing, open_database
from backend_stub.machines import Role
from backend_stub.payments.book import Book
from backend_stub.payments.tables import TABLES
from backend_stub.peers import Setup
from backend_stub.sessions import Sessions

COLLECTORS = frozenset({Role.COLLECTOR})


class Payments:
    """The endpoints. A token lives in memory for ten minutes and is used up by registering it."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._tokens = Sessions()

    async def give_token(self, call: Call, shown: AccountShown) -> AccountToken:
        """Give a token that stands for an account."""
        return AccountToken(token=self._tokens.open(shown.account, call.now))

    async def register(self, call: Call, new: NewMeans) -> Means:
        """Register an account for the collector who has its token. Raises Refusal: not_possible."""
        try:
            account = self._tokens.owner(new.token, call.now)
        except Refusal as refusal:
            raise Refusal("not_possible") from refusal
        self._tokens.close(new.token, call.now)
        return self._book.register(call.machine.id, account)

    async def charge(self, call: Call, charge: Charge) -> Payment:
        """Charge an account, once for each key. Raises Refusal."""
        return self._book.charge(call.machine.id, charge, call.now)

    async def withdraw(self, call: Call, charge: Charge) -> Payment:
        """Let a charge that has not come yet never come. Raises Refusal."""
        return self._book.withdraw(call.machine.id, charge, call.now)

    async def refund(self, call: Call, key: PaymentKey) -> Payment:
        """Give back what was taken. Raises Refusal."""
        return self._book.refund(call.machine.id, key.key, call.now)

    async def look_up(self, call: Call, key: PaymentKey) -> Payment:
        """Say what became of a charge. Raises Refusal."""
        return self._book.look_up(call.machine.id, key.key)


def build(setup: Setup) -> Body:
    """Open the payment body on its database."""
    engine = open_database(setup.database_url, TABLES)
    desk = Payments(Book(engine))
    endpoints = (
        Endpoint("POST", "/tokens", desk.give_token, AccountShown, AccountToken),
        Endpoint("POST", "/means", desk.register, NewMeans, Means, COLLECTORS),
        Endpoint("POST", "/charges", desk.charge, Charge, Payment, COLLECTORS),
        Endpoint("POST", "/withdrawals", desk.withdraw, Charge, Payment, COLLECTORS),
        Endpoint("POST", "/refunds", desk.refund, PaymentKey, Payment, COLLECTORS),
        Endpoint("POST", "/look-ups", desk.look_up, PaymentKey, Payment, COLLECTORS),
    )
    return Body(
        "payments",
        "支払い（試験用） — test payments",
        endpoints,
        setup.registry,
        setup.clock,
        partial(answers, engine),
        close=closing(engine),
    )
