"""How people come in and leave: challenge, sign-in, first registration, sign-out."""

from __future__ import annotations

from backend_client.wire import (
    Challenge,
    Changed,
    CounterRegistration,
    CounterRelease,
    NotRegistered,
    OwnChanges,
    Registration,
    SignedIn,
    SignIn,
    SignInAnswer,
    SignInPage,
    registration_content,
)
from backend_stub.body import Call, Refusal
from backend_stub.holding import HeldSymbols
from backend_stub.portal.caretaker import Caretaker
from backend_stub.portal.folders import Folders, Holder, Visit
from backend_stub.portal.neighbours import Neighbours
from backend_stub.portal.sign_ins import SignIns
from backend_stub.portal.signed_in import SignedInPeople
from backend_stub.sessions import SESSION_LIFETIME, Tickets
from backend_stub.verification import Challenges, PaperVerifier, Verifier
from backend_stub.verification.certificate import Checked
from backend_stub.verification.revocations import Revocations

OLDEST_PAGE = 9_999


class Entrance:
    """The endpoints that open and close a visit, and those that open a folder."""

    def __init__(
        self,
        folders: Folders,
        symbols: HeldSymbols,
        sessions: SignedInPeople,
        verifier: Verifier,
        revocations: Revocations,
        papers: PaperVerifier,
        neighbours: Neighbours,
        sign_ins: SignIns,
        caretaker: Caretaker,
    ) -> None:
        self._folders = folders
        self._symbols = symbols
        self._sessions = sessions
        self._verifier = verifier
        self._revocations = revocations
        self._papers = papers
        self._neighbours = neighbours
        self._sign_ins = sign_ins
        self._caretaker = caretaker
        self._challenges = Challenges()
        self._tickets = Tickets()

    async def challenge(self, call: Call, _message: None) -> Challenge:
        """Give a challenge for a card to sign."""
        return self._challenges.give(call.now)

    async def sign_in(self, call: Call, message: SignIn) -> SignInAnswer:
        """Sign a person in by a token over the challenge, which is used up in any case.

        Of a certificate that opens no folder yet the authority is asked; others are looked up in its list.
        """
        self._challenges.use(message.nonce, call.now)
        holder = self._verifier.holder(message.token, message.nonce, call.now)
        await self._symbols.keep_up(call.now)
        await self._caretaker.keep_up(call.now)
        serial = str(holder.certificate.serial_number)
        visit = self._folders.opened_by(serial, call.now)
        if visit is None:
            await self._verifier.stands(holder, call.now, call.trace_id)
            signed_in = await self._renew(serial, message.place, call)
            return signed_in or NotRegistered(ticket=self._tickets.give(serial, call.now))
        await self._require_standing(holder, call)
        return await self._enter(visit, serial, message.place, call)

    async def register(self, call: Call, message: Registration) -> SignedIn:
        """Open the folder of the person whose card gave the ticket and signed the paper, and sign the person in."""
        serial = self._tickets.take(message.ticket, call.now)
        await self._check_paper(message, serial, call)
        was_there = await self._open_folder(serial, (), call)
        return await self._enter_opened(serial, message.place, call, card_new=was_there)

    async def register_at_counter(self, call: Call, message: CounterRegistration) -> None:
        """Open the folder of a person whom a municipality has registered on paper; the card itself signs in later."""
        certificate = await self._verifier.certificate(message.certificate, call.now, call.trace_id)
        await self._open_folder(str(certificate.serial_number), message.partners, call)

    async def release(self, call: Call, message: CounterRelease) -> None:
        """Open a blocked folder again for a holder who came to the counter in person, with the card."""
        certificate = await self._verifier.certificate(message.certificate, call.now, call.trace_id)
        self._folders.release(str(certificate.serial_number))

    async def block(self, call: Call, _message: None) -> None:
        """Block the folder of who is signed in, and end all its sessions: somebody unknown was there."""
        folder_id = self._sessions.folder(call.bearer, call.now)
        self._folders.block(folder_id, call.now)
        self._sessions.close_all(folder_id)

    async def list_sign_ins(self, call: Call, _message: None) -> SignInPage:
        """Tell when and where the folder was entered."""
        folder_id, page = self._sessions.folder(call.bearer, call.now), call.params["page"]
        if not (page.isascii() and page.isdecimal() and len(page) <= len(str(OLDEST_PAGE))):
            raise Refusal("not_found")
        return self._sign_ins.page(folder_id, int(page))

    async def own_changes(self, call: Call, message: OwnChanges) -> Changed:
        """Tell who is signed in which of the own four items changed in the register: 変更確認."""
        _, serial = self._sessions.both(call.bearer, call.now)
        return await self._neighbours.changed_items(serial, message.since, call.trace_id)

    async def sign_out(self, call: Call, _message: None) -> None:
        """End the session; quiet when it has ended already."""
        self._sessions.close(call.bearer, call.now)

    async def close(self) -> None:
        """Let go of the database, when what was handed in is written, and of the authority."""
        await self._sign_ins.close()
        await self._revocations.close()
        self._folders.close()

    async def _require_standing(self, holder: Checked, call: Call) -> None:
        """Look the certificate up in the list; ask by OCSP while there is none. Raises Refusal."""
        revoked = await self._revocations.known(holder, call.now, call.trace_id)
        if revoked:
            raise Refusal("certificate_revoked")
        if revoked is None:
            await self._verifier.stands(holder, call.now, call.trace_id)

    async def _check_paper(self, message: Registration, serial: str, call: Call) -> None:
        """Whether the person applies for just this, with the signature certificate of the same card. Raises Refusal.

        The paper is not kept: it holds the four items. Source: 2011 report, 初回登録.
        """
        checked = await self._papers.paper(message.paper, call.now, call.trace_id)
        if checked.content != registration_content(message.ticket):
            raise Refusal("paper_foreign")
        if checked.serial != await self._neighbours.signature_serial(serial, call.trace_id):
            raise Refusal("paper_foreign")

    async def _open_folder(self, serial: str, partners: tuple[str, ...], call: Call) -> bool:
        """Confirm the holder, get the portal's symbol, then store all of it or nothing; whether it was there already.

        Of what the authority says the name is kept, and the handle by which it tells of changes.
        """
        identity = await self._neighbours.identity(serial, call.trace_id)
        symbol = await self._neighbours.symbol(identity, call.trace_id)
        await self._symbols.keep_up_with(symbol, call.now)  # who has a folder already is found by the symbol
        holder = Holder(symbol, identity.acquisition.handle, identity.items.name)
        return self._folders.open(holder, serial, partners, call.now)

    async def _renew(self, serial: str, place: str, call: Call) -> SignedIn | None:
        """Enter with a certificate that has taken the place of one that opened a folder."""
        earlier = await self._neighbours.earlier_serials(serial, call.trace_id)
        if not self._folders.renew(serial, earlier):
            return None
        return await self._enter_opened(serial, place, call, card_new=True)

    async def _enter_opened(self, serial: str, place: str, call: Call, *, card_new: bool) -> SignedIn:
        visit = self._folders.opened_by(serial, call.now)
        assert visit is not None, "the folder was opened just now"  # noqa: S101
        return await self._enter(visit, serial, place, call, card_new=card_new)

    async def _enter(self, visit: Visit, serial: str, place: str, call: Call, *, card_new: bool = False) -> SignedIn:
        # Before the await: if the folder is blocked meanwhile, this session ends with the others.
        session = self._sessions.open(visit.folder_id, serial, call.now)
        try:
            last = await self._sign_ins.note(visit.folder_id, place, call.now)
        except Refusal:
            self._sessions.close(session, call.now)
            raise
        return SignedIn(
            session=session,
            lifetime_s=int(SESSION_LIFETIME.total_seconds()),
            name=visit.name,
            last_sign_in=last,
            unread_notices=visit.unread_notices,
            card_new=card_new,
            acts_for_others=visit.acts_for_others,
        )
