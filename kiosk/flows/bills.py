"""お支払い: bills of companies that were let in, paid from an account or by a number to show in a store.

What became of a payment is told after it is known: the money was taken, was not, or somebody is looking into it.
"""

from __future__ import annotations

from contextlib import suppress

import msgspec

from backend_client import wire
from backend_client.errors import BackendError
from backend_client.service import Service
from kiosk.desk import Back, Desk
from kiosk.flows import bill_screens as screens
from kiosk.flows.asking import ask, working
from kiosk.flows.identity import Proof, prove
from kiosk.flows.phone import hand_over
from kiosk.words import plain

Signed = tuple[str, wire.AuthToken]
"""A nonce, and the card's token over it."""


async def bills(desk: Desk) -> None:
    """Never returns by itself. Raises Back, StartAgain."""
    while True:
        listed = await _listed(desk)
        by_id = {bill.id: bill for bill in listed.bills}
        bill = by_id[await desk.show(screens.bill_list(desk, listed.bills))]
        with suppress(Back):
            await _one(desk, listed, bill)


def _service(desk: Desk) -> Service:
    return desk.backend.service("bills", "/bills")


async def _listed(desk: Desk, name: str = "bills.loading") -> wire.BillList:
    return await ask(desk, working(desk, name, name), lambda: _service(desk).get("/bills", wire.BillList))


async def _one(desk: Desk, listed: wire.BillList, bill: wire.Bill) -> None:
    """Until the person goes back, or has paid. Raises Back, StartAgain."""
    while (chosen := await desk.show(screens.one(desk, bill))) != "back":
        with suppress(Back):
            if chosen == screens.HAND:
                await _hand(desk, bill)
            else:
                return await _pay(desk, listed, bill)


async def _pay(desk: Desk, listed: wire.BillList, bill: wire.Bill) -> None:
    """Returns when it was tried. Raises Back, StartAgain."""
    how = await desk.show(screens.how(desk, listed.account))
    if how == screens.STORE:
        return await desk.show(screens.store(desk, bill))
    if how == screens.OTHER:
        listed = await _register(desk)
    if not await desk.show(screens.sure(desk, bill, listed.account)):
        raise Back
    signed: Signed | None = None
    if bill.amount > listed.card_above:
        signed = await prove(desk, _proof(desk))
    await _tell(desk, await _paid(desk, bill, signed))


async def _register(desk: Desk) -> wire.BillList:
    """The number goes to the payment body alone; all others get a token for it. Raises Back, StartAgain."""
    shown = wire.AccountShown(account=await _account(desk))

    async def register() -> wire.BillList:
        given = await desk.backend.ask("POST", "/payments/tokens", shown, wire.AccountToken, None)
        return await _service(desk).post("/account", wire.AccountRegistration(token=given.token), wire.BillList)

    return await ask(desk, working(desk, "bills.registering", "bills.registering"), register)


async def _account(desk: Desk) -> str:
    wrong = False
    while not (account := await desk.show(screens.account(desk, wrong=wrong))).startswith(screens.FIRST_DIGIT):
        wrong = True
    return account


def _proof(desk: Desk) -> Proof[Signed]:
    """The card and its four digits once more; the token goes along with the payment."""

    async def challenge() -> wire.Challenge:
        return await _service(desk).post("/challenges", None, wire.Challenge)

    async def keep(nonce: str, token: wire.AuthToken) -> Signed:
        return nonce, token

    steps = tuple(map(desk.words, ("identity.step_card", "identity.step_identity", "bills.title")))
    return Proof("bills", "bills.asking", steps, 1, challenge, keep)


async def _paid(desk: Desk, bill: wire.Bill, signed: Signed | None) -> wire.Bill:
    """The bill as it is afterwards. Never sent twice from here: after a failure it is looked up. Raises StartAgain."""
    nonce, token = signed or ("", None)
    payment = wire.BillPayment(id=bill.id, nonce=nonce, token=token)
    try:
        # Without a way to stop: nobody would know whether it was paid.
        return await desk.during(screens.paying(desk), _service(desk).post("/payments", payment, wire.Bill))
    except BackendError:
        return await _looked_up(desk, bill)


async def _looked_up(desk: Desk, bill: wire.Bill) -> wire.Bill:
    """What became of it; where nobody can be asked, that it is not known. Raises StartAgain."""
    try:
        listed = await _listed(desk, "bills.checking_paid")
    except Back:
        return msgspec.structs.replace(bill, state=wire.BillState.PAYING)
    return next(one for one in listed.bills if one.id == bill.id)


async def _tell(desk: Desk, bill: wire.Bill) -> None:
    """Say what became of it."""
    if bill.state is wire.BillState.OPEN:
        await desk.show(screens.not_taken(desk))
    elif bill.state is wire.BillState.PAYING:
        await desk.show(screens.looking_into_it(desk))
    elif await desk.show(screens.paid(desk, bill)) == screens.HAND:
        with suppress(Back):
            await _hand(desk, bill)


async def _hand(desk: Desk, bill: wire.Bill) -> None:
    lines = (f"{fact.label}: {fact.value}" for fact in screens.facts(desk, bill))
    await hand_over(desk, plain("\n".join((bill.title, *lines))))
