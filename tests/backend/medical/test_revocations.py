"""Which revocation lists are believed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from backend_kit import START
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from backend_stub.authority.crl import build
from backend_stub.authority.generations import CURRENT, OLD
from backend_stub.authority.keys import Ca, open_keys
from backend_stub.authority.profile import Kind
from backend_stub.medical.revocations import NotAList, read_list

HOUR = timedelta(hours=1)


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


WRONG: dict[str, Callable[[Callable[..., Ca]], bytes]] = {
    "another generation": lambda ca_of: listed(ca_of(OLD)),
    "another kind": lambda ca_of: listed(ca_of(kind=Kind.SIGNATURE)),
    "altered": lambda ca_of: listed(ca_of())[:-1] + b"?",
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
