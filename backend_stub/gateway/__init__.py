"""The symbol gateway: carries information between bodies that call the same person by different symbols."""

from backend_stub.gateway.service import build

__all__ = ["build"]
