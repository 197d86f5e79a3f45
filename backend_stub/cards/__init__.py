"""Cards of issuers that a resident let in: kept here, shown at counters."""

from backend_stub.cards.service import build

__all__ = ["build"]
