"""The power goes at every moment between the decision to pay and the receipt: there is exactly one charge."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import TypeVar

import httpx
import pytest
from backend_kit import Clock
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import Engine, create_engine, event, select

from backend_client.wire import BillDraft, Means
from backend_stub import payments
from backend_stub.bills.cashier import Cashier
from backend_stub.bills.ledger import Ledger
from backend_stub.bills.tables import TABLES
from backend_stub.database import open_database
from backend_stub.machines import Machine, Registry, Role, Signer
from backend_stub.payments.book import Book
from backend_stub.payments.tables import TABLES as PAYMENT_TABLES
from backend_stub.payments.tables import payments as charges
from backend_stub.peers import Peers, Setup

KEY, SEALING = Ed25519PrivateKey.generate(), X25519PrivateKey.generate()
COLLECTOR = Machine("bills", "お支払い", frozenset({Role.COLLECTOR}), KEY.public_key())
BILLER = Machine("mihon-life", "みほん生命", frozenset({Role.BILLER}), KEY.public_key())
WHO = "handle"
T = TypeVar("T")


def prepared(folder: Path, clock: Clock) -> str:
    """A bill and an account to pay it from, in databases on the disk; gives the bill's id."""
    engine, other = (open_database(_url(folder, name), tables) for name, tables in _DATABASES)
    ledger = Ledger(engine, {BILLER.id: BILLER})
    draft = BillDraft(number="one", handle=WHO, title="ほけん料", amount=4200, due=date(2026, 12, 28))
    ledger.put(BILLER.id, WHO, draft, clock())
    means: Means = Book(other).register(COLLECTOR.id, "9000000")
    ledger.register(WHO, means)
    (bill,) = ledger.of(WHO)
    engine.dispose()
    other.dispose()
    return bill.id


_DATABASES = (("bills", TABLES), ("payments", PAYMENT_TABLES))


def _url(folder: Path, name: str) -> str:
    return f"sqlite:///{folder}/{name}.db"


def at_work(folder: Path, clock: Clock, deed: Callable[[Cashier], Awaitable[T]]) -> T:
    """Both bodies, newly started on what is on the disk."""

    async def work() -> T:
        setup = Setup(
            folder, _url(folder, "payments"), Registry((COLLECTOR,)), Peers(Signer("payments", KEY), {}), clock,
            SEALING, {},
        )  # fmt: skip
        body = payments.build(setup)
        engine = open_database(_url(folder, "bills"), TABLES)
        line = httpx.AsyncClient(transport=httpx.ASGITransport(body.app()), base_url="http://payments")
        line.auth = signer = Signer("bills", KEY)
        cashier = Cashier(Ledger(engine, {BILLER.id: BILLER}), Peers(signer, {"payments": line}), clock)
        try:
            return await deed(cashier)
        finally:
            await line.aclose()
            engine.dispose()
            assert body.close is not None
            await body.close()

    return asyncio.run(work())


def paid_with_a_cut(folder: Path, clock: Clock, bill: str, moment: int) -> bool:
    """Pay in a process that is killed before its `moment`-th step on a database. False: it came to its end before."""
    child = os.fork()
    if child == 0:
        with ExitStack() as stack:
            stack.callback(os._exit, 1)
            _cut_at(moment)
            at_work(folder, clock, lambda cashier: cashier.pay(WHO, bill, clock(), "trace"))
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def _cut_at(moment: int) -> None:
    """Count every statement and every commit from now on."""
    left = moment

    def step(*_: object) -> None:
        nonlocal left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1

    for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(Engine, name, step)


def state(folder: Path) -> str:
    engine = create_engine(_url(folder, "bills"))
    with engine.connect() as connection:
        found = str(connection.execute(select(TABLES.tables["bills"].c.state)).scalar_one())
    engine.dispose()
    return found


def charged(folder: Path) -> list[tuple[str, int]]:
    engine = create_engine(_url(folder, "payments"))
    with engine.connect() as connection:
        rows = [(row.state, row.amount) for row in connection.execute(select(charges))]
    engine.dispose()
    return rows


def test_one_charge_wherever_the_power_goes(tmp_path: Path, clock: Clock) -> None:
    """Killed before each step in turn. Afterwards both bodies start anew, and the person tries again too."""
    cuts, left_open, between = 0, 0, 0
    for moment in range(200):
        folder = tmp_path / str(moment)
        folder.mkdir()
        bill = prepared(folder, clock)
        if not paid_with_a_cut(folder, clock, bill, moment):
            break
        cuts += 1
        between += charged(folder) != [] and state(folder) == "paying"
        assert at_work(folder, clock, lambda cashier: cashier.settle_all())
        left_open += charged(folder) == []
        paid = at_work(folder, clock, lambda cashier, bill=bill: cashier.pay(WHO, bill, clock(), "trace"))  # type: ignore[misc]
        assert paid.state.value == "paid"
        assert paid.receipt
        assert charged(folder) == [("paid", 4200)]
    else:
        pytest.fail("it never came to its end")
    assert cuts >= 24
    assert between >= 3, "after the charge and before the receipt"
    assert 0 < left_open < cuts, "cuts lie on both sides of the decision"


def test_an_answer_that_is_lost(tmp_path: Path, clock: Clock) -> None:
    """The payment body charges, and its answer never comes; it is asked again under the same key."""
    bill = prepared(tmp_path, clock)

    async def lost(cashier: Cashier) -> None:
        settled = cashier._ledger.settle
        cashier._ledger.settle = lambda *_: None  # type: ignore[method-assign]
        await cashier.pay(WHO, bill, clock(), "trace")
        assert cashier._ledger.bill(WHO, bill).state.value == "paying"
        cashier._ledger.settle = settled  # type: ignore[method-assign]
        assert await cashier.settle_all()
        assert cashier._ledger.bill(WHO, bill).state.value == "paid"

    at_work(tmp_path, clock, lost)
    assert charged(tmp_path) == [("paid", 4200)]
