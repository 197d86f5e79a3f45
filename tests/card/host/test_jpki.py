"""The JPKI application, byte by byte. Source: card reference, sections 3.1, 4 and 5."""

from __future__ import annotations

import asyncio
import hashlib
import logging

import pytest

from drivers.card.jpki import Jpki
from drivers.errors import (
    BadAnswer,
    CardError,
    CardGone,
    CardMute,
    CardRefused,
    NotOurCard,
    Pin,
    PinBlocked,
    PinWrong,
    ReaderFault,
)
from drivers.secret import Secret
from tests.card.host.certificates import certificate, reads
from tests.card.host.scripted import SELECT, Scripted, secret, selected

TRIES = {Pin.USER_AUTHENTICATION: "00200098", Pin.DIGITAL_SIGNATURE: "0020009B"}
VERIFY_1234 = "002000980431323334"
SIGN_HEAD = "802A0097333031300D060960864801650304020105000420"
AUTH, SIGNATURE = Pin.USER_AUTHENTICATION, Pin.DIGITAL_SIGNATURE


async def test_select_is_by_the_whole_aid() -> None:
    jpki, script = await selected()
    assert jpki.connection is script
    await script.close()


@pytest.mark.parametrize("sw", ["6A82", "6A81", "6A86", "6D00", "6E00"])
async def test_a_card_that_does_not_know_the_application(sw: str) -> None:
    with pytest.raises(NotOurCard):
        await Jpki.select(Scripted((SELECT, sw)))


@pytest.mark.parametrize("sw", ["6283", "6985", "6999", "6400"])
async def test_select_refused_for_another_reason(sw: str) -> None:
    with pytest.raises(CardRefused) as refused:
        await Jpki.select(Scripted((SELECT, sw)))
    assert (refused.value.operation, refused.value.sw) == ("select", int(sw, 16))


async def test_a_card_that_is_not_awake_is_asked_once_more() -> None:
    await Jpki.select(Scripted((SELECT, "6F00"), (SELECT, "9000")))
    with pytest.raises(CardRefused):
        await Jpki.select(Scripted((SELECT, "6F00"), (SELECT, "6F00")))


@pytest.mark.parametrize(("answer", "tries"), [("63C3", 3), ("63C1", 1), ("63C0", 0), ("6983", 0), ("6984", 0)])
@pytest.mark.parametrize("pin", TRIES)
async def test_tries_left(pin: Pin, answer: str, tries: int) -> None:
    jpki, script = await selected((TRIES[pin], answer))
    assert await jpki.tries_left(pin) == tries
    await script.close()


@pytest.mark.parametrize("sw", ["9000", "6A82", "6982", "6400"])
async def test_tries_left_refused(sw: str) -> None:
    jpki, _ = await selected((TRIES[AUTH], sw))
    with pytest.raises(CardRefused) as refused:
        await jpki.tries_left(AUTH)
    assert (refused.value.operation, refused.value.sw) == ("tries left", int(sw, 16))


@pytest.mark.parametrize("answer", ["6300", "", "63"])
async def test_tries_left_makes_no_sense(answer: str) -> None:
    jpki, _ = await selected((TRIES[AUTH], answer))
    with pytest.raises(BadAnswer):
        await jpki.tries_left(AUTH)


async def test_verify() -> None:
    jpki, script = await selected((VERIFY_1234, "9000"), ("0020009B06414243313233", "9000"))
    await jpki.verify(AUTH, secret())
    await jpki.verify(SIGNATURE, secret(b"ABC123"))
    await script.close()


@pytest.mark.parametrize(("sw", "left"), [("63C2", 2), ("63C1", 1), ("63CF", 15)])
async def test_a_wrong_pin(sw: str, left: int) -> None:
    jpki, _ = await selected((VERIFY_1234, sw))
    with pytest.raises(PinWrong) as wrong:
        await jpki.verify(AUTH, secret())
    assert (wrong.value.pin, wrong.value.tries_left) == (AUTH, left)


@pytest.mark.parametrize("sw", ["63C0", "6983", "6984"])
async def test_a_blocked_pin(sw: str) -> None:
    jpki, _ = await selected((VERIFY_1234, sw))
    with pytest.raises(PinBlocked) as blocked:
        await jpki.verify(AUTH, secret())
    assert blocked.value.pin is AUTH


@pytest.mark.parametrize("sw", ["6700", "6982", "6985", "6A82", "6F00", "6D00"])
async def test_verify_refused_for_another_reason(sw: str) -> None:
    jpki, script = await selected((VERIFY_1234, sw))
    with pytest.raises(CardRefused) as refused:
        await jpki.verify(AUTH, secret())
    assert (refused.value.operation, refused.value.sw) == ("verify", int(sw, 16))
    await script.close()


