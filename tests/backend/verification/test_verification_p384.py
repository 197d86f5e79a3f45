"""Tokens and certificates of the P-384 generation: what is taken, and every way to mix it with the RSA ones."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from backend_kit import ORIGIN, START, Cards, Clock, Visitor, signed_paper, write_requests
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from backend_client.wire import AuthToken, Registration, SignIn, registration_content, text_to_sign
from backend_stub.authority import auth_ca, issue_cards
from backend_stub.authority.generations import CURRENT, OLD, P384
from backend_stub.authority.keys import Ca, Keys, open_keys
from backend_stub.authority.profile import Kind, holder_extensions
from backend_stub.body import Refusal
from backend_stub.people import Resident
from backend_stub.town import body_folder
from backend_stub.verification.certificate import Checked
from backend_stub.verification.token import verify_token

NONCE = "bm9uY2U="
ORDER = int(
    "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973", 16
)  # fmt: skip
"""Of the group of P-384. Source: NIST SP 800-186, section 3.2.1.4."""


@dataclass(frozen=True)
class P384Card:
    """A card of the coming generation, as the backend sees it."""

    key: ec.EllipticCurvePrivateKey
    der: bytes
    folder: Path = Path()

    async def sign(self, message: bytes) -> bytes:
        """As the card gives a signature: r and s."""
        return raw(*decode_dss_signature(self.key.sign(message, ec.ECDSA(SHA384()))))

    def numbers(self, nonce: str = NONCE, origin: str = ORIGIN) -> tuple[int, int]:
        signature = self.key.sign(text_to_sign(origin, nonce, "ES384"), ec.ECDSA(SHA384()))
        return decode_dss_signature(signature)

    def token(self, nonce: str = NONCE, signature: bytes | None = None, algorithm: str = "ES384") -> AuthToken:
        return AuthToken(
            unverified_certificate=b64encode(self.der).decode(),
            algorithm=algorithm,
            signature=b64encode(signature or raw(*self.numbers(nonce))).decode(),
            format="web-eid:1",
            app_version="test",
        )


def raw(r: int, s: int) -> bytes:
    return r.to_bytes(48) + s.to_bytes(48)


@pytest.fixture(scope="session")
def keys(authority_keys: Path) -> Keys:
    return open_keys(authority_keys, START)


@pytest.fixture(scope="session")
def cas(authority_keys: Path) -> list[x509.Certificate]:
    """What every verifier is given."""
    return x509.load_pem_x509_certificates(auth_ca(authority_keys, START))


@pytest.fixture
def coming(data: Path, residents: tuple[Resident, ...], clock: Clock) -> P384Card:
    """Issued by the authority for a request with a P-384 key."""
    key = ec.generate_private_key(ec.SECP384R1())
    folder = data / "cards" / "p384"
    write_requests(folder, key, "p384")
    assert issue_cards(data, body_folder(data, "authority"), residents, clock()) == ["p384"]
    return P384Card(key, (folder / "auth.cer").read_bytes(), folder)


async def stands(checked: Checked) -> None:
    """The authority has nothing against it."""


async def refusal(token: AuthToken, cas: list[x509.Certificate]) -> str:
    with pytest.raises(Refusal) as caught:
        await verify_token(token, NONCE, (ORIGIN,), cas, START, stands)
    return caught.value.code


async def test_a_token_in_order_is_taken(coming: P384Card, cas: list[x509.Certificate], keys: Keys) -> None:
    asked: list[Checked] = []

    async def status(checked: Checked) -> None:
        asked.append(checked)

    taken = await verify_token(coming.token(), NONCE, (ORIGIN,), cas, START, status)
    assert taken.public_bytes(Encoding.DER) == coming.der
    (checked,) = asked
    assert (checked.ca, checked.scheme.name) == (keys.ca(Kind.AUTHENTICATION, P384).certificate, "ES384")


async def test_the_whole_sign_in_with_the_authoritys_own_answer(coming: P384Card, people: httpx.AsyncClient) -> None:
    """Challenge, token, OCSP, first registration, and the next sign-in: through the bodies themselves."""
    visitor = Visitor(people, None)  # type: ignore[arg-type]

    async def sign_in() -> dict[str, Any]:
        nonce = await visitor.nonce()
        answer: dict[str, Any] = (
            await visitor.post("/sign-in", SignIn(nonce=nonce, token=coming.token(nonce), place="このテレビ"))
        ).json()
        return answer

    ticket = (await sign_in())["ticket"]
    paper = await signed_paper(coming.folder, registration_content(ticket), "ES384", coming.sign)
    registered = await visitor.post("/registrations", Registration(ticket=ticket, place="このテレビ", paper=paper))
    assert registered.json()["name"] == "試験 新太"
    assert (await sign_in())["kind"] == "signed_in"


async def test_both_numbers_that_fit_are_taken(coming: P384Card, cas: list[x509.Certificate]) -> None:
    """Of the two values of s a card may give either."""
    r, s = coming.numbers()
    for each in (s, ORDER - s):
        await verify_token(coming.token(signature=raw(r, each)), NONCE, (ORIGIN,), cas, START, stands)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda r, s: raw(0, s),
        lambda r, s: raw(r, 0),
        lambda r, s: raw(0, 0),
        lambda r, s: raw(ORDER, s),
        lambda r, s: raw(r, ORDER),
        lambda r, s: raw((1 << 384) - 1, (1 << 384) - 1),
        lambda r, s: raw(s, r),
        lambda r, s: raw(r, s ^ 1),
        lambda r, s: raw(r, s)[:-1],
        lambda r, s: raw(r, s) + b"\0",
        lambda r, s: raw(r, s)[:48],
        lambda r, s: r.to_bytes(48) + s.to_bytes(49),
        lambda r, s: bytes(192) + raw(r, s),
        lambda r, s: r.to_bytes(66) + s.to_bytes(66),
        lambda r, s: s.to_bytes(48, "little") + r.to_bytes(48, "little"),
    ],
    ids=["r 0", "s 0", "both 0", "r the order", "s the order", "all ones", "turned round", "one bit", "short", "long",
         "r alone", "a longer s", "zeros before", "as for P-521", "little-endian"],
)  # fmt: skip
async def test_numbers_that_are_no_signature(coming: P384Card, cas: list[x509.Certificate], spoil: Any) -> None:
    assert await refusal(coming.token(signature=spoil(*coming.numbers())), cas) == "token_invalid"


async def test_a_signature_in_der_is_not_a_tokens(coming: P384Card, cas: list[x509.Certificate]) -> None:
    der = coming.key.sign(text_to_sign(ORIGIN, NONCE, "ES384"), ec.ECDSA(SHA384()))
    assert await refusal(coming.token(signature=der), cas) == "token_invalid"


@pytest.mark.parametrize("digest", [SHA256(), SHA512()])
async def test_another_digest_is_refused(coming: P384Card, cas: list[x509.Certificate], digest: Any) -> None:
    numbers = decode_dss_signature(coming.key.sign(text_to_sign(ORIGIN, NONCE, "ES384"), ec.ECDSA(digest)))
    assert await refusal(coming.token(signature=raw(*numbers)), cas) == "token_invalid"


async def test_the_text_is_hashed_by_the_algorithms_own_hash(coming: P384Card, cas: list[x509.Certificate]) -> None:
    numbers = decode_dss_signature(coming.key.sign(text_to_sign(ORIGIN, NONCE, "RS256"), ec.ECDSA(SHA384())))
    assert await refusal(coming.token(signature=raw(*numbers)), cas) == "token_invalid"
    assert [len(text_to_sign(ORIGIN, NONCE, name)) for name in ("RS256", "ES384")] == [64, 96]


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "ES512", "PS384", "none", "es384", ""])
async def test_another_algorithms_name_is_refused(
    coming: P384Card, cas: list[x509.Certificate], algorithm: str
) -> None:
    assert await refusal(coming.token(algorithm=algorithm), cas) == "token_invalid"


async def test_an_rsa_card_cannot_claim_es384(card: Cards, cas: list[x509.Certificate]) -> None:
    mine = card("adult")
    assert await refusal(mine.token(NONCE, algorithm="ES384"), cas) == "token_invalid"
    over_its_text = mine.key.sign(text_to_sign(ORIGIN, NONCE, "ES384"), PKCS1v15(), SHA384())
    token = msgspec.structs.replace(mine.token(NONCE), algorithm="ES384", signature=b64encode(over_its_text).decode())
    assert await refusal(token, cas) == "token_invalid"


# --- generations


def certificate(ca: Ca, public: Any, signer: Any, digest: Any, resident: Resident) -> bytes:
    """In order for its CA but for the key, the signer or the digest."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "holder")]))
        .issuer_name(ca.certificate.subject)
        .public_key(public)
        .serial_number(1)
        .not_valid_before(START - timedelta(days=1))
        .not_valid_after(START + timedelta(days=1))
    )
    for extension, critical in holder_extensions(Kind.AUTHENTICATION, resident, public, ca.certificate):
        builder = builder.add_extension(extension, critical)
    return builder.sign(signer, digest).public_bytes(Encoding.DER)


