"""The emergency body (みどり市 防災): evacuation notices, and who has left home."""

from backend_stub.emergency.service import build

__all__ = ["build"]
