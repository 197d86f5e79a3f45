"""The backend's log: one JSON object a line on standard error. Exceptions appear by type and place, never by text."""

from __future__ import annotations

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime

TRACE_ID: ContextVar[str] = ContextVar("trace_id", default="")
"""Of the request that is being answered: every line written meanwhile carries it, in every body it passes."""


class JsonLines(logging.Formatter):
    """A record as one line. What a line says stands in its message: nothing else of a record is written."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "message": record.getMessage(),
        }
        trace_id = TRACE_ID.get()
        if trace_id:
            line["trace"] = trace_id
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
        return json.dumps(line, ensure_ascii=False)


def log_to_stderr(level: str = "INFO") -> None:
    """Send everything from `level` to standard error; the HTTP client's own lines only from WARNING.

    From DEBUG on each request has its line: body, endpoint, status, milliseconds.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("backend_stub").setLevel(level)
