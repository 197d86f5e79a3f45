"""Paying at the hospital: the card finds its bill, the patient says yes once, and a receipt is given.

A yes is followed by one charge or by none, and the screen says which. Decision 0027.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from backend_client import wire
from backend_client.errors import BackendError
from kiosk import problems
from kiosk.desk import Back, Desk, Due, Unsettled, VisitOver
from kiosk.flows.asking import ask, working
from kiosk.flows.identity import Proof, prove
from kiosk.flows.phone import hand_over
from kiosk.problems import Entry, Situation
from kiosk.screens import Choice, Confirm, Fact, Mark, Menu, Result, Working
from kiosk.words import Private, Text

PAPER, PHONE, BOX, DONE = "paper", "phone", "box", "done"
WAYS = {
    PAPER: ("paying.paper", "paying.paper_detail", "paying.paper_given"),
    PHONE: ("paying.phone", "paying.phone_detail", "paying.phone_given"),
    BOX: ("paying.box", "paying.box_detail", "paying.box_given"),
}
"""Ways to have the receipt: what each is called, what it means, and what is said once it was gone."""


async def pay_what_is_due(desk: Desk) -> bool:
    """Serve a card for which a bill or a receipt waits; whether there was one. Raises Back, VisitOver."""
    if not await desk.till.waiting():
        return False
    certificate = await desk.with_card(lambda card: card.auth_certificate())
    with suppress(BackendError):  # what cannot be found out now stays on record
        await desk.during(_looking(desk), desk.till.settle())
    due = await desk.till.due(certificate)
    if due is None:
        return False
    paid = due if due.receipt else await _pay(desk, due, certificate)
    if paid is None:
        desk.part_with(desk.words.lines("paying.at_desk_lines"))
    else:
        desk.reception.paid(paid)
        await _give_receipt(desk, paid, certificate)
    return True


async def _pay(desk: Desk, due: Due, certificate: bytes) -> Due | None:
    """None when it is paid at the desk instead."""
    with suppress(Back):
        card = await ask(desk, _looking(desk), partial(desk.till.card, certificate))
        if card is None:
            await desk.show(_not_registered(desk, due))
            return None
        while await desk.show(_sure(desk, due, card)):
            with suppress(Back):
                proof = await _digits(desk) if due.amount > card.digits_above else None
                return await _charge(desk, due, certificate, proof)
    return None


async def _digits(desk: Desk) -> wire.CashierProof:
    """Raises Back, VisitOver."""

    async def proven(nonce: str, token: wire.AuthToken) -> wire.CashierProof:
        return wire.CashierProof(nonce=nonce, token=token)

    return await prove(desk, Proof("paying", "paying.looking", (), 0, desk.till.challenge, proven))


async def _charge(desk: Desk, due: Due, certificate: bytes, proof: wire.CashierProof | None) -> Due | None:
    """Raises Back to ask once more, after it was told that nothing was taken."""
    try:
        paid = await desk.during(_charging(desk), desk.till.pay(due, certificate, proof))
    except Unsettled:
        await _tell(desk, Situation.PAYMENT_UNSURE.value, Choice("over", desk.words("action.over")))
        raise VisitOver from None
    except BackendError:
        paid = None
    if paid is None:
        again, at_desk = problems.again(desk.words), Choice("over", desk.words("paying.at_desk"))
        if await _tell(desk, Situation.PAYMENT_FAILED.value, again, at_desk) == again.key:
            raise Back
    return paid


async def _tell(desk: Desk, entry: Entry, *actions: Choice) -> str:
    try:
        return await desk.show(problems.problem(desk.words, entry, actions))
    except Back:
        return ""


async def _give_receipt(desk: Desk, paid: Due, certificate: bytes) -> None:
    """On paper, on a phone, into the post box, or not at all; until then it waits for the card."""
    ways = {PAPER: partial(_print, desk, paid), PHONE: partial(_to_phone, desk, paid)}
    ways[BOX] = partial(_post, desk, paid, certificate)
    given: frozenset[str] = frozenset()
    while (way := await desk.show(_paid(desk, paid, given))) != DONE:
        with suppress(Back):
            given |= {way} if await ways[way]() else set()
    await desk.till.given(paid)
    desk.part_with(desk.words.lines("paying.parting_lines"))


async def _print(desk: Desk, paid: Due) -> bool:
    """Raises Back."""
    printing = desk.reception.print("receipt", _receipt(desk, paid))
    if not (printed := await desk.during(working(desk, "paying.printing", "paying.printing"), printing)):
        await desk.show(_not_given(desk, "paying.no_paper", "paying.no_paper_title", "paying.no_paper_lines"))
    return printed


async def _to_phone(desk: Desk, paid: Due) -> bool:
    """Raises Back."""
    await hand_over(desk, "\n".join(_receipt(desk, paid)))
    return True


async def _post(desk: Desk, paid: Due, certificate: bytes) -> bool:
    """Raises Back."""
    send = partial(desk.till.post_receipt, paid, certificate, desk.profile.facility)
    if not (posted := await ask(desk, working(desk, "paying.posting", "paying.posting"), send)):
        await desk.show(_not_given(desk, "paying.no_box", "paying.no_box_title", "paying.no_box_lines"))
    return posted


def _receipt(desk: Desk, paid: Due) -> tuple[str, ...]:
    words = desk.words
    title = words("paying.receipt_title", place=desk.profile.facility)
    return (title, *(f"{fact.label}  {fact.value}" for fact in _facts(desk, paid)))


def _facts(desk: Desk, paid: Due) -> tuple[Fact, ...]:
    words = desk.words
    when = (Fact(words("paying.when"), words.moment(paid.at, desk.now().tzinfo)),) if paid.at else ()
    return (
        Fact(words("paying.amount"), _yen(desk, paid)),
        *when,
        Fact(words("paying.receipt"), Private(paid.receipt)),
    )


def _yen(desk: Desk, due: Due) -> Text:
    return desk.words("paying.yen", amount=Private(f"{due.amount:,}"))


# --- screens ----------------------------------------------------------------------------------------------------------


def _looking(desk: Desk) -> Working:
    return working(desk, "paying.looking", "paying.looking")


def _charging(desk: Desk) -> Working:
    """Cannot be stopped: stopped in the middle, nobody would know what became of it."""
    words = desk.words
    return Working(name="paying.charging", title=words("paying.charging"), detail=words("identity.keep_card"))


def _sure(desk: Desk, due: Due, card: wire.RegisteredCard) -> Confirm:
    words = desk.words
    digits = words.lines("paying.sure_digits") if due.amount > card.digits_above else ()
    return Confirm(
        name="paying.sure",
        title=words("paying.sure_title", yen=_yen(desk, due)),
        lines=(*words.lines("paying.sure_lines", label=Private(card.label)), *digits),
        yes=words("paying.sure_yes"),
        no=words("paying.sure_no"),
        here_only=True,
    )


def _not_registered(desk: Desk, due: Due) -> Result:
    words = desk.words
    return Result(
        name="paying.not_registered",
        title=words("paying.not_registered_title", yen=_yen(desk, due)),
        mark=Mark.CARE,
        lines=words.lines("paying.not_registered_lines"),
        actions=(Choice(DONE, words("paying.done")),),
    )


def _paid(desk: Desk, paid: Due, given: frozenset[str]) -> Menu:
    """`given` are the ways by which the receipt has been handed out already."""
    words = desk.words
    ways = (PAPER, PHONE, BOX) if desk.reception.staffed else (PHONE, BOX)
    return Menu(
        name="paying.paid",
        title=words("paying.paid_title", yen=_yen(desk, paid)),
        subtitle=words("paying.given_subtitle" if given else "paying.paid_subtitle"),
        choices=(
            *(Choice(way, words(WAYS[way][0]), words(WAYS[way][2 if way in given else 1])) for way in ways),
            Choice(DONE, words("paying.done"), words("paying.done_detail"), digit=0),
        ),
    )


def _not_given(desk: Desk, name: str, title: str, lines: str) -> Result:
    words = desk.words
    return Result(
        name=name,
        title=words(title),
        mark=Mark.CARE,
        lines=words.lines(lines),
        actions=(Choice(DONE, words("paying.no_paper_done")),),
    )
