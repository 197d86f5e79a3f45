"""A company's own web page, which shows its customer's public notices with the customer's consent."""

from backend_stub.partners.site.service import routes

__all__ = ["routes"]
