"""The life of certificates: issued, stopped, released, revoked, renewed, and revoked of itself when somebody moves."""

from __future__ import annotations

from base64 import b64decode
from itertools import product
from pathlib import Path

import msgspec
import pytest
from authority_kit import Office, openssl_ocsp, pem
from backend_kit import START, CardKeys, Clock
from counter_kit import ADULT, AUTH, SIGN, Leaf, application, ended, issue, moved, order
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509 import ReasonFlags
from cryptography.x509.ocsp import OCSPCertStatus
from hypothesis import given
from hypothesis import strategies as st

from backend_client.wire import (
    CertificateAct,
    CertificateState,
    CertificateStatus,
    ResidentEvent,
    RevocationReason,
    StatusRequest,
)
from backend_stub.authority.lifecycle import NEXT

STOP, RELEASE, REVOKE = CertificateAct
GOOD, REVOKED = OCSPCertStatus.GOOD, OCSPCertStatus.REVOKED
STANDS = (GOOD, None)


@pytest.fixture
async def pair(office: Office, card_keys: CardKeys) -> tuple[Leaf, Leaf]:
    """The adult's two certificates, from the counter."""
    return await issue(office, card_keys("adult"), AUTH), await issue(office, card_keys("sign"), SIGN)


async def state(office: Office, leaf: Leaf) -> CertificateStatus:
    request = StatusRequest(kind=leaf.kind, certificate_serial=leaf.serial)
    answer: CertificateStatus = await office.ask("portal", "/status-confirmations", request, CertificateStatus)
    return answer


async def test_stopped_released_revoked(office: Office, pair: tuple[Leaf, Leaf], clock: Clock) -> None:
    leaf = pair[0]
    steps = [
        (STOP, (REVOKED, ReasonFlags.certificate_hold), CertificateState.STOPPED),
        (RELEASE, STANDS, CertificateState.GOOD),
        (STOP, (REVOKED, ReasonFlags.certificate_hold), CertificateState.STOPPED),
        (REVOKE, (REVOKED, ReasonFlags.key_compromise), CertificateState.REVOKED),
    ]
    assert await leaf.status(office) == STANDS
    for act, said, is_now in steps:
        clock.turn(minutes=1)
        await office.ask("midori-city", "/certificate-orders", order(leaf, act, RevocationReason.KEY_COMPROMISE), None)
        assert await leaf.status(office) == said
        assert (await state(office, leaf)).state is is_now
    assert await pair[1].status(office) == STANDS, "each for itself"
    answer = await office.status(leaf.certificate, leaf.ca)
    clock.turn(minutes=-1)
    assert answer.revocation_time_utc == clock(), "not to be believed since it was stopped"


async def test_what_may_not_follow_does_not_happen(office: Office, pair: tuple[Leaf, Leaf]) -> None:
    leaf = pair[0]

    async def refused(act: CertificateAct) -> None:
        before = await leaf.status(office)
        assert await office.refused("midori-city", "/certificate-orders", order(leaf, act)) == "not_possible"
        assert await leaf.status(office) == before

    await refused(RELEASE)
    await office.ask("midori-city", "/certificate-orders", order(leaf, STOP), None)
    await refused(STOP)
    await office.ask("midori-city", "/certificate-orders", order(leaf, REVOKE), None)
    for act in CertificateAct:
        await refused(act)


async def test_after_its_term_nothing_happens_to_a_certificate(
    office: Office, pair: tuple[Leaf, Leaf], clock: Clock
) -> None:
    for stopped in (False, True):
        leaf = pair[stopped]
        if stopped:
            clock.now = START
            await office.ask("midori-city", "/certificate-orders", order(leaf, STOP), None)
        clock.now = leaf.certificate.not_valid_after_utc
        clock.turn(seconds=1)
        status = await state(office, leaf)
        assert (status.state, status.since) == (CertificateState.EXPIRED, leaf.certificate.not_valid_after_utc)
        for act in CertificateAct:
            assert await office.refused("midori-city", "/certificate-orders", order(leaf, act)) == "not_possible"


