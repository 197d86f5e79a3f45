"""Eligibility at hospital receptions, and what a facility may see of a patient."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Annotated

import msgspec

from backend_client.wire.basic import Line, MaybeText, Message, Text, whole
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
    PROCESSING = "0"
    """No code of that list: the answer's SegmentOfResult is 2. The insurer has announced it and not registered it."""


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


class HealthKind(Enum):
    """What HealthConsent is asked about, item by item; the values are its fields."""

    MEDICINES = "medicines"
    TREATMENT = "treatment"
    CHECKUP = "checkup"


ReceptionNumber = Annotated[str, whole("[1-9][0-9]{0,8}", 9)]
"""As in Eligibility."""


class Visit(Message, frozen=True):
    """One reception at the facility that asks: how it names a patient."""

    day: date
    """In Japan."""
    reception_number: ReceptionNumber


class LookRequest(Message, frozen=True):
    """POST /medical/looks (signed by a facility) -> Look."""

    visit: Visit
    kinds: Annotated[tuple[HealthKind, ...], msgspec.Meta(min_length=1, max_length=3)]


class HealthEntry(Message, frozen=True):
    """One medicine, treatment or finding."""

    kind: HealthKind
    on: date
    place: Line
    what: Text
    detail: MaybeText = ""


class Look(Message, frozen=True):
    entries: tuple[HealthEntry, ...]
    """Of the kinds that the patient lets this facility see now; newest first."""
    given: tuple[HealthKind, ...]
    withheld: tuple[HealthKind, ...]
    """Asked for, and no consent is in force."""