@pytest.mark.parametrize("answer", ["6300", "", "63"])
async def test_verify_answered_without_sense(answer: str) -> None:
    jpki, _ = await selected((VERIFY_1234, answer))
    with pytest.raises(BadAnswer):
        await jpki.verify(AUTH, secret())


@pytest.mark.parametrize("fault", [CardGone(), CardMute(), ReaderFault(), asyncio.CancelledError()])
async def test_verify_passes_faults_of_transport_on_and_sends_once(fault: BaseException) -> None:
    jpki, script = await selected((VERIFY_1234, fault))
    with pytest.raises(type(fault)) as raised:
        await jpki.verify(AUTH, secret())
    assert raised.value is fault
    await script.close()


@pytest.mark.parametrize("answer", ["9000", "63C2", "63C0", "6700", "", CardGone(), asyncio.CancelledError()])
async def test_the_pin_is_wiped_from_the_command_on_every_way_out(answer: str | BaseException) -> None:
    jpki, script = await selected((VERIFY_1234, answer))
    await asyncio.gather(jpki.verify(AUTH, secret()), return_exceptions=True)
    assert script.heard[-1] == bytearray.fromhex("0020009804") + bytes(4)


async def test_an_empty_secret_is_not_sent() -> None:
    """It would be a question for the tries left, and its answer would look like a wrong PIN."""
    jpki, script = await selected()
    with pytest.raises(ValueError, match="without data"):
        await jpki.verify(AUTH, Secret())
    await script.close()


async def test_sign_is_sha256_with_the_authentication_key() -> None:
    command = SIGN_HEAD + hashlib.sha256(b"origin and nonce").hexdigest() + "00"
    jpki, script = await selected((command, 256 * "5A" + "9000"))
    assert await jpki.sign_for_authentication(b"origin and nonce") == 256 * b"\x5a"
    await script.close()


@pytest.mark.parametrize("sw", ["6982", "6700", "6985", "6A86"])
async def test_sign_refused(sw: str) -> None:
    jpki, _ = await selected((SIGN_HEAD + hashlib.sha256(b"").hexdigest() + "00", sw))
    with pytest.raises(CardRefused) as refused:
        await jpki.sign_for_authentication(b"")
    assert (refused.value.operation, refused.value.sw) == ("sign", int(sw, 16))


@pytest.mark.parametrize("size", [0, 255, 257])
async def test_a_signature_of_another_size(size: int) -> None:
    jpki, _ = await selected((SIGN_HEAD + hashlib.sha256(b"").hexdigest() + "00", size * "5A" + "9000"))
    with pytest.raises(BadAnswer):
        await jpki.sign_for_authentication(b"")


OPERATIONS = {
    TRIES[AUTH]: lambda jpki: jpki.tries_left(AUTH),
    "00B08A0000": lambda jpki: jpki.auth_certificate(),
    SIGN_HEAD + hashlib.sha256(b"").hexdigest() + "00": lambda jpki: jpki.sign_for_authentication(b""),
}


@pytest.mark.parametrize("command", OPERATIONS)
@pytest.mark.parametrize("fault", [CardGone(), CardMute(), ReaderFault()])
async def test_faults_of_transport_pass_untouched(command: str, fault: CardError) -> None:
    jpki, _ = await selected((command, fault))
    with pytest.raises(type(fault)) as raised:
        await OPERATIONS[command](jpki)
    assert raised.value is fault


async def test_a_whole_sign_in_takes_at_most_twelve_commands() -> None:
    signing = SIGN_HEAD + hashlib.sha256(b"m").hexdigest() + "00"
    script = [(TRIES[AUTH], "63C3"), *reads(certificate(1536)), (VERIFY_1234, "9000"), (signing, 256 * "00" + "9000")]
    jpki, connection = await selected(*script)
    await jpki.tries_left(AUTH)
    await jpki.auth_certificate()
    await jpki.verify(AUTH, secret())
    await jpki.sign_for_authentication(b"m")
    assert len(connection.heard) <= 12
    await connection.close()


async def test_a_pin_typed_quickly_waits_for_the_certificate() -> None:
    """A VERIFY between two reads would make the PIN the current file."""
    der = certificate(700)
    jpki, script = await selected(*reads(der), (VERIFY_1234, "9000"))
    read, _ = await asyncio.gather(jpki.auth_certificate(), jpki.verify(AUTH, secret()))
    assert read == der
    await script.close()


async def test_the_trace_shows_commands_but_no_pin(caplog: pytest.LogCaptureFixture) -> None:
    jpki, _ = await selected((VERIFY_1234, "63C2"))
    with caplog.at_level(logging.DEBUG, "drivers.card.jpki"), pytest.raises(PinWrong):
        await jpki.verify(AUTH, secret())
    assert caplog.messages == ["0020009804 [4 bytes hidden] -> 0 bytes, 63C2 (tries left 2)"]
