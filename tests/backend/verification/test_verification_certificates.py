"""Deliberately bad certificates and tokens, each with the code it is refused with."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from backend_kit import ORIGIN, START, CardKeys, Cards, make_token
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from backend_client.wire import AuthToken
from backend_stub.authority.keys import Ca, open_keys
from backend_stub.authority.profile import Kind
from backend_stub.body import Refusal
from backend_stub.verification.certificate import Checked
from backend_stub.verification.policies import DIGITAL_SIGNATURE, USER_AUTHENTICATION
from backend_stub.verification.token import Status, verify_token

NONCE = "bm9uY2U="
DAY = timedelta(days=1)
UNTRUSTED = "certificate_untrusted"


@pytest.fixture(scope="session")
def keys(card_keys: CardKeys) -> CardKeys:
    return card_keys


@pytest.fixture(scope="session")
def ca(authority_keys: Path) -> Ca:
    return open_keys(authority_keys, START).cas[Kind.AUTHENTICATION]


async def stands(checked: Checked) -> None:
    """The authority has nothing against it."""


async def never_asked(checked: Checked) -> None:
    raise AssertionError("the authority was asked about a token that is not in order")


def usage(
    *,
    digital_signature: bool = True,
    content_commitment: bool = False,
    key_cert_sign: bool = False,
    crl_sign: bool = False,
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=content_commitment,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        **dict.fromkeys(("key_encipherment", "data_encipherment", "key_agreement"), False),
        **dict.fromkeys(("encipher_only", "decipher_only"), False),
    )


def policies(*oids: x509.ObjectIdentifier) -> x509.CertificatePolicies:
    return x509.CertificatePolicies([x509.PolicyInformation(oid, None) for oid in oids])


@dataclass(frozen=True)
class Recipe:
    """A certificate in order, but for what a case changes."""

    public_key: Any
    issuer_key: Any
    issuer: x509.Name
    authority_key: x509.AuthorityKeyIdentifier
    begins: datetime = START - DAY
    ends: datetime = START + DAY
    usage: x509.KeyUsage | None = field(default_factory=usage)
    policies: x509.CertificatePolicies | None = field(default_factory=lambda: policies(USER_AUTHENTICATION))
    basic: x509.BasicConstraints | None = None
    extra: tuple[tuple[x509.ExtensionType, bool], ...] = ()
    subject_key: bool = True
    digest: Any = field(default_factory=SHA256)
    padding: PSS | None = None

    def build(self) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "holder")]))
            .issuer_name(self.issuer)
            .public_key(self.public_key)
            .serial_number(1)
            .not_valid_before(self.begins)
            .not_valid_after(self.ends)
        )
        own = x509.SubjectKeyIdentifier.from_public_key(self.public_key) if self.subject_key else None
        standard = ((self.authority_key, False), (self.usage, True), (self.policies, True), (self.basic, True))
        for extension, critical in (*standard, (own, False), *self.extra):
            if extension is not None:
                builder = builder.add_extension(extension, critical)
        return builder.sign(self.issuer_key, self.digest, rsa_padding=self.padding)


@pytest.fixture
def good(ca: Ca, keys: CardKeys) -> Recipe:
    own = ca.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    named = x509.AuthorityKeyIdentifier(own.digest, [x509.DirectoryName(ca.certificate.subject)],
                                        ca.certificate.serial_number)  # fmt: skip
    return Recipe(keys("holder").public_key(), ca.key, ca.certificate.subject, named)


async def refusal(
    token: AuthToken, ca: Ca, nonce: str = NONCE, origins: tuple[str, ...] = (ORIGIN,), now: datetime = START,
    status: Status = never_asked,
) -> str:  # fmt: skip
    with pytest.raises(Refusal) as caught:
        await verify_token(token, nonce, origins, (ca.certificate,), now, status)
    return caught.value.code


async def refusal_of(certificate: x509.Certificate, ca: Ca, keys: CardKeys, now: datetime = START) -> str:
    token = make_token(keys("holder"), certificate.public_bytes(Encoding.DER), NONCE)
    return await refusal(token, ca, now=now)


async def test_a_certificate_and_token_in_order_are_taken(good: Recipe, ca: Ca, keys: CardKeys) -> None:
    der = good.build().public_bytes(Encoding.DER)
    taken = await verify_token(
        make_token(keys("holder"), der, NONCE), NONCE, (ORIGIN,), (ca.certificate,), START, stands
    )
    assert taken.public_bytes(Encoding.DER) == der


@pytest.mark.parametrize("resident", ["adult", "first", "last-try", "blocked"])
async def test_what_the_authority_issues_is_taken(card: Cards, ca: Ca, resident: str) -> None:
    mine = card(resident)
    taken = await verify_token(mine.token(NONCE), NONCE, (ORIGIN,), (ca.certificate,), START, stands)
    assert str(taken.serial_number) == mine.serial


UNKNOWN = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.999.1"), b"\x05\x00")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"begins": START - 2 * DAY, "ends": START - DAY}, "certificate_expired"),
        ({"begins": START + DAY, "ends": START + 2 * DAY}, "certificate_not_yet_valid"),
        ({"policies": policies(DIGITAL_SIGNATURE)}, "certificate_policy"),
        ({"policies": policies(x509.ObjectIdentifier("1.2.392.200149.8.5.1.3.30"))}, "certificate_policy"),
        ({"policies": policies(x509.ObjectIdentifier("2.5.29.32.0"))}, "certificate_policy"),
        ({"policies": None}, "certificate_policy"),
        ({"basic": x509.BasicConstraints(ca=True, path_length=None)}, UNTRUSTED),
        ({"basic": x509.BasicConstraints(ca=True, path_length=0)}, UNTRUSTED),
        ({"usage": None}, UNTRUSTED),
        ({"usage": usage(key_cert_sign=True)}, UNTRUSTED),
        ({"usage": usage(crl_sign=True)}, UNTRUSTED),
        ({"usage": usage(digital_signature=False, content_commitment=True)}, UNTRUSTED),
        ({"subject_key": False}, UNTRUSTED),
        ({"authority_key": None}, UNTRUSTED),
        ({"authority_key": x509.AuthorityKeyIdentifier(b"another key's hash..", None, None)}, UNTRUSTED),
        ({"authority_key": x509.AuthorityKeyIdentifier(None, [x509.DirectoryName(x509.Name([]))], 1)}, UNTRUSTED),
        ({"extra": ((UNKNOWN, True),)}, UNTRUSTED),
        ({"extra": ((x509.ExtendedKeyUsage([x509.ObjectIdentifier("2.999.2")]), True),)}, UNTRUSTED),
        ({"extra": ((x509.NameConstraints(None, [x509.DNSName("example")]), True),)}, UNTRUSTED),
        ({"issuer": x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "JPKI-EMU")])}, UNTRUSTED),
    ],
)  # fmt: skip
async def test_a_flaw_is_named(good: Recipe, ca: Ca, keys: CardKeys, changes: dict[str, Any], code: str) -> None:
    assert await refusal_of(replace(good, **changes).build(), ca, keys) == code


@pytest.mark.parametrize(
    "changes",
    [
        {"extra": ((UNKNOWN, False),)},
        {"basic": x509.BasicConstraints(ca=False, path_length=None)},
        {"policies": policies(DIGITAL_SIGNATURE, USER_AUTHENTICATION)},
        {"begins": START},
        {"ends": START},
    ],
)
async def test_what_is_no_flaw_is_taken(good: Recipe, ca: Ca, keys: CardKeys, changes: dict[str, Any]) -> None:
    der = replace(good, **changes).build().public_bytes(Encoding.DER)
    await verify_token(make_token(keys("holder"), der, NONCE), NONCE, (ORIGIN,), (ca.certificate,), START, stands)


async def test_the_serial_number_of_the_issuer_must_be_the_cas(good: Recipe, ca: Ca, keys: CardKeys) -> None:
    wrong = x509.AuthorityKeyIdentifier(good.authority_key.key_identifier,
                                        good.authority_key.authority_cert_issuer, 7)  # fmt: skip
    assert await refusal_of(replace(good, authority_key=wrong).build(), ca, keys) == UNTRUSTED


async def test_another_issuer_of_the_same_name_is_not_believed(good: Recipe, ca: Ca, keys: CardKeys) -> None:
    assert await refusal_of(replace(good, issuer_key=keys("impostor")).build(), ca, keys) == UNTRUSTED


async def test_a_leaf_issues_nothing(good: Recipe, ca: Ca, keys: CardKeys) -> None:
    leaf = good.build()
    by_leaf = replace(
        good,
        public_key=keys("second").public_key(),
        issuer=leaf.subject,
        issuer_key=keys("holder"),
        authority_key=x509.AuthorityKeyIdentifier.from_issuer_public_key(keys("holder").public_key()),
    )
    for issuer in (leaf.subject, ca.certificate.subject):
        token = make_token(keys("second"), replace(by_leaf, issuer=issuer).build().public_bytes(Encoding.DER), NONCE)
        assert await refusal(token, ca) == UNTRUSTED


async def test_the_ca_itself_does_not_sign_in(ca: Ca) -> None:
    token = make_token(ca.key, ca.certificate.public_bytes(Encoding.DER), NONCE)
    assert await refusal(token, ca) == UNTRUSTED


async def test_the_cas_own_term_counts(good: Recipe, ca: Ca, keys: CardKeys) -> None:
    later = ca.certificate.not_valid_after_utc + DAY
    assert await refusal_of(replace(good, ends=later + DAY).build(), ca, keys, later) == UNTRUSTED


async def test_the_signature_certificate_of_the_same_card_is_refused(card: Cards, ca: Ca) -> None:
    mine = card("adult")
    token = make_token(mine.key, (mine.folder / "sign.cer").read_bytes(), NONCE)
    assert await refusal(token, ca) == UNTRUSTED


async def test_other_keys_than_rsa_2048_are_refused(good: Recipe, ca: Ca, keys: CardKeys) -> None:
    small = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505
    for key in (ec.generate_private_key(ec.SECP256R1()), small):
        assert await refusal_of(replace(good, public_key=key.public_key()).build(), ca, keys) == UNTRUSTED


@pytest.mark.parametrize("scheme", [{"digest": SHA384()}, {"padding": PSS(MGF1(SHA256()), 32)}])
async def test_other_signature_schemes_are_refused(
    good: Recipe, ca: Ca, keys: CardKeys, scheme: dict[str, Any]
) -> None:
    assert await refusal_of(replace(good, **scheme).build(), ca, keys) == UNTRUSTED


@pytest.mark.parametrize(
    "spoil",
    [
        lambda der: der[:-1],
        lambda der: der[: len(der) // 2],
        lambda der: der[:1],
        lambda der: der + b"\x00",
        lambda der: der + der,
        lambda der: b"\x30\x80" + der[4:] + b"\x00\x00",  # BER of indefinite length
        lambda der: bytes([*der[:-1], der[-1] ^ 1]),
        lambda der: b"-----BEGIN CERTIFICATE-----\n" + b64encode(der) + b"\n-----END CERTIFICATE-----\n",
    ],
    ids=["short by one", "half", "one byte", "long by one", "twice", "BER", "signature bit", "PEM"],
)
async def test_only_der_and_nothing_but_der(
    good: Recipe, ca: Ca, keys: CardKeys, spoil: Callable[[bytes], bytes]
) -> None:
    der = spoil(good.build().public_bytes(Encoding.DER))
    assert await refusal(make_token(keys("holder"), der, NONCE), ca) == UNTRUSTED


@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")  # about what was spoiled
async def test_any_bit_turned_over_is_refused(good: Recipe, ca: Ca, keys: CardKeys) -> None:
    der = good.build().public_bytes(Encoding.DER)
    signature = make_token(keys("holder"), der, NONCE)
    for bit in range(8 * len(der)):
        spoiled = bytearray(der)
        spoiled[bit // 8] ^= 1 << bit % 8
        token = msgspec.structs.replace(signature, unverified_certificate=b64encode(spoiled).decode())
        assert await refusal(token, ca) == UNTRUSTED, bit


async def test_what_the_signature_does_not_cover_is_fixed_too(good: Recipe, ca: Ca, keys: CardKeys) -> None:
    """A signature that ends in a zero bit would read the same with that bit counted as unused."""
    begins = (START - n * timedelta(seconds=1) for n in range(1, 100))
    ders = (replace(good, begins=moment).build().public_bytes(Encoding.DER) for moment in begins)
    der = next(der for der in ders if der[-1] & 1 == 0)
    assert der[-257] == 0
    twin = der[:-257] + b"\x01" + der[-256:]
    assert await refusal(make_token(keys("holder"), twin, NONCE), ca) == UNTRUSTED


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"format": "web-eid:2"}, "bad_request"),
        ({"format": "web-eid:1x"}, "bad_request"),
        ({"format": "web-eid:1.0\n"}, "bad_request"),
        ({"format": ""}, "bad_request"),
        ({"algorithm": "ES256"}, "token_invalid"),
        ({"algorithm": "PS256"}, "token_invalid"),
        ({"algorithm": "none"}, "token_invalid"),
        ({"algorithm": "rs256"}, "token_invalid"),
        ({"signature": ""}, "bad_request"),
        ({"signature": "AAAA"}, "token_invalid"),
        ({"signature": "AAAB="}, "bad_request"),
        ({"signature": "AB=="}, "bad_request"),  # the last bits are not zero
        ({"signature": "A A="}, "bad_request"),
        ({"signature": "_-_-"}, "bad_request"),
        ({"signature": "四文字だ"}, "bad_request"),
        ({"unverified_certificate": ""}, "bad_request"),
        ({"unverified_certificate": "!"}, "bad_request"),
        ({"unverified_certificate": "A" * 16_388}, "bad_request"),
        ({"unverified_certificate": "MAA="}, UNTRUSTED),
    ],
)
async def test_a_token_out_of_form_is_refused(
    good: Recipe, ca: Ca, keys: CardKeys, changes: dict[str, Any], code: str
) -> None:
    token = make_token(keys("holder"), good.build().public_bytes(Encoding.DER), NONCE)
    assert await refusal(msgspec.structs.replace(token, **changes), ca) == code


@pytest.mark.parametrize("version", ["web-eid:1", "web-eid:1.0", "web-eid:1.1"])
async def test_all_minor_versions_are_taken(good: Recipe, ca: Ca, keys: CardKeys, version: str) -> None:
    token = make_token(keys("holder"), good.build().public_bytes(Encoding.DER), NONCE)
    await verify_token(
        msgspec.structs.replace(token, format=version), NONCE, (ORIGIN,), (ca.certificate,), START, stands
    )


async def test_a_signature_is_for_one_challenge_one_origin_and_one_key(good: Recipe, ca: Ca, keys: CardKeys) -> None:
    der = good.build().public_bytes(Encoding.DER)
    token = make_token(keys("holder"), der, NONCE)
    assert await refusal(token, ca, nonce="b3RoZXI=") == "token_invalid"
    assert await refusal(token, ca, origins=("https://localhost:8444", "http://localhost:8443")) == "token_invalid"
    assert await refusal(token, ca, origins=()) == "token_invalid"
    assert await refusal(make_token(keys("thief"), der, NONCE), ca) == "token_invalid"


async def test_each_of_the_origins_serves(good: Recipe, ca: Ca, keys: CardKeys) -> None:
    token = make_token(keys("holder"), good.build().public_bytes(Encoding.DER), NONCE, "https://127.0.0.1:8443")
    origins = (ORIGIN, "https://127.0.0.1:8443")
    await verify_token(token, NONCE, origins, (ca.certificate,), START, stands)


async def test_a_person_with_an_expired_card_hears_of_that_and_not_of_the_signature(
    good: Recipe, ca: Ca, keys: CardKeys
) -> None:
    expired = replace(good, begins=START - 2 * DAY, ends=START - DAY).build().public_bytes(Encoding.DER)
    assert await refusal(make_token(keys("thief"), expired, NONCE), ca) == "certificate_expired"


async def test_what_the_authority_says_counts(good: Recipe, ca: Ca, keys: CardKeys) -> None:
    async def revoked(checked: Checked) -> None:
        raise Refusal("certificate_revoked")

    token = make_token(keys("holder"), good.build().public_bytes(Encoding.DER), NONCE)
    assert await refusal(token, ca, status=revoked) == "certificate_revoked"
