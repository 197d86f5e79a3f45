"""What facilities ask: a patient's information as consented, and prescriptions. Each sees its own receptions only."""

from __future__ import annotations

from base64 import b64decode, b64encode

import msgspec

from backend_client.wire import (
    Dispensed,
    Dispensing,
    DoctorCertificate,
    DoctorRequest,
    DoubleMedication,
    HealthKind,
    Look,
    LookRequest,
    PrescriptionDocument,
    PrescriptionList,
    PrescriptionRequest,
    PrescriptionSearch,
    Registered,
    Visit,
    WaitingPrescription,
)
from backend_stub.body import Call, Endpoint, Refusal
from backend_stub.machines import Role
from backend_stub.medical.book import Book
from backend_stub.medical.clocks import day_of
from backend_stub.medical.doctors import Doctors, NotSignedByDoctor
from backend_stub.medical.double import doubled
from backend_stub.medical.history import History
from backend_stub.medical.prescriptions import DispensedElsewhere, Prescription, Prescriptions, Signed

FACILITY = frozenset({Role.FACILITY})


class Facilities:
    """The endpoints for machines of hospitals and pharmacies; a machine's name is the facility's. All raise Refusal."""

    def __init__(self, book: Book, history: History, prescriptions: Prescriptions, doctors: Doctors) -> None:
        self._book = book
        self._history = history
        self._prescriptions = prescriptions
        self._doctors = doctors

    def endpoints(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint("POST", "/looks", self.look, LookRequest, Look, FACILITY),
            Endpoint("POST", "/doctors", self.certify, DoctorRequest, DoctorCertificate, FACILITY),
            Endpoint("POST", "/prescriptions", self.register, PrescriptionRequest, Registered, FACILITY),
            Endpoint("POST", "/prescription-searches", self.search, PrescriptionSearch, PrescriptionList, FACILITY),
            Endpoint("POST", "/dispensings", self.dispense, Dispensing, Dispensed, FACILITY),
        )

    async def look(self, call: Call, request: LookRequest) -> Look:
        """Give what the patient lets this facility see, and keep that it was asked for. Refuses: not_found."""
        symbol = self._patient(call, request.visit)
        consent = self._book.consented(call.machine.name, symbol, call.now)
        given = tuple(kind for kind in HealthKind if kind in request.kinds and getattr(consent, kind.value))
        withheld = tuple(kind for kind in HealthKind if kind in request.kinds and kind not in given)
        self._history.looked(symbol, call.machine.name, call.now, given, withheld)
        return Look(entries=self._history.entries(symbol, given), given=given, withheld=withheld)

    async def certify(self, call: Call, request: DoctorRequest) -> DoctorCertificate:
        """Give a test doctor of this facility a certificate. Refuses: content_wrong."""
        try:
            certificate = self._doctors.certify(request.registration, b64decode(request.public_key), call.now)
        except ValueError as exc:
            raise Refusal("content_wrong") from exc
        return DoctorCertificate(certificate=b64encode(certificate).decode())

    async def register(self, call: Call, request: PrescriptionRequest) -> Registered:
        """Take a signed prescription for a patient who was received here. Refuses: content_wrong, not_found."""
        signed = Signed(b64decode(request.document), b64decode(request.signature), b64decode(request.certificate))
        try:
            self._doctors.check(signed.document, signed.signature, signed.certificate, call.now)
            document = msgspec.json.decode(signed.document, type=PrescriptionDocument)
        except (NotSignedByDoctor, msgspec.MsgspecError) as exc:
            raise Refusal("content_wrong") from exc
        if document.facility != call.machine.name:
            raise Refusal("content_wrong")
        symbol = self._patient(call, document.visit)
        kept = self._prescriptions.register(symbol, call.machine.name, signed, call.now, day_of(call.now))
        return Registered(
            prescription=kept.id,
            exchange_number=kept.exchange_number,
            last_day=kept.last_day,
            warnings=self._warnings(call, kept),
        )

    async def search(self, call: Call, request: PrescriptionSearch) -> PrescriptionList:
        """Find what waits, by a reception here or by exchange number. Refuses: content_wrong, not_found."""
        if (request.visit is None) is (request.exchange_number is None):
            raise Refusal("content_wrong")
        today = day_of(call.now)
        if request.visit is not None:
            found = self._prescriptions.waiting(self._patient(call, request.visit), today)
        else:
            found = self._prescriptions.exchanged(request.exchange_number or "", today)
        return PrescriptionList(prescriptions=tuple(self._shown(call, one) for one in found))

    async def dispense(self, call: Call, request: Dispensing) -> Dispensed:
        """Dispense once. Refuses: not_found, and not_possible when it is too late or another was first."""
        today = day_of(call.now)
        kept = self._prescriptions.one(request.prescription)
        if kept is None:
            raise Refusal("not_found")
        if kept.dispensed_at is None and kept.last_day < today:
            raise Refusal("not_possible")
        try:
            at = self._prescriptions.dispense(kept, request.dispensing, call.machine.name, call.now, today)
        except DispensedElsewhere as exc:
            raise Refusal("not_possible") from exc
        return Dispensed(prescription=kept.id, at=at)

    def _patient(self, call: Call, visit: Visit) -> str:
        symbol = self._book.received(call.machine.name, visit.day, int(visit.reception_number))
        if symbol is None:
            raise Refusal("not_found")
        return symbol

    def _shown(self, call: Call, one: Prescription) -> WaitingPrescription:
        return WaitingPrescription(
            prescription=one.id,
            document=b64encode(one.document).decode(),
            signature=b64encode(one.signature).decode(),
            certificate=b64encode(one.certificate).decode(),
            last_day=one.last_day,
            warnings=self._warnings(call, one),
        )

    def _warnings(self, call: Call, one: Prescription) -> tuple[DoubleMedication, ...]:
        book, now = self._prescriptions, call.now
        others = [o for o in (*book.waiting(one.symbol, day_of(now)), *book.taken(one.symbol, now)) if o.id != one.id]
        tell_where = self._book.consented(call.machine.name, one.symbol, now).medicines
        return doubled(one.medicines, others, now, tell_where=tell_where)
