"""The authority's endpoints."""

from __future__ import annotations

from functools import partial
from typing import Final

from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import Connection, Engine

from backend_client import wire
from backend_stub.authority import acquisitions
from backend_stub.authority.companies import CompanyRegister
from backend_stub.authority.confirmations import Confirmations
from backend_stub.authority.counter import Counter
from backend_stub.authority.crl import RevocationLists
from backend_stub.authority.keys import Keys, open_keys
from backend_stub.authority.numbers import Numbers
from backend_stub.authority.ocsp import respond
from backend_stub.authority.profile import Kind
from backend_stub.authority.register import Register
from backend_stub.authority.rights import Right, Rights
from backend_stub.authority.synchronisation import Synchroniser
from backend_stub.authority.tables import TABLES, record
from backend_stub.body import Body, Call, Endpoint, Handler
from backend_stub.database import answers, closing, open_database
from backend_stub.machines import Role
from backend_stub.peers import Setup
from backend_stub.people import Resident, load_companies

MATCHERS: Final = frozenset({Role.AGENCY, Role.MUNICIPALITY})
VERIFIERS: Final = frozenset({Role.VERIFIER})
COUNTERS: Final = frozenset({Role.MUNICIPALITY})
AGENCIES: Final = frozenset({Role.AGENCY})
PORTAL: Final = frozenset({Role.PORTAL})
OCSP: Final = "application/ocsp-response"
CERTIFICATE: Final = "application/pkix-cert"
CRL: Final = "application/pkix-crl"


def build(setup: Setup, residents: tuple[Resident, ...]) -> Body:
    """Open the authority on its folder and database; the first time, make its keys."""
    keys = open_keys(setup.data, setup.clock())
    engine = open_database(setup.database_url, TABLES)
    register, rights = Register(engine, residents, keys.register, keys.pseudonym), Rights()
    endpoints = (
        *_certificates(Certificates(engine, keys, rights), RevocationLists(engine, keys, rights)),
        *_confirmations(Confirmations(engine, register, rights)),
        *_persons(Persons(engine, register), Synchroniser(engine, register)),
        *_counter(Counter(engine, keys, register, Numbers(keys.numbers), setup.directory)),
        *_companies(CompanyRegister(engine, load_companies(), rights)),
    )
    title = "テスト認証局 — test authority"
    return Body(
        "authority", title, endpoints, setup.registry, setup.clock, partial(answers, engine), close=closing(engine)
    )


class Certificates:
    """Whether a certificate stands, and the CAs' own."""

    def __init__(self, engine: Engine, keys: Keys, rights: Rights) -> None:
        self._engine = engine
        self._keys = keys
        self._rights = rights

    async def certificate_status(self, call: Call, _message: None) -> bytes:
        """Say by OCSP whether a certificate stands; for registered verifiers only, as the law has it."""
        self._rights.require(call, Right.STATUS)
        return respond(call.raw, self._keys.every_ca, self._engine, call.now)

    async def auth_ca_certificate(self, _call: Call, _message: None) -> bytes:
        """Give the certificate of the CA for user authentication, DER."""
        return self._keys.cas[Kind.AUTHENTICATION].certificate.public_bytes(Encoding.DER)

    async def sign_ca_certificate(self, _call: Call, _message: None) -> bytes:
        """Give the certificate of the CA for digital signatures, DER."""
        return self._keys.cas[Kind.SIGNATURE].certificate.public_bytes(Encoding.DER)


class Persons:
    """Finding a person for an agency, and naming one to the gateway."""

    def __init__(self, engine: Engine, register: Register) -> None:
        self._engine = engine
        self._register = register

    async def acquire(self, call: Call, message: wire.MatchRequest) -> wire.AcquisitionNumber:
        """Find a person by the four items and give the agency a one-time number for its symbol."""
        with self._engine.begin() as connection:
            return self._acquire(connection, call, message.items)

    async def acquire_batch(self, call: Call, message: wire.MatchBatch) -> wire.AcquisitionBatch:
        """Find several people, all or none."""
        with self._engine.begin() as connection:
            numbers = tuple(self._acquire(connection, call, items) for items in message.people)
        return wire.AcquisitionBatch(numbers=numbers)

    async def link(self, call: Call, message: wire.AcquisitionNumber) -> wire.Link:
        """Tell the gateway, once, whose symbol a number is for, by pseudonym."""
        with self._engine.begin() as connection:
            return self._link(connection, call, message)

    async def link_batch(self, call: Call, message: wire.AcquisitionBatch) -> wire.LinkBatch:
        """Tell the gateway whose symbols several numbers are for, all or none."""
        with self._engine.begin() as connection:
            links = tuple(self._link(connection, call, number) for number in message.numbers)
        return wire.LinkBatch(links=links)

    def _acquire(self, connection: Connection, call: Call, items: wire.FourItems) -> wire.AcquisitionNumber:
        machine = call.machine.id
        resident = self._register.match(connection, items)
        record(connection, call.now, "acquisition", machine, resident.id, call.trace_id)
        handle = self._register.handle(connection, resident.id, machine)
        return acquisitions.give(connection, resident.id, machine, handle, call.now)

    def _link(self, connection: Connection, call: Call, number: wire.AcquisitionNumber) -> wire.Link:
        resident_id, for_body = acquisitions.take(connection, number.number, call.now)
        record(connection, call.now, "link", call.machine.id, resident_id, call.trace_id)
        return wire.Link(person=self._register.pseudonym(connection, resident_id), for_body=for_body)


