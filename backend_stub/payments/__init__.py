"""The test payment body: accounts that do not exist, charged without any money."""

from backend_stub.payments.service import build

__all__ = ["build"]
