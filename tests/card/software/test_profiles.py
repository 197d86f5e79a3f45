"""Every profile: issued, inserted, each file read by the host's own layer, each secret tried, each key used."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384

from drivers.card.algorithm import Algorithm, algorithm_of
from drivers.card.application import CardApplication
from drivers.card.common import Common
from drivers.card.jpki import TRIES_MAX, Jpki
from drivers.card.juki import Juki
from drivers.card.manager import CardManager
from drivers.card.pinless import hold_over
from drivers.card.terminal import SimulatedTerminalAuthentication
from drivers.card.text import TextSupport
from drivers.card.visual import Visual
from drivers.errors import CardRefused, NotOurCard, Pin, PinBlocked, PinWrong
from drivers.readers import CardConnection
from drivers.secret import Secret
from drivers.software_card.cv_authority import TERMINALS, cv_authority
from drivers.software_card.folder import card_folder, open_card
from drivers.software_card.generation import Generation
from drivers.software_card.links.inprocess import InProcessReaders
from drivers.software_card.profile import Holder, Profile, load_profile, profile_names

AUTH, SIGNATURE = Pin.USER_AUTHENTICATION, Pin.DIGITAL_SIGNATURE
OURS = [name for name in profile_names() if load_profile(name).pin is not None]
TERMINAL_KEY = generate_private_key(65537, 2048)


def secret(text: str) -> Secret:
    typed = Secret()
    for byte in text.encode("ascii"):
        typed.add(byte)
    return typed


def holder_of(profile: Profile) -> Holder:
    assert profile.holder is not None
    return profile.holder


def check(certificate: bytes, signature: bytes, message: bytes) -> None:
    """By the certificate's key. Raises InvalidSignature."""
    key = x509.load_der_x509_certificate(certificate).public_key()
    if isinstance(key, RSAPublicKey):
        key.verify(signature, message, PKCS1v15(), SHA256())
        return
    assert isinstance(key, EllipticCurvePublicKey)
    numbers = int.from_bytes(signature[:48]), int.from_bytes(signature[48:])
    key.verify(encode_dss_signature(*numbers), message, ECDSA(SHA384()))


async def connected(data: Path, name: str) -> CardConnection:
    readers = InProcessReaders()
    readers.insert(open_card(card_folder(data, name)))
    return await readers.connect(readers.names[0])


