"""Bills: kept for who has to pay them, and paid once."""

from backend_stub.bills.service import build

__all__ = ["build"]
