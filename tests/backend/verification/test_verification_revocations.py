"""Which revocation lists are believed, how often the authority is asked for them, and who waits for that."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from backend_kit import START, Cards
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding

from backend_stub.authority.crl import build
from backend_stub.authority.generations import CURRENT, OLD
from backend_stub.authority.keys import Ca, open_keys
from backend_stub.authority.profile import Kind
from backend_stub.machines import Signer
from backend_stub.peers import Peers
from backend_stub.verification.certificate import Checked, check_certificate
from backend_stub.verification.revocations import NotAList, Revocations, read_list

HOUR = timedelta(hours=1)
EVERY = timedelta(seconds=5)


@pytest.fixture
def ca_of(authority_keys: Path) -> Callable[..., Ca]:
    keys = open_keys(authority_keys, START)
    return lambda generation=CURRENT, kind=Kind.AUTHENTICATION: keys.ca(kind, generation)


def listed(ca: Ca, now: datetime = START) -> bytes:
    return build(ca, [("7", START - HOUR, "keyCompromise")], 1, now)


def test_a_list_says_who_is_revoked_and_holds_for_its_term(ca_of: Callable[..., Ca]) -> None:
    ca = ca_of()
    one = read_list(listed(ca), ca.certificate, START)
    assert (one.has(7), one.has(8)) == (True, False)
    assert [one.holds(START + after) for after in (-2 * HOUR, timedelta(0), HOUR, 2 * HOUR)] == [
        False,
        True,
        True,
        False,
    ]


def _altered(der: bytes) -> bytes:
    return der[:-1] + bytes([der[-1] ^ 1])


WRONG: dict[str, Callable[[Callable[..., Ca]], bytes]] = {
    "another generation": lambda ca_of: listed(ca_of(OLD)),
    "another kind": lambda ca_of: listed(ca_of(kind=Kind.SIGNATURE)),
    "altered": lambda ca_of: _altered(listed(ca_of())),
    "run out": lambda ca_of: listed(ca_of(), START - 2 * HOUR),
    "of the future": lambda ca_of: listed(ca_of(), START + HOUR),
    "nothing": lambda _: b"",
}


@pytest.mark.parametrize("why", sorted(WRONG))
def test_lists_of_others_and_of_other_times_are_not_believed(ca_of: Callable[..., Ca], why: str) -> None:
    with pytest.raises(NotAList):
        read_list(WRONG[why](ca_of), ca_of().certificate, START)


def test_a_part_of_a_list_is_not_believed(ca_of: Callable[..., Ca]) -> None:
    ca = ca_of()
    part = x509.IssuingDistributionPoint(
        full_name=None, relative_name=None, only_contains_user_certs=True, only_contains_ca_certs=False,
        only_some_reasons=None, indirect_crl=False, only_contains_attribute_certs=False,
    )  # fmt: skip
    builder = x509.CertificateRevocationListBuilder(ca.certificate.subject, START, START + HOUR)
    made = builder.add_extension(part, critical=True).sign(ca.key, ca.generation.scheme.digest)
    with pytest.raises(NotAList):
        read_list(made.public_bytes(Encoding.DER), ca.certificate, START)


# --- asking for them -------------------------------------------------------------------------------------------------


class Authority:
    """Gives its list, if it can; answers nobody before `open` is set."""

    def __init__(self, ca: Ca) -> None:
        self.ca = ca
        self.revoked: tuple[str, ...] = ()
        self.number = 1
        self.down = False
        self.open = asyncio.Event()
        self.open.set()
        self.asked: list[int] = []
        """What was answered, oldest first."""

    async def answer(self, request: httpx.Request) -> httpx.Response:
        await self.open.wait()
        if self.down or request.url.path != f"/crl/auth/{self.ca.generation.number}":
            return httpx.Response(503)
        tag = f'"{self.number}"'
        same = request.headers.get("if-none-match") == tag
        self.asked.append(304 if same else 200)
        listed = build(self.ca, [(one, START - HOUR, "keyCompromise") for one in self.revoked], self.number, START)
        return httpx.Response(self.asked[-1], content=b"" if same else listed, headers={"etag": tag})

    def revoke(self, serial: int) -> None:
        self.revoked, self.number = (str(serial),), self.number + 1

    def peers(self) -> Peers:
        client = httpx.AsyncClient(transport=httpx.MockTransport(self.answer), base_url="https://authority.test")
        return Peers(Signer("portal", Ed25519PrivateKey.generate()), {"authority": client})


@pytest.fixture
def authority(ca_of: Callable[..., Ca]) -> Authority:
    return Authority(ca_of())


@pytest.fixture
def holder(card: Cards, authority: Authority) -> Checked:
    return check_certificate(card("adult").certificate, [authority.ca.certificate], START)


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


async def test_the_authority_is_asked_every_so_often_and_sends_the_list_once(
    authority: Authority, holder: Checked
) -> None:
    lists = Revocations(authority.peers(), EVERY)
    for seconds in (0, 1, 3.9, 5, 6, 10, 11):
        assert await lists.known(holder, after(seconds), "trace") is False
    assert authority.asked == [200, 304, 304]
    authority.revoke(holder.certificate.serial_number)
    assert [await lists.known(holder, after(seconds), "trace") for seconds in (13, 15, 16)] == [False, True, True]
    assert authority.asked == [200, 304, 304, 200]
    await lists.close()


async def test_nobody_waits_while_the_answer_is_no_older_than_that(authority: Authority, holder: Checked) -> None:
    lists = Revocations(authority.peers(), EVERY)
    await lists.known(holder, START, "trace")
    authority.open.clear()
    authority.revoke(holder.certificate.serial_number)
    assert [await lists.known(holder, after(seconds), "trace") for seconds in (4.2, 4.9)] == [False, False]
    waiting = [asyncio.create_task(lists.known(holder, after(5), "trace")) for _ in range(9)]
    await asyncio.sleep(0)
    assert not any(one.done() for one in waiting)
    authority.open.set()
    assert await asyncio.gather(*waiting) == 9 * [True]
    assert authority.asked == [200, 200], "asked once for all"
    await lists.close()


async def test_one_who_gives_up_waiting_leaves_the_others_their_answer(authority: Authority, holder: Checked) -> None:
    lists = Revocations(authority.peers(), EVERY)
    authority.open.clear()
    first, second = (asyncio.create_task(lists.known(holder, START, "trace")) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    authority.open.set()
    assert await second is False
    assert authority.asked == [200]
    await lists.close()


async def test_what_it_said_last_counts_three_times_as_long_while_it_is_away(
    authority: Authority, holder: Checked
) -> None:
    lists = Revocations(authority.peers(), EVERY)
    await lists.known(holder, START, "trace")
    authority.down = True
    known = [await lists.known(holder, after(seconds), "trace") for seconds in (5, 14.9, 15, 20)]
    assert known == [False, False, None, None]
    authority.down = False
    assert await lists.known(holder, after(30), "trace") is False
    await lists.close()


async def test_without_an_interval_a_list_serves_for_half_its_term(authority: Authority, holder: Checked) -> None:
    lists = Revocations(authority.peers())
    await lists.known(holder, START, "trace")
    authority.revoke(holder.certificate.serial_number)
    assert await lists.known(holder, after(3599), "trace") is False
    assert await lists.known(holder, after(3600), "trace") is True
    await lists.close()


async def test_closing_ends_what_is_under_way(authority: Authority, holder: Checked) -> None:
    lists = Revocations(authority.peers(), EVERY)
    authority.open.clear()
    waiting = asyncio.create_task(lists.known(holder, START, "trace"))
    await asyncio.sleep(0)
    await lists.close()
    assert await waiting is None
