"""What can go wrong between the kiosk and its backend, named by meaning."""

from __future__ import annotations


class BackendError(Exception):
    """Root of everything this package raises."""


class Unreachable(BackendError):
    """No answer at all: line down, wrong address, connection refused or cut."""


class TooSlow(BackendError):
    """The answer did not come within the deadline."""


class NotGenuine(BackendError):
    """The server's TLS certificate is not the one this kiosk trusts; nothing was sent."""


class Broken(BackendError):
    """An answer came that makes no sense: a 5xx without a problem, bad JSON, missing fields."""


class Refused(BackendError):
    """The backend understood and said no. `code` is one of wire.REFUSALS."""

    def __init__(self, code: str, origin: str, trace_id: str) -> None:
        super().__init__(f"{code} from {origin}, trace {trace_id}")
        self.code = code
        self.origin = origin
        self.trace_id = trace_id
