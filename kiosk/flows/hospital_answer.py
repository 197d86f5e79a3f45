"""What the insurer says, in one sentence; which prescription; the number, on the screen and on a slip."""

from __future__ import annotations

from contextlib import suppress
from functools import reduce

from backend_client import wire
from kiosk import problems
from kiosk.desk import Back, Desk
from kiosk.flows.hospital_grace import tell_grace
from kiosk.flows.hospital_identity import ITEMS, steps
from kiosk.flows.hospital_trouble import FORM, fill_in
from kiosk.problems import Situation
from kiosk.screens import Choice, Fact, Mark, Problem, Result
from kiosk.words import Text, private

FACES = {
    wire.Validity.INVALID: Situation.INSURANCE_INVALID,
    wire.Validity.REPLACED: Situation.INSURANCE_REPLACED,
    wire.Validity.NONE: Situation.INSURANCE_NONE,
    wire.Validity.SEVERAL: Situation.INSURANCE_SEVERAL,
    wire.Validity.PROCESSING: Situation.INSURANCE_PROCESSING,
}
"""Each answer but a valid one has its own sentence (E-11)."""
BY_FORM = (wire.Validity.NONE, wire.Validity.PROCESSING)
"""Insured, it may be, and not registered: a written statement will do."""

SUBSTITUTE = "●"
"""What stands in an answer for a character outside the set."""
ELECTRONIC, PAPER = "electronic", "paper"


async def tell_answer(desk: Desk, answer: wire.Eligibility) -> None:
    """Show it, take the choice of prescription, and give the number. 戻る here leads on."""
    choice = ""
    if answer.grace_until is not None and answer.validity not in FACES:
        await tell_grace(desk, answer.grace_until, steps(desk))
    with suppress(Back):
        choice = await desk.show(_outcome(desk, answer))
    if answer.validity not in FACES:
        desk.reception.choose(electronic=choice == ELECTRONIC)
    elif choice == FORM:
        with suppress(Back):
            await fill_in(desk, answer.validity.name.lower())
    await _give_number(desk, answer.reception_number)


async def _give_number(desk: Desk, number: str) -> None:
    words = desk.words
    title = words("hospital.reception_title", number=number)
    slip = (title, *words.lines("hospital.slip_lines", place=desk.profile.facility))
    printed = await desk.reception.print("slip", slip)
    desk.part_with((title, *words.lines("hospital.with_slip" if printed else "hospital.without_slip")))


def _outcome(desk: Desk, answer: wire.Eligibility) -> Result | Problem:
    words = desk.words
    if answer.validity in FACES:
        by_form = answer.validity in BY_FORM and desk.reception.staffed
        form = (Choice(FORM, words("hospital.form")),) if by_form else ()
        actions = (Choice("next", words("hospital.next")), *form)
        return problems.problem(words, FACES[answer.validity].value, actions)
    aid = answer.validity is wire.Validity.VALID_MEDICAL_AID
    return Result(
        name="hospital.insurance",
        title=words("hospital.valid_aid_title" if aid else "hospital.valid_title"),
        steps=steps(desk),
        step=3,
        mark=Mark.GOOD,
        lines=(
            *(words.lines("hospital.valid_aid_lines") if aid else ()),
            *_glyph_lines(desk, answer.insurance),
            words("hospital.which_prescription"),
        ),
        facts=(*_facts(desk, answer.insurance), Fact(words("hospital.shown"), _shown(desk, answer.consent))),
        actions=(Choice(ELECTRONIC, words("hospital.electronic")), Choice(PAPER, words("hospital.paper"))),
    )


def _glyph_lines(desk: Desk, insurance: wire.Insurance | None) -> tuple[str, ...]:
    if insurance is None or SUBSTITUTE not in insurance.name:
        return ()
    entry = Situation.GLYPH_MISSING.value
    return (problems.title(desk.words, entry), *problems.lines(desk.words, entry))


def _facts(desk: Desk, insurance: wire.Insurance | None) -> tuple[Fact, ...]:
    if insurance is None:
        return ()
    words = desk.words
    until = words.full_day(insurance.valid_to) if insurance.valid_to else words("hospital.no_end")
    person = words("hospital.person_self" if insurance.personal_family == "1" else "hospital.person_family")
    return (
        Fact(words("hospital.name"), words("hospital.name_value", name=insurance.name, kana=insurance.name_kana)),
        Fact(words("hospital.percent"), private(_percent(desk, insurance.partial_contribution_percent))),
        Fact(words("hospital.insurer"), _insurer(desk, insurance)),
        Fact(words("hospital.insured"), _insured(desk, insurance)),
        Fact(words("hospital.person"), person),
        Fact(words("hospital.until"), until),
    )


def _insurer(desk: Desk, insurance: wire.Insurance) -> str:
    return desk.words("hospital.insurer_value", name=insurance.insurer_name, number=insurance.insurer_number)


def _insured(desk: Desk, insurance: wire.Insurance) -> str:
    """記号・番号（枝番）, of which the insurance of the over-75s has the number only."""
    symbol, number = insurance.insured_card_symbol, insurance.insured_identification_number
    insured = symbol or number
    if symbol and number:
        insured = desk.words("hospital.insured_value", symbol=symbol, number=number)
    branch = insurance.insured_branch_number
    return desk.words("hospital.insured_branch", insured=insured, branch=branch) if branch else insured


def _percent(desk: Desk, percent: int) -> Text:
    if percent % 10 == 0:
        return desk.words("hospital.percent_value", tenths=percent // 10, percent=percent)
    return desk.words("hospital.percent_exact_value", percent=percent)


def _shown(desk: Desk, consent: wire.HealthConsent) -> str:
    words = desk.words
    items = [words(f"hospital.{item}") for item in ITEMS if getattr(consent, item)]
    if not items:
        return words("hospital.shown_none")
    return reduce(lambda shown, more: words("hospital.shown_more", shown=shown, more=more), items)
