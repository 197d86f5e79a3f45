"""The municipalities' counter: residents come, change and go; certificates are issued, stopped and revoked."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from secrets import token_hex
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import Connection, Engine

from backend_client.wire import (
    CertificateApplication,
    CertificateOrder,
    FourItems,
    IssuedCertificate,
    NumberLetter,
    NumberRequest,
    ResidentChange,
    ResidentEntry,
    ResidentEvent,
)
from backend_stub.authority import lifecycle, synchronisation
from backend_stub.authority.confirmations import LONG_AGO
from backend_stub.authority.consents import SKEW
from backend_stub.authority.issuance import NotIssued, issue, requested_key, responsible
from backend_stub.authority.keys import Keys
from backend_stub.authority.numbers import Numbers
from backend_stub.authority.profile import Kind
from backend_stub.authority.register import Register, changed_items, newcomer
from backend_stub.authority.tables import changes, record
from backend_stub.body import Call, Refusal
from backend_stub.machines import Machine
from backend_stub.people import Municipality, Resident, load_municipalities
from backend_stub.sealing import seal
from backend_stub.verification.schemes import PublicKey
from backend_stub.verification.token import from_base64

BOTH: Final = (Kind.AUTHENTICATION, Kind.SIGNATURE)


class Counter:
    """What municipalities may do, each for its own residents."""

    def __init__(
        self, engine: Engine, keys: Keys, register: Register, numbers: Numbers, directory: Mapping[str, Machine]
    ) -> None:
        self._engine = engine
        self._keys = keys
        self._register = register
        self._numbers = numbers
        self._directory = directory
        self._municipalities = {one.counter: one for one in load_municipalities()}

    async def register_resident(self, call: Call, message: ResidentEntry) -> None:
        """Enter somebody new in the register, with a resident code of their own and thereby a number."""
        new = _with_items(newcomer(message.reference), message.items, message.kana, self._municipality(call))
        with self._engine.begin() as connection:
            self._register.add(connection, new)
            record(connection, call.now, "registered", call.machine.id, new.id, call.trace_id)

    async def change_resident(self, call: Call, message: ResidentChange) -> None:
        """Take down a change of the four items, a death or a departure, with all that follows from it."""
        in_time = LONG_AGO <= message.at <= call.now + SKEW
        if not in_time or (message.event is ResidentEvent.CHANGED) != (message.items is not None):
            raise Refusal("content_wrong")
        with self._engine.begin() as connection:
            if message.items is None:
                self._end(connection, call, message)
            else:
                self._change(connection, call, message, message.items)
            synchronisation.deliver(connection, message.reference, message.event, message.at)
            record(connection, call.now, message.event.value, call.machine.id, message.reference, call.trace_id)

    async def issue_certificate(self, call: Call, message: CertificateApplication) -> IssuedCertificate:
        """Issue a certificate for a key, the first or in place of another."""
        key = _key(message.request)
        with self._engine.begin() as connection:
            resident = self._own(connection, call, message.reference)
            ca = responsible(self._keys, message.kind, resident, key)
            if message.renews:
                self._require_renewable(connection, call, message, resident)
            by = {"renews": message.renews, "machine": call.machine.id, "trace_id": call.trace_id}
            certificate = issue(connection, ca, resident, key, call.now, **by)
        return IssuedCertificate(certificate=_der(certificate), ca=_der(ca.certificate))

    async def order(self, call: Call, message: CertificateOrder) -> None:
        """Stop a certificate for a time, release it, or revoke it for good."""
        reason = x509.ReasonFlags(message.reason.value)
        with self._engine.begin() as connection:
            row = lifecycle.find(connection, message.kind, message.certificate_serial)
            self._own(connection, call, str(row.resident_id))
            by = {"machine": call.machine.id, "trace_id": call.trace_id}
            lifecycle.act(connection, row, message.act, call.now, reason=reason, **by)

    async def number_letter(self, call: Call, message: NumberRequest) -> NumberLetter:
        """Give the letter that tells somebody the Individual Number, sealed to the counter that prints it."""
        with self._engine.begin() as connection:
            self._own(connection, call, message.reference)
            record(connection, call.now, "number letter", call.machine.id, message.reference, call.trace_id)
            return self._letter(connection, call, message.reference)

    async def change_number(self, call: Call, message: NumberRequest) -> NumberLetter:
        """Give somebody another number in place of one that has leaked, and the letter about it."""
        with self._engine.begin() as connection:
            self._own(connection, call, message.reference)
            self._numbers.change(connection, message.reference)
            record(connection, call.now, "number changed", call.machine.id, message.reference, call.trace_id)
            return self._letter(connection, call, message.reference)

    def _letter(self, connection: Connection, call: Call, reference: str) -> NumberLetter:
        machine = self._directory[call.machine.id]
        if machine.sealing is None:
            raise Refusal("not_allowed")
        number = self._numbers.of(connection, reference).encode()
        return NumberLetter(sealed=b64encode(seal(number, machine.sealing, letter_context(machine.id))).decode())

    def _municipality(self, call: Call) -> Municipality:
        municipality = self._municipalities.get(call.machine.id)
        if municipality is None:
            raise Refusal("not_allowed")
        return municipality

    def _own(self, connection: Connection, call: Call, reference: str) -> Resident:
        """The municipality's own resident; another's is as unknown to it as nobody. Raises Refusal: not_found."""
        own = self._municipality(call)
        resident = self._register.resident(connection, reference)
        if resident.municipality.code != own.code:
            raise Refusal("not_found")
        return resident

    def _change(self, connection: Connection, call: Call, message: ResidentChange, items: FourItems) -> None:
        # Not only its own: who moves is taken over by the municipality moved to.
        before = self._register.resident(connection, message.reference)
        after = _with_items(before, items, message.kana or before.kana, self._municipality(call))
        differ = ",".join(changed_items(before.items, items))
        if not differ or (before.municipality != after.municipality and "address" not in differ):
            raise Refusal("not_possible")
        self._register.change(connection, after)
        values = {"resident_id": after.id, "at": message.at, "which": differ}
        connection.execute(changes.insert().values(id=token_hex(16), **values))
        why = x509.ReasonFlags.affiliation_changed
        lifecycle.revoke_all(connection, after.id, (Kind.SIGNATURE,), why, call.now, call.trace_id)

    def _end(self, connection: Connection, call: Call, message: ResidentChange) -> None:
        resident = self._own(connection, call, message.reference)
        self._register.end(connection, resident.id, message.event.value)
        why = x509.ReasonFlags.cessation_of_operation
        lifecycle.revoke_all(connection, resident.id, BOTH, why, call.now, call.trace_id)

    def _require_renewable(
        self, connection: Connection, call: Call, message: CertificateApplication, resident: Resident
    ) -> None:
        old = lifecycle.find(connection, message.kind, message.renews)
        if old.resident_id != resident.id:
            raise Refusal("not_found")
        if lifecycle.renewed(connection, old):
            raise Refusal("not_possible")


def letter_context(machine_id: str) -> bytes:
    """What a number letter is sealed with: it opens at no other counter."""
    return b"number letter " + machine_id.encode()


def _with_items(resident: Resident, items: FourItems, kana: str, municipality: Municipality) -> Resident:
    values = {field: getattr(items, field) for field in FourItems.__struct_fields__}
    return replace(resident, kana=kana, municipality=municipality, **values)


def _key(request: str) -> PublicKey:
    try:
        return requested_key(x509.load_der_x509_csr(from_base64(request)))
    except (ValueError, UnsupportedAlgorithm, NotIssued) as exc:
        raise Refusal("content_wrong") from exc


def _der(certificate: x509.Certificate) -> str:
    return b64encode(certificate.public_bytes(Encoding.DER)).decode()
