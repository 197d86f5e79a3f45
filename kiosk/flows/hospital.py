"""Hospital reception: consent first, then four digits, then whether the insurance can be used."""

from __future__ import annotations

from contextlib import suppress
from functools import reduce

from backend_client import wire
from kiosk import problems
from kiosk.desk import Back, Desk
from kiosk.flows.identity import Proof, prove
from kiosk.flows.outage import wait_on_paper
from kiosk.problems import Situation
from kiosk.screens import Choice, Consent, ConsentItem, Fact, Mark, Problem, Result
from kiosk.words import Text, private

ITEMS = ("medicines", "treatment", "checkup")
"""Fields of HealthConsent, in the order they are asked."""

FACES = {
    wire.Validity.INVALID: Situation.INSURANCE_INVALID,
    wire.Validity.REPLACED: Situation.INSURANCE_REPLACED,
    wire.Validity.NONE: Situation.INSURANCE_NONE,
    wire.Validity.SEVERAL: Situation.INSURANCE_SEVERAL,
}
"""Each answer but a valid one has its own sentence (E-11)."""

SUBSTITUTE = "●"
"""What stands in an answer for a character outside the set."""


async def run(desk: Desk) -> None:
    """Consent before identity: patients used to pull the card out before they were asked. Raises Back, VisitOver."""
    await wait_on_paper(desk)
    answer = await _ask(desk)
    for screen in (_outcome(desk, answer), _reception(desk, answer)):
        with suppress(Back):
            await desk.show(screen)


async def _ask(desk: Desk) -> wire.Eligibility:
    while True:
        agreed = await desk.show(_consent(desk))
        with suppress(Back):
            return await prove(desk, _proof(desk, agreed))


def _steps(desk: Desk) -> tuple[str, ...]:
    keys = ("identity.step_card", "hospital.step_consent", "identity.step_identity", "hospital.step_end")
    return tuple(map(desk.words, keys))


def _proof(desk: Desk, agreed: frozenset[str]) -> Proof[wire.Eligibility]:
    consent = wire.HealthConsent(**{item: item in agreed for item in ITEMS})

    async def send(nonce: str, token: wire.AuthToken) -> wire.Eligibility:
        return await desk.backend.eligibility(
            wire.EligibilityRequest(nonce=nonce, token=token, facility=desk.profile.facility, consent=consent)
        )

    return Proof("hospital", "hospital.asking", _steps(desk), 2, desk.backend.medical_challenge, send)


def _consent(desk: Desk) -> Consent:
    words = desk.words
    return Consent(
        name="hospital.consent",
        title=words("hospital.consent_title"),
        steps=_steps(desk),
        step=1,
        lead=words("hospital.consent_lead"),
        items=tuple(ConsentItem(i, words(f"hospital.{i}"), words(f"hospital.{i}_detail")) for i in ITEMS),
        yes=words("hospital.yes"),
        no=words("hospital.no"),
        all_of_them=words("hospital.all_of_them"),
        only_chosen=words("hospital.only_chosen"),
        none_of_them=words("hospital.none_of_them"),
    )


def _outcome(desk: Desk, answer: wire.Eligibility) -> Result | Problem:
    words = desk.words
    go_on = (Choice("next", words("hospital.next")),)
    if answer.validity in FACES:
        return problems.problem(words, FACES[answer.validity].value, go_on)
    aid = answer.validity is wire.Validity.VALID_MEDICAL_AID
    return Result(
        name="hospital.insurance",
        title=words("hospital.valid_aid_title" if aid else "hospital.valid_title"),
        steps=_steps(desk),
        step=3,
        mark=Mark.GOOD,
        lines=(*(words.lines("hospital.valid_aid_lines") if aid else ()), *_glyph_lines(desk, answer.insurance)),
        facts=(*_facts(desk, answer.insurance), Fact(words("hospital.shown"), _shown(desk, answer.consent))),
        actions=go_on,
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


def _reception(desk: Desk, answer: wire.Eligibility) -> Result:
    words = desk.words
    return Result(
        name="hospital.reception",
        title=words("hospital.reception_title", number=answer.reception_number),
        steps=_steps(desk),
        step=3,
        mark=Mark.GOOD,
        lines=words.lines("hospital.reception_lines"),
        actions=(Choice("over", words("action.over")),),
    )
