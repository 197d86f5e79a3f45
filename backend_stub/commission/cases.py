"""Cases: a person finds a record strange, the portal passes it on, the commission's staff look into it and answer.

The commission knows the record and the portal's number of the case, and never whose it is.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, insert, select, update

from backend_client.wire import Case, CaseAnswer, CaseList, CaseRequest, CaseStates
from backend_stub.body import Call, Refusal
from backend_stub.commission.tables import CASES
from backend_stub.database import retried


class CaseDesk:
    """The endpoints about cases. All raise Refusal."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def open_case(self, call: Call, request: CaseRequest) -> Case:
        """Open a case; sent again, it is opened once. Raises Refusal: content_wrong for another record's."""
        case = self._open(request, call.now)
        if case.transaction_number != request.transaction_number:
            raise Refusal("content_wrong")
        return case

    async def case_states(self, _call: Call, request: CaseStates) -> CaseList:
        """Tell how some cases stand; of those that are not known nothing is said."""
        return self._list(CASES.c.id.in_(request.ids))

    async def list_cases(self, _call: Call, _message: None) -> CaseList:
        """List all cases, newest first."""
        return self._list(CASES.c.id.is_not(None))

    async def answer_case(self, call: Call, answer: CaseAnswer) -> Case:
        """Answer a case; the newest answer counts. Raises Refusal: not_found."""
        return self._answer(answer, call.now)

    @retried
    def _open(self, request: CaseRequest, now: datetime) -> Case:
        with self._engine.begin() as connection:
            known = connection.execute(select(CASES).where(CASES.c.id == request.id)).first()
            if known is not None:
                return _case(known)
            row = {"id": request.id, "transaction_number": request.transaction_number, "opened_at": now, "answer": ""}
            return _case(connection.execute(insert(CASES).values(row).returning(CASES)).one())

    def _list(self, which: Any) -> CaseList:
        found = select(CASES).where(which).order_by(CASES.c.opened_at.desc(), CASES.c.id)
        with self._engine.connect() as connection:
            return CaseList(cases=tuple(_case(row) for row in connection.execute(found)))

    @retried
    def _answer(self, answer: CaseAnswer, now: datetime) -> Case:
        said = update(CASES).where(CASES.c.id == answer.id).values(answer=answer.answer, answered_at=now)
        with self._engine.begin() as connection:
            row = connection.execute(said.returning(CASES)).first()
        if row is None:
            raise Refusal("not_found")
        return _case(row)


def _case(row: Row[Any]) -> Case:
    return Case(**row._mapping)
