"""Where notices come in: from the gateway for any folder, from companies for folders that let them in."""

from __future__ import annotations

from backend_client.wire import PartnerHandles, PartnerNotice, PortalDelivery, SenderKind
from backend_stub.body import Call, Refusal
from backend_stub.portal.folders import Folders
from backend_stub.portal.notice_events import Herald
from backend_stub.portal.notices import Notices, Sender
from backend_stub.portal.partners import Handles


class LetterBox:
    """The endpoints for senders."""

    def __init__(self, folders: Folders, notices: Notices, handles: Handles, herald: Herald) -> None:
        self._folders = folders
        self._notices = notices
        self._handles = handles
        self._herald = herald

    async def deliver(self, call: Call, message: PortalDelivery) -> None:
        """Take a notice that the gateway carried to the holder of a symbol."""
        folder_id = self._folders.by_symbol(message.symbol)
        sender = Sender(message.sender, message.sender_kind)
        self._notices.deliver(folder_id, sender, message.draft, call.now, message.transaction_number)

    async def deliver_of_partner(self, call: Call, message: PartnerNotice) -> None:
        """Take a notice of a company that the person has let in; it never has legal effect."""
        folder_id = self._handles.folder(call.machine.id, message.handle)
        if message.draft.legal_effect:
            raise Refusal("not_allowed")
        sender = Sender(call.machine.name, SenderKind.COMPANY, call.machine.id)
        self._notices.deliver(folder_id, sender, message.draft, call.now)
        self._herald.errand.kick()

    async def partner_handles(self, call: Call, _message: None) -> PartnerHandles:
        """Tell a company whom it may write to."""
        return PartnerHandles(handles=self._handles.of(call.machine.id))