@pytest.fixture(params=OURS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def profile(name: str) -> Profile:
    return load_profile(name)


@pytest.fixture
async def card(data: Path, name: str) -> AsyncIterator[CardConnection]:
    connection = await connected(data, name)
    yield connection
    await connection.close()


def test_each_profile_is_somebody_and_no_two_are_the_same() -> None:
    holders = [holder_of(load_profile(name)) for name in OURS]
    for told in ("number", "card_number", "security_code", "name"):
        assert len({getattr(holder, told) for holder in holders}) == len(holders), told


# --- JPKI


async def test_what_everybody_may_read(card: CardConnection, profile: Profile, data: Path, name: str) -> None:
    jpki, folder = await Jpki.select(card), card_folder(data, name)
    assert (await jpki.token_info()).label == profile.facts.token_label
    there = await jpki.availability()
    assert (there.user_authentication, there.digital_signature) == (True, bool(profile.password))
    assert await jpki.auth_certificate() == folder.certificate("auth").read_bytes()
    assert await jpki.auth_ca_certificate() == folder.ca_certificate("auth").read_bytes()
    kinds = {Generation.P384: Algorithm.ES384}
    assert algorithm_of(await jpki.auth_certificate()) is kinds.get(profile.generation, Algorithm.RS256)


async def test_the_pin_opens_the_authentication_key(card: CardConnection, profile: Profile) -> None:
    jpki = await Jpki.select(card)
    tries = await jpki.tries_left(AUTH)
    assert tries == profile.tries_at_issue["auth"]
    if not tries:
        with pytest.raises(PinBlocked):
            await jpki.verify(AUTH, secret("1234"))
        return
    if tries > 1:
        with pytest.raises(PinWrong) as wrong:
            await jpki.verify(AUTH, secret("9999"))
        assert wrong.value.tries_left == tries - 1
    await jpki.verify(AUTH, secret(profile.pin or ""))
    assert await jpki.tries_left(AUTH) == TRIES_MAX[AUTH]
    certificate = await jpki.auth_certificate()
    algorithm = algorithm_of(certificate)
    signature = await jpki.sign_for_authentication(b"nonce", algorithm)
    assert len(signature) == algorithm.signature_size
    check(certificate, signature, b"nonce")


async def test_the_password_opens_certificate_and_key_for_documents(card: CardConnection, profile: Profile) -> None:
    jpki = await Jpki.select(card)
    if not profile.password:
        with pytest.raises(PinBlocked):
            await jpki.verify(SIGNATURE, secret("ABC123"))
        for read in (jpki.sign_certificate, jpki.sign_ca_certificate):
            with pytest.raises(CardRefused) as refused:
                await read()
            assert refused.value.sw == 0x6A82
        return
    await jpki.verify(SIGNATURE, secret(profile.password))
    certificate = await jpki.sign_certificate()
    await jpki.sign_ca_certificate()
    check(certificate, await jpki.sign_document(b"a document", algorithm_of(certificate)), b"a document")


async def test_without_the_pin_no_key_signs_but_for_a_known_terminal(
    card: CardConnection, issued_once: Path, name: str
) -> None:
    """At the hospital's desk: staff have looked at the face. The terminal's side is a simulation."""
    authority = cv_authority(issued_once)
    certificate = authority.certificate(TERMINALS, "9000200", TERMINAL_KEY.public_key())
    jpki = await Jpki.select(card)
    own = await jpki.auth_certificate()
    algorithm = algorithm_of(own)
    with pytest.raises(CardRefused) as refused:
        await jpki.sign_for_authentication(b"nonce", algorithm)
    assert refused.value.sw == 0x6982
    await SimulatedTerminalAuthentication(certificate, TERMINAL_KEY).authenticate(jpki)
    check(own, await jpki.sign_for_authentication(b"nonce", algorithm), b"nonce")


async def test_held_over_a_reader(card: CardConnection, issued_once: Path, profile: Profile, name: str) -> None:
    """かざし利用 asks no PIN, so it works with every card there is."""
    holder = holder_of(profile)
    held = await hold_over(card, secret(holder.birth_date_key), b"nonce", cv_authority(issued_once).anchors())
    assert held.birth_date == holder.birth_date
    algorithm_of(held.auth_certificate)


# --- the other applications


async def test_the_texts(card: CardConnection, issued_once: Path, profile: Profile) -> None:
    holder, text = holder_of(profile), await TextSupport.select(card)
    assert await text.tries_left(Pin.TEXT_SUPPORT) == profile.tries_at_issue["text"]
    if profile.pin:
        await text.verify(Pin.TEXT_SUPPORT, secret(profile.text_pin or profile.pin))
    else:
        with pytest.raises(PinBlocked):
            await text.verify(Pin.TEXT_SUPPORT, secret("1234"))
        await text.verify(Pin.MATCH_A, secret(holder.number))
        await text.verify(Pin.MATCH_B, secret(holder.match_b))
    number, items = await text.number(), await text.four_items()
    assert number.number == holder.number
    assert (items.name, items.address) == (holder.printed_name, holder.address)
    assert (items.birth_date, items.sex.value) == (holder.birth_date, holder.sex)
    (await text.evidence()).check(cv_authority(issued_once).anchors(), number, items)


async def test_the_face(card: CardConnection, issued_once: Path, profile: Profile) -> None:
    holder, visual = holder_of(profile), await Visual.select(card)
    issuer = await visual.issuer(cv_authority(issued_once).anchors())
    await visual.verify(Pin.BIRTH_DATE, secret(holder.birth_date_key))
    await visual.verify(Pin.MATCH_A, secret(holder.number))
    age, face, number = await visual.age_record(), await visual.face_record(), await visual.number_record()
    for record in (age, face, number):
        record.check(issuer)
    assert (age.birth_date, face.birth_date, face.sex.value) == (holder.birth_date, holder.birth_date, holder.sex)
    assert face.valid_until == holder.valid_until
    await visual.authenticate(b"nonce", face.card_key)


@pytest.mark.parametrize("application", [Common, Juki])
async def test_the_register_pin(card: CardConnection, profile: Profile, application: type[CardApplication]) -> None:
    selected = await application.select(card)
    if profile.pin:
        await selected.verify(Pin.REGISTER, secret(profile.register_pin or profile.pin))
    else:
        with pytest.raises(PinBlocked):
            await selected.verify(Pin.REGISTER, secret("1234"))


async def test_number_and_manager(card: CardConnection, profile: Profile, name: str) -> None:
    holder = holder_of(profile)
    number = await (await Common.select(card)).card_number()
    assert (number.number, number.municipality, number.valid_until) == (
        holder.card_number, holder.municipality, holder.valid_until,
    )  # fmt: skip
    await (await Juki.select(card)).key_id()
    data = await (await CardManager.select(card)).data()
    assert (data.card_id, data.municipality, data.valid_until) == (
        f"JPKI-EMU-{name}", holder.municipality, holder.valid_until,
    )  # fmt: skip
    assert (data.lower_certificate is not None) == profile.facts.lower_certificate


# --- one by one


async def test_a_card_that_is_not_ours(data: Path) -> None:
    connection = await connected(data, next(name for name in profile_names() if name not in OURS))
    for application in (Jpki, TextSupport, Visual, Common, Juki):
        with pytest.raises(NotOurCard):
            await application.select(connection)


async def test_a_p384_key_that_is_asked_for_rs256_refuses(data: Path) -> None:
    """RSA takes any bytes to pad, so only this key can tell."""
    jpki = await Jpki.select(await connected(data, "p384"))
    await jpki.verify(AUTH, secret("1234"))
    with pytest.raises(CardRefused) as refused:
        await jpki.sign_for_authentication(b"nonce", Algorithm.RS256)
    assert refused.value.sw == 0x6700


def test_a_foreign_residents_alias_stands_in_brackets() -> None:
    assert holder_of(load_profile("foreign-resident")).printed_name == "MIHON\u3000ALEXANDRA（見本\u3000有紗）"


def test_the_long_name_is_of_every_awkward_kind() -> None:
    holder = holder_of(load_profile("long-name"))
    assert {"𠮷", "𡈽", "髙", "﨑", "\U000e0100"} <= set(holder.name)
    assert len(holder.address.encode()) > 127, "a length of more than one byte in EF 0002"


def test_a_renewed_card_keeps_the_keys_before_to_itself(data: Path) -> None:
    folder = card_folder(data, "renewed")
    keys = [folder.key(use).read_bytes() for use in ("auth", "auth-before", "sign", "sign-before")]
    assert len(set(keys)) == 4
