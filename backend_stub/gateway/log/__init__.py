"""The gateway's log: the six items of each exchange in a tamper-evident tree, and what went wrong beside them.

No symbol, no name and no content is in it. An exchange is written, and synced, before its answer leaves.
Source: gateway reference, section 4.
"""

from backend_stub.gateway.log.book import GatewayLog
from backend_stub.gateway.log.entry import Entry, Event, LogAltered, NoSuchRecord, NoSuchTree
from backend_stub.gateway.log.records import Excerpt
from backend_stub.gateway.log.stream import event_stream
from backend_stub.gateway.log.tables import TABLES
from backend_stub.gateway.log.writer import LogClosed

__all__ = [
    "TABLES",
    "Entry",
    "Event",
    "Excerpt",
    "GatewayLog",
    "LogAltered",
    "LogClosed",
    "NoSuchRecord",
    "NoSuchTree",
    "event_stream",
]
