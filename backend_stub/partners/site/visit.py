"""One browser at a company's page: on its way to the portal, or with tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from backend_stub.partners.site.client import Began, Client, NotGiven


def asks(purpose: str, *fields: str) -> list[dict[str, Any]]:
    """authorization_details for one purpose. Source: RFC 9396."""
    return [{"type": "jp.symbol.consent", "purpose": purpose, "datatypes": list(fields), "actions": ["read"]}]


@dataclass(slots=True, repr=False)
class Visit:
    """What is known of a browser, in memory only."""

    began: Began
    client: Client
    tokens: dict[str, Any] | None = None

    @property
    def consent(self) -> str:
        """The consent's name between the company and the portal. Raises NotGiven."""
        if self.tokens is None:
            raise NotGiven
        return str(self.tokens["authorization_details"][0]["identifier"])

    async def read(self, path: str) -> Any:
        """Read a resource. Raises NotReached, NotGiven."""
        key, tokens = self.began.key, self.tokens or {}
        try:
            return await self.client.read(path, key, tokens["access_token"])
        except NotGiven:  # five minutes are over, or the consent is: a fresh token says which
            fresh = await self.client.refresh(key, tokens["refresh_token"])
            self.tokens = {**tokens, **fresh}
            return await self.client.read(path, key, fresh["access_token"])


class Page(Protocol):
    """What a company's page is about."""

    details: list[dict[str, Any]]

    def first(self) -> str: ...

    async def shown(self, visit: Visit) -> str: ...

    async def done(self, visit: Visit) -> str: ...
