"""The portal put together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

from backend_client.wire import (
    ActingRequest,
    Application,
    ApplicationList,
    ApplicationResult,
    Case,
    CaseList,
    CaseOpening,
    Challenge,
    Changed,
    Consent,
    ConsentEnd,
    ConsentList,
    CounterProxy,
    CounterRegistration,
    CounterRelease,
    Document,
    Draft,
    DraftSave,
    FolderClosing,
    FolderOpened,
    FolderOpening,
    Forwarding,
    ForwardingRequest,
    GuestCertificates,
    GuestNotices,
    LifeEvent,
    LifeEventList,
    MarkNotice,
    Notice,
    NoticeList,
    NoticeShare,
    OwnAnswer,
    OwnChanges,
    OwnHolders,
    OwnRequest,
    PartnerCertificate,
    PartnerHandles,
    PartnerNotice,
    Pass,
    PassRequest,
    PortalDelivery,
    PostDelivery,
    PostList,
    ProofAsked,
    ProvenRecord,
    Proxy,
    ProxyCode,
    ProxyCodeTyped,
    ProxyEnd,
    ProxyList,
    ProxyOffer,
    ProxyOffered,
    RecordCounts,
    RecordList,
    RecordPage,
    RecordPageRequest,
    Registration,
    Resending,
    SendOn,
    SharedNotice,
    ShareNotice,
    SignedIn,
    SignIn,
    SignInAnswer,
    SignInPage,
    Submission,
    Towns,
    Withdrawal,
)
from backend_stub.body import Body, Endpoint
from backend_stub.database import answers, closing, open_database
from backend_stub.errand import Errand
from backend_stub.holding import HeldSymbols
from backend_stub.machines import Role
from backend_stub.members import DESKS
from backend_stub.metrics import Figure
from backend_stub.peers import Setup
from backend_stub.portal.application_desk import ApplicationDesk
from backend_stub.portal.applications import Applications
from backend_stub.portal.caretaker import Caretaker
from backend_stub.portal.consents import ConsentDesk
from backend_stub.portal.counter_post import CounterPost
from backend_stub.portal.entrance import Entrance
from backend_stub.portal.folder_keys import FolderKeys
from backend_stub.portal.folders import Folders
from backend_stub.portal.guests import GuestRoom
from backend_stub.portal.letter_box import LetterBox
from backend_stub.portal.life_events import Guide
from backend_stub.portal.neighbours import Neighbours
from backend_stub.portal.notice_desk import NoticeDesk
from backend_stub.portal.notice_events import Herald
from backend_stub.portal.notices import Notices
from backend_stub.portal.own_information import OwnInformationDesk
from backend_stub.portal.partners import Handles
from backend_stub.portal.passes import PassDesk
from backend_stub.portal.post import Post, PostDesk
from backend_stub.portal.postman import Postman
from backend_stub.portal.proxies import Proxies
from backend_stub.portal.proxy_desk import ActingGuard, ProxyDesk
from backend_stub.portal.reading_room import ReadingRoom
from backend_stub.portal.record_desk import RecordDesk
from backend_stub.portal.shares import Shares
from backend_stub.portal.sign_ins import SignIns
from backend_stub.portal.signed_in import SignedInPeople
from backend_stub.portal.tables import TABLES, symbols_beside
from backend_stub.portal.tables import folders as folder_rows
from backend_stub.verification import PaperVerifier, Verifier
from backend_stub.verification.revocations import Revocations

GATEWAY = frozenset({Role.GATEWAY})
MUNICIPALITY = frozenset({Role.MUNICIPALITY})
PARTNER = frozenset({Role.PARTNER})
AGENCY = frozenset({Role.AGENCY})
AUTHORIZER = frozenset({Role.AUTHORIZER})
FORWARDER = frozenset({Role.FORWARDER})
COUNTER = frozenset({Role.COUNTER})
NEWEST_LIST = timedelta(seconds=5)
"""So often the authority is asked for a newer revocation list (decision 0038)."""


def build(setup: Setup, auth_ca: bytes, sign_ca: bytes, origins: tuple[str, ...]) -> Body:
    """Open the portal on its database. `auth_ca` are the CAs for user authentication, as for `Verifier`;
    `sign_ca` as for `PaperVerifier`.

    `origins` are the scheme://host:port under which kiosks reach the backend; tokens for others are refused.
    """
    engine = open_database(setup.database_url, TABLES)
    symbols = HeldSymbols(engine, setup.peers, symbols_beside, folder_rows.c.symbol)
    keys = FolderKeys(setup.data)
    folders, notices, sessions = Folders(engine, symbols), Notices(engine, keys), SignedInPeople()
    neighbours = Neighbours(setup.peers)
    papers = PaperVerifier(sign_ca, setup.peers)
    verifier = Verifier(auth_ca, origins, setup.peers)
    sign_ins, herald = SignIns(engine), Herald(engine, setup.peers)
    caretaker = Caretaker(folders, notices, neighbours, sign_ins)
    lists = Revocations(setup.peers, NEWEST_LIST)
    entrance = Entrance(folders, symbols, sessions, verifier, lists, papers, neighbours, sign_ins, caretaker)
    room = ReadingRoom(folders, sessions, notices, neighbours, herald)
    own = OwnInformationDesk(folders, sessions, setup.peers)
    notice_desk = NoticeDesk(sessions, notices, Shares(engine, keys))
    proxies = Proxies(engine)
    guard = ActingGuard(proxies, sessions)
    records = RecordDesk(engine, folders, sessions, neighbours, guard)
    proxy_desk = ProxyDesk(proxies, sessions, verifier, notices)
    desk = ConsentDesk(engine, folders, sessions, neighbours)
    handles = Handles(engine)
    post = Post(engine, setup.directory, keys)
    box = LetterBox(folders, notices, handles, herald, post, keys)
    guests = GuestRoom(notices, handles, post)
    passes = PassDesk(sessions, handles, setup.directory, setup.peers.sign)
    names = {member.id: member.name for member in setup.directory.values()}
    applications, guide = Applications(engine, names), Guide()
    postman = Postman(applications, post, setup.peers, setup.clock)
    counter = ApplicationDesk(applications, sessions, papers, neighbours, postman, post)
    post_desk = PostDesk(post, sessions, setup.peers, {one: names[one] for one in DESKS})
    endpoints = (
        Endpoint("POST", "/challenges", entrance.challenge, gives=Challenge),
        Endpoint("POST", "/sign-in", entrance.sign_in, SignIn, SignInAnswer),
        Endpoint("POST", "/registrations", entrance.register, Registration, SignedIn),
        Endpoint(
            "POST", "/counter-registrations", entrance.register_at_counter, CounterRegistration, None, MUNICIPALITY
        ),
        Endpoint("POST", "/counter-releases", entrance.release, CounterRelease, None, MUNICIPALITY),
        Endpoint("GET", "/sign-ins/{page}", entrance.list_sign_ins, gives=SignInPage, session=True),
        Endpoint("POST", "/blocks", entrance.block, session=True),
        Endpoint("POST", "/own-changes", entrance.own_changes, OwnChanges, Changed, session=True),
        Endpoint("POST", "/sign-out", entrance.sign_out),
        Endpoint("GET", "/notices", room.notices, gives=NoticeList, session=True),
        Endpoint("GET", "/notices/{id}", room.notice, gives=Notice, session=True),
        Endpoint("GET", "/notices/{id}/documents/{number}", notice_desk.document, gives=Document, session=True),
        Endpoint("POST", "/notice-marks", notice_desk.mark, MarkNotice, session=True),
        Endpoint("POST", "/notice-shares", notice_desk.share, ShareNotice, NoticeShare, session=True),
        Endpoint("POST", "/shared-notices", notice_desk.shared, SharedNotice, Notice, session=True),
        Endpoint("GET", "/records", room.records, gives=RecordList, session=True),
        Endpoint("POST", "/record-pages", records.page, RecordPageRequest, RecordPage, session=True),
        Endpoint("GET", "/record-counts", records.counts, gives=RecordCounts, session=True),
        Endpoint("POST", "/record-proofs", records.prove, ProofAsked, ProvenRecord, session=True),
        Endpoint("POST", "/cases", records.open_case, CaseOpening, Case, session=True),
        Endpoint("GET", "/cases", records.list_cases, gives=CaseList, session=True),
        Endpoint("GET", "/own-information/holders", own.list_holders, gives=OwnHolders, session=True),
        Endpoint("POST", "/own-information", own.fetch, OwnRequest, OwnAnswer, session=True),
        Endpoint("GET", "/proxies", proxy_desk.list_proxies, gives=ProxyList, session=True),
        Endpoint("POST", "/proxy-offers", proxy_desk.offer, ProxyOffer, ProxyCode, session=True),
        Endpoint("POST", "/proxy-codes", proxy_desk.look, ProxyCodeTyped, ProxyOffered, session=True),
        Endpoint("POST", "/proxies", proxy_desk.accept, ProxyCodeTyped, Proxy, session=True),
        Endpoint("POST", "/proxy-ends", proxy_desk.end, ProxyEnd, session=True),
        Endpoint("POST", "/actings", proxy_desk.act, ActingRequest, SignedIn, session=True),
        Endpoint("POST", "/counter-proxies", proxy_desk.lay_down, CounterProxy, None, MUNICIPALITY),
        Endpoint("GET", "/consents", desk.list_consents, gives=ConsentList, session=True),
        Endpoint("POST", "/consents", desk.give_consent, Consent, session=True),
        Endpoint("POST", "/consent-withdrawals", desk.withdraw_consent, ConsentEnd, session=True),
        Endpoint("POST", "/passes", passes.give_pass, PassRequest, Pass, session=True),
        Endpoint("GET", "/life-events", guide.list_events, gives=LifeEventList),
        Endpoint("GET", "/life-events/{id}", guide.event, gives=LifeEvent),
        Endpoint("GET", "/postcodes/{code}", guide.towns, gives=Towns),
        Endpoint("GET", "/applications", counter.list_applications, gives=ApplicationList, session=True),
        Endpoint("POST", "/drafts", counter.save_draft, DraftSave, Draft, session=True),
        Endpoint("POST", "/applications", counter.submit, Submission, Application, session=True),
        Endpoint("POST", "/resendings", counter.resend, Resending, Application, session=True),
        Endpoint("POST", "/withdrawals", counter.withdraw, Withdrawal, Application, session=True),
        Endpoint("POST", "/application-results", counter.result, ApplicationResult, None, AGENCY),
        Endpoint("GET", "/post", post_desk.list_post, gives=PostList, session=True),
        Endpoint("POST", "/post-sendings", post_desk.send_on, SendOn, session=True),
        Endpoint("POST", "/post-deliveries", CounterPost(engine, post).take_in, PostDelivery, None, COUNTER),
        Endpoint("POST", "/deliveries", box.deliver, PortalDelivery, None, GATEWAY),
        Endpoint("POST", "/partner-notices", box.deliver_of_partner, PartnerNotice, None, PARTNER),
        Endpoint("POST", "/partner-certificates", box.take_certificate, PartnerCertificate, None, PARTNER),
        Endpoint("POST", "/folder-openings", box.open_folder, FolderOpening, FolderOpened, AUTHORIZER),
        Endpoint("POST", "/folder-closings", box.close_folder, FolderClosing, None, AUTHORIZER),
        Endpoint("POST", "/guest-certificates", guests.guest_certificates, GuestNotices, GuestCertificates, AUTHORIZER),
        Endpoint("POST", "/guest-notices", guests.guest_notices, GuestNotices, NoticeList, AUTHORIZER),
        Endpoint("POST", "/forwardings", guests.forward, ForwardingRequest, Forwarding, FORWARDER),
        Endpoint("GET", "/partner-handles", box.partner_handles, gives=PartnerHandles, roles=PARTNER),
    )
    return Body(
        "portal",
        "マイ・ポータル — My Portal",
        guard.before(endpoints),
        setup.registry,
        setup.clock,
        partial(answers, engine),
        start=partial(_start, postman.errand, herald.errand),
        work=partial(_carry, postman, herald),
        close=partial(_close, entrance.close, closing(engine), postman.errand, herald.errand),
        figures=(
            Figure("papers_waiting", "Papers that no body has taken.", applications.count_waiting),
            Figure("events_waiting", "Events of notices that no sender has taken.", herald.count_waiting),
        ),
    )


def _start(*errands: Errand) -> None:
    for errand in errands:
        errand.start()


async def _carry(postman: Postman, herald: Herald) -> bool:
    return all([await postman.carry(), await herald.carry()])


async def _close(
    entrance: Callable[[], Awaitable[None]], database: Callable[[], Awaitable[None]], *errands: Errand
) -> None:
    for errand in errands:
        await errand.close()
    await entrance()
    await database()