@given(st.lists(st.sampled_from(list(CertificateAct)), max_size=12))
def test_revoked_is_for_good_whatever_comes(acts: list[CertificateAct]) -> None:
    state = CertificateState.GOOD
    for act in acts:
        after = NEXT.get((state, act), state)
        assert state is not CertificateState.REVOKED or after is state
        state = after
    for act, dead in product(CertificateAct, (CertificateState.REVOKED, CertificateState.EXPIRED)):
        assert (dead, act) not in NEXT


@pytest.mark.parametrize(
    "changes", [{}, {"name": "例示 花子"}, {"birth_date": ADULT.birth_date.replace(day=4)}, {"sex": "1"}]
)
async def test_a_change_of_the_items_revokes_the_signature_certificate_alone(
    office: Office, pair: tuple[Leaf, Leaf], changes: dict[str, object]
) -> None:
    await office.ask("midori-city", "/resident-changes", moved(START, **changes), None)
    auth, sign = pair
    assert await auth.status(office) == STANDS
    assert await sign.status(office) == (REVOKED, ReasonFlags.affiliation_changed)


@pytest.mark.parametrize("event", [ResidentEvent.DIED, ResidentEvent.LEFT])
async def test_a_death_or_a_departure_revokes_both(
    office: Office, pair: tuple[Leaf, Leaf], event: ResidentEvent, card_keys: CardKeys
) -> None:
    await office.ask("midori-city", "/resident-changes", ended(START, event), None)
    for leaf in pair:
        assert await leaf.status(office) == (REVOKED, ReasonFlags.cessation_of_operation)
    for message in (ended(START, event), moved(START)):
        assert await office.refused("midori-city", "/resident-changes", message) == "not_found"
    assert await office.refused("midori-city", "/certificates", application(card_keys("adult"), AUTH)) == "not_found"


async def test_a_stopped_signature_certificate_is_revoked_by_a_move_too(
    office: Office, pair: tuple[Leaf, Leaf]
) -> None:
    sign = pair[1]
    await office.ask("midori-city", "/certificate-orders", order(sign, STOP), None)
    await office.ask("midori-city", "/resident-changes", moved(START), None)
    assert await sign.status(office) == (REVOKED, ReasonFlags.affiliation_changed)
    assert await office.refused("midori-city", "/certificate-orders", order(sign, RELEASE)) == "not_possible"


async def test_the_next_signature_certificate_names_the_new_place(
    office: Office, pair: tuple[Leaf, Leaf], card_keys: CardKeys
) -> None:
    address = "みほん県れいじ市例示通2番2号"
    await office.ask("reiji-city", "/resident-changes", moved(START, address=address), None)
    message = application(card_keys("new"), SIGN, renews=pair[1].serial)
    assert await office.refused("midori-city", "/certificates", message) == "not_found", "no longer its resident"
    answer = await office.send("reiji-city", "/certificates", message)
    assert answer.status_code == 200
    der = b64decode(answer.json()["certificate"])
    assert address.encode() in der
    assert b"Reiji-shi" in der


async def test_a_renewal_supersedes_once(office: Office, pair: tuple[Leaf, Leaf], card_keys: CardKeys) -> None:
    auth = pair[0]
    new = await issue(office, card_keys("new"), AUTH, renews=auth.serial)
    assert await new.status(office) == STANDS
    assert await auth.status(office) == (REVOKED, ReasonFlags.superseded)
    again = application(card_keys("newer"), AUTH, renews=auth.serial)
    assert await office.refused("midori-city", "/certificates", again) == "not_possible"
    others = application(card_keys("first"), AUTH, "first", renews=new.serial)
    assert await office.refused("midori-city", "/certificates", others) == "not_found"
    wrong_kind = application(card_keys("sign"), SIGN, renews=new.serial)
    assert await office.refused("midori-city", "/certificates", wrong_kind) == "not_found"
    assert await new.status(office) == STANDS


