"""The authorization server put together."""

from __future__ import annotations

from functools import partial

from starlette.routing import Route

from backend_client.wire import (
    Entered,
    NumberTyped,
    PartnerAnswer,
    PartnerAnswered,
    PartnerConsentEnd,
    PartnerConsents,
    PartnerRequest,
    Pass,
)
from backend_stub.body import Body, Endpoint
from backend_stub.database import answers, open_database
from backend_stub.jose import own_key
from backend_stub.metrics import Figure
from backend_stub.nonces import Nonces
from backend_stub.oauth.browser import Browsers
from backend_stub.oauth.clients import Clients
from backend_stub.oauth.consents import Consents
from backend_stub.oauth.desk import KioskDesk
from backend_stub.oauth.dpop import Proofs
from backend_stub.oauth.endpoints import Endpoints, Published
from backend_stub.oauth.forms import refused_as_json
from backend_stub.oauth.openings import Openings
from backend_stub.oauth.pending import Pending
from backend_stub.oauth.person import Person
from backend_stub.oauth.register import Register
from backend_stub.oauth.resources import Resources
from backend_stub.oauth.subscriptions import Subscriptions
from backend_stub.oauth.tables import TABLES
from backend_stub.oauth.tokens import AccessTokens
from backend_stub.passes import Gatehouse
from backend_stub.peers import Setup

ID = "oauth"


def build(setup: Setup, issuer: str, origins: tuple[str, ...]) -> Body:
    """Open it on its database. `issuer` is its public address; `origins` are those under which companies' pages lie."""
    engine, key = open_database(setup.database_url, TABLES), own_key(setup.data)
    nonces = Nonces(setup.data / "oauth", setup.clock().timestamp())
    gatehouse, register, pending = Gatehouse(setup, ID), Register.read(origins), Pending()
    consents, tokens, proofs = Consents(engine), AccessTokens(issuer, key), Proofs(issuer, nonces)
    audiences = frozenset((issuer, f"{issuer}/token", f"{issuer}/par"))
    clients = Clients(register, setup.directory, audiences, nonces)
    person = Person(issuer, key, setup.peers)
    openings = Openings(engine, consents, setup.peers, setup.clock)
    subscriptions = Subscriptions(engine, consents, person, setup.peers, setup.clock)
    desk = KioskDesk(gatehouse, register, pending, consents, openings)
    endpoints = Endpoints(register, clients, proofs, pending, consents, tokens, setup.clock)
    browsers = Browsers(issuer, pending, consents, subscriptions.errand, setup.clock)
    resources = Resources(tokens, proofs, consents, person, openings, setup.clock)

    def start() -> None:
        subscriptions.errand.start()
        openings.errand.start()

    async def work() -> bool:
        return all([await openings.carry(), await subscriptions.carry()])

    async def close() -> None:
        await subscriptions.errand.close()
        await openings.errand.close()
        gatehouse.close()
        nonces.close()
        engine.dispose()

    return Body(
        ID,
        "つながる会社 — authorization server for partner companies",
        _for_kiosks(gatehouse, desk),
        setup.registry,
        setup.clock,
        partial(answers, engine),
        start=start,
        work=work,
        close=close,
        figures=(Figure("address_events_waiting", "Moves that no company has taken.", subscriptions.count_waiting),),
        routes=(*_published(Published(issuer, key)), *_for_companies(endpoints, browsers, resources)),
    )


def _for_kiosks(gatehouse: Gatehouse, desk: KioskDesk) -> tuple[Endpoint, ...]:
    return (
        Endpoint("POST", "/sessions", gatehouse.enter, Pass, Entered),
        Endpoint("POST", "/leave", gatehouse.leave),
        Endpoint("POST", "/numbers", desk.look, NumberTyped, PartnerRequest, session=True),
        Endpoint("POST", "/answers", desk.answer, PartnerAnswer, PartnerAnswered, session=True),
        Endpoint("GET", "/consents", desk.list_consents, gives=PartnerConsents, session=True),
        Endpoint("POST", "/consent-ends", desk.withdraw, PartnerConsentEnd, PartnerConsents, session=True),
    )


def _for_companies(endpoints: Endpoints, browsers: Browsers, resources: Resources) -> tuple[Route, ...]:
    return (
        Route("/par", refused_as_json(endpoints.push), methods=["POST"]),
        Route("/token", refused_as_json(endpoints.token), methods=["POST"]),
        Route("/authorize", browsers.authorize),
        Route("/waiting/{page}", browsers.waiting),
        Route("/waiting/{page}", browsers.check, methods=["POST"]),
        Route("/person/{field}", refused_as_json(resources.person, "DPoP")),
        Route("/certificates", refused_as_json(resources.certificates, "DPoP")),
        Route("/notices", refused_as_json(resources.notices, "DPoP")),
    )


def _published(published: Published) -> tuple[Route, ...]:
    return (
        Route("/.well-known/oauth-authorization-server", published.metadata),
        Route("/jwks", published.keys),
    )
