"""Electronic prescriptions: signed by a doctor, looked up by card or exchange number, dispensed once."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec

from backend_client.wire.basic import Base64, Base64Of32, Line, Message, Moment, Name, Text, whole
from backend_client.wire.medical import Visit

PrescriptionId = Annotated[str, whole("[0-9a-f]{32}", 32)]
ExchangeNumber = Annotated[str, whole("[0-9]{12}", 12)]
"""引換番号: who holds the paper may fetch the medicine."""
Days = Annotated[int, msgspec.Meta(ge=1, le=180)]
PRESCRIPTION_DOMAIN = b"madoguchi prescription 1\0"
"""In front of the document when it is signed."""


class DoctorRequest(Message, frozen=True):
    """POST /medical/doctors (signed by a facility) -> DoctorCertificate. From the test authority, never HPKI."""

    registration: Annotated[str, whole("9[0-9]{5}", 6)]
    """医籍登録番号 of a test doctor; all begin with 9."""
    public_key: Base64Of32
    """Ed25519."""


class DoctorCertificate(Message, frozen=True):
    certificate: Base64
    """DER."""


class Medicine(Message, frozen=True):
    """One line of a prescription."""

    name: Line
    ingredient: Name
    """By which two medicines are found to be the same."""
    usage: Text
    days: Days


class PrescriptionDocument(Message, frozen=True):
    """What the doctor signs, as JSON."""

    facility: Line
    visit: Visit
    medicines: Annotated[tuple[Medicine, ...], msgspec.Meta(min_length=1, max_length=50)]


class PrescriptionRequest(Message, frozen=True):
    """POST /medical/prescriptions (signed by a facility) -> Registered."""

    document: Base64
    """PrescriptionDocument as it was signed."""
    signature: Base64
    """Ed25519 over PRESCRIPTION_DOMAIN + document."""
    certificate: Base64
    """The doctor's, DER."""


class DoubleMedication(Message, frozen=True):
    """重複投薬: the same ingredient is being taken, or is on another prescription that waits."""

    ingredient: Name
    until: date
    where: str
    """Empty unless the patient lets this facility see medicines."""


class Registered(Message, frozen=True):
    prescription: PrescriptionId
    exchange_number: ExchangeNumber
    last_day: date
    """The fourth day, the first one being that of issue."""
    warnings: tuple[DoubleMedication, ...]


class PrescriptionSearch(Message, frozen=True):
    """POST /medical/prescription-searches (signed by a facility) -> PrescriptionList. By one of the two."""

    visit: Visit | None = None
    """The card was shown here, and this is the reception."""
    exchange_number: ExchangeNumber | None = None


class WaitingPrescription(Message, frozen=True):
    prescription: PrescriptionId
    document: Base64
    signature: Base64
    certificate: Base64
    last_day: date
    warnings: tuple[DoubleMedication, ...]


class PrescriptionList(Message, frozen=True):
    """Those that can be dispensed today."""

    prescriptions: tuple[WaitingPrescription, ...]


class Dispensing(Message, frozen=True):
    """POST /medical/dispensings (signed by a facility) -> Dispensed. The same one again has the same answer."""

    prescription: PrescriptionId
    dispensing: Name
    """The pharmacy's own id for it, made before it asks."""


class Dispensed(Message, frozen=True):
    prescription: PrescriptionId
    at: Moment
