"""What a card brought, as the message that goes to the practice's computer unasked."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from backend_client import wire
from kiosk.handover.kana import half_width
from kiosk.handover.shapes import Message

NO, YES = "0", "1"
"""OQSCD016."""
PROCESSING = "2"
"""SegmentOfResult."""
CONSENT_TERM = timedelta(hours=24)
INSURER_DIGITS = 8


def brought(answer: wire.Eligibility, facility: str, paper: str, now: datetime) -> Message:
    """Make the message of an answer. `facility` is the ten-digit code; `paper` is 1, 2 or empty: not chosen."""
    processing = answer.validity is wire.Validity.PROCESSING
    header = {"day": _day(now.date()), "facility": facility} | ({"segment": PROCESSING} if processing else {})
    body: dict[str, Any] = {"status": "1"}
    if not processing:
        body["validity"] = answer.validity.value
    if paper:
        body["prescription"] = paper
    if answer.insurance is not None:
        body["results"] = (_result(answer.insurance) | _certificates(answer) | _consents(answer, now.tzinfo),)
    return Message(header, (body,))


def _result(insurance: wire.Insurance) -> dict[str, str]:
    fields = {
        "insurer": insurance.insurer_number.rjust(INSURER_DIGITS),
        "symbol": insurance.insured_card_symbol,
        "number": insurance.insured_identification_number,
        "branch": insurance.insured_branch_number,
        "family": insurance.personal_family,
        "name": insurance.name,
        "kana": half_width(insurance.name_kana),
        "birth": _day(insurance.birth_date),
        "from": _day(insurance.valid_from),
        "until": _day(insurance.valid_to) if insurance.valid_to else "",
        "ratio": f"{insurance.partial_contribution_percent:03}",
        "insurer_name": insurance.insurer_name,
    }
    return {field: value for field, value in fields.items() if value}


def _certificates(answer: wire.Eligibility) -> dict[str, Any]:
    """限度額適用 and 特定疾病, where they were told. Nothing says whether there is a disease that was not told."""
    fields: dict[str, Any] = {}
    if (limit := answer.limit) is not None:
        told = {"kind": limit.kind, "class": limit.classification} | _term(limit)
        fields |= {"limit_consent": YES, "limit": (told,)}
    if answer.diseases:
        each = [{"category": one.category, "self_pay": str(one.self_pay)} | _term(one) for one in answer.diseases]
        fields |= {"disease_consent": YES, "diseases": tuple(each)}
    return fields


def _term(certificate: wire.CostLimit | wire.SpecialDisease) -> dict[str, str]:
    until = {"until": _day(certificate.valid_to)} if certificate.valid_to else {}
    return {"date": _day(certificate.issued), "from": _day(certificate.valid_from)} | until


def _consents(answer: wire.Eligibility, zone: tzinfo | None) -> dict[str, str]:
    """The triple of each kind: whether, since when, until when."""
    fields: dict[str, str] = {}
    for kind in wire.HealthKind:
        given = getattr(answer.consent, kind.value) and answer.consent_ends_at is not None
        fields[kind.value] = YES if given else NO
        if given and answer.consent_ends_at is not None:
            ends_at = answer.consent_ends_at.astimezone(zone)
            fields[f"{kind.value}_at"] = _moment(ends_at - CONSENT_TERM)
            fields[f"{kind.value}_until"] = _moment(ends_at)
    return fields


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"


def _moment(moment: datetime) -> str:
    return f"{moment:%Y%m%d%H%M%S}"
