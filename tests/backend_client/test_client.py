"""The client against a real TLS server: what it asks, what it keeps, and every way an answer can fail to come."""

from __future__ import annotations

import asyncio
import socket
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from backend_client import wire
from backend_client.client import LARGEST, Backend
from backend_client.errors import Broken, NotGenuine, Refused, TooSlow, Unreachable
from tests.backend_client.tls_server import Answer, TlsServer, self_signed, tls_server

CHALLENGE = wire.Challenge(nonce="bm9uY2U=", lifetime_s=300)
SIGNED_IN = wire.SignedIn(session="s3ss10n", lifetime_s=600, name="見本 花子", last_sign_in=None, unread_notices=2)
TOKEN = wire.AuthToken(
    unverified_certificate="MA==", algorithm="RS256", signature="AA==", format="web-eid:1", app_version="test"
)
SIGN_IN = wire.SignIn(nonce=CHALLENGE.nonce, token=TOKEN, place="このテレビ")
ELIGIBILITY = wire.Eligibility(
    validity=wire.Validity.NONE,
    insurance=None,
    consent=wire.HealthConsent(),
    consent_ends_at=None,
    reception_number="12",
)


def good(message: Any) -> Answer:
    return Answer(msgspec.json.encode(message))


def refusal(code: str) -> Answer:
    problem = wire.Problem(code=code, origin="portal", trace_id="t-1", message="No.")
    return Answer(msgspec.json.encode(problem), status=wire.REFUSALS[code][0])


async def signed_in(server: TlsServer, backend: Backend) -> None:
    server.answers.append(good(SIGNED_IN))
    assert await backend.sign_in(SIGN_IN) == SIGNED_IN
    server.calls.clear()


# --- what is asked ---------------------------------------------------------------------------------------------------


async def test_origin_is_the_address_as_the_kiosk_knows_it(server: TlsServer, backend: Backend) -> None:
    assert backend.origin == server.url


async def test_the_usual_port_is_left_out_of_the_origin(tmp_path: Path) -> None:
    certificate, _ = self_signed(tmp_path, "other")
    backend = Backend("https://portal.example:443/", certificate)
    assert backend.origin == "https://portal.example"
    await backend.close()


async def test_an_address_without_tls_is_not_accepted(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="https only"):
        Backend("http://localhost:1", tmp_path / "none.pem")


async def test_a_visit_asks_in_order_and_shows_its_session(server: TlsServer, backend: Backend) -> None:
    head = wire.NoticeHead(
        id="n/1",
        sender="みどり市",
        sender_kind=wire.SenderKind.MUNICIPALITY,
        title="ごみの日",
        arrived_at=datetime.fromisoformat("2026-11-18T10:12:00+09:00"),
        opened=False,
        legal_effect=False,
    )
    notice = wire.Notice(head=head, summary=("ごみの日が変わります。",), body="本文")
    notices, records = wire.NoticeList(notices=(head,)), wire.RecordList(records=())
    server.answers += [good(m) for m in (CHALLENGE, SIGNED_IN, notices, notice, records)] + [Answer(status=204)]

    assert await backend.portal_challenge() == CHALLENGE
    assert await backend.sign_in(SIGN_IN) == SIGNED_IN
    assert await backend.notices() == notices
    assert await backend.notice("n/1") == notice
    assert await backend.records() == records
    await backend.sign_out()

    assert [(call.method, call.path) for call in server.calls] == [
        ("POST", "/portal/challenges"),
        ("POST", "/portal/sign-in"),
        ("GET", "/portal/notices"),
        ("GET", "/portal/notices/n%2F1"),
        ("GET", "/portal/records"),
        ("POST", "/portal/sign-out"),
    ]
    assert msgspec.json.decode(server.calls[1].body, type=wire.SignIn) == SIGN_IN
    shown = [call.headers.get("authorization") for call in server.calls]
    assert shown == [None, None, *["Bearer s3ss10n"] * 4]


async def test_a_registration_opens_the_session_too(server: TlsServer, backend: Backend) -> None:
    server.answers += [good(wire.NotRegistered(ticket="t1")), good(SIGNED_IN), good(wire.RecordList(records=()))]
    assert await backend.sign_in(SIGN_IN) == wire.NotRegistered(ticket="t1")
    assert await backend.register(wire.Registration(ticket="t1", place="窓口", paper="cGRm")) == SIGNED_IN
    await backend.records()
    assert server.calls[1].path == "/portal/registrations"
    assert [call.headers.get("authorization") for call in server.calls] == [None, None, "Bearer s3ss10n"]


async def test_the_medical_questions(server: TlsServer, backend: Backend) -> None:
    request = wire.EligibilityRequest(
        nonce=CHALLENGE.nonce, token=TOKEN, facility="みほん病院", consent=wire.HealthConsent(medicines=True)
    )
    server.answers += [good(CHALLENGE), good(ELIGIBILITY)]
    assert await backend.medical_challenge() == CHALLENGE
    assert await backend.eligibility(request) == ELIGIBILITY
    assert [call.path for call in server.calls] == ["/medical/challenges", "/medical/eligibility"]
    assert msgspec.json.decode(server.calls[1].body, type=wire.EligibilityRequest) == request


async def test_signing_out_forgets_the_session_even_with_the_line_down(server: TlsServer, backend: Backend) -> None:
    await signed_in(server, backend)
    server.answers += [Answer(cut_after=0), good(wire.RecordList(records=()))]
    await backend.sign_out()
    await backend.records()
    assert server.calls[-1].headers.get("authorization") is None
    await backend.sign_out()
    assert len(server.calls) == 2, "no session, nothing to end"


