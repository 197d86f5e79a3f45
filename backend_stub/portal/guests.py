"""What bodies that serve companies may ask: headings of notices that a resident lets read, and whom a handle means."""

from __future__ import annotations

from backend_client.wire import Forwarding, ForwardingRequest, GuestNotices, NoticeList
from backend_stub.body import Call
from backend_stub.portal.notices import Notices
from backend_stub.portal.partners import Handles


class GuestRoom:
    """The endpoints for bodies that companies come to; each names people by its own handles."""

    def __init__(self, notices: Notices, handles: Handles) -> None:
        self._notices = notices
        self._handles = handles

    async def guest_notices(self, call: Call, asked: GuestNotices) -> NoticeList:
        """List the headings of somebody's notices; none counts as opened by that. Raises Refusal: not_allowed."""
        return self._notices.heads(self._handles.folder(call.machine.id, asked.handle))

    async def forward(self, call: Call, asked: ForwardingRequest) -> Forwarding:
        """Tell the body of bills what it calls somebody who let a company in. Raises Refusal: not_allowed."""
        folder_id = self._handles.folder(asked.partner, asked.handle)
        return Forwarding(handle=self._handles.handle(call.machine.id, folder_id))
