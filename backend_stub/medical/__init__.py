"""The medical body (オンライン資格確認): says at the hospital's desk whether the holder of a card is insured."""

from backend_stub.medical.service import Medical

__all__ = ["Medical"]
