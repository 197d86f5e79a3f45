"""The care body (見守り): on which days a television was used, for the family, by consent."""

from backend_stub.care.service import build

__all__ = ["build"]
