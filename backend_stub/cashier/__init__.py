"""The cashier of hospitals: takes what patients confirm with their card on the reader, by way of the payment body."""

from backend_stub.cashier.service import Cashier

__all__ = ["Cashier"]
