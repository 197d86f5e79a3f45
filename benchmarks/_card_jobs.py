"""Four jobs with a card: as this program does them, and as OpenSC's tools do on the same card.

OpenSC knows the JPKI application only. What the others hold is fetched with its `opensc-tool --send-apdu`, by the
commands of the clients that read a header of seven bytes first (card reference, section 10.3).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from backend_client.wire import text_to_sign
from drivers import tlv
from drivers.card.common import Common
from drivers.card.holder import match_number_a, match_number_b
from drivers.card.jpki import Jpki
from drivers.card.juki import Juki
from drivers.card.manager import CardManager, DataObject
from drivers.card.text import TextSupport
from drivers.card.visual import Visual
from drivers.errors import Pin
from drivers.readers import CardConnection
from drivers.secret import Secret
from drivers.software_card.folder import card_folder, open_card, read_profile
from drivers.software_card.profile import Holder

PIN, PASSWORD = "1234", "ABC123"
MESSAGE = text_to_sign("https://localhost", "nonce")
NONCE = bytes(32)
_HEADER, _CHUNK = 7, 256
_DIGEST_INFO = bytes.fromhex("3031300D060960864801650304020105000420") + bytes(32)
_OBJECTS = [name for name in DataObject if name not in (DataObject.CERTIFICATE, DataObject.LOWER_CERTIFICATE)]
"""The two certificates need an extended Le, which opensc-tool does not send to this card."""

Ours = Callable[[CardConnection], Awaitable[None]]
Theirs = Callable[[Path], list[str]]


@dataclass(frozen=True, slots=True)
class Job:
    """`ours` on a powered card; `theirs` is a command line, given a folder with the file `message`."""

    name: str
    ours: Ours
    theirs: Theirs


async def sign_in(connection: CardConnection) -> None:
    card = await Jpki.select(connection)
    await card.tries_left(Pin.USER_AUTHENTICATION)
    await card.auth_certificate()
    with typed(PIN) as secret:
        await card.verify(Pin.USER_AUTHENTICATION, secret)
    await card.sign_for_authentication(MESSAGE)


async def sign(connection: CardConnection) -> None:
    card = await Jpki.select(connection)
    await card.tries_left(Pin.DIGITAL_SIGNATURE)
    with typed(PASSWORD) as secret:
        await card.verify(Pin.DIGITAL_SIGNATURE, secret)
    await card.sign_certificate()
    await card.sign_document(MESSAGE)


def jobs(data: Path) -> tuple[Job, ...]:
    """For the adult's card of a data folder."""
    holder = read_profile(card_folder(data, "adult")).holder
    assert holder is not None

    async def face(connection: CardConnection) -> None:
        await _face(connection, match_number_b(holder.birth_date, holder.valid_until.year, holder.security_code))

    async def whole(connection: CardConnection) -> None:
        await _whole(connection, holder)

    face_apdus, whole_apdus = _face_by_seven(data, holder), _whole_by_seven(data, holder)
    return (
        Job("sign_in", sign_in, lambda folder: _pkcs11(folder, "0", PIN, "01")),
        Job("sign", sign, lambda folder: _pkcs11(folder, "1", PASSWORD, "02")),
        Job("face_check", face, lambda _: _send(face_apdus)),
        Job("full_read", whole, lambda _: _send(whole_apdus)),
    )


async def _face(connection: CardConnection, match_b: Secret) -> None:
    visual = await Visual.select(connection)
    with match_b as secret:
        await visual.verify(Pin.MATCH_B, secret)
    record = await visual.face_record()
    await visual.certificate()
    await visual.authenticate(NONCE, record.card_key)


async def _whole(connection: CardConnection, holder: Holder) -> None:
    """Every file that has a meaning, of every application, and the card manager's objects."""
    manager = await CardManager.select(connection)
    for name in _OBJECTS:
        await manager.data_object(name)
    jpki = await Jpki.select(connection)
    with typed(PASSWORD) as secret:
        await jpki.verify(Pin.DIGITAL_SIGNATURE, secret)
    for read in (jpki.auth_certificate, jpki.auth_ca_certificate, jpki.sign_certificate, jpki.sign_ca_certificate):
        await read()
    await jpki.token_info()
    await jpki.availability()
    text = await TextSupport.select(connection)
    with typed(PIN) as secret:
        await text.verify(Pin.TEXT_SUPPORT, secret)
    await text.number()
    await text.four_items()
    await text.evidence()
    visual = await Visual.select(connection)
    with match_number_a(holder.number) as secret:
        await visual.verify(Pin.MATCH_A, secret)
    await visual.face_record()
    await visual.number_record()
    await visual.certificate()
    common = await Common.select(connection)
    await common.card_number()
    await common.key_id()
    await (await Juki.select(connection)).key_id()


