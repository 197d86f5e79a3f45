"""A service beside the portal: entered by a pass at the first call, and once more when its session is over."""

from __future__ import annotations

import msgspec
import pytest

from backend_client import wire
from backend_client.client import Backend
from backend_client.errors import Refused
from tests.backend_client.test_client import good, refusal, signed_in
from tests.backend_client.tls_server import Answer, TlsServer

PASS = wire.Pass(statement="AAAA", signature="AAAA")
BOOK = wire.CheckUps(check_ups=())
READING = wire.NewBloodPressure(upper=134, lower=82)
ENTER = (("POST", "/portal/passes"), ("POST", "/health-book/sessions"))


def entered(session: str) -> list[Answer]:
    return [good(PASS), good(wire.Entered(session=session, lifetime_s=600))]


def asked(server: TlsServer) -> list[tuple[str, str]]:
    return [(call.method, call.path) for call in server.calls]


def sessions(server: TlsServer) -> list[str | None]:
    return [call.headers.get("authorization") for call in server.calls]


async def test_it_is_entered_at_the_first_call_and_remembered(server: TlsServer, backend: Backend) -> None:
    await signed_in(server, backend)
    server.answers += [*entered("h1"), good(BOOK), good(BOOK), Answer(status=204)]
    for _ in range(2):
        assert await backend.service("health", "/health-book").get("/check-ups", wire.CheckUps) == BOOK
    await backend.service("health", "/health-book").tell("/blood-pressure", READING)
    check_ups = ("GET", "/health-book/check-ups")
    assert asked(server) == [*ENTER, check_ups, check_ups, ("POST", "/health-book/blood-pressure")]
    assert sessions(server) == ["Bearer s3ss10n", None, "Bearer h1", "Bearer h1", "Bearer h1"]
    assert msgspec.json.decode(server.calls[0].body) == {"service": "health"}
    assert msgspec.json.decode(server.calls[1].body, type=wire.Pass) == PASS
    assert msgspec.json.decode(server.calls[-1].body, type=wire.NewBloodPressure) == READING


async def test_each_service_has_a_session_of_its_own(server: TlsServer, backend: Backend) -> None:
    await signed_in(server, backend)
    server.answers += [*entered("h1"), good(BOOK), *entered("f1"), good(wire.BookingList(bookings=()))]
    await backend.service("health", "/health-book").get("/check-ups", wire.CheckUps)
    await backend.service("facilities", "/facilities").get("/bookings", wire.BookingList)
    assert sessions(server) == ["Bearer s3ss10n", None, "Bearer h1", "Bearer s3ss10n", None, "Bearer f1"]


@pytest.mark.parametrize("telling", [False, True])
async def test_a_session_that_is_over_is_entered_anew(server: TlsServer, backend: Backend, telling: bool) -> None:
    await signed_in(server, backend)
    service = backend.service("health", "/health-book")
    server.answers += [*entered("h1"), good(BOOK), refusal("session_unknown"), *entered("h2")]
    server.answers.append(Answer(status=204) if telling else good(BOOK))
    await service.get("/check-ups", wire.CheckUps)
    server.calls.clear()
    if telling:
        await service.tell("/blood-pressure", READING)
    else:
        await service.post("/check-ups", None, wire.CheckUps)
    assert sessions(server) == ["Bearer h1", "Bearer s3ss10n", None, "Bearer h2"]


async def test_it_is_entered_anew_once_and_no_more(server: TlsServer, backend: Backend) -> None:
    await signed_in(server, backend)
    service = backend.service("health", "/health-book")
    server.answers += [*entered("h1"), good(BOOK), refusal("session_unknown"), *entered("h2")]
    server.answers.append(refusal("session_unknown"))
    await service.get("/check-ups", wire.CheckUps)
    with pytest.raises(Refused, match="session_unknown"):
        await service.get("/check-ups", wire.CheckUps)
    assert not server.answers


async def test_when_the_portals_session_is_over_the_person_signs_in(server: TlsServer, backend: Backend) -> None:
    await signed_in(server, backend)
    server.answers.append(refusal("session_unknown"))
    with pytest.raises(Refused, match="session_unknown"):
        await backend.service("health", "/health-book").get("/check-ups", wire.CheckUps)
    assert asked(server) == [ENTER[0]]


async def test_another_refusal_is_the_answer(server: TlsServer, backend: Backend) -> None:
    await signed_in(server, backend)
    server.answers += [*entered("h1"), refusal("reading_impossible")]
    with pytest.raises(Refused, match="reading_impossible"):
        await backend.service("health", "/health-book").tell("/blood-pressure", READING)
    assert len(server.calls) == 3


async def test_the_next_visit_enters_for_itself(server: TlsServer, backend: Backend) -> None:
    await signed_in(server, backend)
    server.answers += [*entered("h1"), good(BOOK), Answer(status=204)]
    await backend.service("health", "/health-book").get("/check-ups", wire.CheckUps)
    await backend.sign_out()
    await signed_in(server, backend)
    server.answers += [*entered("h2"), good(BOOK)]
    await backend.service("health", "/health-book").get("/check-ups", wire.CheckUps)
    assert sessions(server)[-1] == "Bearer h2"
