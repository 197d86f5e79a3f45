"""The third-party commission: witness of the gateway's log, overseer of all bodies, giver of disaster orders.

It sees more than the citizen and keeps less than anybody: findings name bodies, departments and terminals, not persons.
Source: gateway reference, sections 1, 2.2, 2.3 and 9.
"""

from backend_stub.commission.service import Commission
from backend_stub.commission.thresholds import Thresholds, read_thresholds

__all__ = ["Commission", "Thresholds", "read_thresholds"]
