"""What was found, each finding once."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec
from sqlalchemy import Engine, insert, select

from backend_client.wire import Finding, canonical
from backend_stub.commission.tables import FINDINGS
from backend_stub.database import retried

log = logging.getLogger(__name__)


class FindingBook:
    """All raise sqlalchemy.exc.DBAPIError."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @retried
    def keep(self, findings: Iterable[Finding], now: datetime) -> tuple[Finding, ...]:
        """Keep those that are new; gives them. The log has how many, not what: it is for the staff alone."""
        rows = {_id(one): one for one in findings}
        with self._engine.begin() as connection:
            known = set(connection.execute(select(FINDINGS.c.id).where(FINDINGS.c.id.in_(rows))).scalars())
            new = [_row(name, one, now) for name, one in rows.items() if name not in known]
            if new:
                connection.execute(insert(FINDINGS), new)
                log.info("%d new findings", len(new))
        return tuple(rows[row["id"]] for row in new)

    def all(self) -> tuple[Finding, ...]:
        """Everything, oldest first."""
        columns = (FINDINGS.c.rule, FINDINGS.c.body, FINDINGS.c.transaction_number, FINDINGS.c.words)
        found = select(*columns).order_by(FINDINGS.c.found, FINDINGS.c.transaction_number, FINDINGS.c.id)
        with self._engine.connect() as connection:
            return tuple(Finding(**row) for row in connection.execute(found).mappings())

    def counts(self) -> Counter[str]:
        """How many there are by rule, for /metrics."""
        with self._engine.connect() as connection:
            return Counter(connection.execute(select(FINDINGS.c.rule)).scalars())


def _id(finding: Finding) -> str:
    return sha256(canonical(finding)).hexdigest()


def _row(name: str, finding: Finding, now: datetime) -> dict[str, Any]:
    return {"id": name, "found": now, **msgspec.structs.asdict(finding)}
