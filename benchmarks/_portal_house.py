"""The portal as the product builds it, with folders and cards that open them, and sign-ins to be sent."""

from __future__ import annotations

import time
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from secrets import token_bytes, token_hex

import httpx
import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import NameOID

from backend_client import wire
from backend_stub import authority, portal
from backend_stub.authority import issue_cards
from backend_stub.authority.keys import open_keys
from backend_stub.authority.ocsp import respond
from backend_stub.authority.tables import TABLES as AUTHORITY_TABLES
from backend_stub.body import Body
from backend_stub.database import open_database
from backend_stub.holding import HeldSymbols
from backend_stub.members import MEMBERS, Member
from backend_stub.peers import Setup
from backend_stub.people import load_residents
from backend_stub.portal.folders import Folders, Holder
from backend_stub.portal.tables import TABLES, symbols_beside
from backend_stub.portal.tables import folders as folder_rows
from backend_stub.setups import Databases, body_folder, machine_of, setup_of
from benchmarks import _gateway_house as gateway_house
from benchmarks._gateway_requests import post

ORIGIN = "https://localhost:8443"
CARDS = 200
HOLDER = "adult"


@dataclass(frozen=True, slots=True)
class Cards:
    """Certificates (Base64), each of a folder of its own, all of one key: what a card computes is no one's sign-in."""

    key: RSAPrivateKey = field(repr=False)
    certificates: tuple[str, ...]


def lay_out(data: Path) -> Cards:
    """Issue cards, and open a folder with each."""
    key = generate_private_key(public_exponent=65537, key_size=2048)
    folders = [data / "cards" / f"bench-{number:03d}" for number in range(CARDS)]
    for folder in folders:
        _ask_for_certificates(folder, key)
    issue_cards(data, body_folder(data, "authority"), load_residents(), _now())
    certificates = [(folder / "auth.cer").read_bytes() for folder in folders]
    _open_folders(data, certificates)
    return Cards(key, tuple(b64encode(one).decode() for one in certificates))


def _ask_for_certificates(folder: Path, key: RSAPrivateKey) -> None:
    folder.mkdir(parents=True)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOLDER)])
    request = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, SHA256())
    for name in ("auth.csr", "sign.csr"):
        (folder / name).write_bytes(request.public_bytes(Encoding.PEM))


def _open_folders(data: Path, certificates: list[bytes]) -> None:
    """As many people as cards; all of them have the name of one."""
    setup = _setup(data, "portal", "http://127.0.0.1:9")
    engine = open_database(setup.database_url, TABLES)
    folders = Folders(engine, HeldSymbols(engine, setup.peers, symbols_beside, folder_rows.c.symbol))
    name = next(one.name for one in load_residents() if one.id == HOLDER)
    for der in certificates:
        serial = str(x509.load_der_x509_certificate(der).serial_number)
        folders.open(Holder("01" + token_hex(32), token_hex(16), name), serial, (), _now())
    engine.dispose()
    setup.registry.close()


def sign_ins(cards: Cards, port: int, count: int) -> list[bytes]:
    """So many as they stand on the wire, each with a challenge of the server's and signed."""
    line = HTTPConnection("127.0.0.1", port)
    made = []
    for number in range(count):
        line.request("POST", "/challenges")
        nonce = msgspec.json.decode(line.getresponse().read(), type=wire.Challenge).nonce
        made.append(post("/sign-in", _sign_in(cards, nonce, number)))
    line.close()
    return made


def _sign_in(cards: Cards, nonce: str, number: int) -> bytes:
    token = wire.AuthToken(
        unverified_certificate=cards.certificates[number % len(cards.certificates)],
        algorithm="RS256",
        signature=b64encode(_signed(cards, nonce)).decode(),
        format="web-eid:1",
        app_version="bench",
    )
    return msgspec.json.encode(wire.SignIn(nonce=nonce, token=token, place="このテレビ"))


