"""The own access records: by pages, counted, proven, and doubted; whose case it is the portal alone knows."""

from __future__ import annotations

from datetime import datetime
from secrets import token_hex

from sqlalchemy import Engine, select

from backend_client.wire import (
    Case,
    CaseList,
    CaseOpening,
    CaseRequest,
    CaseStates,
    ProofAsked,
    ProvenRecord,
    Record,
    RecordCounts,
    RecordPage,
    RecordPageRequest,
)
from backend_stub.body import Call, Refusal
from backend_stub.database import retried
from backend_stub.portal.folders import Folders
from backend_stub.portal.neighbours import Neighbours
from backend_stub.portal.proxy_desk import ActingGuard
from backend_stub.portal.sentences import Sentences
from backend_stub.portal.signed_in import SignedInPeople
from backend_stub.portal.tables import cases


class RecordDesk:
    """The endpoints about the own access records, behind a session. All raise Refusal."""

    def __init__(
        self,
        engine: Engine,
        folders: Folders,
        sessions: SignedInPeople,
        neighbours: Neighbours,
        guard: ActingGuard,
    ) -> None:
        self._guard = guard
        self._engine = engine
        self._folders = folders
        self._sessions = sessions
        self._neighbours = neighbours
        self._sentences = Sentences()

    async def page(self, call: Call, asked: RecordPageRequest) -> RecordPage:
        """Tell some of the records as sentences, newest first."""
        found = await self._neighbours.record_page(self._symbol(call), asked, call.trace_id)
        hidden = self._guard.hidden(call)
        records = (one for one in self._sentences.tell(found).records if _kind(one.record) not in hidden)
        return RecordPage(records=tuple(records), next=found.next)

    async def counts(self, call: Call, _message: None) -> RecordCounts:
        """Count the records by month and by agency; not for whom some are hidden from, who could count on."""
        if self._guard.hidden(call):
            raise Refusal("not_allowed")
        return await self._neighbours.record_counts(self._symbol(call), call.trace_id)

    async def prove(self, call: Call, asked: ProofAsked) -> ProvenRecord:
        """Give a record with what proves it to anybody."""
        return await self._proof(self._symbol(call), asked.transaction_number, call)

    async def open_case(self, call: Call, opening: CaseOpening) -> Case:
        """Pass a doubt on to the commission. Raises Refusal: not_found for what is no record of the person's."""
        folder_id = self._sessions.folder(call.bearer, call.now)
        number = opening.transaction_number
        await self._proof(self._folders.symbol(folder_id), number, call)
        request = CaseRequest(id=self._case(folder_id, number, call.now), transaction_number=number)
        return await self._neighbours.open_case(request, call.trace_id)

    async def list_cases(self, call: Call, _message: None) -> CaseList:
        """Tell how the person's own cases stand at the commission, newest first."""
        mine = select(cases.c.id).where(cases.c.folder_id == self._sessions.folder(call.bearer, call.now))
        with self._engine.connect() as connection:
            ids = tuple(connection.execute(mine).scalars())
        return await self._neighbours.case_states(CaseStates(ids=ids), call.trace_id) if ids else CaseList(cases=())

    async def _proof(self, symbol: str, number: str, call: Call) -> ProvenRecord:
        proven = await self._neighbours.proof(symbol, number, call.trace_id)
        if proven.words.kind in self._guard.hidden(call):
            raise Refusal("not_found")
        return proven

    def _symbol(self, call: Call) -> str:
        return self._folders.symbol(self._sessions.folder(call.bearer, call.now))

    @retried
    def _case(self, folder_id: str, number: str, now: datetime) -> str:
        """The case's id; written down before the commission hears of it."""
        same = (cases.c.folder_id == folder_id) & (cases.c.transaction_number == number)
        with self._engine.begin() as connection:
            known = connection.scalar(select(cases.c.id).where(same))
            if known is not None:
                return str(known)
            row = {"id": token_hex(16), "folder_id": folder_id, "transaction_number": number, "opened_at": now}
            connection.execute(cases.insert().values(row))
            return str(row["id"])


def _kind(record: Record) -> str:
    return record.words.kind if record.words is not None else ""
