"""How people come in and leave: challenge, sign-in, first registration, sign-out."""

from __future__ import annotations

from backend_client.wire import (
    Challenge,
    CounterRegistration,
    NotRegistered,
    Registration,
    SignedIn,
    SignIn,
    SignInAnswer,
)
from backend_stub.body import Call
from backend_stub.holding import HeldSymbols
from backend_stub.portal.folders import Folders
from backend_stub.portal.neighbours import Neighbours
from backend_stub.portal.signed_in import SignedInPeople
from backend_stub.sessions import SESSION_LIFETIME, Tickets
from backend_stub.verification import Challenges, Verifier


class Entrance:
    """The endpoints that open and close a visit, and those that open a folder."""

    def __init__(
        self,
        folders: Folders,
        symbols: HeldSymbols,
        sessions: SignedInPeople,
        verifier: Verifier,
        neighbours: Neighbours,
    ) -> None:
        self._folders = folders
        self._symbols = symbols
        self._sessions = sessions
        self._verifier = verifier
        self._neighbours = neighbours
        self._challenges = Challenges()
        self._tickets = Tickets()

    async def challenge(self, call: Call, _message: None) -> Challenge:
        """Give a challenge for a card to sign."""
        return self._challenges.give(call.now)

    async def sign_in(self, call: Call, message: SignIn) -> SignInAnswer:
        """Sign a person in by a token over the challenge, which is used up in any case."""
        self._challenges.use(message.nonce, call.now)
        certificate = await self._verifier.token(message.token, message.nonce, call.now, call.trace_id)
        await self._symbols.keep_up(call.now)
        serial = str(certificate.serial_number)
        signed_in = self._enter(serial, message.place, call)
        return signed_in or NotRegistered(ticket=self._tickets.give(serial, call.now))

    async def register(self, call: Call, message: Registration) -> SignedIn:
        """Open the folder of the person whose card gave the ticket, and sign the person in."""
        serial = self._tickets.take(message.ticket, call.now)
        await self._open_folder(serial, (), call)
        signed_in = self._enter(serial, message.place, call)
        assert signed_in is not None, "the folder was opened just now"  # noqa: S101
        return signed_in

    async def register_at_counter(self, call: Call, message: CounterRegistration) -> None:
        """Open the folder of a person whom a municipality has registered on paper; the card itself signs in later."""
        certificate = await self._verifier.certificate(message.certificate, call.now, call.trace_id)
        await self._open_folder(str(certificate.serial_number), message.partners, call)

    async def sign_out(self, call: Call, _message: None) -> None:
        """End the session; quiet when it has ended already."""
        self._sessions.close(call.bearer, call.now)

    async def _open_folder(self, serial: str, partners: tuple[str, ...], call: Call) -> None:
        """Confirm the holder, get the portal's symbol, then store all of it or nothing.

        Of what the authority says only the name is kept. The founding report (2011) asks for the signature certificate
        as well at a first registration; the authority's confirmation of the holder stands for it here.
        """
        identity = await self._neighbours.identity(serial, call.trace_id)
        symbol = await self._neighbours.symbol(identity, call.trace_id)
        await self._symbols.keep_up_with(symbol, call.now)  # who has a folder already is found by the symbol
        self._folders.open(symbol, identity.items.name, serial, partners, call.now)

    def _enter(self, serial: str, place: str, call: Call) -> SignedIn | None:
        visit = self._folders.enter(serial, place, call.now)
        if visit is None:
            return None
        return SignedIn(
            session=self._sessions.open(visit.folder_id, serial, call.now),
            lifetime_s=int(SESSION_LIFETIME.total_seconds()),
            name=visit.name,
            last_sign_in=visit.last_sign_in,
            unread_notices=visit.unread_notices,
        )
