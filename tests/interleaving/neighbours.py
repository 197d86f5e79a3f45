"""Two residents who have nothing in common: what is said of one can be of nobody else."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from backend_stub.authority import issue_cards
from backend_stub.people import Resident, load_residents
from backend_stub.setups import body_folder
from tests.flow.fakes import FakeCard, FakeConnection, FakeJpki
from tests.flow.fakes import select as select_fake

HOMES = (("adult", "child"), ("last-try", "blocked"))
"""Ids of the two, each with somebody for whom they act by law."""


@dataclass(frozen=True)
class Neighbour:
    """One of the two. `words` are of this home alone, wherever they stand."""

    resident: Resident
    ward: Resident
    words: tuple[str, ...]
    letter: str
    """In the notices to this one."""
    account: str
    bill: int
    """Yen."""

    @property
    def id(self) -> str:
        return self.resident.id


def neighbours() -> tuple[Neighbour, ...]:
    known = {one.id: replace(one, partners=("mihon-life", "health")) for one in load_residents()}
    (hanako, sakurako), (haruko, natsuo) = ((known[one], known[other]) for one, other in HOMES)
    return (
        _neighbour(hanako, sakurako, ("1944-05", "1944年", "昭和19年", "一丁目2番3号"), "あさがお", "9111111", 4_111),
        _neighbour(haruko, natsuo, ("1939-04", "1939年", "昭和14年", "丁目6番"), "ひまわり", "9222222", 5_222),
    )


def _neighbour(
    resident: Resident, ward: Resident, words: tuple[str, ...], letter: str, account: str, bill: int
) -> Neighbour:
    given = (part.split()[1] for one in (resident, ward) for part in (one.name, one.kana))
    own = (*given, *words, letter, account, f"*{account[-4:]}", f"{bill:,}円", f'"amount":{bill}')
    return Neighbour(resident, ward, own, letter, account, bill)


class OwnCard(FakeCard):
    """Says of itself what the authority wrote, and signs."""

    def __init__(self, name: str, folder: Path) -> None:
        super().__init__(name)
        self.certificate, self.for_papers, self.papers_ca = (
            (folder / f"{kind}.cer").read_bytes() for kind in ("auth", "sign", "sign-ca")
        )
        self._key = _key(name)

    def signature(self, message: bytes) -> bytes:
        return self._key.sign(message, PKCS1v15(), SHA256())

    def serials(self) -> Iterable[str]:
        for der in (self.certificate, self.for_papers):
            yield str(x509.load_der_x509_certificate(der).serial_number)
            yield b64encode(der).decode()[-100:-20]


class OwnJpki(FakeJpki):
    async def sign_certificate(self) -> bytes:
        return await self._asked("sign certificate", lambda: self._held().for_papers)

    async def sign_ca_certificate(self) -> bytes:
        return await self._asked("sign ca", lambda: self._held().papers_ca)

    def _held(self) -> OwnCard:
        assert isinstance(self._card, OwnCard)
        return self._card


async def select(connection: FakeConnection) -> FakeJpki:
    await select_fake(connection)
    return OwnJpki(connection)


def issue(data: Path, residents: tuple[Resident, ...], now: datetime) -> dict[str, OwnCard]:
    """A card each, its certificates from the authority of `data`."""
    for resident in residents:
        folder = data / "cards" / resident.id
        folder.mkdir(parents=True)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, resident.id)])
        asked = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(_key(resident.id), SHA256())
        for kind in ("auth", "sign"):
            (folder / f"{kind}.csr").write_bytes(asked.public_bytes(Encoding.PEM))
    issue_cards(data, body_folder(data, "authority"), residents, now)
    return {one.id: OwnCard(one.id, data / "cards" / one.id) for one in residents}


@cache
def _key(name: str) -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)
