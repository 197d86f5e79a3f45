"""My Portal: the folder of each person who wants one, opened by card; notices, and who looked at whose data."""

from backend_stub.portal.service import build

__all__ = ["build"]
