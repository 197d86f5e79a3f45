"""What registered verifiers learn: status, change, the latest items with consent, and links; and what they do not."""

from __future__ import annotations

from base64 import b64encode
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from authority_kit import Office
from backend_kit import START, CardKeys, Clock
from counter_kit import ADULT, AUTH, FIRST, SIGN, Key, Leaf, ended, issue, moved, order
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from sqlalchemy import select

from backend_client.wire import (
    CertificateAct,
    CertificateLinks,
    CertificateState,
    CertificateStatus,
    Changed,
    ChangeRequest,
    Item,
    ItemsConsent,
    ItemsConsentKept,
    ItemsConsentWithdrawal,
    LatestItems,
    LatestRequest,
    LinkRequest,
    ResidentEvent,
    RevocationReason,
    SignedConsent,
    StatusRequest,
    consent_text,
)
from backend_stub.authority.tables import audit

PURPOSE = "契約者の住所の更新"
YEAR = timedelta(days=365)


@pytest.fixture
async def auth(office: Office, card_keys: CardKeys) -> Leaf:
    return await issue(office, card_keys("adult"), AUTH)


@pytest.fixture
async def sign(office: Office, card_keys: CardKeys) -> Leaf:
    return await issue(office, card_keys("sign"), SIGN)


# --- status


async def test_status_says_the_state_and_since_when(office: Office, auth: Leaf, clock: Clock) -> None:
    request = StatusRequest(kind=AUTH, certificate_serial=auth.serial)
    status: CertificateStatus = await office.ask("medical", "/status-confirmations", request, CertificateStatus)
    assert (status.state, status.since) == (CertificateState.GOOD, START)
    clock.turn(hours=1)
    lost = order(auth, CertificateAct.REVOKE, RevocationReason.KEY_COMPROMISE)
    await office.ask("midori-city", "/certificate-orders", lost, None)
    status = await office.ask("medical", "/status-confirmations", request, CertificateStatus)
    assert (status.state, status.since) == (CertificateState.REVOKED, clock())


# --- changes


async def changed(office: Office, leaf: Leaf, since: Any) -> Changed:
    request = ChangeRequest(kind=leaf.kind, certificate_serial=leaf.serial, since=since)
    answer: Changed = await office.ask("portal", "/change-confirmations", request, Changed)
    return answer


async def test_changes_say_which_items_and_not_what(office: Office, auth: Leaf, sign: Leaf, clock: Clock) -> None:
    assert await changed(office, sign, START) == Changed(items=(), registered=True)
    clock.turn(days=1)
    await office.ask("midori-city", "/resident-changes", moved(clock()), None)
    clock.turn(days=1)
    other = msgspec.structs.replace(moved(clock()), items=msgspec.structs.replace(ADULT.items, name="例示 花子"))
    await office.ask("midori-city", "/resident-changes", other, None)
    for leaf in (auth, sign):
        assert await changed(office, leaf, START) == Changed(items=(Item.NAME, Item.ADDRESS), registered=True)
    assert await changed(office, auth, clock() + timedelta(seconds=1)) == Changed(items=(), registered=True)
    raw = await office.send(
        "portal", "/change-confirmations", ChangeRequest(kind=AUTH, certificate_serial=auth.serial, since=START)
    )
    for text in ("例示", "見本", "みほん"):
        assert text not in raw.text


async def test_changes_tell_of_a_death(office: Office, auth: Leaf) -> None:
    await office.ask("midori-city", "/resident-changes", ended(START, ResidentEvent.DIED), None)
    assert await changed(office, auth, START) == Changed(items=(), registered=False)


async def test_another_persons_changes_are_not_told(office: Office, auth: Leaf) -> None:
    await office.ask("midori-city", "/resident-changes", moved(START, FIRST), None)
    assert await changed(office, auth, START - YEAR) == Changed(items=(), registered=True)


async def test_changes_since_a_moment_ahead_are_refused(office: Office, auth: Leaf) -> None:
    ahead = ChangeRequest(kind=AUTH, certificate_serial=auth.serial, since=START + timedelta(minutes=2))
    assert await office.refused("portal", "/change-confirmations", ahead) == "content_wrong"


# --- the latest items


