"""Eligibility at hospital receptions."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum

from backend_client.wire.basic import Line, Message
from backend_client.wire.card import AuthToken


class HealthConsent(Message, frozen=True):
    """What the patient lets this facility see for 24 hours. Nothing unless said."""

    medicines: bool = False
    treatment: bool = False
    checkup: bool = False


class EligibilityRequest(Message, frozen=True):
    """POST /medical/eligibility -> Eligibility. By certificate serial, never by number."""

    nonce: str
    token: AuthToken
    facility: Line
    consent: HealthConsent


class Validity(Enum):
    """QualificationValidity (OQSCD006). Source: shared card reference, section 8.2."""

    VALID = "1"
    INVALID = "2"
    REPLACED = "3"
    NONE = "4"
    SEVERAL = "5"
    VALID_MEDICAL_AID = "6"


class Insurance(Message, frozen=True):
    """The fields of the answer that the desk needs, named after the published elements."""

    insurer_number: str
    insurer_name: str
    insured_card_symbol: str
    insured_identification_number: str
    insured_branch_number: str
    personal_family: str
    """1 the insured person, 2 family."""
    name: str
    name_kana: str
    birth_date: date
    partial_contribution_percent: int
    valid_from: date
    valid_to: date | None


class Eligibility(Message, frozen=True):
    validity: Validity
    insurance: Insurance | None
    """Set for VALID and VALID_MEDICAL_AID."""
    consent: HealthConsent
    consent_ends_at: datetime | None
    reception_number: str