def _signed(cards: Cards, nonce: str) -> bytes:
    return cards.key.sign(wire.text_to_sign(ORIGIN, nonce), PKCS1v15(), SHA256())


# --- the servers ----------------------------------------------------------------------------------------------------


def build(data: Path, neighbours: str) -> Body:
    """The portal over `data`; the authority is at that URL."""
    folder = body_folder(data, "authority")
    cas = authority.auth_ca(folder, _now()), authority.sign_ca(folder, _now())
    return portal.build(_setup(data, "portal", neighbours), *cas, (ORIGIN,))


def build_authority(data: Path, neighbours: str) -> Body:
    """Answers by OCSP."""
    return authority.build(_setup(data, "authority", neighbours), load_residents())


def _setup(data: Path, body: str, neighbours: str) -> Setup:
    machines = {member.id: machine_of(member, data) for member in MEMBERS}

    def way(_member: Member) -> httpx.AsyncClient:
        return gateway_house.client(neighbours)

    (member,) = (member for member in MEMBERS if member.id == body)
    return setup_of(member, data, machines, way, Databases(), _now)


# --- the checks alone -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Case:
    """All that one sign-in's checks need."""

    certificate: bytes
    ca: x509.Certificate
    text: bytes
    signature: bytes
    nonce: bytes
    answer: bytes


def cases(data: Path, cards: Cards) -> list[Case]:
    """One for each card, answered by the authority."""
    folder, now = body_folder(data, "authority"), _now()
    cas = open_keys(folder, now).every_ca
    engine = open_database(f"sqlite:///{folder / 'authority.db'}", AUTHORITY_TABLES)
    made = []
    for certificate in cards.certificates:
        der, nonce, challenge = b64decode(certificate), token_bytes(32), b64encode(token_bytes(32)).decode()
        one = x509.load_der_x509_certificate(der)
        issuer = next(ca.certificate for ca in cas if _issued(one, ca.certificate))
        answer = respond(_asked(one, issuer, nonce), cas, engine, now)
        made.append(Case(der, issuer, wire.text_to_sign(ORIGIN, challenge), _signed(cards, challenge), nonce, answer))
    engine.dispose()
    return made


def check(case: Case) -> None:
    """What no sign-in can do without: chain, revocation, signature. Raises what the library does."""
    certificate = x509.load_der_x509_certificate(case.certificate)
    certificate.verify_directly_issued_by(case.ca)
    _asked(certificate, case.ca, token_bytes(32))
    answer = ocsp.load_der_ocsp_response(case.answer)
    _rsa(case.ca).verify(answer.signature, answer.tbs_response_bytes, PKCS1v15(), SHA256())
    if (answer.serial_number, answer.certificate_status) != (certificate.serial_number, ocsp.OCSPCertStatus.GOOD):
        raise ValueError("not good")
    if answer.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce != case.nonce:
        raise ValueError("of another question")
    _rsa(certificate).verify(case.signature, case.text, PKCS1v15(), SHA256())


def checks_per_s(made: list[Case], seconds: float) -> float:
    """In a second of this process's time."""
    began = time.process_time()
    for count, case in enumerate(_round_and_round(made), 1):
        check(case)
        if (took := time.process_time() - began) > seconds:
            return count / took
    raise ValueError("no cases")


def _round_and_round(made: list[Case]) -> Iterator[Case]:
    while made:
        yield from made


def _asked(certificate: x509.Certificate, issuer: x509.Certificate, nonce: bytes) -> bytes:
    builder = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, SHA256())
    return builder.add_extension(x509.OCSPNonce(nonce), critical=False).build().public_bytes(Encoding.DER)


def _issued(certificate: x509.Certificate, ca: x509.Certificate) -> bool:
    named = certificate.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
    return named == ca.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest


def _rsa(certificate: x509.Certificate) -> RSAPublicKey:
    key = certificate.public_key()
    if not isinstance(key, RSAPublicKey):
        raise TypeError("these cards are of RSA")
    return key


def _now() -> datetime:
    return datetime.now(UTC)