def consent(key: Key, leaf: Leaf, **changes: Any) -> SignedConsent:
    """In order but for `changes`."""
    given_at, until = changes.get("given_at", START), changes.get("until", START + YEAR)
    verifier, purpose = changes.get("verifier", "portal"), changes.get("purpose", PURPOSE)
    text = consent_text(verifier, purpose, leaf.serial, given_at, until)
    if isinstance(key, RSAPrivateKey):
        signature = key.sign(text, PKCS1v15(), SHA256())
    else:
        r, s = decode_dss_signature(key.sign(text, ec.ECDSA(SHA384())))
        signature = r.to_bytes(48) + s.to_bytes(48)
    told = changes.get("told_until", until)
    return SignedConsent(
        certificate_serial=leaf.serial, given_at=given_at, until=told, signature=b64encode(signature).decode()
    )


def latest(leaf: Leaf, consent: SignedConsent | None = None, purpose: str = PURPOSE) -> LatestRequest:
    return LatestRequest(kind=leaf.kind, certificate_serial=leaf.serial, purpose=purpose, consent=consent)


async def test_without_a_consent_nothing_is_told(office: Office, auth: Leaf) -> None:
    assert await office.refused("portal", "/latest-items", latest(auth)) == "consent_missing"


@pytest.mark.parametrize("curve", [False, True])
async def test_a_signed_consent_opens_the_latest_items_and_is_kept(
    office: Office, card_keys: CardKeys, sign: Leaf, clock: Clock, curve: bool
) -> None:
    key: Key = ec.generate_private_key(ec.SECP384R1()) if curve else card_keys("adult")
    auth = await issue(office, key, AUTH)
    await office.ask("midori-city", "/resident-changes", moved(START), None)
    request = latest(sign, consent(key, auth))
    answer: LatestItems = await office.ask("portal", "/latest-items", request, LatestItems)
    assert answer.items.address == "みほん県みどり市例示台九丁目9番9号"
    assert answer.certificate_serial == "", "the old one went with the move, and there is no new one yet"
    new = await issue(office, card_keys("new"), SIGN, renews=sign.serial)
    clock.turn(days=300)
    answer = await office.ask("portal", "/latest-items", latest(sign), LatestItems)
    assert answer.certificate_serial == new.serial
    clock.turn(days=66)
    assert await office.refused("portal", "/latest-items", latest(sign)) == "consent_missing"


@pytest.mark.parametrize(
    "changes",
    [
        {"verifier": "medical"},
        {"purpose": "別の目的"},
        {"told_until": START + 2 * YEAR},
        {"given_at": START - timedelta(minutes=11)},
        {"given_at": START + timedelta(seconds=61)},
    ],
    ids=["another verifier", "another purpose", "lengthened", "stale", "ahead"],
)
async def test_a_consent_to_something_else_opens_nothing(
    office: Office, auth: Leaf, card_keys: CardKeys, changes: dict[str, Any]
) -> None:
    request = latest(auth, consent(card_keys("adult"), auth, **changes))
    assert await office.refused("portal", "/latest-items", request) == "consent_missing"
    assert await office.refused("portal", "/latest-items", latest(auth)) == "consent_missing", "nothing was kept"


async def test_nobody_elses_key_consents(office: Office, auth: Leaf, card_keys: CardKeys) -> None:
    others = await issue(office, card_keys("first"), AUTH, "first")
    forged = consent(card_keys("first"), auth)
    for given in (forged, consent(card_keys("first"), others), msgspec.structs.replace(forged, signature="AAAA")):
        assert await office.refused("portal", "/latest-items", latest(auth, given)) == "consent_missing"


async def test_a_stopped_card_does_not_consent(office: Office, auth: Leaf, card_keys: CardKeys) -> None:
    await office.ask("midori-city", "/certificate-orders", order(auth, CertificateAct.STOP), None)
    given = consent(card_keys("adult"), auth)
    assert await office.refused("portal", "/latest-items", latest(auth, given)) == "consent_missing"


@pytest.mark.parametrize("until", [START, START + 6 * YEAR])
async def test_a_consent_without_end_is_none(office: Office, auth: Leaf, card_keys: CardKeys, until: Any) -> None:
    given = consent(card_keys("adult"), auth, until=until)
    assert await office.refused("portal", "/latest-items", latest(auth, given)) == "content_wrong"


async def test_a_consent_recorded_by_the_portal_holds_until_it_is_withdrawn(office: Office, auth: Leaf) -> None:
    given = ItemsConsent(certificate_serial=auth.serial, verifier="portal", purpose=PURPOSE, until=START + YEAR)
    kept: ItemsConsentKept = await office.ask("portal", "/consents", given, ItemsConsentKept)
    await office.ask("portal", "/latest-items", latest(auth), LatestItems)
    assert await office.refused("portal", "/latest-items", latest(auth, purpose="別の目的")) == "consent_missing"
    withdrawal = ItemsConsentWithdrawal(id=kept.id)
    await office.ask("portal", "/consent-withdrawals", withdrawal, None)
    assert await office.refused("portal", "/latest-items", latest(auth)) == "consent_missing"
    assert await office.refused("portal", "/consent-withdrawals", withdrawal) == "not_found"
    for machine in ("medical", "unlisted", "midori-tax"):
        assert await office.refused(machine, "/consents", given) == "not_allowed"
        assert await office.refused(machine, "/consent-withdrawals", withdrawal) == "not_allowed"


