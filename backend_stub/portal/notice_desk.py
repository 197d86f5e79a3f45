"""What a person does with a notice beside reading it: attachments, later or keep, showing it to the family."""

from __future__ import annotations

from backend_client.wire import Document, MarkNotice, Notice, NoticeShare, SharedNotice, ShareNotice
from backend_stub.body import Call
from backend_stub.portal.notices import Notices
from backend_stub.portal.shares import Shares
from backend_stub.portal.signed_in import SignedInPeople


class NoticeDesk:
    """Endpoints behind a session; each for the session's own folder, but for a notice that somebody shows."""

    def __init__(self, sessions: SignedInPeople, notices: Notices, shares: Shares) -> None:
        self._sessions = sessions
        self._notices = notices
        self._shares = shares

    async def document(self, call: Call, _message: None) -> Document:
        """Give an attachment of a notice that was opened."""
        folder_id = self._sessions.folder(call.bearer, call.now)
        return self._notices.document(folder_id, call.params["id"], call.params["number"])

    async def mark(self, call: Call, message: MarkNotice) -> None:
        """Mark a notice for later or to keep, or take the mark off."""
        self._notices.mark(self._sessions.folder(call.bearer, call.now), message.notice, message.mark)

    async def share(self, call: Call, message: ShareNotice) -> NoticeShare:
        """Give a code by which one other person reads a notice once."""
        return self._shares.give(self._sessions.folder(call.bearer, call.now), message.notice, call.now)

    async def shared(self, call: Call, message: SharedNotice) -> Notice:
        """Show a notice that its holder shows by a code. It does not count as opened by that."""
        return self._shares.read(self._sessions.folder(call.bearer, call.now), message.code, call.now)
