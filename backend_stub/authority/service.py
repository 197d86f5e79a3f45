"""The authority's endpoints."""

from __future__ import annotations

from functools import partial

from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import Engine

from backend_client.wire import AcquisitionNumber, Identity, IdentityRequest, Link, MatchRequest
from backend_stub.authority import acquisitions
from backend_stub.authority.keys import Keys, open_keys
from backend_stub.authority.ocsp import respond
from backend_stub.authority.profile import Kind
from backend_stub.authority.register import Register
from backend_stub.authority.tables import TABLES, issued, record
from backend_stub.body import Body, Call, Endpoint, Refusal
from backend_stub.database import answers, open_database
from backend_stub.machines import Role
from backend_stub.peers import Setup
from backend_stub.people import Resident

MATCHERS = frozenset({Role.AGENCY, Role.MUNICIPALITY})
VERIFIERS = frozenset({Role.VERIFIER})


def build(setup: Setup, residents: tuple[Resident, ...]) -> Body:
    """Open the authority on its folder and database; the first time, make its keys."""
    keys = open_keys(setup.data, setup.clock())
    engine = open_database(setup.database_url, TABLES)
    authority = Authority(engine, keys, Register(engine, residents, keys.pseudonym))
    endpoints = (
        Endpoint(
            "POST", "/ocsp", authority.certificate_status, roles=VERIFIERS, media_type="application/ocsp-response"
        ),
        Endpoint("GET", "/ca/auth.cer", authority.auth_ca_certificate, media_type="application/pkix-cert"),
        Endpoint("GET", "/ca/sign.cer", authority.sign_ca_certificate, media_type="application/pkix-cert"),
        Endpoint("POST", "/acquisitions", authority.acquire, MatchRequest, AcquisitionNumber, MATCHERS),
        Endpoint("POST", "/links", authority.link, AcquisitionNumber, Link, frozenset({Role.GATEWAY})),
        Endpoint("POST", "/confirmations", authority.confirm, IdentityRequest, Identity, VERIFIERS),
    )
    title = "テスト認証局 — test authority"
    return Body("authority", title, endpoints, setup.registry, setup.clock, partial(answers, engine))


class Authority:
    """What the authority does when it is asked."""

    def __init__(self, engine: Engine, keys: Keys, register: Register) -> None:
        self._engine = engine
        self._keys = keys
        self._register = register

    async def certificate_status(self, call: Call, _message: None) -> bytes:
        """Say by OCSP whether a certificate stands; for registered verifiers only, as the law has it."""
        return respond(call.raw, self._keys.every_ca, self._engine, call.now)

    async def auth_ca_certificate(self, _call: Call, _message: None) -> bytes:
        """Give the certificate of the CA for user authentication, DER."""
        return self._keys.cas[Kind.AUTHENTICATION].certificate.public_bytes(Encoding.DER)

    async def sign_ca_certificate(self, _call: Call, _message: None) -> bytes:
        """Give the certificate of the CA for digital signatures, DER."""
        return self._keys.cas[Kind.SIGNATURE].certificate.public_bytes(Encoding.DER)

    async def acquire(self, call: Call, message: MatchRequest) -> AcquisitionNumber:
        """Find a person by the four items and give the agency a one-time number for its symbol."""
        resident = self._register.match(message.items)
        with self._engine.begin() as connection:
            record(connection, call.now, "acquisition", call.machine.id, resident.id, call.trace_id)
            return acquisitions.give(connection, resident.id, call.machine.id, call.now)

    async def link(self, call: Call, message: AcquisitionNumber) -> Link:
        """Tell the gateway, once, whose symbol a number is for, by pseudonym."""
        with self._engine.begin() as connection:
            resident_id, for_body = acquisitions.take(connection, message.number, call.now)
            record(connection, call.now, "link", call.machine.id, resident_id, call.trace_id)
            return Link(person=self._register.pseudonym(connection, resident_id), for_body=for_body)

    async def confirm(self, call: Call, message: IdentityRequest) -> Identity:
        """Tell a verifier who holds a user authentication certificate, and give it a number for its symbol."""
        with self._engine.begin() as connection:
            one = (issued.c.kind == Kind.AUTHENTICATION.value) & (issued.c.serial == message.certificate_serial)
            row = connection.execute(issued.select().where(one)).first()
            if row is None:
                raise Refusal("not_found")
            if row.revoked_at is not None:
                raise Refusal("certificate_revoked")
            if row.not_after < call.now:
                raise Refusal("certificate_expired")
            resident = self._register.resident(row.resident_id)
            record(connection, call.now, "confirmation", call.machine.id, resident.id, call.trace_id)
            acquisition = acquisitions.give(connection, resident.id, call.machine.id, call.now)
            return Identity(items=resident.items, acquisition=acquisition)
