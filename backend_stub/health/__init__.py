"""The health body (みどり健康手帳): a book of steps, blood pressure and check-ups for each person who opens one."""

from backend_stub.health.service import HealthBooks

__all__ = ["HealthBooks"]
