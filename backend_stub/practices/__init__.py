"""Hospitals and pharmacies (医療機関・薬局) as the medical body sees them: machines that ask about their patients."""

from backend_stub.practices.practice import Practice

__all__ = ["Practice"]
