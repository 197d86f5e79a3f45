"""The endpoints of one-stop applications: what people do, and what bodies answer."""

from __future__ import annotations

from backend_client.wire import (
    Application,
    ApplicationList,
    ApplicationResult,
    Draft,
    DraftSave,
    ParcelState,
    Resending,
    Submission,
    Withdrawal,
)
from backend_stub.body import Call, Refusal
from backend_stub.portal.applications import Applications
from backend_stub.portal.life_events import certificates_named, life_event
from backend_stub.portal.neighbours import Neighbours
from backend_stub.portal.post import Post
from backend_stub.portal.postman import Postman
from backend_stub.portal.signed_in import SignedInPeople
from backend_stub.verification import PaperVerifier


class ApplicationDesk:
    """The portal checks papers to tell the person at once; each body checks again, and does not rely on this."""

    def __init__(
        self,
        applications: Applications,
        sessions: SignedInPeople,
        verifier: PaperVerifier,
        neighbours: Neighbours,
        postman: Postman,
        post: Post,
    ) -> None:
        self._applications = applications
        self._sessions = sessions
        self._verifier = verifier
        self._neighbours = neighbours
        self._postman = postman
        self._post = post

    async def list_applications(self, call: Call, _message: None) -> ApplicationList:
        """List the person's drafts and applications."""
        return self._applications.of(self._sessions.folder(call.bearer, call.now))

    async def save_draft(self, call: Call, message: DraftSave) -> Draft:
        """Keep what was answered so far."""
        return self._applications.save(self._sessions.folder(call.bearer, call.now), message, call.now)

    async def submit(self, call: Call, message: Submission) -> Application:
        """Take the signed papers of a draft, all or none; sent again it is the same application."""
        folder_id, serial = self._sessions.both(call.bearer, call.now)
        draft = self._applications.draft(folder_id, message.draft)
        if draft is None:
            return self._applications.one(folder_id, message.draft)
        self._post.some(folder_id, certificates_named(draft.event, draft.answers))  # before anything is sent
        papers = {one.receiver: one.paper for one in message.papers}
        for receiver, paper in papers.items():
            await self._check(paper, draft, receiver, serial, call)
        application = self._applications.send(folder_id, draft, papers, call.now)
        self._postman.errand.kick()
        return application

    async def resend(self, call: Call, message: Resending) -> Application:
        """Take a new paper for a body that sent the first one back."""
        folder_id, serial = self._sessions.both(call.bearer, call.now)
        application, parcel = self._applications.of_parcel(folder_id, message.parcel)
        await self._check(message.paper, application, parcel.receiver, serial, call)
        self._applications.send_anew(parcel.id, message.paper, call.now)
        self._postman.errand.kick()
        return self._applications.one(folder_id, application.id)

    async def withdraw(self, call: Call, message: Withdrawal) -> Application:
        """Take a paper back: from the way if it has not gone out, else by the body's leave."""
        folder_id = self._sessions.folder(call.bearer, call.now)
        application, parcel = self._applications.of_parcel(folder_id, message.parcel)
        await self._postman.take_back(parcel, call.now, call.trace_id)
        return self._applications.one(folder_id, application.id)

    async def result(self, call: Call, message: ApplicationResult) -> None:
        """Note what a body made of an application; a certificate that comes with it goes into the post box."""
        if self._applications.receiver(message.parcel) != call.machine.id:
            raise Refusal("not_found")
        if message.state in (ParcelState.WAITING, ParcelState.WITHDRAWN):
            raise Refusal("content_wrong")
        if message.certificate is not None:
            self._post.check(message.certificate, call.machine.id)
        folder_id = self._applications.folder_awaiting(message.parcel)
        if folder_id is not None and message.certificate is not None:  # first: what comes again is put there once
            self._post.put(folder_id, message.parcel, call.machine.id, message.certificate, call.now)
        self._applications.settle(message.parcel, message.state, message.reason, call.now)

    async def _check(self, paper: str, about: Draft | Application, receiver: str, serial: str, call: Call) -> None:
        """Whether it says what the person sent in, and to whom, with the person's own card. Raises Refusal."""
        if receiver not in {one.id for one in life_event(about.event).receivers}:
            raise Refusal("not_found")
        checked = await self._verifier.paper(paper, call.now, call.trace_id)
        said = checked.content
        if (said.application, said.event, said.receiver) != (about.id, about.event, receiver):
            raise Refusal("paper_foreign")
        if said.answers != about.answers:
            raise Refusal("paper_foreign")
        if checked.serial != await self._neighbours.signature_serial(serial, call.trace_id):
            raise Refusal("paper_foreign")
