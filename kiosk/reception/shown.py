"""What the staff's window shows of a visit, as plain data. Pictures tell a state by shape, sign, colour and word."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from typing import Any

from backend_client import wire
from kiosk.reception.names import SUBSTITUTE
from kiosk.reception.visit import Paid, Paper, State, Visit
from kiosk.words import Words

PICTURES = {
    State.HERE: ("reception.here", "・", "none", True),
    State.CALLS: ("reception.calls", "！", "bad", False),
    State.APPROVED: ("reception.approved", "人", "good", False),
    State.ASKING: ("reception.asking", "…", "none", True),
    State.ANSWERED: ("reception.answered", "○", "good", True),
    State.LOOK_HERE: ("reception.look_here", "△", "care", False),
    State.OVER: ("reception.over", "－", "none", False),
}
"""State -> its word, sign, mark and whether it is round."""
PAID = ("reception.has_paid", "円", "good", False)
"""Of who came only to pay."""
ON_PAPER = ("reception.on_paper", "紙", "care", False)
"""Of who is to be confirmed later."""
LOOKED_UP = ("reception.in_disaster", "災", "care", False)
VALIDITIES = {
    wire.Validity.VALID: "reception.valid",
    wire.Validity.VALID_MEDICAL_AID: "reception.valid_aid",
    wire.Validity.INVALID: "reception.invalid",
    wire.Validity.REPLACED: "reception.replaced",
    wire.Validity.NONE: "reception.none",
    wire.Validity.SEVERAL: "reception.several",
    wire.Validity.PROCESSING: "reception.processing",
}
PAPERS = {Paper.ELECTRONIC: "hospital.electronic", Paper.PAPER: "hospital.paper"}
COUNTS = {
    "visits": "reception.count_visits",
    "approved": "reception.count_approved",
    "unanswered": "reception.count_unanswered",
    "stated": "reception.count_stated",
    "again": "reception.count_again",
    "disaster": "reception.count_disaster",
    "paid": "reception.count_paid",
    "refunded": "reception.count_refunded",
    **{validity.name.lower(): word for validity, word in VALIDITIES.items()},
}
"""Counts by outcome, in the order in which they are told."""

LIMITS = {"01": "reception.limit_cost", "02": "reception.limit_cost_meals", "03": "reception.limit_meals"}
Fact = Sequence[str]


def row(visit: Visit, words: Words) -> dict[str, Any]:
    """One visit in the list."""
    word, sign, mark, is_round = _picture(visit)
    title = words("reception.row", number=visit.id, name=visit.name or words("reception.nobody"))
    return {"id": visit.id, "title": title, "state": words(word), "sign": sign, "mark": mark, "round": is_round}


def _picture(visit: Visit) -> tuple[str, str, str, bool]:
    if visit.paid:
        return PAID
    if visit.waits:
        return ON_PAPER
    return LOOKED_UP if visit.without_card else PICTURES[visit.state]


def hints(visit: Visit, words: Words, *, line_is_back: bool = False) -> list[str]:
    """What the staff have to do or to know about it."""
    told: list[str] = [words("reception.compare")] if visit.state is State.CALLS else []
    if visit.waits:
        told.append(words("reception.confirm_now" if line_is_back else "reception.confirm_later"))
    if visit.answer is not None and visit.answer.grace_until is not None:
        until = words.full_day(date.fromisoformat(visit.answer.grace_until))
        told.append(words("reception.grace", until=until))
    for one in visit.hidden:
        told.append(words("reception.hidden", place=one.place + 1, reading=one.reading, sign=SUBSTITUTE))
    if visit.bouncing:
        told.append(words("reception.bouncing", letters="・".join(visit.bouncing)))
    return told


def facts(visit: Visit, words: Words, zone: tzinfo | None) -> list[Fact]:
    """Every field of the answer, and what was decided at the desk."""
    return [
        *_answer(visit, words, zone),
        *(_payment(visit.paid, words) if visit.paid else []),
        [words("reception.since"), words.time(visit.began_at)],
        *([[words("reception.by_sight"), visit.approval.staff]] if visit.approval else []),
        *([[words("reception.prescription"), words(PAPERS[visit.paper])]] if visit.paper else []),
        *([[words("reception.note"), visit.note]] if visit.note else []),
    ]


def is_over(visit: Visit) -> bool:
    """Whether the patient has left."""
    return visit.state is State.OVER


def counts(counted: dict[str, int], words: Words) -> str:
    """The day in one line."""
    each = [words("reception.count", what=words(word), count=counted.get(key, 0)) for key, word in COUNTS.items()]
    return "  ".join(text for key, text in zip(COUNTS, each, strict=True) if counted.get(key) or key == "visits")


def _answer(visit: Visit, words: Words, zone: tzinfo | None) -> list[Fact]:
    answer = visit.answer
    if answer is None:
        return []
    shown = [item for item in ("medicines", "treatment", "checkup") if getattr(answer.consent, item)]
    return [
        [words("reception.validity"), words(VALIDITIES[answer.validity])],
        [words("reception.number"), answer.reception_number],
        *(_insurance(answer.insurance, words) if answer.insurance else []),
        *_certificates(answer, words),
        [words("hospital.shown"), "・".join(words(f"hospital.{i}") for i in shown) or words("hospital.shown_none")],
        *([[words("reception.shown_until"), _moment(answer.consent_ends_at, words, zone)]] if shown else []),
    ]


def _payment(paid: Paid, words: Words) -> list[Fact]:
    amount = words("paying.yen", amount=f"{paid.yen:,}")
    number = [[words("reception.number"), paid.number]] if paid.number else []
    became = words("reception.refunded" if paid.refunded else "reception.was_paid", yen=amount)
    return [
        [words("reception.payment"), became],
        *number,
        [words("paying.receipt"), paid.receipt],
    ]


def _insurance(insurance: wire.Insurance, words: Words) -> list[Fact]:
    person = words("hospital.person_self" if insurance.personal_family == "1" else "hospital.person_family")
    until = words.full_day(insurance.valid_to) if insurance.valid_to else words("hospital.no_end")
    percent = insurance.partial_contribution_percent
    return [
        [words("hospital.name"), insurance.name],
        [words("reception.kana"), insurance.name_kana],
        [words("reception.birth"), words.full_day(insurance.birth_date)],
        [words("hospital.percent"), words("hospital.percent_exact_value", percent=percent)],
        [words("hospital.insurer"), insurance.insurer_name],
        [words("reception.insurer_number"), insurance.insurer_number],
        [words("reception.symbol"), insurance.insured_card_symbol],
        [words("reception.insured_number"), insurance.insured_identification_number],
        [words("reception.branch"), insurance.insured_branch_number],
        [words("hospital.person"), person],
        [words("reception.from"), words.full_day(insurance.valid_from)],
        [words("hospital.until"), until],
    ]


def _certificates(answer: wire.Eligibility, words: Words) -> list[Fact]:
    """限度額適用 and 特定疾病, as far as they were told."""
    told: list[Fact] = []
    if (limit := answer.limit) is not None:
        kind = words(LIMITS[limit.kind])
        told += [
            [words("reception.limit"), words("reception.limit_value", kind=kind, classification=limit.classification)],
            [words("reception.limit_term"), _term(limit, words)],
        ]
    for one in answer.diseases:
        what = words("reception.disease_value", category=one.category, amount=f"{one.self_pay:,}")
        told += [[words("reception.disease"), what], [words("reception.disease_term"), _term(one, words)]]
    return told


def _term(certificate: wire.CostLimit | wire.SpecialDisease, words: Words) -> str:
    until = words.full_day(certificate.valid_to) if certificate.valid_to else words("hospital.no_end")
    return words("reception.term", start=words.full_day(certificate.valid_from), until=until)


def _moment(moment: datetime | None, words: Words, zone: tzinfo | None) -> str:
    return words.moment(moment, zone) if moment else ""
