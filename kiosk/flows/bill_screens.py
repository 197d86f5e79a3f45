"""The screens of お支払い."""

from __future__ import annotations

from backend_client import wire
from kiosk.desk import Desk
from kiosk.screens import (
    Choice,
    Confirm,
    Detail,
    Digits,
    Fact,
    ItemList,
    Mark,
    Menu,
    PhoneCode,
    Result,
    Row,
    Working,
)
from kiosk.words import Private, Text
from stb_profile.phone.code import picture

PAY, HAND = "pay", "hand"
ACCOUNT, OTHER, STORE = "account", "other", "store"
FIRST_DIGIT = "9"
"""Of every test account."""
ACCOUNT_LENGTH = 7


def bill_list(desk: Desk, bills: tuple[wire.Bill, ...]) -> ItemList:
    words = desk.words
    return ItemList(
        name="bills",
        title=words("bills.title"),
        rows=tuple(_row(desk, bill) for bill in bills),
        corner=words("bills.corner", count=sum(bill.state is wire.BillState.OPEN for bill in bills)),
        empty=words("bills.empty"),
        preview_title=words("bills.preview"),
    )


def _row(desk: Desk, bill: wire.Bill) -> Row:
    words = desk.words
    return Row(
        key=bill.id,
        title=Private(bill.title),
        above=_due(desk, bill),
        below=Private(bill.biller),
        badge=_state(desk, bill),
        facts=facts(desk, bill),
        public=words("bills.public"),
    )


def facts(desk: Desk, bill: wire.Bill) -> tuple[Fact, ...]:
    """What is known of a bill; of a paid one that is its receipt."""
    words = desk.words
    known = [
        Fact(words("bills.from"), Private(bill.biller)),
        Fact(words("bills.amount"), _yen(desk, bill)),
        Fact(words("bills.due"), words.full_day(bill.due)),
        Fact(words("bills.state"), _state(desk, bill)),
    ]
    if bill.state in (wire.BillState.PAID, wire.BillState.PAID_AT_STORE):
        known.append(Fact(words("bills.at"), words.moment(bill.at, desk.now().tzinfo)))
    if bill.receipt:
        known.append(Fact(words("bills.receipt"), Private(bill.receipt)))
    return tuple(known)


def one(desk: Desk, bill: wire.Bill) -> Detail:
    words = desk.words
    more = {wire.BillState.OPEN: (Choice(PAY, words("bills.pay")),), wire.BillState.PAID: _hand(desk)}
    return Detail(
        name="bills.one",
        title=Private(bill.title),
        facts=facts(desk, bill),
        body=words("bills.wait_body") if bill.state is wire.BillState.PAYING else "",
        actions=(Choice("back", words("action.back")), *more.get(bill.state, ())),
    )


def how(desk: Desk, account: str) -> Menu:
    """Which way to pay. `account` is the registered one; empty when there is none."""
    words = desk.words
    label = words("bills.account_label", account=account)
    known = (Choice(ACCOUNT, label, words("bills.account_detail")),) if account else ()
    other = words("bills.other" if account else "bills.first")
    choices = (
        *known,
        Choice(OTHER, other, words("bills.other_detail")),
        Choice(STORE, words("bills.store"), words("bills.store_detail")),
    )
    return Menu(name="bills.how", title=words("bills.how_title"), choices=choices, back=True)


def account(desk: Desk, *, wrong: bool) -> Digits:
    words = desk.words
    return Digits(
        name="bills.account",
        title=words("bills.account_title"),
        hint=words("bills.account_wrong" if wrong else "bills.account_hint"),
        length_min=ACCOUNT_LENGTH,
        length_max=ACCOUNT_LENGTH,
        pattern="### ####",
    )


def sure(desk: Desk, bill: wire.Bill, account: str) -> Confirm:
    """With the amount in sight, also in company: nobody agrees to what is hidden."""
    words = desk.words
    return Confirm(
        name="bills.sure",
        title=words("bills.sure_title", amount=f"{bill.amount:,}"),
        lines=words.lines("bills.sure_lines", biller=bill.biller, account=account),
        yes=words("bills.sure_yes"),
        no=words("bills.sure_no"),
        here_only=True,
    )


def paying(desk: Desk) -> Working:
    return Working(name="bills.paying", title=desk.words("bills.paying"), detail=desk.words("bills.paying_detail"))


def store(desk: Desk, bill: wire.Bill) -> PhoneCode:
    """What a till reads, and the same number for people, in groups of four."""
    words, number = desk.words, bill.store_number
    groups = " ".join(number[at : at + 4] for at in range(0, len(number), 4))
    due = words.full_day(bill.due)
    return PhoneCode(
        name="bills.store",
        title=words("bills.store_title"),
        hints=words.lines("bills.store_hints", number=groups, amount=Private(f"{bill.amount:,}"), due=due),
        code_picture=picture(number),
    )


def paid(desk: Desk, bill: wire.Bill) -> Result:
    words = desk.words
    return Result(
        name="bills.paid",
        title=words("bills.paid_title"),
        mark=Mark.GOOD,
        facts=(
            Fact(words("bills.from"), Private(bill.biller)),
            Fact(words("bills.amount"), _yen(desk, bill)),
            Fact(words("bills.receipt"), Private(bill.receipt)),
        ),
        actions=(Choice("back", words("bills.done")), *_hand(desk)),
    )


def not_taken(desk: Desk) -> Result:
    words = desk.words
    return Result(
        name="bills.not_taken",
        title=words("bills.not_taken_title"),
        mark=Mark.CARE,
        lines=words.lines("bills.not_taken_lines"),
        actions=(Choice("back", words("action.back")),),
    )


def looking_into_it(desk: Desk) -> Result:
    words = desk.words
    return Result(
        name="bills.wait",
        title=words("bills.wait_title"),
        mark=Mark.CARE,
        lines=words.lines("bills.wait_lines"),
        actions=(Choice("back", words("action.back")),),
    )


def _yen(desk: Desk, bill: wire.Bill) -> Text:
    return desk.words("bills.yen", amount=Private(f"{bill.amount:,}"))


def _due(desk: Desk, bill: wire.Bill) -> Text | str:
    """Until when; nothing once it is paid."""
    if bill.state is not wire.BillState.OPEN:
        return ""
    late = desk.now().date() > bill.due
    return desk.words("bills.late" if late else "bills.until", due=desk.words.full_day(bill.due))


def _state(desk: Desk, bill: wire.Bill) -> Text:
    return desk.words(f"bills.{bill.state.value}")


def _hand(desk: Desk) -> tuple[Choice, ...]:
    return (Choice(HAND, desk.words("phone.hand")),) if desk.profile.offers("phone") else ()