async def test_the_dead_have_no_latest_items(office: Office, auth: Leaf, card_keys: CardKeys) -> None:
    await office.ask("portal", "/latest-items", latest(auth, consent(card_keys("adult"), auth)), LatestItems)
    await office.ask("midori-city", "/resident-changes", ended(START, ResidentEvent.DIED), None)
    assert await office.refused("portal", "/latest-items", latest(auth)) == "not_found"


# --- links


async def links(office: Office, leaf: Leaf) -> CertificateLinks:
    request = LinkRequest(kind=leaf.kind, certificate_serial=leaf.serial)
    answer: CertificateLinks = await office.ask("medical", "/certificate-links", request, CertificateLinks)
    return answer


async def test_the_two_certificates_of_a_person_and_their_renewals_are_linked(
    office: Office, auth: Leaf, sign: Leaf, card_keys: CardKeys, clock: Clock
) -> None:
    assert await links(office, sign) == CertificateLinks(
        authentication=auth.serial, signature=sign.serial, earlier=(), later=()
    )
    chain = [auth]
    for name in ("second", "third"):
        clock.turn(days=1)
        chain.append(await issue(office, card_keys(name), AUTH, renews=chain[-1].serial))
    first, second, third = (leaf.serial for leaf in chain)
    both = {"authentication": third, "signature": sign.serial}
    assert await links(office, chain[0]) == CertificateLinks(**both, earlier=(), later=(second, third))
    assert await links(office, chain[1]) == CertificateLinks(**both, earlier=(first,), later=(third,))
    assert await links(office, chain[2]) == CertificateLinks(**both, earlier=(second, first), later=())
    await office.ask("midori-city", "/resident-changes", moved(START), None)
    assert (await links(office, sign)).signature == ""


async def test_no_link_leads_to_another_person(office: Office, auth: Leaf, card_keys: CardKeys) -> None:
    others = await issue(office, card_keys("first"), AUTH, "first")
    assert (await links(office, others)).authentication == others.serial
    assert (await links(office, auth)).authentication == auth.serial


# --- who may ask


def questions(leaf: Leaf) -> dict[str, object]:
    serial = {"kind": leaf.kind, "certificate_serial": leaf.serial}
    return {
        "/status-confirmations": StatusRequest(**serial),
        "/change-confirmations": ChangeRequest(**serial, since=START),
        "/latest-items": LatestRequest(**serial, purpose=PURPOSE),
        "/certificate-links": LinkRequest(**serial),
    }


async def test_the_role_alone_opens_nothing_and_each_right_only_its_own(office: Office, auth: Leaf) -> None:
    for path, question in questions(auth).items():
        assert await office.refused("", path, question) == "machine_unknown"
        assert await office.refused("stranger", path, question) == "machine_unknown"
        for machine in ("unlisted", "midori-city", "gateway"):
            assert await office.refused(machine, path, question) == "not_allowed"
    for path in ("/change-confirmations", "/latest-items"):
        assert await office.refused("medical", path, questions(auth)[path]) == "not_allowed"


@pytest.mark.parametrize(
    ("serial", "code"),
    [("1", "not_found"), ("9" * 49, "not_found"), *((one, "bad_request") for one in ("", "x", "-1", "9" * 50, "1\n"))],
)
async def test_unknown_serial_numbers_are_unknown(office: Office, auth: Leaf, serial: str, code: str) -> None:
    for path, question in questions(auth).items():
        message = msgspec.structs.replace(question, certificate_serial=serial)  # type: ignore[type-var]
        assert await office.refused("portal", path, message) == code


async def test_every_answer_leaves_a_trace_and_no_refusal_does(office: Office, auth: Leaf) -> None:
    for path, question in questions(auth).items():
        await office.send("portal", path, question)
        await office.send("unlisted", path, question)
    with office.database().connect() as connection:
        acts = connection.execute(select(audit.c.act).where(audit.c.machine.in_(["portal", "unlisted"]))).scalars()
        assert sorted(acts) == ["changes", "links", "status"]