async def test_keys_of_another_generation_or_none_are_refused(
    keys: Keys, cas: list[x509.Certificate], residents: tuple[Resident, ...], card_keys: Any
) -> None:
    coming, current = (keys.ca(Kind.AUTHENTICATION, generation) for generation in (P384, CURRENT))
    for ca, public, digest in (
        (coming, ec.generate_private_key(ec.SECP256R1()).public_key(), SHA384()),
        (coming, ec.generate_private_key(ec.SECP521R1()).public_key(), SHA384()),
        (coming, ec.generate_private_key(ec.SECP256K1()).public_key(), SHA384()),
        (coming, card_keys("holder").public_key(), SHA384()),
        (coming, ec.generate_private_key(ec.SECP384R1()).public_key(), SHA256()),
        (current, ec.generate_private_key(ec.SECP384R1()).public_key(), SHA256()),
    ):
        der = certificate(ca, public, ca.key, digest, residents[0])
        card = P384Card(ec.generate_private_key(ec.SECP384R1()), der, Path())
        assert await refusal(card.token(), cas) == "certificate_untrusted"


async def test_one_generations_ca_does_not_sign_for_another(
    keys: Keys, cas: list[x509.Certificate], residents: tuple[Resident, ...]
) -> None:
    """All CAs have one name: the key identifier says whose signature is looked for, and no other will do."""
    key = ec.generate_private_key(ec.SECP384R1())
    coming, current = (keys.ca(Kind.AUTHENTICATION, generation) for generation in (P384, CURRENT))
    impostor = ec.generate_private_key(ec.SECP384R1())
    for signer, digest in ((current.key, SHA256()), (impostor, SHA384())):
        card = P384Card(key, certificate(coming, key.public_key(), signer, digest, residents[0]))
        assert await refusal(card.token(), cas) == "certificate_untrusted"
    card = P384Card(key, certificate(coming, key.public_key(), coming.key, SHA384(), residents[0]))
    await verify_token(card.token(), NONCE, (ORIGIN,), cas, START, stands)


async def test_the_ca_before_the_one_in_use_is_still_believed_and_only_while_it_is_there(
    card: Cards, keys: Keys, cas: list[x509.Certificate]
) -> None:
    old = card("old")
    await verify_token(old.token(NONCE), NONCE, (ORIGIN,), cas, START, stands)
    without = [ca for ca in cas if ca != keys.ca(Kind.AUTHENTICATION, OLD).certificate]
    assert len(without) == 2
    assert await refusal(old.token(NONCE), without) == "certificate_untrusted"


def test_cas_of_all_generations_have_one_name_and_keys_of_their_own(keys: Keys) -> None:
    for kind in Kind:
        mine = [ca.certificate for ca in keys.every_ca if ca.kind is kind]
        assert len({ca.subject.rfc4514_string() for ca in mine}) == 1
        identifiers = [ca.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest for ca in mine]
        assert len(set(identifiers)) == 3
        for ca in mine:
            ca.verify_directly_issued_by(ca)
