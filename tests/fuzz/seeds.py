"""Makes the corpus's first inputs from what a card and its readers really say. Run by `script/soak seeds`.

Keys are new each time, so every run gives other bytes of the same shape: run it when a shape has changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

from backend_stub.authority.profile import Kind, ca_name
from backend_stub.verification.policies import USER_AUTHENTICATION
from drivers.apdu import command, extended
from drivers.readers import DEADLINE_S, CardConnection
from drivers.software_card.cv_authority import FACE
from drivers.software_card.links.inprocess import InProcessReaders
from tests.card.faults.operations import OPERATIONS
from tests.flow.virtual_time import play
from tests.fuzz import material
from tests.fuzz.harnesses import ANSWERED
from tests.fuzz.pieces import together

CORPUS = Path(__file__).parent / "corpus"

READ_BY = {
    0: "jpki-certificate",
    1: "jpki-token-info",
    2: "jpki-availability",
    3: "text-number-by-a",
    4: "text-items-by-b",
    5: "text-certificate",
    7: "visual-age",
    8: "visual-face-by-a",
    9: "visual-number",
    10: "common-number",
    11: "common-key-id",
    12: "juki-key-id",
    14: "text-delivery-key",
}
"""Place in FILES -> the operation that reads such a file and no other."""


class Recorded:
    """A connection that keeps what went over it."""

    def __init__(self, below: CardConnection) -> None:
        self._below = below
        self.reader = below.reader
        self.pin_pad = below.pin_pad
        self.heard: list[tuple[bytes, bytes]] = []

    async def transmit(self, command: bytes | bytearray, deadline_s: float = DEADLINE_S) -> bytes:
        sent = bytes(command)
        answer = await self._below.transmit(command, deadline_s)
        self.heard.append((sent, answer))
        return answer

    async def close(self) -> None:
        await self._below.close()


def seeds() -> Iterator[tuple[str, str, bytes]]:
    """Harness, name and content of each."""
    heard = {name: play(_heard(name)) for name, operation in OPERATIONS.items() if operation.ends is None}
    for place, name in READ_BY.items():
        content = b"".join(answer[:-2] for sent, answer in heard[name] if sent[1] in (0xB0, 0xB2))
        yield "card_files", name, bytes([place]) + content
        yield "tlv", name, content[:600]
    yield "card_files", "manager", bytes([13]) + b"99001"
    for place, name in enumerate(ANSWERED):
        yield "card_answers", name, bytes([place]) + together(answer for _, answer in heard[name])
        yield "software_card", name, together(sent for sent, _ in heard[name])
        yield "vpcd", name, together([b"\x01", b"\x04", *(sent for sent, _ in heard[name]), b"\x00"])
    covered = [sent for sent, _ in heard["text-secured"] if sent[0] == 0x08]
    yield "secured_card", "number-and-match-a", together(covered)
    yield "secured_card", "broken", together([covered[0][:-1] + b"\0", *covered])
    yield from _small()
    yield "cv_certificate", "face", material.authority().certificate(FACE)
    yield "token", "form", b"\x00" + msgspec.json.encode(TOKEN)
    yield "token", "certificate", b"\x01" + _to_be_signed()


TOKEN = {"unverifiedCertificate": "MA==", "algorithm": "RS256", "signature": "AA==", "format": "web-eid:1",
         "appVersion": "1"}  # fmt: skip


async def _heard(name: str) -> list[tuple[bytes, bytes]]:
    readers = InProcessReaders()
    readers.insert(material.card())
    recorded = Recorded(await readers.connect(readers.names[0]))
    try:
        await OPERATIONS[name].does(recorded, material.desk())
    finally:
        await recorded.close()
    return recorded.heard


def _small() -> Iterator[tuple[str, str, bytes]]:
    yield "response", "pieces", together([b"\x01\x61\x02", b"\x02\x61\x01", b"\x03\x90\x00"])
    yield "response", "other-le", together([b"\x6c\x02", b"\x01\x02\x90\x00"])
    yield "command", "case-1", command(0x00, 0x20, 0x00, 0x98)
    yield "command", "case-2", command(0x00, 0xB0, 0x8A, 0x00, le=256)
    yield "command", "case-3", command(0x00, 0xA4, 0x02, 0x0C, b"\x00\x18")
    yield "command", "case-4", command(0x80, 0x2A, 0x00, 0x97, b"\x30\x31", 256)
    yield "command", "case-2-extended", extended(0x00, 0xCA, 0x7F, 0x21, le=0x10000)
    yield "command", "case-4-extended", extended(0x80, 0xA2, 0x00, 0xC1, bytes(256), 256)
    for name, lines in CONTROL.items():
        yield "control", name, "".join(f"{line}\n" for line in lines).encode()
    for name, rule in RULES.items():
        yield "fault_rule", name, rule.encode()
    attrib = b"\x1d" + bytes(4) + b"\x00\x08\x01\x00"
    select = b"\x02" + command(0x00, 0xA4, 0x04, 0x0C, bytes(10))
    yield "isodep", "one-block", together([b"\x05\x00\x00", attrib, select, b"\xc2"])
    yield "isodep", "chained", together([b"\x05\x00\x08", attrib, b"\x12\x00\xb0", b"\x03\x80", b"\xb2", b"\xa3"])


CONTROL = {
    "session": ('{"do":"power","reader":"Direct 0"}',
                '{"do":"transmit","session":1,"apdu":"00A4040C0AD392F000260100000001"}',
                '{"do":"unpower","session":1}'),
    "faults": ('{"do":"faults","rules":["apdu=0:sw=6F00","ins=B0:delay=50ms"]}', '{"do":"power","reader":"Direct 0"}',
               '{"do":"transmit","session":1,"apdu":"00B08A0000"}'),
    "slots": ('{"do":"list"}', '{"do":"remove"}', '{"do":"insert","as":"nobody","slot":1}', '{"do":"trace"}'),
    "timing": ('{"do":"timing","rate":106}', '{"do":"watch"}'),
}  # fmt: skip
RULES = {"index": "apdu=7:remove", "status": "ins=2A:sw=6F00", "delay": "apdu=1:ins=b0:delay=1.5s", "cut": "truncate=4"}


def _to_be_signed() -> bytes:
    """Of a certificate that the authority behind tokens would issue."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(ca_name(Kind.SIGNATURE))
        .issuer_name(ca_name(Kind.AUTHENTICATION))
        .public_key(generate_private_key(65537, 2048).public_key())
        .serial_number(2)
        .not_valid_before(material.NOON - timedelta(days=1))
        .not_valid_after(material.NOON + timedelta(days=1))
        .add_extension(x509.AuthorityKeyIdentifier(material.KEY_ID, None, None), critical=False)
        .add_extension(x509.SubjectKeyIdentifier(bytes(20)), critical=False)
        .add_extension(x509.KeyUsage(True, False, False, False, False, False, False, False, False), critical=True)
        .add_extension(x509.CertificatePolicies([x509.PolicyInformation(USER_AUTHENTICATION, None)]), critical=True)
    )
    return builder.sign(material.token_ca().key, SHA256()).tbs_certificate_bytes


def write() -> None:
    """Write them beside what is there."""
    for harness, name, content in seeds():
        path = CORPUS / harness / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