def typed(text: str) -> Secret:
    secret = Secret()
    for byte in text.encode():
        secret.add(byte)
    return secret


# --- OpenSC


def _pkcs11(folder: Path, slot: str, pin: str, key: str) -> list[str]:
    # Listing the slots asks for the tries, binding reads the certificates, so one call does the whole job.
    tool = ["pkcs11-tool", "--module", "opensc-pkcs11.so", "--slot-index", slot, "--login", "--pin", pin]
    out = str(folder / "signature")
    return [*tool, "--sign", "-m", "SHA256-RSA-PKCS", "--id", key, "-i", str(folder / "message"), "-o", out]


def _send(apdus: Iterable[bytes]) -> list[str]:
    return ["opensc-tool", *(word for apdu in apdus for word in ("--send-apdu", apdu.hex(":")))]


class _SevenByteClient:
    """Fetches files from an in-process twin of the card, and notes what it sent."""

    def __init__(self, data: Path) -> None:
        self._twin = open_card(card_folder(data, "adult"))
        self._twin.power_on()
        self.sent: list[bytes] = []

    def send(self, *apdus: bytes) -> bytes:
        """Send one after the other; the last one's data."""
        for apdu in apdus:
            self.sent.append(apdu)
            answer = self._twin.answer(apdu)
        return answer[:-2]

    def verify(self, fid: int, secret: str) -> None:
        self.send(_ef(fid), _apdu(0x00, 0x20, 0x00, 0x80, secret.encode()))

    def fetch(self, *fids: int) -> None:
        for fid in fids:
            size = tlv.whole_size(self.send(_ef(fid), _read(0, _HEADER)))
            for at in range(_HEADER, size, _CHUNK):
                self.send(_read(at, min(_CHUNK, size - at)))


def _face_by_seven(data: Path, holder: Holder) -> list[bytes]:
    client = _SevenByteClient(data)
    client.send(_aid(Visual.AID))
    client.verify(0x12, holder.match_b)
    client.fetch(0x02, 0x04)
    client.send(_apdu(0x80, 0x2A, 0x00, 0x00, _DIGEST_INFO) + b"\0")
    return client.sent


def _whole_by_seven(data: Path, holder: Holder) -> list[bytes]:
    client = _SevenByteClient(data)
    client.send(_aid(CardManager.AID))
    for name in _OBJECTS:
        client.send(bytes((0x00, 0xCA)) + name.to_bytes(2) + bytes(1))
    client.send(_aid(Jpki.AID))
    client.verify(0x1B, PASSWORD)
    client.fetch(0x0A, 0x0B, 0x01, 0x02)
    client.send(_ef(0x06), _read(0, 0xA0), _ef(0x08), _read(0, 3))
    client.send(_aid(TextSupport.AID))
    client.verify(0x11, PIN)
    client.send(_ef(0x01), _read(0, 17))
    client.fetch(0x02, 0x04, 0x07, 0x03)
    client.send(_aid(Visual.AID))
    client.verify(0x13, holder.number)
    client.fetch(0x02, 0x05, 0x04)
    client.send(_aid(Common.AID), _record(0x01), _record(0x02), _aid(Juki.AID), _record(0x02))
    return client.sent


def _record(short_id: int) -> bytes:
    return bytes((0x00, 0xB2, 0x01, short_id << 3 | 0x04, 0x00))


def _read(offset: int, length: int) -> bytes:
    return bytes((0x00, 0xB0)) + offset.to_bytes(2) + bytes((length & 0xFF,))


def _aid(aid: bytes) -> bytes:
    return _apdu(0x00, 0xA4, 0x04, 0x0C, aid)


def _ef(fid: int) -> bytes:
    return _apdu(0x00, 0xA4, 0x02, 0x0C, fid.to_bytes(2))


def _apdu(cla: int, ins: int, p1: int, p2: int, data: bytes) -> bytes:
    return bytes((cla, ins, p1, p2, len(data))) + data
