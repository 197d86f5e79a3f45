"""つながる会社: the authorization server for companies, and what they may read with the person's consent."""

from backend_stub.oauth.service import build

__all__ = ["build"]
