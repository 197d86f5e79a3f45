"""Where notices come in: from the gateway for any folder, from companies for folders that let them in."""

from __future__ import annotations

from base64 import b64decode

from backend_client.wire import (
    FolderClosing,
    FolderOpened,
    FolderOpening,
    NoticeDraft,
    PartnerCertificate,
    PartnerHandles,
    PartnerNotice,
    PortalDelivery,
    SenderKind,
)
from backend_stub.body import Call, Refusal
from backend_stub.portal.folder_keys import FolderKeys
from backend_stub.portal.folders import Folders
from backend_stub.portal.notice_events import Herald
from backend_stub.portal.notices import Notices, Sender
from backend_stub.portal.partners import Handles
from backend_stub.portal.post import Post


class LetterBox:
    """The endpoints for senders, and for who opens folders to them."""

    def __init__(
        self, folders: Folders, notices: Notices, handles: Handles, herald: Herald, post: Post, keys: FolderKeys
    ) -> None:
        self._folders = folders
        self._notices = notices
        self._handles = handles
        self._herald = herald
        self._post = post
        self._keys = keys

    async def deliver(self, call: Call, message: PortalDelivery) -> None:
        """Take a notice that the gateway carried to the holder of a symbol."""
        folder_id = self._folders.by_symbol(message.symbol)
        sender = Sender(message.sender, message.sender_kind)
        self._notices.deliver(folder_id, sender, message.draft, call.now, message.transaction_number)

    async def deliver_of_partner(self, call: Call, message: PartnerNotice) -> None:
        """Take a notice of a company that the person has let in; it never has legal effect."""
        folder_id = self._handles.folder(call.machine.id, message.handle, call.now)
        if message.draft.legal_effect:
            raise Refusal("not_allowed")
        sender = Sender(call.machine.name, SenderKind.COMPANY, call.machine.id)
        self._notices.deliver(folder_id, sender, message.draft, call.now, sealed=_sealed(message))
        self._herald.errand.kick()

    async def partner_handles(self, call: Call, _message: None) -> PartnerHandles:
        """Tell a company whom it may write to, and with which keys."""
        found = self._handles.of(call.machine.id, call.now)
        return PartnerHandles(handles=tuple(found), keys=tuple(map(self._keys.public, found.values())))

    async def take_certificate(self, call: Call, message: PartnerCertificate) -> None:
        """Take a certificate of a company's that the person has let in. Raises Refusal: not_allowed, content_wrong."""
        folder_id = self._handles.folder(call.machine.id, message.handle, call.now)
        statement = self._post.check(message.certificate, call.machine.id)
        self._post.put(folder_id, statement.id, call.machine.id, message.certificate, call.now)

    async def open_folder(self, call: Call, message: FolderOpening) -> FolderOpened:
        """Let a company in for a term, as the person has consented to. Raises Refusal: not_allowed."""
        folder_id = self._handles.folder(call.machine.id, message.handle, call.now)
        return FolderOpened(handle=self._handles.open(message.partner, folder_id, message.until))

    async def close_folder(self, call: Call, message: FolderClosing) -> None:
        """End that term."""
        folder_id = self._handles.folder(call.machine.id, message.handle, call.now)
        self._handles.close(message.partner, folder_id, call.now)


def _sealed(message: PartnerNotice) -> bytes:
    """The letter as its sender sealed it; nothing if it did not. Raises Refusal: content_wrong."""
    if not message.sealed:
        return b""
    draft = message.draft
    cover = NoticeDraft(
        title=draft.title,
        summary=(),
        body="",
        message_id=draft.message_id,
        weight=draft.weight,
        reply_by=draft.reply_by,
        life_event=draft.life_event,
    )
    if draft != cover or not draft.message_id:
        raise Refusal("content_wrong")
    try:
        return b64decode(message.sealed, validate=True)
    except ValueError as exc:
        raise Refusal("content_wrong") from exc