def _certificates(asked: Certificates, lists: RevocationLists) -> tuple[Endpoint, ...]:
    return (
        Endpoint("GET", "/ca/auth.cer", asked.auth_ca_certificate, media_type=CERTIFICATE),
        Endpoint("GET", "/ca/sign.cer", asked.sign_ca_certificate, media_type=CERTIFICATE),
        Endpoint("POST", "/ocsp", asked.certificate_status, roles=VERIFIERS, media_type=OCSP),
        Endpoint("GET", "/crl/{kind}/{generation}", lists.revocation_list, roles=VERIFIERS, media_type=CRL),
    )


def _confirmations(asked: Confirmations) -> tuple[Endpoint, ...]:
    def ask(path: str, handler: Handler, takes: object, gives: object) -> Endpoint:
        return Endpoint("POST", path, handler, takes, gives, VERIFIERS)

    return (
        ask("/confirmations", asked.confirm, wire.IdentityRequest, wire.Identity),
        ask("/status-confirmations", asked.confirm_status, wire.StatusRequest, wire.CertificateStatus),
        ask("/change-confirmations", asked.confirm_changes, wire.ChangeRequest, wire.Changed),
        ask("/latest-items", asked.latest_items, wire.LatestRequest, wire.LatestItems),
        ask("/certificate-links", asked.certificate_links, wire.LinkRequest, wire.CertificateLinks),
        Endpoint("POST", "/consents", asked.keep_consent, wire.ItemsConsent, wire.ItemsConsentKept, PORTAL),
        Endpoint("POST", "/consent-withdrawals", asked.withdraw_consent, wire.ItemsConsentWithdrawal, roles=PORTAL),
    )


def _persons(persons: Persons, synchroniser: Synchroniser) -> tuple[Endpoint, ...]:
    gateway, sync, batch = frozenset({Role.GATEWAY}), synchroniser.synchronise, wire.AcquisitionBatch
    return (
        Endpoint("POST", "/acquisitions", persons.acquire, wire.MatchRequest, wire.AcquisitionNumber, MATCHERS),
        Endpoint("POST", "/acquisition-batches", persons.acquire_batch, wire.MatchBatch, batch, MATCHERS),
        Endpoint("POST", "/links", persons.link, wire.AcquisitionNumber, wire.Link, gateway),
        Endpoint("POST", "/link-batches", persons.link_batch, batch, wire.LinkBatch, gateway),
        Endpoint("POST", "/synchronisations", sync, wire.Synchronisation, wire.PersonChanges, MATCHERS | PORTAL),
    )


def _counter(counter: Counter) -> tuple[Endpoint, ...]:
    def at(path: str, handler: Handler, takes: object, gives: object = None) -> Endpoint:
        return Endpoint("POST", path, handler, takes, gives, COUNTERS)

    return (
        at("/residents", counter.register_resident, wire.ResidentEntry),
        at("/resident-changes", counter.change_resident, wire.ResidentChange),
        at("/certificates", counter.issue_certificate, wire.CertificateApplication, wire.IssuedCertificate),
        at("/certificate-orders", counter.order, wire.CertificateOrder),
        at("/number-letters", counter.number_letter, wire.NumberRequest, wire.NumberLetter),
        at("/number-changes", counter.change_number, wire.NumberRequest, wire.NumberLetter),
    )


def _companies(register: CompanyRegister) -> tuple[Endpoint, ...]:
    return (
        Endpoint("POST", "/company-searches", register.search_companies, wire.CompanySearch, wire.Companies),
        Endpoint("POST", "/companies", register.register_company, wire.CompanyEntry, wire.Company, AGENCIES),
        Endpoint("POST", "/company-changes", register.change_company, wire.CompanyChange, wire.Company, AGENCIES),
    )
