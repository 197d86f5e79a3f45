"""The portal put together."""

from __future__ import annotations

from functools import partial

from backend_client.wire import (
    Challenge,
    Consent,
    ConsentEnd,
    ConsentList,
    CounterRegistration,
    Notice,
    NoticeList,
    PartnerHandles,
    PartnerNotice,
    Pass,
    PassRequest,
    PortalDelivery,
    RecordList,
    Registration,
    SignedIn,
    SignIn,
    SignInAnswer,
)
from backend_stub.body import Body, Endpoint
from backend_stub.database import answers, closing, open_database
from backend_stub.holding import HeldSymbols
from backend_stub.machines import Role
from backend_stub.peers import Setup
from backend_stub.portal.consents import ConsentDesk
from backend_stub.portal.entrance import Entrance
from backend_stub.portal.folders import Folders
from backend_stub.portal.letter_box import LetterBox
from backend_stub.portal.neighbours import Neighbours
from backend_stub.portal.notices import Notices
from backend_stub.portal.partners import Handles
from backend_stub.portal.passes import PassDesk
from backend_stub.portal.reading_room import ReadingRoom
from backend_stub.portal.signed_in import SignedInPeople
from backend_stub.portal.tables import TABLES, symbols_beside
from backend_stub.portal.tables import folders as folder_rows
from backend_stub.verification import Verifier

GATEWAY = frozenset({Role.GATEWAY})
MUNICIPALITY = frozenset({Role.MUNICIPALITY})
PARTNER = frozenset({Role.PARTNER})


def build(setup: Setup, auth_ca: bytes, origins: tuple[str, ...]) -> Body:
    """Open the portal on its database. `auth_ca` are the CAs for user authentication, as for `Verifier`.

    `origins` are the scheme://host:port under which kiosks reach the backend; tokens for others are refused.
    """
    engine = open_database(setup.database_url, TABLES)
    symbols = HeldSymbols(engine, setup.peers, symbols_beside, folder_rows.c.symbol)
    folders, notices, sessions = Folders(engine, symbols), Notices(engine), SignedInPeople()
    neighbours = Neighbours(setup.peers)
    entrance = Entrance(folders, symbols, sessions, Verifier(auth_ca, origins, setup.peers), neighbours)
    room = ReadingRoom(folders, sessions, notices, neighbours)
    desk = ConsentDesk(engine, folders, sessions, neighbours)
    handles = Handles(engine)
    box = LetterBox(folders, notices, handles)
    passes = PassDesk(sessions, handles, setup.directory, setup.peers.sign)
    endpoints = (
        Endpoint("POST", "/challenges", entrance.challenge, gives=Challenge),
        Endpoint("POST", "/sign-in", entrance.sign_in, SignIn, SignInAnswer),
        Endpoint("POST", "/registrations", entrance.register, Registration, SignedIn),
        Endpoint(
            "POST", "/counter-registrations", entrance.register_at_counter, CounterRegistration, None, MUNICIPALITY
        ),
        Endpoint("POST", "/sign-out", entrance.sign_out),
        Endpoint("GET", "/notices", room.notices, gives=NoticeList, session=True),
        Endpoint("GET", "/notices/{id}", room.notice, gives=Notice, session=True),
        Endpoint("GET", "/records", room.records, gives=RecordList, session=True),
        Endpoint("GET", "/consents", desk.list_consents, gives=ConsentList, session=True),
        Endpoint("POST", "/consents", desk.give_consent, Consent, session=True),
        Endpoint("POST", "/consent-withdrawals", desk.withdraw_consent, ConsentEnd, session=True),
        Endpoint("POST", "/passes", passes.give_pass, PassRequest, Pass, session=True),
        Endpoint("POST", "/deliveries", box.deliver, PortalDelivery, None, GATEWAY),
        Endpoint("POST", "/partner-notices", box.deliver_of_partner, PartnerNotice, None, PARTNER),
        Endpoint("GET", "/partner-handles", box.partner_handles, gives=PartnerHandles, roles=PARTNER),
    )
    return Body(
        "portal",
        "マイ・ポータル — My Portal",
        endpoints,
        setup.registry,
        setup.clock,
        partial(answers, engine),
        close=closing(engine),
    )
