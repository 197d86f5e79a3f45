"""Eligibility at hospital receptions, and what a facility may see of a patient."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Annotated

import msgspec

from backend_client.wire.basic import FourItems, Line, MaybeText, Message, Name, Serial, Text, whole
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


class CostLimit(Message, frozen=True):
    """限度額適用認定証: what one pays at most in a month."""

    kind: Annotated[str, whole("01|02|03", 2)]
    """01 限度額適用, 02 限度額適用・標準負担額減額, 03 標準負担額減額."""
    classification: Annotated[str, whole("A0[1-6]|B0[1-9]|B10", 3)]
    """A01 ア … A05 オ below 70 years, B01 現役並みⅢ … B10 一般Ⅰ from 70 on. Source: ux reference, section 4.1."""
    issued: date
    valid_from: date
    valid_to: date | None = None


class SpecialDisease(Message, frozen=True):
    """特定疾病療養受療証: one pays at most `self_pay` yen in a month for it."""

    category: Annotated[str, whole("[123]", 1)]
    issued: date
    valid_from: date
    self_pay: int
    valid_to: date | None = None


class Eligibility(Message, frozen=True):
    validity: Validity
    insurance: Insurance | None
    """Set for VALID and VALID_MEDICAL_AID."""
    consent: HealthConsent
    consent_ends_at: datetime | None
    reception_number: str
    limit: CostLimit | None = None
    """Part of the claim: told without being asked for."""
    diseases: tuple[SpecialDisease, ...] = ()
    """Says what a person suffers from: told with consent to treatment only."""
    grace_until: str | None = None
    """ISO day: the certificate has expired, and counts for insurance until then. No health information goes with it."""
    checked_at: datetime | None = None
    """When the authority last said whose certificate this is: today, at the card's first check. None without a card."""


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


class AskedAgain(Message, frozen=True):
    """POST /medical/questions-again (signed by a facility) -> Eligibility: of a visit received there today."""

    visit: Visit


class LaterConfirmation(Message, frozen=True):
    """POST /medical/later-confirmations (signed by a facility) -> Eligibility.

    Of somebody whose card was read while the line was down, and who signed a statement (申立書). By certificate serial,
    never by number; without any consent.
    """

    confirmation: Name
    """Made once by the facility: the same question again has the same answer's number, and is no second reception."""
    day: date
    """Of the visit, in Japan."""
    certificate_serial: Serial


class DisasterTerm(Message, frozen=True):
    """GET /medical/disaster (signed by a facility): the commission's order under which one may look without a card."""

    order: str
    words: str
    until: datetime


class DisasterSearch(Message, frozen=True):
    """POST /medical/disaster-searches (signed by a facility) -> Eligibility: while an order is open."""

    items: FourItems


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