async def test_its_picture_shows_no_session(server: TlsServer, backend: Backend) -> None:
    await signed_in(server, backend)
    assert SIGNED_IN.session not in repr(backend)


async def test_a_proxy_of_the_environment_is_ignored(
    server: TlsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "absent.pem"))
    server.answers.append(good(CHALLENGE))
    backend = Backend(server.url, tmp_path / "localhost.pem")
    assert await backend.portal_challenge() == CHALLENGE
    await backend.close()


# --- how it can fail -------------------------------------------------------------------------------------------------


async def test_nobody_listens(tmp_path: Path) -> None:
    certificate, _ = self_signed(tmp_path, "other")
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # bound but not listening: a connection is refused, and nobody else gets the port
        backend = Backend(f"https://127.0.0.1:{bound.getsockname()[1]}", certificate)
        with pytest.raises(Unreachable):
            await backend.portal_challenge()
        await backend.close()


async def test_the_wrong_certificate_is_told_apart_and_nothing_is_sent(server: TlsServer, tmp_path: Path) -> None:
    other, _ = self_signed(tmp_path, "other")
    backend = Backend(server.url, other)
    with pytest.raises(NotGenuine):
        await backend.sign_in(SIGN_IN)
    assert server.calls == []
    await backend.close()


async def test_the_right_authority_for_another_host_is_not_genuine(tmp_path: Path) -> None:
    async with tls_server(tmp_path, "elsewhere.example") as server:
        backend = Backend(server.url, tmp_path / "elsewhere.example.pem")
        with pytest.raises(NotGenuine):
            await backend.portal_challenge()
        assert server.calls == []
        await backend.close()


async def test_a_line_cut_during_the_handshake_is_no_forgery(tmp_path: Path) -> None:
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    certificate, _ = self_signed(tmp_path, "other")
    plain = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    backend = Backend(f"https://127.0.0.1:{plain.sockets[0].getsockname()[1]}", certificate)
    with pytest.raises(Unreachable):
        await backend.portal_challenge()
    await backend.close()
    plain.close()
    await plain.wait_closed()


async def test_no_answer_within_the_deadline(server: TlsServer, tmp_path: Path) -> None:
    server.answers.append(Answer(silent=True))
    backend = Backend(server.url, tmp_path / "localhost.pem", deadline_s=0.3)
    with pytest.raises(TooSlow):
        await backend.records()
    assert len(server.calls) == 1, "slow is not cut: not asked again"
    await backend.close()


async def test_the_deadline_bounds_the_whole_answer(server: TlsServer, tmp_path: Path) -> None:
    body = msgspec.json.encode(CHALLENGE)
    server.answers.append(Answer(body, dribble_s=0.05))  # each byte comes in time, all of them do not
    backend = Backend(server.url, tmp_path / "localhost.pem", deadline_s=0.5)
    with pytest.raises(TooSlow):
        await backend.portal_challenge()
    await backend.close()


@pytest.mark.parametrize("cut_after", [0, 10, 60])
async def test_a_read_that_was_cut_is_asked_once_more(server: TlsServer, backend: Backend, cut_after: int) -> None:
    server.answers += [Answer(b"x" * 100, cut_after=cut_after), good(wire.RecordList(records=()))]
    assert await backend.records() == wire.RecordList(records=())
    assert len(server.calls) == 2


async def test_a_read_is_not_asked_a_third_time(server: TlsServer, backend: Backend) -> None:
    server.answers += [Answer(cut_after=0)] * 3
    with pytest.raises(Unreachable):
        await backend.records()
    assert len(server.calls) == 2


@pytest.mark.parametrize("cut_after", [0, 10, 60])
async def test_what_changes_something_is_sent_once(server: TlsServer, backend: Backend, cut_after: int) -> None:
    server.answers += [Answer(b"x" * 100, cut_after=cut_after)] * 2
    with pytest.raises(Unreachable):
        await backend.sign_in(SIGN_IN)
    assert len(server.calls) == 1


@pytest.mark.parametrize("code", ["certificate_revoked", "challenge_stale", "storage_full", "fault"])
async def test_the_backend_says_no(server: TlsServer, backend: Backend, code: str) -> None:
    server.answers.append(refusal(code))
    with pytest.raises(Refused) as caught:
        await backend.sign_in(SIGN_IN)
    assert (caught.value.code, caught.value.origin, caught.value.trace_id) == (code, "portal", "t-1")


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"<html>Internal Server Error</html>", status=500),
        Answer(b"", status=502),
        Answer(b'{"code": "fault"}', status=500),
        Answer(b"", status=302),
        Answer(b"not json"),
        Answer(b""),
        Answer(b"{}"),
        Answer(b'{"nonce": "bm9uY2U="}'),
        Answer(b'{"nonce": 7, "lifetime_s": 300}'),
        Answer(b'{"nonce": "\xff", "lifetime_s": 300}'),
        Answer(b"[" * 100_000),
        Answer(b" " * (LARGEST + 1)),
    ],
    ids=lambda answer: f"{answer.status}-{answer.body[:20]!r}",
)
async def test_an_answer_that_makes_no_sense(server: TlsServer, backend: Backend, answer: Answer) -> None:
    server.answers.append(answer)
    with pytest.raises(Broken):
        await backend.portal_challenge()
    server.answers.append(good(CHALLENGE))
    assert await backend.portal_challenge() == CHALLENGE, "the next question is not spoilt"


async def test_unknown_fields_are_ignored(server: TlsServer, backend: Backend) -> None:
    server.answers.append(Answer(b'{"nonce": "bm9uY2U=", "lifetime_s": 300, "new": {"in": ["2027"]}}'))
    assert await backend.portal_challenge() == CHALLENGE
