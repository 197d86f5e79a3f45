"""The facilities body (公共施設予約): books the city's rooms, slot by slot, and keeps who waits for one."""

from backend_stub.facilities.service import build

__all__ = ["build"]
