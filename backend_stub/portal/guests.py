"""What bodies that serve companies may ask: headings of notices that a resident lets read, and whom a handle means."""

from __future__ import annotations

from backend_client.wire import Forwarding, ForwardingRequest, GuestCertificates, GuestNotices, NoticeList
from backend_stub.body import Call
from backend_stub.portal.notices import Notices
from backend_stub.portal.partners import Handles
from backend_stub.portal.post import Post


class GuestRoom:
    """The endpoints for bodies that companies come to; each names people by its own handles."""

    def __init__(self, notices: Notices, handles: Handles, post: Post) -> None:
        self._notices = notices
        self._post = post
        self._handles = handles

    async def guest_notices(self, call: Call, asked: GuestNotices) -> NoticeList:
        """List the headings of somebody's notices; none counts as opened by that. Raises Refusal: not_allowed."""
        return self._notices.heads(self._handles.folder(call.machine.id, asked.handle, call.now))

    async def guest_certificates(self, call: Call, asked: GuestNotices) -> GuestCertificates:
        """Give the certificates of somebody who has opened the folder for reading. Raises Refusal: not_allowed."""
        items = self._post.of(self._handles.folder(call.machine.id, asked.handle, call.now))
        return GuestCertificates(certificates=tuple(item.certificate for item in items))

    async def forward(self, call: Call, asked: ForwardingRequest) -> Forwarding:
        """Tell the body of bills what it calls somebody who let a company in. Raises Refusal: not_allowed."""
        folder_id = self._handles.folder(asked.partner, asked.handle, call.now)
        return Forwarding(handle=self._handles.handle(call.machine.id, folder_id))
