"""What a person who is signed in can read."""

from __future__ import annotations

from backend_client.wire import Notice, NoticeList, RecordList
from backend_stub.body import Call
from backend_stub.portal.folders import Folders
from backend_stub.portal.neighbours import Neighbours
from backend_stub.portal.notice_events import Herald
from backend_stub.portal.notices import Notices, by_weight
from backend_stub.portal.sentences import Sentences
from backend_stub.portal.signed_in import SignedInPeople


class ReadingRoom:
    """The endpoints behind a session. Each shows the session's own folder and nothing else."""

    def __init__(
        self,
        folders: Folders,
        sessions: SignedInPeople,
        notices: Notices,
        neighbours: Neighbours,
        herald: Herald,
    ) -> None:
        self._folders = folders
        self._sessions = sessions
        self._notices = notices
        self._neighbours = neighbours
        self._herald = herald
        self._sentences = Sentences()

    async def notices(self, call: Call, _message: None) -> NoticeList:
        """List the notices: what weighs most and is due first, then the newest."""
        return by_weight(self._notices.heads(self._sessions.folder(call.bearer, call.now)), call.now)

    async def notice(self, call: Call, _message: None) -> Notice:
        """Show a notice and leave the receipt of its opening."""
        folder_id = self._sessions.folder(call.bearer, call.now)
        notice = self._notices.read(folder_id, call.params["id"], call.now)
        self._herald.errand.kick()
        return notice

    async def records(self, call: Call, _message: None) -> RecordList:
        """Tell who looked at the person's data: fetched from the gateway now, stored nowhere here."""
        symbol = self._folders.symbol(self._sessions.folder(call.bearer, call.now))
        return self._sentences.tell(await self._neighbours.records(symbol, call.trace_id))
