"""Good certificates accepted and bad ones refused, by ours and by three tools that others wrote.

Ours refuses every kind. The others each check what they are for, and the table says so: what a tool does not refuse is
written down here as much as what it does, so that nobody trusts one of them for what it does not look at.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from asn1crypto.x509 import Certificate
from authority_kit import AT, Office, openssl, openssl_ocsp, pem
from backend_kit import START, CardKeys, Cards, Clock
from bad_kit import Made, Mint
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError
from pyhanko_certvalidator.policy_decl import PKIXValidationParams

from backend_stub.authority.keys import open_keys
from backend_stub.authority.lifecycle import REVOKE, STOP, act, find
from backend_stub.authority.profile import Kind
from backend_stub.body import Refusal
from backend_stub.people import Resident
from backend_stub.verification.certificate import check_certificate, parse
from backend_stub.verification.policies import USER_AUTHENTICATION

POLICY = USER_AUTHENTICATION.dotted_string
OURS, VERIFY, OCSP, PYHANKO = "ours", "openssl verify", "openssl ocsp", "pyHanko"
EVERYBODY = {OURS, VERIFY, OCSP, PYHANKO}
CHAIN = {OURS, VERIFY, PYHANKO}
"""`openssl ocsp` asks about a serial number under an issuer; of the certificate it reads nothing else."""

REFUSED_BY: dict[str, set[str]] = {
    "good": set(),
    "expired": CHAIN,
    "not_yet_valid": CHAIN,
    "forged_signature": CHAIN,
    "signed_by_another": CHAIN,
    "another_issuer": EVERYBODY,
    "another_authority_key": CHAIN,
    "wrong_key_usage": CHAIN,
    "wrong_policy": CHAIN,
    "no_policy": CHAIN,
    "is_a_ca": {OURS},  # RFC 5280 lets a CA's certificate be an end entity's as well; our profile does not
    "unknown_critical_extension": CHAIN,
    "wrong_purpose": CHAIN,  # told the purpose; neither of the others asks for one by itself
    "weak_digest": CHAIN,
    "weak_key": {OURS, VERIFY},  # pyHanko weighs the keys that have signed, so this one at a document's signature
    "signed_by_a_card": EVERYBODY,
    "under_another_ca": EVERYBODY,  # by the others for want of policy and revocation list: path lengths would allow it
    "malformed": EVERYBODY,
    "more_behind_it": {OURS, PYHANKO},  # openssl reads the certificate and leaves what follows
    "revoked": EVERYBODY,
    "on_hold": EVERYBODY,
}


class Verifiers:
    """The four, each with all it can be told: the CA, its list of this moment, policy, purpose and time."""

    def __init__(self, office: Office, ca: x509.Certificate, crl: bytes, folder: Path) -> None:
        self._office = office
        self._ca = ca
        self._crl = crl
        self._folder = folder
        pem(folder / "ca.pem", ca)
        pem(folder / "crl.pem", x509.load_der_x509_crl(crl))

    async def refuse(self, made: Made) -> set[str]:
        """Which of them refuse it."""
        verdicts = {
            OURS: await self._ours(made),
            VERIFY: self._openssl_verify(made),
            OCSP: await self._openssl_ocsp(made),
            PYHANKO: await self._pyhanko(made),
        }
        return {name for name, accepted in verdicts.items() if not accepted}

    async def _ours(self, made: Made) -> bool:
        try:
            checked = check_certificate(parse(made.der), [self._ca], START)
        except Refusal:
            return False
        answer = await self._office.status(checked.certificate, checked.ca)
        return answer.certificate_status is ocsp.OCSPCertStatus.GOOD

    def _openssl_verify(self, made: Made) -> bool:
        (self._folder / "leaf.der").write_bytes(made.der)
        between = ["-untrusted", pem(self._folder / "between.pem", *made.between)] if made.between else []
        done = openssl(
            "verify", "-x509_strict", "-crl_check", "-explicit_policy", "-policy", POLICY, "-purpose", "sslclient",
            "-auth_level", 2, "-attime", AT, "-CAfile", "ca.pem", "-CRLfile", "crl.pem", *between, "leaf.der",
            cwd=self._folder,
        )  # fmt: skip
        assert ("OK" in done.stdout) is (done.returncode == 0)
        return done.returncode == 0

    async def _openssl_ocsp(self, made: Made) -> bool:
        (self._folder / "leaf.der").write_bytes(made.der)
        one = ("-sha256", "-issuer", "ca.pem", "-cert", "leaf.der", "-CAfile", "ca.pem")
        said = await openssl_ocsp(self._office, self._folder, *one)
        return "Response verify OK" in said and "leaf.der: good" in said

    async def _pyhanko(self, made: Made) -> bool:
        policy = PKIXValidationParams(user_initial_policy_set=frozenset([POLICY]), initial_explicit_policy=True)
        context = ValidationContext(
            trust_roots=[_asn1(self._ca)],
            crls=[self._crl],
            moment=datetime.fromtimestamp(AT, UTC),
            revocation_mode="require",
        )
        try:
            leaf = Certificate.load(made.der, strict=True)
            between = [_asn1(one) for one in made.between]
            validator = CertificateValidator(leaf, between, context, pkix_params=policy)
            await validator.async_validate_usage({"digital_signature"}, {"client_auth"}, extended_optional=True)
        except (PathError, ValidationError, ValueError):
            return False
        return True


def _asn1(certificate: x509.Certificate) -> Certificate:
    return Certificate.load(certificate.public_bytes(Encoding.DER))


@pytest.fixture
def mint(card: Cards, authority_keys: Path, residents: tuple[Resident, ...], card_keys: CardKeys) -> Mint:
    serial = card("adult").certificate.serial_number
    return Mint(open_keys(authority_keys, START), residents[0], card_keys, serial)


async def verifiers(office: Office, mint: Mint, folder: Path) -> Verifiers:
    """With the list as it is now."""
    crl = await office.read("portal", f"/crl/auth/{mint.ca.generation.number}")
    assert (crl.status_code, crl.headers["content-type"]) == (200, "application/pkix-crl")
    return Verifiers(office, mint.ca.certificate, crl.content, folder)


def spoil(office: Office, kind: str, serial: int) -> None:
    """What is wrong with a certificate by the authority's own word."""
    with office.database().begin() as connection:
        row = find(connection, Kind.AUTHENTICATION, str(serial))
        if kind == "on_hold":
            act(connection, row, STOP, START)
        if kind == "revoked":
            act(connection, row, REVOKE, START, reason=x509.ReasonFlags.key_compromise)


@pytest.mark.parametrize("kind", REFUSED_BY)
async def test_who_refuses_what(office: Office, mint: Mint, tmp_path: Path, kind: str) -> None:
    made = getattr(mint, kind)() if hasattr(mint, kind) else mint.good()
    spoil(office, kind, mint.serial)
    assert await (await verifiers(office, mint, tmp_path)).refuse(made) == REFUSED_BY[kind]


def test_ours_refuses_every_kind_and_there_are_more_than_twelve() -> None:
    bad = {kind: by for kind, by in REFUSED_BY.items() if kind != "good"}
    assert len(bad) >= 12
    assert all(OURS in by for by in bad.values())


async def test_a_list_of_another_ca_or_of_yesterday_is_not_believed(
    office: Office, mint: Mint, clock: Clock, tmp_path: Path
) -> None:
    other = await office.read("portal", "/crl/auth/2")
    assert VERIFY in await Verifiers(office, mint.ca.certificate, other.content, tmp_path).refuse(mint.good())
    clock.turn(days=-1)
    old = await office.read("portal", "/crl/auth/3")
    clock.turn(days=1)
    refused = await Verifiers(office, mint.ca.certificate, old.content, tmp_path).refuse(mint.good())
    assert refused == {VERIFY, PYHANKO}