async def test_keys_of_both_generations_at_the_counter(office: Office, card_keys: CardKeys, tmp_path: Path) -> None:
    """And `openssl ocsp` asks the authority about each itself, with a nonce of its own."""
    for key in (card_keys("adult"), ec.generate_private_key(ec.SECP384R1())):
        for kind in (AUTH, SIGN):
            leaf = await issue(office, key, kind)
            pem(tmp_path / "ca.pem", leaf.ca)
            pem(tmp_path / "leaf.pem", leaf.certificate)
            one = ("-sha256", "-issuer", "ca.pem", "-cert", "leaf.pem", "-CAfile", "ca.pem")
            said = await openssl_ocsp(office, tmp_path, *one)
            assert "Response verify OK" in said
            assert "leaf.pem: good" in said
            assert "WARNING: no nonce" not in said
            stop = order(leaf, STOP)
            await office.ask("midori-city", "/certificate-orders", stop, None)
            said = await openssl_ocsp(office, tmp_path, *one)
            assert "leaf.pem: revoked" in said
            assert "Reason: certificateHold" in said
            unknown = ("-sha256", "-issuer", "ca.pem", "-serial", "0x7f0102030405060708", "-CAfile", "ca.pem")
            assert "0x7f0102030405060708: unknown" in await openssl_ocsp(office, tmp_path, *unknown)


async def test_requests_out_of_order_get_nothing(office: Office, card_keys: CardKeys) -> None:
    weak = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505
    fine = application(card_keys("adult"), AUTH)
    curve = application(ec.generate_private_key(ec.SECP256R1()), AUTH).request
    for code, requests in (
        ("content_wrong", (application(weak, AUTH).request, curve, "AAAA", fine.request[:-8] + "AAAAAAA=")),
        ("bad_request", ("", "x", fine.request + "\n")),
    ):
        for request in requests:
            message = msgspec.structs.replace(fine, request=request)
            assert await office.refused("midori-city", "/certificates", message) == code
    assert (
        await office.refused("midori-city", "/certificates", application(card_keys("adult"), AUTH, "nobody"))
        == "not_found"
    )


async def test_each_municipality_has_its_own_residents(office: Office, pair: tuple[Leaf, Leaf]) -> None:
    messages = [
        ("/certificate-orders", order(pair[0], REVOKE)),
        ("/resident-changes", ended(START, ResidentEvent.DIED)),
    ]
    for path, message in messages:
        assert await office.refused("reiji-city", path, message) == "not_found"
        for machine in ("portal", "gateway", "midori-tax", "unlisted"):
            assert await office.refused(machine, path, message) == "not_allowed"
        assert await office.refused("", path, message) == "machine_unknown"
    same_address = moved(START, name="例示 花子")
    assert await office.refused("reiji-city", "/resident-changes", same_address) == "not_possible", "nobody moved"
    assert await pair[0].status(office) == STANDS
    assert await pair[1].status(office) == STANDS


async def test_changes_that_say_nothing_or_lie_ahead_are_refused(
    office: Office, pair: tuple[Leaf, Leaf], clock: Clock
) -> None:
    nothing = moved(START, name=ADULT.name)
    assert await office.refused("midori-city", "/resident-changes", nothing) == "not_possible"
    clock.turn(minutes=-2)
    for message, code in (
        (moved(START), "content_wrong"),
        (msgspec.structs.replace(moved(clock()), items=None), "content_wrong"),
        (msgspec.structs.replace(moved(clock()), event=ResidentEvent.DIED), "content_wrong"),
        (moved(clock(), name=""), "bad_request"),
        (moved(clock(), sex="7"), "bad_request"),
    ):
        assert await office.refused("midori-city", "/resident-changes", message) == code
    clock.turn(minutes=1)
    assert await pair[1].status(office) == STANDS
    await office.ask("midori-city", "/resident-changes", moved(START), None)
