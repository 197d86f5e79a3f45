"""A synthetic hospital or pharmacy: it looks, prescribes under a test doctor's key, and dispenses.

It keeps its doctor's key and nothing of any patient.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TypeVar
from uuid import uuid4

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from backend_client.wire import (
    PRESCRIPTION_DOMAIN,
    Dispensed,
    Dispensing,
    DoctorCertificate,
    DoctorRequest,
    HealthKind,
    Look,
    LookRequest,
    Medicine,
    PrescriptionDocument,
    PrescriptionList,
    PrescriptionRequest,
    PrescriptionSearch,
    Registered,
    Visit,
)
from backend_stub.body import Body
from backend_stub.keyfile import keep
from backend_stub.peers import Setup

T = TypeVar("T")

TEST_DOCTOR = "900001"
"""医籍登録番号; no real one begins with 9."""


class Practice:
    """One facility at work. `name` is what patients read. Methods raise Refusal."""

    def __init__(self, setup: Setup, member: str, name: str) -> None:
        self.name = name
        self._member = member
        self._setup = setup
        raw = keep(setup.data / "doctor.key", Ed25519PrivateKey.generate().private_bytes_raw)
        self._doctor = Ed25519PrivateKey.from_private_bytes(raw)

    def body(self) -> Body:
        return Body(
            name=self._member,
            title=f"{self.name} — a facility",
            endpoints=(),
            registry=self._setup.registry,
            clock=self._setup.clock,
            healthy=lambda: True,
        )

    async def look(self, visit: Visit, *kinds: HealthKind) -> Look:
        """Ask for a patient's information."""
        return await self._ask("/looks", LookRequest(visit=visit, kinds=kinds), Look)

    async def prescribe(self, visit: Visit, *medicines: Medicine) -> Registered:
        """Sign a prescription with the test doctor's key and register it."""
        document = msgspec.json.encode(PrescriptionDocument(facility=self.name, visit=visit, medicines=medicines))
        return await self._ask("/prescriptions", await self.signed(document), Registered)

    async def signed(self, document: bytes) -> PrescriptionRequest:
        """Put the doctor's signature and certificate beside a document."""
        public = b64encode(self._doctor.public_key().public_bytes_raw()).decode()
        asked = DoctorRequest(registration=TEST_DOCTOR, public_key=public)
        doctor = await self._ask("/doctors", asked, DoctorCertificate)
        return PrescriptionRequest(
            document=b64encode(document).decode(),
            signature=b64encode(self._doctor.sign(PRESCRIPTION_DOMAIN + document)).decode(),
            certificate=doctor.certificate,
        )

    async def waiting(self, visit: Visit | None = None, exchange_number: str | None = None) -> PrescriptionList:
        """Look prescriptions up by card (the visit that its reception opened) or by exchange number."""
        asked = PrescriptionSearch(visit=visit, exchange_number=exchange_number)
        return await self._ask("/prescription-searches", asked, PrescriptionList)

    async def dispense(self, prescription: str, dispensing: str) -> Dispensed:
        """Dispense. `dispensing` is made once and kept until the answer is here."""
        asked = Dispensing(prescription=prescription, dispensing=dispensing)
        return await self._ask("/dispensings", asked, Dispensed)

    async def _ask(self, path: str, message: object, gives: type[T]) -> T:
        answer: T = await self._setup.peers.ask("medical", path, message, gives, uuid4().hex)
        return answer
