"""The JPKI application's further operations against the software card. Source: card reference, sections 3.1 and 4."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from drivers.card.jpki import Availability, Jpki
from drivers.errors import CardGone, CardRefused, Pin, PinBlocked, PinWrong
from drivers.readers import CardConnection
from drivers.software_card.folder import card_folder
from tests.card.host.applications.conftest import inserted, typed
from tests.card.host.scripted import secret, selected

AUTH, SIGNATURE = Pin.USER_AUTHENTICATION, Pin.DIGITAL_SIGNATURE


@pytest.fixture
async def jpki(card: CardConnection) -> Jpki:
    return await Jpki.select(card)


def kept(data: Path, use: str) -> bytes:
    return card_folder(data, "adult").certificate(use).read_bytes()


async def test_all_four_certificates(jpki: Jpki, data: Path) -> None:
    with pytest.raises(CardRefused) as refused:
        await jpki.sign_certificate()
    assert refused.value.sw == 0x6982
    await jpki.verify(SIGNATURE, typed("password"))
    assert await jpki.sign_certificate() == kept(data, "sign")
    assert await jpki.auth_certificate() == kept(data, "auth")
    assert await jpki.sign_ca_certificate() == kept(data, "sign-ca")
    assert await jpki.auth_ca_certificate() == kept(data, "auth-ca")


async def test_sign_a_document(jpki: Jpki, data: Path) -> None:
    await jpki.verify(SIGNATURE, typed("password"))
    signature = await jpki.sign_document(b"an application")
    key = x509.load_der_x509_certificate(kept(data, "sign")).public_key()
    assert isinstance(key, RSAPublicKey)
    key.verify(signature, b"an application", PKCS1v15(), SHA256())


async def test_token_and_availability(jpki: Jpki, data: Path) -> None:
    info = await jpki.token_info()
    assert (info.label, info.manufacturer, info.longest_pin, info.shortest_pin) == (
        "JPKIAPICCTOKEN2",
        "JPKI-EMU",
        16,
        6,
    )
    assert await jpki.availability() == Availability(digital_signature=True, user_authentication=True)
    child = await Jpki.select(await inserted(data, "child"))
    assert await child.availability() == Availability(digital_signature=False, user_authentication=True)


@pytest.mark.parametrize(("pin", "old", "new"), [(AUTH, "1234", "5678"), (SIGNATURE, "ABC123", "XYZ7890")])
async def test_a_changed_secret_outlives_power(data: Path, pin: Pin, old: str, new: str) -> None:
    await (await Jpki.select(await inserted(data))).change(pin, typed(old), typed(new))
    again = await Jpki.select(await inserted(data))
    with pytest.raises(PinWrong):
        await again.verify(pin, typed(old))
    await again.verify(pin, typed(new))


async def test_a_wrong_old_secret_changes_nothing_and_costs_one_try(jpki: Jpki) -> None:
    with pytest.raises(PinWrong) as wrong:
        await jpki.change(AUTH, typed("4321"), typed("5678"))
    assert wrong.value.tries_left == 2
    await jpki.verify(AUTH, typed("1234"))


async def test_a_blocked_secret_cannot_be_changed(jpki: Jpki) -> None:
    for _ in range(2):
        with pytest.raises(PinWrong):
            await jpki.verify(AUTH, typed("4321"))
    with pytest.raises(PinBlocked):
        await jpki.change(AUTH, typed("4321"), typed("5678"))
    with pytest.raises(PinBlocked):
        await jpki.change(AUTH, typed("1234"), typed("5678"))


@pytest.mark.parametrize(
    ("pin", "new"),
    [(AUTH, ""), (AUTH, "123"), (AUTH, "12345"), (AUTH, "12a4"), (SIGNATURE, "ABC12"), (SIGNATURE, "ABCDEF"),
     (SIGNATURE, "123456"), (SIGNATURE, "abc123"), (SIGNATURE, "ABC 123")],
)  # fmt: skip
async def test_a_secret_nobody_could_type_never_reaches_the_card(pin: Pin, new: str) -> None:
    jpki, script = await selected()
    with pytest.raises(ValueError, match="not a"):
        await jpki.change(pin, typed("1234"), secret(new.encode()))
    await script.close()


async def test_change_byte_by_byte_and_wiped_on_every_way_out() -> None:
    jpki, script = await selected(("002000980431323334", "9000"), ("002401800435363738", CardGone()))
    with pytest.raises(CardGone):
        await jpki.change(AUTH, typed("1234"), typed("5678"))
    assert [bytes(apdu[5:]) for apdu in script.heard[1:]] == [bytes(4), bytes(4)]
    await script.close()
